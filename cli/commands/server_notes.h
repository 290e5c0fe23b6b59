/*
 * What a server that runs in the foreground tells of its events, with -v.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMANDS_SERVER_NOTES_H
#define COMMANDS_SERVER_NOTES_H

#include <lwm2m/dtls_link.h>
#include <lwm2m/server.h>

/* For running_server_config, with a const struct printer as context. */
void server_notes_event(void *printer, const struct lwm2m_server_event *event);
void server_notes_handshake(void *printer, const struct lwm2m_dtls_event *event);

#endif
