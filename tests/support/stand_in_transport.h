/*
 * A transport whose other end is the test: it hands requests to an engine and keeps the answers,
 * and keeps the engine's requests until the test answers them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SUPPORT_STAND_IN_TRANSPORT_H
#define SUPPORT_STAND_IN_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/codec.h>
#include <lwm2m/status.h>
#include <lwm2m/transport.h>

#define STAND_IN_PEERS_MAX 8
#define STAND_IN_OPTIONS_MAX 2048

struct stand_in_peer {
    struct lwm2m_peer peer; /* first */
    int retained;
    enum lwm2m_security security;
    const char *identity;
};

/* A request of the engine. */
struct lwm2m_exchange {
    struct stand_in_peer *peer;
    bool open; /* neither answered for good nor cancelled */
    bool cancelled;
    bool observe;
    struct lwm2m_exchange *ended; /* the observation that it ended, or NULL */
    char text[256];               /* "GET /3/0 accept=112 observe=0" */
    uint8_t payload[2048];
    size_t payload_length;
    void *context;
    void (*on_response)(void *context, struct lwm2m_exchange *exchange,
                        const struct lwm2m_response *response);
    struct lwm2m_exchange *next;
};

/* A request to the engine, and what it answered. */
struct lwm2m_incoming {
    struct stand_in_peer *peer;
    bool answered, dropped;
    enum lwm2m_status status;
    char text[256]; /* "2.01 location=/rd/x max-age=60 format=40" */
    char payload[256];
    struct lwm2m_incoming *next;
};

struct stand_in_transport {
    struct lwm2m_transport transport; /* first */
    struct stand_in_peer peers[STAND_IN_PEERS_MAX];
    size_t peer_count;
    struct lwm2m_exchange *exchanges; /* the newest first */
    struct lwm2m_incoming *incomings; /* the same */
    size_t exchange_count;
    enum lwm2m_error refuse; /* what the next requests of the engine are refused with */
};

void stand_in_transport_init(struct stand_in_transport *transport);
void stand_in_transport_release(struct stand_in_transport *transport);

struct stand_in_peer *stand_in_transport_add_peer(struct stand_in_transport *transport);

/*
 * Sends a request to the engine: "POST /rd?ep=a&lt=60", with a Content-Format (LWM2M_NO_FORMAT:
 * none) and a payload (NULL: none). What it returns is kept, so that it can be looked at when the
 * answer came.
 */
struct lwm2m_incoming *stand_in_transport_send(struct stand_in_transport *transport,
                                               struct stand_in_peer *peer, const char *request,
                                               uint16_t content_format, const char *payload);
/* The same with options as they are. */
struct lwm2m_incoming *stand_in_transport_send_raw(struct stand_in_transport *transport,
                                                   struct stand_in_peer *peer, uint8_t method,
                                                   struct lwm2m_bytes options,
                                                   struct lwm2m_bytes payload);

/* The newest request of the engine; fails the test if there is none. */
struct lwm2m_exchange *stand_in_transport_last(const struct stand_in_transport *transport);

/* Answers a request of the engine. observe: the number, or -1 for an answer without it. */
void stand_in_exchange_answer(struct lwm2m_exchange *exchange, enum lwm2m_status status,
                              uint16_t content_format, const char *payload, int64_t observe);
/* The same with a location, "3303/1". */
void stand_in_exchange_answer_location(struct lwm2m_exchange *exchange, const char *location);
void stand_in_exchange_fail(struct lwm2m_exchange *exchange, enum lwm2m_error error);

#endif
