/*
 * Requests of ours and what is answered to them, observations included.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COAP_EXCHANGES_H
#define COAP_EXCHANGES_H

#include <stdbool.h>

#include "coap/sendings.h"

/* See lwm2m_transport_operations. */
enum lwm2m_error lwm2m_exchanges_request(struct lwm2m_transport *self, struct lwm2m_peer *peer,
                                         const struct lwm2m_request *request,
                                         struct lwm2m_exchange **exchange);
void lwm2m_exchanges_cancel(struct lwm2m_transport *self, struct lwm2m_exchange *exchange);

/* The exchange with this peer that a response belongs to; NULL if there is none. */
struct lwm2m_exchange *lwm2m_exchanges_find(const struct lwm2m_endpoint *endpoint,
                                            const struct lwm2m_endpoint_peer *peer,
                                            const struct lwm2m_message *response);

/* Hands the response to the exchange's handler. */
void lwm2m_exchange_answer(struct lwm2m_exchange *exchange, const struct lwm2m_message *response);

/* Ends an exchange with LWM2M_UNSUPPORTED, because its answer was rejected. */
void lwm2m_exchange_reject(struct lwm2m_exchange *exchange);

#endif
