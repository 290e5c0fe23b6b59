/*
 * Messages of the library to the port's log.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <lwm2m/port.h>

/* Logs the parts, up to the first NULL, as one line; a line over 200 bytes is cut. */
void lwm2m_log(const struct lwm2m_port *port, enum lwm2m_log_level level, const char *const *parts);

#define LWM2M_LOG(port, level, ...)                                                                \
    lwm2m_log((port), (level), (const char *const[]){__VA_ARGS__, NULL})

/* Reports a broken invariant to the port. */
#define LWM2M_ASSERT(port, condition)                                                              \
    ((condition) ? (void)0 : (port)->assert_failed((port)->context, __FILE__, __LINE__, #condition))

#endif
