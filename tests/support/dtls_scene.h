/*
 * Two DTLS links in one process, with a network between them that a test sees and disturbs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SUPPORT_DTLS_SCENE_H
#define SUPPORT_DTLS_SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/dtls_link.h>
#include <lwm2m/host_port.h>

#define DTLS_SCENE_QUEUE_MAX 4096
#define DTLS_SCENE_DATAGRAM_MAX 1452

struct dtls_scene;

/* One end: what its links send goes to the other end, from the address that it has now. */
struct dtls_end {
    struct dtls_scene *scene;
    struct lwm2m_datagram_link below;
    struct lwm2m_dtls_link *link;
    struct lwm2m_credentials *credentials;
    struct lwm2m_address address;
    struct lwm2m_address heard_from; /* of the last datagram for the endpoint */
    char heard[64];
    size_t heard_count;
    struct lwm2m_address failed;
    enum lwm2m_error error;
    size_t fail_count;
    size_t counts[LWM2M_DTLS_CLOSED + 1]; /* of events, by type */
    enum lwm2m_dtls_failure failure;
    enum lwm2m_security security;
    char identity[300];
    char cipher[64];
    char detail[400];
};

struct dtls_scene_datagram {
    struct dtls_end *to;
    struct lwm2m_address from;
    size_t length;
    uint8_t bytes[DTLS_SCENE_DATAGRAM_MAX];
};

struct dtls_scene {
    struct lwm2m_host_port host;
    struct lwm2m_timers timers;
    struct dtls_end server, client;
    struct dtls_scene_datagram *queue;
    size_t first, count;
    bool no_alerts;       /* are carried: a server that stays silent */
    size_t carried, lose; /* every lose-th datagram is lost; 0: none */
};

struct lwm2m_psk dtls_scene_psk(const char *identity, const char *key);

/* A server that knows dev-1 by the key "sesame", and a client that is dev-1; ciphers are the client's, NULL the default. */
struct dtls_scene *dtls_scene_new(const char *ciphers);
void dtls_scene_free(struct dtls_scene *scene);

/* Opens the link of an end that has none. */
void dtls_scene_open(struct dtls_scene *scene, struct dtls_end *end, bool accepts, uint16_t port,
                     const char *ciphers);
/* Gives an end fresh credentials, empty, which its link does not have yet. */
void dtls_scene_change(struct dtls_end *end);
/* Makes the client one with another key. */
void dtls_scene_set_key(struct dtls_scene *scene, const char *identity, const char *key);

void dtls_scene_deliver(struct dtls_end *to, const struct lwm2m_address *from,
                        struct lwm2m_bytes bytes);
/* Carries what is under way until nothing is any more. */
void dtls_scene_settle(struct dtls_scene *scene);
/* The same while time passes, until an end has seen so many events of a type, or 5 s. */
void dtls_scene_settle_until(struct dtls_scene *scene, const struct dtls_end *end,
                             enum lwm2m_dtls_event_type type, size_t count);

/* The client calls server.test. */
struct lwm2m_address dtls_scene_call(struct dtls_scene *scene);
enum lwm2m_error dtls_scene_say(struct dtls_end *end, const struct lwm2m_address *to,
                                const char *text);
size_t dtls_scene_associations(const struct dtls_end *end);

#endif
