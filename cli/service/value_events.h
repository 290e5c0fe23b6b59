/*
 * Events that tell of values: notifications, and what devices send by themselves.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVICE_VALUE_EVENTS_H
#define SERVICE_VALUE_EVENTS_H

#include "service/service_internal.h"

/* What a device told at once. */
struct value_events {
    struct service *service;
    const char *type; /* "notify", "send" */
    const char *endpoint;
    const struct lwm2m_outcome *outcome;
    struct service_request *listener; /* whom to send the events to as results, or NULL */
    bool publishes;                   /* whether they are events of the server, too */
    bool has_sequence;
    /* Private: */
    cJSON *held;
    char *held_printed;
};

/*
 * Makes an event of each value; all but the last say that there are more. Without any value, one of
 * type none. LWM2M_OK, or as
 * lwm2m_outcome_decode: then the values before the fault have been sent.
 */
enum lwm2m_error value_events_send(struct value_events *events, struct lwm2m_fault *fault);

#endif
