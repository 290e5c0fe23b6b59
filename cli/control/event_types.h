/*
 * What events are called.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONTROL_EVENT_TYPES_H
#define CONTROL_EVENT_TYPES_H

#include <lwm2m/server.h>

/* Every type of event that a server tells of, in the form of an option's choices. */
#define EVENT_TYPES                                                                                \
    "registered|updated|deregistered|replaced|moved|awake|asleep|desired|denied|handshake|notify|send"

/* Which of them an event of the engine is. */
const char *event_type_name(enum lwm2m_server_event_type type);

#endif
