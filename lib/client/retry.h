/*
 * When to try again: pure functions of numbers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLIENT_RETRY_H
#define CLIENT_RETRY_H

#include <stdint.h>

/*
 * The delay after the nth failure in a row, n from 1: first_ms doubled n - 1 times, at most most_ms
 * (LwM2M Core 1.2 §6.2.1.2).
 */
uint32_t lwm2m_retry_delay_ms(uint32_t first_ms, uint32_t most_ms, uint32_t failures);

/* Defaults of the resources below (LwM2M Core 1.1.1 §E.2). */
#define LWM2M_RETRY_COUNT 5
#define LWM2M_RETRY_TIMER_S 60
#define LWM2M_SEQUENCE_DELAY_S 86400
#define LWM2M_SEQUENCE_COUNT 1

/* /1/x/17 to 20: attempts come in sequences, with doubling delays inside, and a long one between. */
struct lwm2m_retry_sequences {
    uint32_t attempts; /* in one sequence; 0 counts as 1 */
    uint32_t timer_s;  /* after the first attempt of a sequence */
    uint32_t delay_s;  /* between two sequences; UINT32_MAX: there is no other */
    uint32_t count;    /* of sequences; 0 counts as 1 */
};

/* The delay after the nth failure in a row, n from 1; LWM2M_NEVER: the registration has failed. */
uint64_t lwm2m_retry_sequence_delay_ms(const struct lwm2m_retry_sequences *sequences,
                                       uint32_t failures);

/*
 * How long after a Register or an Update the next Update is sent; LWM2M_NEVER for a lifetime of 0,
 * which has no end (1.2). A tenth of the lifetime before its end, but early enough for all of
 * CoAP's retransmissions (MAX_TRANSMIT_WAIT, 93 s), as far as half of the lifetime leaves room for
 * them.
 */
uint64_t lwm2m_update_delay_ms(uint32_t lifetime_s);

#endif
