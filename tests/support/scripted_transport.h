/*
 * A transport whose far end is played by the test: what is sent through it is recorded, what comes
 * from the peer is said by the test.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SUPPORT_SCRIPTED_TRANSPORT_H
#define SUPPORT_SCRIPTED_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/transport.h>

#include "support/message_text.h"

#define SCRIPTED_PEERS 3

struct scripted_peer {
    struct lwm2m_peer peer; /* first */
    size_t retained;
};

/* A request that was sent; it lives until the transport is released. */
struct scripted_request {
    struct scripted_request *next;
    struct lwm2m_peer *peer;
    struct lwm2m_request request; /* options and payload are copies */
    struct lwm2m_message message; /* the same as a message */
    bool open;                    /* an answer may come */
    bool cancelled;
};

/* A message that was sent: an answer or a notification. */
struct scripted_sending {
    struct scripted_sending *next;
    struct lwm2m_peer *peer;
    struct lwm2m_message message; /* options and payload are copies */
    bool confirmable;
    bool dropped; /* lwm2m_incoming_drop */
};

/* A request of the peer that waits for an answer. */
struct scripted_incoming {
    struct scripted_incoming *next;
    struct lwm2m_peer *peer;
    bool answered;
};

struct scripted_transport {
    struct lwm2m_transport transport; /* first */
    struct scripted_peer peers[SCRIPTED_PEERS];
    size_t max_payload;                /* 1152 */
    enum lwm2m_error next_error;       /* what the next request or notification fails with */
    struct scripted_request *requests; /* newest first */
    struct scripted_sending *sendings; /* newest first */
    struct scripted_incoming *incomings;
    size_t request_count, sending_count;
};

void scripted_transport_init(struct scripted_transport *transport);
/* Aborts if a request is open, an incoming unanswered, or a peer retained. */
void scripted_transport_release(struct scripted_transport *transport);

/* The newest request that waits for its answer, or NULL. */
struct scripted_request *scripted_open_request(struct scripted_transport *transport);
/* Answers it; a request that observes stays open if the answer has Observe. */
void scripted_answer(struct scripted_transport *transport, struct scripted_request *request,
                     const char *text, struct lwm2m_bytes payload);
void scripted_fail(struct scripted_transport *transport, struct scripted_request *request,
                   enum lwm2m_error error);
/* A request of a peer arrives, with the token 7 behind the peer's number. */
void scripted_receive(struct scripted_transport *transport, size_t peer, const char *text,
                      struct lwm2m_bytes payload);
/* The same as a message, which may be malformed beyond what text can say; token and all. */
void scripted_receive_message(struct scripted_transport *transport, size_t peer,
                              const struct lwm2m_message *message);

#endif
