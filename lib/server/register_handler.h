/*
 * Register, Update and Deregister, as they arrive (LwM2M Core 1.2 §6.2).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_REGISTER_HANDLER_H
#define SERVER_REGISTER_HANDLER_H

#include "server/engine.h"

/* Each answers the request, now or when the store is done. The id is the path's second segment. */
void lwm2m_register_handle(struct lwm2m_server *server, const struct lwm2m_arrival *arrival);
void lwm2m_update_handle(struct lwm2m_server *server, const struct lwm2m_arrival *arrival);
void lwm2m_deregister_handle(struct lwm2m_server *server, const struct lwm2m_arrival *arrival);

#endif
