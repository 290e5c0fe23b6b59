/*
 * Block-wise transfer on a scripted transport, with an engine above that records what it gets.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SUPPORT_BLOCKWISE_FIXTURE_H
#define SUPPORT_BLOCKWISE_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/blockwise.h>
#include <lwm2m/timers.h>

#include "support/message_text.h"
#include "support/scripted_transport.h"
#include "support/virtual_port.h"

#define FIXTURE_BODY_MAX 8192

struct blockwise_fixture {
    struct virtual_port port;
    struct lwm2m_timers timers;
    struct scripted_transport below;
    struct lwm2m_blockwise *blockwise;

    /* What the engine got, and what it does. */
    char request[MESSAGE_TEXT_MAX]; /* the last request of a peer; "" if none came */
    uint8_t request_body[FIXTURE_BODY_MAX];
    size_t requests;
    struct lwm2m_incoming *incoming; /* unanswered, if answer is NULL */
    const char *answer;              /* given at once */
    struct lwm2m_bytes answer_body;
    char response[MESSAGE_TEXT_MAX]; /* the last answer to a request of ours, or an error's name */
    uint8_t response_body[FIXTURE_BODY_MAX];
    size_t responses;
    struct lwm2m_exchange *exchange; /* of the last request of ours */
    struct lwm2m_exchange *ends;     /* the observation that the next request ends */
    bool cancel_in_handler;
    size_t delivered, failed; /* notifications */

    uint8_t body[FIXTURE_BODY_MAX]; /* filled, for the test to take its bodies from */
    char text[MESSAGE_TEXT_MAX];
};

/* change (may be NULL) sets the configuration. */
void blockwise_fixture_init(struct blockwise_fixture *fixture,
                            void (*change)(struct lwm2m_blockwise_config *config));
/* Fails the test if anything is left. */
void blockwise_fixture_release(struct blockwise_fixture *fixture);

struct lwm2m_peer *fixture_peer(struct blockwise_fixture *fixture, size_t index);
/* The first `length` bytes of the body from offset on. */
struct lwm2m_bytes fixture_slice(struct blockwise_fixture *fixture, size_t offset, size_t length);
/* Sends a request of the engine to peer 0; "obs=0" in text makes it observe. */
enum lwm2m_error fixture_request(struct blockwise_fixture *fixture, const char *text,
                                 size_t body_length);
/* A block of the body arrives from a peer: its option is in text. */
void fixture_receive(struct blockwise_fixture *fixture, size_t peer, const char *text,
                     size_t offset, size_t length);
/* The peer answers our open request with a piece of the body. */
void fixture_answer(struct blockwise_fixture *fixture, const char *text, size_t offset,
                    size_t length);
/* The text of our last answer or notification, and of our open request; "none" if there is none. */
const char *fixture_sent(struct blockwise_fixture *fixture);
const char *fixture_asked(struct blockwise_fixture *fixture);
/* Lets time pass. */
void fixture_wait(struct blockwise_fixture *fixture, uint64_t ms);

#endif
