/*
 * The service of a server: runs the requests of the control protocol against a server engine.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVICE_SERVICE_H
#define SERVICE_SERVICE_H

#include <stdbool.h>

#include <lwm2m/definition.h>
#include <lwm2m/dtls_link.h>
#include <lwm2m/server.h>
#include <lwm2m/timers.h>

#include "control/responder.h"

struct service;
struct trace;

/* definitions and timers are borrowed. NULL if there is no memory. */
struct service *service_new(const struct lwm2m_definitions *definitions,
                            struct lwm2m_timers *timers);
/* Ends what is under way, without a word; call it before the engine is freed. NULL is allowed. */
void service_free(struct service *service);

/* The engine to act on; before the first request. */
void service_set_server(struct service *service, struct lwm2m_server *server);

/* Where it may look at messages; borrowed, outlives the service. Before the first request. */
void service_set_trace(struct service *service, struct trace *trace);

/* Tells the service of an address that the server listens on ("coap://127.0.0.1:40123"), for
 * status. */
bool service_add_listener(struct service *service, const char *uri);

/* Takes an event of the engine: for lwm2m_server_config.on_event, with the service as context. */
void service_on_event(void *service, const struct lwm2m_server_event *event);

/* Takes what became of a handshake: for lwm2m_listener_config.on_security, with the service as context. */
void service_on_security(void *service, const struct lwm2m_dtls_event *event);

/* The service as the control socket wants it; lives as long as the service. */
struct responder service_responder(struct service *service);

#endif
