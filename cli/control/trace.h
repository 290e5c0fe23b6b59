/*
 * What the library tells while it works, on stderr: messages of its log, and CoAP messages as they
 * come and go.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONTROL_TRACE_H
#define CONTROL_TRACE_H

#include <lwm2m/endpoint.h>
#include <lwm2m/list.h>

#include "output/printer.h"

/* In the caller's memory; not to be moved once initialised. */
struct trace {
    struct lwm2m_trace listener; /* for a listener's config */
    const struct printer *printer;
    struct lwm2m_list subscribers;
};

/* Who wants to see messages, too; in the caller's memory. */
struct trace_subscriber {
    struct lwm2m_list node;
    struct lwm2m_trace trace; /* context and message are the subscriber's */
};

/* By the printer's verbosity: 1 information, 2 a line per CoAP message, 3 its bytes too. printer is
 * borrowed. */
void trace_init(struct trace *trace, const struct printer *printer);

/* The listener; its message is NULL while nobody wants to see any. */
const struct lwm2m_trace *trace_listener(const struct trace *trace);

/* From now on the subscriber sees every message, and may end its subscription while it does. */
void trace_subscribe(struct trace *trace, struct trace_subscriber *subscriber);
/* Ends it; for one that is zeroed, or was ended before, nothing is done. */
void trace_unsubscribe(struct trace *trace, struct trace_subscriber *subscriber);

/* For lwm2m_host_new, with a trace as context: warnings and errors always, the rest by verbosity.
 */
void trace_log(void *trace, enum lwm2m_log_level level, const char *text);

#endif
