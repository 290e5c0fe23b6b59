/*
 * One endpoint on a fake network, with an engine that notes what it is told, and a peer whose
 * messages the test writes and reads one by one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SUPPORT_ENDPOINT_FIXTURE_H
#define SUPPORT_ENDPOINT_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/endpoint.h>
#include <lwm2m/message.h>
#include <lwm2m/status.h>

#include "support/fake_network.h"
#include "support/virtual_port.h"

#define FIXTURE_MESSAGES_MAX 64

/* What the engine does with a request. */
enum fixture_policy {
    FIXTURE_ANSWERS,
    FIXTURE_ANSWERS_LATER, /* the test answers fixture->incoming */
    FIXTURE_DROPS,
};

/* A message that the scripted peer got. */
struct fixture_message {
    uint64_t time_ms;
    uint8_t bytes[FAKE_NETWORK_DATAGRAM_MAX];
    size_t length;
    struct lwm2m_message message; /* borrows from bytes */
};

struct endpoint_fixture {
    struct virtual_port port;
    struct lwm2m_timers timers;
    struct fake_network network;
    struct fake_node *node; /* the endpoint's */
    struct lwm2m_endpoint_config config;
    struct lwm2m_endpoint *endpoint;
    struct lwm2m_transport *transport;

    /* The engine. */
    enum fixture_policy policy;
    size_t requests;
    struct lwm2m_incoming *incoming;
    struct lwm2m_peer *requester;
    size_t delivered;
    size_t failed;
    enum lwm2m_error failed_error;
    struct lwm2m_token failed_token;
    size_t responses;
    enum lwm2m_error response_error;
    uint8_t response_code;
    unsigned response_retransmissions;
    void (*on_response)(struct endpoint_fixture *fixture, struct lwm2m_exchange *exchange,
                        const struct lwm2m_response *response); /* may be NULL */

    /* The scripted peer. */
    struct fake_node *script;
    struct lwm2m_peer *peer; /* the endpoint's name for it, held */
    struct fixture_message messages[FIXTURE_MESSAGES_MAX];
    size_t message_count;
    size_t next; /* not yet taken by the test */
};

/* config is initialised: change it before endpoint_fixture_open. */
void endpoint_fixture_init(struct endpoint_fixture *fixture);
void endpoint_fixture_open(struct endpoint_fixture *fixture);
/* Frees everything and checks that nothing is left. */
void endpoint_fixture_close(struct endpoint_fixture *fixture);

/* Sends a message of the scripted peer, and lets it arrive. payload may be NULL. */
void endpoint_fixture_send(struct endpoint_fixture *fixture, enum lwm2m_message_type type,
                           uint8_t code, uint16_t message_id, const struct lwm2m_token *token,
                           const char *payload);
/* The same with an Observe option. */
void endpoint_fixture_send_observe(struct endpoint_fixture *fixture, enum lwm2m_message_type type,
                                   uint8_t code, uint16_t message_id,
                                   const struct lwm2m_token *token, uint32_t sequence);
/* Any bytes. */
void endpoint_fixture_send_bytes(struct endpoint_fixture *fixture, const void *bytes,
                                 size_t length);

/* The next message the scripted peer got, after letting what is in flight arrive; NULL if there is
 * none. */
const struct fixture_message *endpoint_fixture_take(struct endpoint_fixture *fixture);
/* The same, of that type and code; fails the test if there is none. */
const struct fixture_message *endpoint_fixture_expect(struct endpoint_fixture *fixture,
                                                      enum lwm2m_message_type type, uint8_t code);
/* Fails the test if the scripted peer got anything more. */
void endpoint_fixture_expect_silence(struct endpoint_fixture *fixture);

/* Sends a request without options to the scripted peer. */
enum lwm2m_error endpoint_fixture_request(struct endpoint_fixture *fixture, bool non_confirmable,
                                          bool observe, struct lwm2m_exchange **exchange);

/* Sends a notification with that token and payload to the scripted peer. */
enum lwm2m_error endpoint_fixture_notify(struct endpoint_fixture *fixture,
                                         const struct lwm2m_token *token, const char *payload,
                                         bool confirmable);

struct lwm2m_endpoint_statistics endpoint_fixture_statistics(struct endpoint_fixture *fixture);

struct lwm2m_token token_of(const char *text);

#endif
