/*
 * Send: data that a device reports by itself (LwM2M Core 1.2 §6.4.6).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_SEND_RECEIVER_H
#define SERVER_SEND_RECEIVER_H

#include "server/engine.h"

/* POST /dp. */
void lwm2m_send_handle(struct lwm2m_server *server, const struct lwm2m_arrival *arrival);

#endif
