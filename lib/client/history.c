/*
 * Notifications that are kept while their server cannot be reached.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/history.h"

#include <string.h>

static void forget_oldest(struct lwm2m_history *history, const struct lwm2m_port *port)
{
    struct lwm2m_kept_content *oldest = history->oldest;

    history->oldest = oldest->next;
    if (oldest->next == NULL) {
        history->youngest = NULL;
    }
    history->count--;
    history->total_bytes -= sizeof(*oldest) + oldest->length;
    port->release(port->context, oldest);
}

enum lwm2m_error lwm2m_history_keep(struct lwm2m_history *history, const struct lwm2m_port *port,
                                    const struct lwm2m_history_limits *limits, int64_t time_ms,
                                    struct lwm2m_bytes content)
{
    struct lwm2m_kept_content *kept = port->allocate(port->context, sizeof(*kept) + content.length);

    if (kept == NULL) {
        return LWM2M_NO_MEMORY;
    }
    kept->next = NULL;
    kept->time_ms = time_ms;
    kept->length = content.length;
    if (content.length > 0) {
        memcpy(kept->bytes, content.data, content.length);
    }
    if (history->youngest == NULL) {
        history->oldest = kept;
    } else {
        history->youngest->next = kept;
    }
    history->youngest = kept;
    history->count++;
    history->total_bytes += sizeof(*kept) + content.length;
    while (history->count > limits->max_count ||
           (history->count > 0 && history->total_bytes > limits->max_bytes)) {
        forget_oldest(history, port);
    }
    return LWM2M_OK;
}

size_t lwm2m_history_longest(const struct lwm2m_history *history)
{
    const struct lwm2m_kept_content *kept;
    size_t longest = 0;

    for (kept = history->oldest; kept != NULL; kept = kept->next) {
        longest = kept->length > longest ? kept->length : longest;
    }
    return longest;
}

void lwm2m_history_release(struct lwm2m_history *history, const struct lwm2m_port *port)
{
    while (history->oldest != NULL) {
        forget_oldest(history, port);
    }
}
