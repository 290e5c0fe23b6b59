/*
 * What the library tells while it works, on stderr: messages of its log, and CoAP messages as they
 * come and go.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONTROL_TRACE_H
#define CONTROL_TRACE_H

#include <lwm2m/endpoint.h>

#include "output/printer.h"

/* In the caller's memory; not to be moved once initialised. */
struct trace {
    struct lwm2m_trace listener; /* for a listener's config */
    const struct printer *printer;
};

/* By the printer's verbosity: 1 information, 2 a line per CoAP message, 3 its bytes too. printer is
 * borrowed. */
void trace_init(struct trace *trace, const struct printer *printer);

/* The listener, or NULL if nothing of it would be shown. */
const struct lwm2m_trace *trace_listener(const struct trace *trace);

/* For lwm2m_host_new, with a trace as context: warnings and errors always, the rest by verbosity.
 */
void trace_log(void *trace, enum lwm2m_log_level level, const char *text);

#endif
