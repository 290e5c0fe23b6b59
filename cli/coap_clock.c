/*
 * The clock of libcoap, which only the program itself can replace: see lwm2m/libcoap_transport.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <coap3/coap.h>

#include <lwm2m/libcoap_transport.h>

void coap_ticks(coap_tick_t *ticks)
{
    *ticks = lwm2m_libcoap_clock_ms();
}
