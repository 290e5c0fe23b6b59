/*
 * Requests of peers: handed to the receiver once, answered in the acknowledgement or separately.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COAP_INCOMING_H
#define COAP_INCOMING_H

#include "coap/endpoint_state.h"

/* Handles a request that was not seen before; the peer is held by the caller. */
void lwm2m_incoming_receive(struct lwm2m_endpoint *endpoint, struct lwm2m_endpoint_peer *peer,
                            const struct lwm2m_message *request);

/* See lwm2m_transport_operations; message NULL drops the request. */
enum lwm2m_error lwm2m_incoming_answer(struct lwm2m_transport *self,
                                       struct lwm2m_incoming *incoming,
                                       const struct lwm2m_message *message);

/* Frees all of them, and calls nobody. */
void lwm2m_incoming_free_all(struct lwm2m_endpoint *endpoint);

#endif
