/*
 * The order of notifications: 24-bit numbers that wrap around (RFC 7641 §3.4 and §4.4).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COAP_OBSERVE_H
#define COAP_OBSERVE_H

#include <stdbool.h>
#include <stdint.h>

/* Values of the Observe option in a request. */
#define LWM2M_OBSERVE_START 0u
#define LWM2M_OBSERVE_STOP 1u

/* The last notification that an observer took, zeroed at first. */
struct lwm2m_observe_order {
    bool any; /* there was one */
    uint32_t number;
    uint64_t arrived_ms;
};

/*
 * True if a notification with that number, arriving now, is newer than the last one; it is then the
 * last one. Numbers are compared modulo 2^24; after 128 s of silence any number is newer.
 */
bool lwm2m_observe_order_accept(struct lwm2m_observe_order *order, uint32_t number,
                                uint64_t now_ms);

/*
 * The next number of a notifier, from 1 on; *last is zeroed at first. One row of numbers may serve
 * all observations of an engine: then a peer that starts the same observation again sees them go
 * on.
 */
uint32_t lwm2m_observe_next(uint32_t *last);

#endif
