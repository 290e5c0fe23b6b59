/*
 * When a notification is due.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/notify_rules.h"

#include <lwm2m/port.h>
#include <lwm2m/transport.h>

#define DAY_MS (24u * 60 * 60 * 1000)

static uint64_t period_ms(const struct lwm2m_attributes *attributes, uint32_t which, uint32_t value,
                          int64_t fallback_s)
{
    if ((attributes->set & which) != 0) {
        return (uint64_t)value * 1000;
    }
    return fallback_s > 0 && fallback_s <= UINT32_MAX ? (uint64_t)fallback_s * 1000 : 0;
}

struct lwm2m_notify_periods lwm2m_notify_periods(const struct lwm2m_attributes *attributes,
                                                 int64_t default_pmin_s, int64_t default_pmax_s)
{
    struct lwm2m_notify_periods periods;

    periods.pmin_ms =
        period_ms(attributes, LWM2M_ATTRIBUTE_PMIN, attributes->pmin_s, default_pmin_s);
    periods.pmax_ms =
        period_ms(attributes, LWM2M_ATTRIBUTE_PMAX, attributes->pmax_s, default_pmax_s);
    if (periods.pmax_ms == 0 || periods.pmax_ms < periods.pmin_ms) {
        periods.pmax_ms = LWM2M_NEVER;
    }
    return periods;
}

static uint64_t later(uint64_t time_ms, uint64_t period_ms)
{
    return period_ms > LWM2M_NEVER - time_ms ? LWM2M_NEVER : time_ms + period_ms;
}

enum lwm2m_notify_verdict lwm2m_notify_decide(const struct lwm2m_notify_periods *periods,
                                              uint64_t now_ms, uint64_t last_ms, bool changed,
                                              uint64_t *next_ms)
{
    uint64_t earliest_ms = later(last_ms, periods->pmin_ms);
    uint64_t latest_ms = later(last_ms, periods->pmax_ms);

    *next_ms = latest_ms;
    if (now_ms >= latest_ms) {
        return LWM2M_NOTIFY_NOW;
    }
    if (!changed) {
        return LWM2M_NOTIFY_WAIT;
    }
    if (now_ms >= earliest_ms) {
        return LWM2M_NOTIFY_IF_DIFFERENT;
    }
    *next_ms = earliest_ms;
    return LWM2M_NOTIFY_WAIT;
}

bool lwm2m_notify_confirmable(uint64_t now_ms, uint64_t last_confirmable_ms, uint32_t capabilities)
{
    if ((capabilities & LWM2M_TRANSPORT_RELIABLE) != 0) {
        return false;
    }
    if ((capabilities & LWM2M_TRANSPORT_REPORTS_RESET_OF_NON) == 0) {
        return true;
    }
    return now_ms - last_confirmable_ms >= DAY_MS;
}
