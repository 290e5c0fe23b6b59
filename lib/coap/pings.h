/*
 * CoAP pings (RFC 7252 §4.3).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COAP_PINGS_H
#define COAP_PINGS_H

#include "coap/sendings.h"

/* See lwm2m_endpoint_ping. */
enum lwm2m_error lwm2m_ping_send(struct lwm2m_endpoint *endpoint, struct lwm2m_endpoint_peer *peer,
                                 void (*on_pong)(void *context, enum lwm2m_error error),
                                 void *context) LWM2M_MUST_CHECK;

#endif
