/*
 * When a notification is due: pure functions of time, values and attributes (LwM2M Core 1.2
 * §7.3.2).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLIENT_NOTIFY_RULES_H
#define CLIENT_NOTIFY_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include <lwm2m/attributes.h>
#include <lwm2m/value.h>

/* What a server wants to be told of one path. */
struct lwm2m_notify_rules {
    uint64_t pmin_ms;
    uint64_t pmax_ms; /* LWM2M_NEVER: none */
    uint64_t epmin_ms;
    uint64_t epmax_ms;   /* LWM2M_NEVER: none */
    uint32_t conditions; /* of LWM2M_ATTRIBUTE_GT, _LT, _ST and _EDGE: those that are set */
    double gt, lt, st;
    bool rising; /* the edge */
};

/*
 * The rules of the attributes that count, whose periods are those of the server where they have
 * none (/1/x/2 and /1/x/3; 0 or less: none either). A pmax of 0 or below pmin does not count, nor
 * does an epmax of 0.
 */
struct lwm2m_notify_rules lwm2m_notify_rules(const struct lwm2m_attributes *attributes,
                                             int64_t default_pmin_s, int64_t default_pmax_s);

/* A value as the conditions see it. */
struct lwm2m_notify_sample {
    enum { LWM2M_SAMPLE_OTHER, LWM2M_SAMPLE_NUMBER, LWM2M_SAMPLE_BOOLEAN } kind;
    double number; /* of a boolean: 0 or 1 */
};

/* OTHER for what is neither a number nor a boolean. */
struct lwm2m_notify_sample lwm2m_notify_sample(const struct lwm2m_value *value);

/* What is remembered of one observed path. Times are port times. */
struct lwm2m_notify_state {
    uint64_t notified_ms;  /* the last notification, or the answer to the Observe request */
    uint64_t evaluated_ms; /* when the value was looked at last */
    struct lwm2m_notify_sample notified;
    struct lwm2m_notify_sample evaluated;
    bool changed; /* something at or below the path changed since it was looked at */
    bool met;     /* there is something to tell since the last notification */
};

enum lwm2m_notify_verdict {
    LWM2M_NOTIFY_WAIT,
    LWM2M_NOTIFY_EVALUATE,     /* look at the value, and decide again */
    LWM2M_NOTIFY_IF_DIFFERENT, /* notify, unless the content is what was sent last */
    LWM2M_NOTIFY_NOW,
};

/*
 * Decides what is to be done now_ms. *next_ms is set to when to ask again if nothing happens before
 * and the verdict is WAIT; LWM2M_NEVER if only a change can make something due.
 */
enum lwm2m_notify_verdict lwm2m_notify_decide(const struct lwm2m_notify_rules *rules,
                                              const struct lwm2m_notify_state *state,
                                              uint64_t now_ms, uint64_t *next_ms);

/*
 * Takes a look at the value: whether it crossed gt or lt since the last look, moved by st since the
 * last notification, or had the edge. What once is to be told stays so until it is: a value that
 * crosses back within pmin has crossed. Without conditions, or with a value that they say nothing
 * of, everything is.
 */
void lwm2m_notify_evaluate(const struct lwm2m_notify_rules *rules, struct lwm2m_notify_state *state,
                           uint64_t now_ms, struct lwm2m_notify_sample sample);

/* A notification left with this value, or the answer to the Observe request. */
void lwm2m_notify_told(struct lwm2m_notify_state *state, uint64_t now_ms,
                       struct lwm2m_notify_sample sample);

/*
 * Decides whether a notification goes out as CON: because `con` asks for it; else, since a NON
 * costs less, only as often as it must be seen that the server is still there: once in 24 hours
 * (RFC 7641 §4.5), and every time if the transport cannot say that a NON was answered with a reset,
 * which is how a server ends an observation.
 *
 * last_confirmable_ms  port time of the last CON, or of the answer to the Observe request
 * capabilities         of the transport
 */
bool lwm2m_notify_confirmable(bool con, uint64_t now_ms, uint64_t last_confirmable_ms,
                              uint32_t capabilities);

#endif
