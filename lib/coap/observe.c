/*
 * The order of notifications: 24-bit numbers that wrap around (RFC 7641 §3.4 and §4.4).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coap/observe.h"

#define NUMBER_MASK 0xffffffu
#define NUMBER_HALF 0x800000u
#define SILENCE_MS 128000u

bool lwm2m_observe_order_accept(struct lwm2m_observe_order *order, uint32_t number, uint64_t now_ms)
{
    uint32_t ahead = (number - order->number) & NUMBER_MASK;

    if (order->any && (ahead == 0 || ahead >= NUMBER_HALF) &&
        now_ms - order->arrived_ms <= SILENCE_MS) {
        return false;
    }

    order->any = true;
    order->number = number & NUMBER_MASK;
    order->arrived_ms = now_ms;
    return true;
}

uint32_t lwm2m_observe_next(uint32_t *last)
{
    *last = (*last + 1) & NUMBER_MASK;
    return *last;
}
