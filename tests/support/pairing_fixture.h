/*
 * A device and a server, each on a stack of its own choice, on real sockets with a relay between them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_SUPPORT_PAIRING_FIXTURE_H
#define TESTS_SUPPORT_PAIRING_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/host.h>
#include <lwm2m/status.h>

#include "support/udp_relay.h"

#define PAIRING_BODY_MAX 65536
#define PAIRING_SEEN_MAX 64

/* One side, its handler, and what it saw. */
struct pairing_side {
    struct pairing *pairing;
    enum lwm2m_stack stack;
    struct lwm2m_listener *listener;
    struct lwm2m_peer *other; /* held; the server's is set by the device's first request */

    /* As receiver. A request is answered with its own body, 2.05, and its method in the option Max-Age; one with the
     * Observe option 0 starts an observation. */
    size_t requests;
    uint8_t methods[PAIRING_SEEN_MAX];
    bool answers_later, drops;
    struct lwm2m_incoming *unanswered;
    struct lwm2m_peer *unanswered_peer;
    struct lwm2m_token observer;
    bool is_observed;
    uint32_t observe_number;
    size_t failed_notifications;
    enum lwm2m_error failure;

    /* As requester. */
    size_t responses;
    uint8_t body[PAIRING_BODY_MAX];
    size_t body_bytes;
    uint8_t code;
    uint32_t method_echo;
    unsigned retransmissions;
    enum lwm2m_error error;
    struct lwm2m_exchange *exchange; /* the last, or NULL */
};

struct pairing {
    struct lwm2m_host *host;
    struct pairing_side device, server;
    struct udp_relay relay;
    uint16_t server_port;
    struct lwm2m_chaos chaos; /* at both sides */
};

/* Opens both, and lets the device say hello, so that the server knows it. Fails the test if it cannot. */
struct pairing *pairing_new(enum lwm2m_stack device, enum lwm2m_stack server);
/* The same where each side has a bad network of its own. */
struct pairing *pairing_new_with_chaos(enum lwm2m_stack device, enum lwm2m_stack server,
                                       const struct lwm2m_chaos *chaos);
void pairing_free(struct pairing *pairing);

/* Opens a side again, as after a crash of its process: nothing is said to the other. */
void pairing_restart(struct pairing_side *side);

/* Sends to the other side. body is `length` bytes of a pattern. */
void pairing_request(struct pairing_side *from, uint8_t method, size_t length);
void pairing_request_non(struct pairing_side *from, uint8_t method);
void pairing_observe(struct pairing_side *from);
/* Ends the observation by a request with Observe 1. */
void pairing_end_observation(struct pairing_side *from);
/* Sends a notification of `length` bytes. */
void pairing_notify(struct pairing_side *from, size_t length);
/* Answers the request that waits since answers_later is set. */
void pairing_answer(struct pairing_side *side);

/* Turns the loop until the count is there, for so long at most; the caller looks what it is. */
void pairing_wait(struct pairing *pairing, const size_t *count, size_t expected, unsigned patience_ms);
/* Turns the loop for so long. */
void pairing_idle(struct pairing *pairing, unsigned for_ms);

/* Byte at a place of every body. */
uint8_t pairing_pattern(size_t at);

#endif
