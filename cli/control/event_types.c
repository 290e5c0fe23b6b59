/*
 * What events are called.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "control/event_types.h"

const char *event_type_name(enum lwm2m_server_event_type type)
{
    static const char *const names[] = {
        [LWM2M_SERVER_REGISTERED] = "registered",
        [LWM2M_SERVER_UPDATED] = "updated",
        [LWM2M_SERVER_MOVED] = "moved",
        [LWM2M_SERVER_REPLACED] = "replaced",
        [LWM2M_SERVER_DEREGISTERED] = "deregistered",
        [LWM2M_SERVER_SENT] = "send",
        [LWM2M_SERVER_AWAKE] = "awake",
        [LWM2M_SERVER_ASLEEP] = "asleep",
        [LWM2M_SERVER_DESIRED] = "desired",
        [LWM2M_SERVER_DENIED] = "denied",
    };
    return names[type];
}
