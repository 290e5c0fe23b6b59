/*
 * Notifications that are kept while their server cannot be reached: the newest of them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLIENT_HISTORY_H
#define CLIENT_HISTORY_H

#include <stddef.h>
#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/error.h>
#include <lwm2m/port.h>

struct lwm2m_kept_content {
    struct lwm2m_kept_content *next; /* younger */
    int64_t time_ms;                 /* since 1970 */
    size_t length;
    uint8_t bytes[];
};

/* Zeroed memory is an empty one. */
struct lwm2m_history {
    struct lwm2m_kept_content *oldest;
    struct lwm2m_kept_content *youngest;
    size_t count;
    size_t total_bytes; /* of the contents, and of what keeps each */
};

struct lwm2m_history_limits {
    size_t max_count;
    size_t max_bytes; /* as total_bytes */
};

/* Copies content to the end, and forgets as many of the oldest as are too many. LWM2M_NO_MEMORY:
 * it is as it was. */
enum lwm2m_error lwm2m_history_keep(struct lwm2m_history *history, const struct lwm2m_port *port,
                                    const struct lwm2m_history_limits *limits, int64_t time_ms,
                                    struct lwm2m_bytes content) LWM2M_MUST_CHECK;

/* The length of the longest content; 0 if there is none. */
size_t lwm2m_history_longest(const struct lwm2m_history *history);

/* Forgets all. */
void lwm2m_history_release(struct lwm2m_history *history, const struct lwm2m_port *port);

#endif
