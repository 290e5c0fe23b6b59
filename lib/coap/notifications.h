/*
 * Notifications of ours (RFC 7641 §4.5).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COAP_NOTIFICATIONS_H
#define COAP_NOTIFICATIONS_H

#include <stdbool.h>

#include "coap/sendings.h"

/* See lwm2m_transport_operations. */
enum lwm2m_error lwm2m_notifications_notify(struct lwm2m_transport *self, struct lwm2m_peer *peer,
                                            const struct lwm2m_message *message, bool confirmable);

/* A reset came that no sending waits for: it may be meant for a NON notification. */
void lwm2m_notifications_reset(struct lwm2m_endpoint *endpoint, struct lwm2m_endpoint_peer *peer,
                               uint16_t message_id);

#endif
