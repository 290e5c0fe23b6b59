/*
 * What was answered to the messages of each peer, so that a repeated message gets the same answer
 * and never runs anything twice (RFC 7252 §4.5).
 *
 * All that is remembered of one peer lies in one block, by age; the blocks of all peers are queued
 * by the time when they are looked through next. So remembering touches nothing but the peer's own
 * block, and forgetting is O(1) amortised with one deadline for all peers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COAP_ANSWERS_H
#define COAP_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/error.h>
#include <lwm2m/list.h>
#include <lwm2m/port.h>

/* The block of one peer; its owner holds a pointer to it, NULL while nothing is remembered. */
struct lwm2m_answers;

struct lwm2m_answer_store {
    const struct lwm2m_port *port;
    struct lwm2m_list blocks; /* by the time of their next look-through */
    size_t per_peer;          /* answers; three times as many message ids are remembered without */
    size_t max_bytes;
    uint32_t interval_ms; /* the longest time that anything is remembered */
    size_t bytes;
    size_t count;
};

void lwm2m_answer_store_init(struct lwm2m_answer_store *store, const struct lwm2m_port *port,
                             size_t per_peer, size_t max_bytes, uint32_t interval_ms);

/* True if the message id is remembered; *answer, possibly empty, is what to send again. */
bool lwm2m_answers_find(struct lwm2m_answers *answers, uint16_t message_id, uint64_t now_ms,
                        struct lwm2m_bytes *answer);

/*
 * Remembers a message id for lifetime_ms, with no answer to it as yet; *answers is made if it is
 * NULL. What is remembered longest goes first when there is too much. LWM2M_NO_MEMORY: not
 * remembered.
 */
enum lwm2m_error lwm2m_answers_remember(struct lwm2m_answer_store *store,
                                        struct lwm2m_answers **answers, uint16_t message_id,
                                        uint64_t now_ms, uint32_t lifetime_ms) LWM2M_MUST_CHECK;

/*
 * Keeps the answer to a remembered message. Without memory for it, the message stays remembered
 * without answer; if it has been forgotten meanwhile, nothing happens.
 */
void lwm2m_answers_keep(struct lwm2m_answer_store *store, struct lwm2m_answers **answers,
                        uint16_t message_id, uint64_t now_ms, struct lwm2m_bytes answer);

/* Forgets everything of one peer and makes *answers NULL; it may be NULL already. */
void lwm2m_answers_forget(struct lwm2m_answer_store *store, struct lwm2m_answers **answers);

/* Gives back the memory of what is over; in how many ms to ask again, LWM2M_NEVER if nothing is
 * left. */
uint64_t lwm2m_answer_store_step(struct lwm2m_answer_store *store, uint64_t now_ms);

#endif
