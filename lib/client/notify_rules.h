/*
 * When a notification is due: pure functions of time and attributes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLIENT_NOTIFY_RULES_H
#define CLIENT_NOTIFY_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include <lwm2m/attributes.h>

struct lwm2m_notify_periods {
    uint64_t pmin_ms;
    uint64_t pmax_ms; /* LWM2M_NEVER: none */
};

/*
 * The periods of an observation: its attributes, inherited from above, else the defaults of its
 * server
 * (/1/x/2 and /1/x/3; 0 or less: none). A pmax of 0 or below pmin does not count (LwM2M Core
 * 1.2 §7.3.2.2).
 */
struct lwm2m_notify_periods lwm2m_notify_periods(const struct lwm2m_attributes *attributes,
                                                 int64_t default_pmin_s, int64_t default_pmax_s);

enum lwm2m_notify_verdict {
    LWM2M_NOTIFY_WAIT,
    LWM2M_NOTIFY_IF_DIFFERENT, /* unless the content is what was sent last */
    LWM2M_NOTIFY_NOW,
};

/*
 * Decides whether a notification is due now (LwM2M Core 1.2 §7.3.2, pmin and pmax).
 *
 * now_ms, last_ms  port time of this check, and of the last notification or of the answer to the
 *                  Observe request
 * changed          something at or below the path changed since then
 * next_ms          set to when to ask again if nothing happens before and nothing is sent now;
 *                  LWM2M_NEVER if only a change can make it due
 */
enum lwm2m_notify_verdict lwm2m_notify_decide(const struct lwm2m_notify_periods *periods,
                                              uint64_t now_ms, uint64_t last_ms, bool changed,
                                              uint64_t *next_ms);

/*
 * Decides whether a notification goes out as CON. A NON costs less, but only a CON shows that the
 * server is still there: at least one in 24 hours (RFC 7641 §4.5), and every one if the transport
 * cannot say that a NON was answered with a reset, which is how a server ends an observation.
 *
 * last_confirmable_ms  port time of the last CON, or of the answer to the Observe request
 * capabilities         of the transport
 */
bool lwm2m_notify_confirmable(uint64_t now_ms, uint64_t last_confirmable_ms, uint32_t capabilities);

#endif
