/*
 * What becomes of a datagram that arrives.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COAP_RECEPTION_H
#define COAP_RECEPTION_H

#include "coap/endpoint_state.h"

/* Handles one datagram, whatever its bytes. */
void lwm2m_reception_datagram(struct lwm2m_endpoint *endpoint, const struct lwm2m_address *from,
                              struct lwm2m_bytes datagram);

#endif
