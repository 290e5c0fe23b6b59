/*
 * When a notification is due.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/notify_rules.h"

#include <lwm2m/port.h>
#include <lwm2m/transport.h>

#define DAY_MS (24u * 60 * 60 * 1000)
#define CONDITIONS                                                                                 \
    (LWM2M_ATTRIBUTE_GT | LWM2M_ATTRIBUTE_LT | LWM2M_ATTRIBUTE_ST | LWM2M_ATTRIBUTE_EDGE)

static uint64_t period_ms(const struct lwm2m_attributes *attributes, uint32_t which, uint32_t value,
                          int64_t fallback_s)
{
    if ((attributes->set & which) != 0) {
        return (uint64_t)value * 1000;
    }
    return fallback_s > 0 && fallback_s <= UINT32_MAX ? (uint64_t)fallback_s * 1000 : 0;
}

struct lwm2m_notify_rules lwm2m_notify_rules(const struct lwm2m_attributes *attributes,
                                             int64_t default_pmin_s, int64_t default_pmax_s)
{
    struct lwm2m_notify_rules rules = {
        .pmin_ms = period_ms(attributes, LWM2M_ATTRIBUTE_PMIN, attributes->pmin_s, default_pmin_s),
        .pmax_ms = period_ms(attributes, LWM2M_ATTRIBUTE_PMAX, attributes->pmax_s, default_pmax_s),
        .epmin_ms = period_ms(attributes, LWM2M_ATTRIBUTE_EPMIN, attributes->epmin_s, 0),
        .epmax_ms = period_ms(attributes, LWM2M_ATTRIBUTE_EPMAX, attributes->epmax_s, 0),
        .conditions = attributes->set & CONDITIONS,
        .gt = attributes->gt,
        .lt = attributes->lt,
        .st = attributes->st,
        .rising = attributes->edge == 1,
    };

    if (rules.pmax_ms == 0 || rules.pmax_ms < rules.pmin_ms) {
        rules.pmax_ms = LWM2M_NEVER;
    }
    if (rules.epmax_ms == 0) {
        rules.epmax_ms = LWM2M_NEVER;
    }
    return rules;
}

struct lwm2m_notify_sample lwm2m_notify_sample(const struct lwm2m_value *value)
{
    switch (value->type) {
    case LWM2M_TYPE_INTEGER:
    case LWM2M_TYPE_TIME:
        return (struct lwm2m_notify_sample){LWM2M_SAMPLE_NUMBER, (double)value->as.integer};
    case LWM2M_TYPE_UNSIGNED:
        return (struct lwm2m_notify_sample){LWM2M_SAMPLE_NUMBER,
                                            (double)value->as.unsigned_integer};
    case LWM2M_TYPE_FLOAT:
        return (struct lwm2m_notify_sample){LWM2M_SAMPLE_NUMBER, value->as.number};
    case LWM2M_TYPE_BOOLEAN:
        return (struct lwm2m_notify_sample){LWM2M_SAMPLE_BOOLEAN, value->as.boolean ? 1 : 0};
    default:
        return (struct lwm2m_notify_sample){LWM2M_SAMPLE_OTHER, 0};
    }
}

/* ---- time ---- */

static uint64_t later(uint64_t time_ms, uint64_t period_ms)
{
    return period_ms > LWM2M_NEVER - time_ms ? LWM2M_NEVER : time_ms + period_ms;
}

static uint64_t earlier_of(uint64_t a_ms, uint64_t b_ms)
{
    return a_ms < b_ms ? a_ms : b_ms;
}

enum lwm2m_notify_verdict lwm2m_notify_decide(const struct lwm2m_notify_rules *rules,
                                              const struct lwm2m_notify_state *state,
                                              uint64_t now_ms, uint64_t *next_ms)
{
    uint64_t latest_ms = later(state->notified_ms, rules->pmax_ms);
    uint64_t evaluation_ms =
        later(state->evaluated_ms, state->changed ? rules->epmin_ms : rules->epmax_ms);
    uint64_t due_ms = state->met ? later(state->notified_ms, rules->pmin_ms) : evaluation_ms;

    *next_ms = earlier_of(due_ms, latest_ms);
    if (now_ms >= latest_ms) {
        return LWM2M_NOTIFY_NOW;
    }
    if (now_ms < due_ms) {
        return LWM2M_NOTIFY_WAIT;
    }
    if (!state->met) {
        return LWM2M_NOTIFY_EVALUATE;
    }
    return rules->conditions == 0 ? LWM2M_NOTIFY_IF_DIFFERENT : LWM2M_NOTIFY_NOW;
}

/* ---- values ---- */

static bool number_meets(const struct lwm2m_notify_rules *rules,
                         const struct lwm2m_notify_state *state, double number)
{
    double before = state->evaluated.number;
    double moved = number - state->notified.number;

    if ((rules->conditions & LWM2M_ATTRIBUTE_GT) != 0 &&
        (before > rules->gt) != (number > rules->gt)) {
        return true;
    }
    if ((rules->conditions & LWM2M_ATTRIBUTE_LT) != 0 &&
        (before < rules->lt) != (number < rules->lt)) {
        return true;
    }
    /* So that what is not a number is told. */
    return (rules->conditions & LWM2M_ATTRIBUTE_ST) != 0 &&
           !((moved < 0 ? -moved : moved) < rules->st);
}

static bool meets(const struct lwm2m_notify_rules *rules, const struct lwm2m_notify_state *state,
                  struct lwm2m_notify_sample sample)
{
    bool same_kind = sample.kind == state->evaluated.kind && sample.kind == state->notified.kind;
    uint32_t applicable = sample.kind == LWM2M_SAMPLE_NUMBER    ? CONDITIONS & ~LWM2M_ATTRIBUTE_EDGE
                          : sample.kind == LWM2M_SAMPLE_BOOLEAN ? LWM2M_ATTRIBUTE_EDGE
                                                                : 0;

    if (!same_kind || (rules->conditions & applicable) == 0) {
        return true;
    }
    if (sample.kind == LWM2M_SAMPLE_NUMBER) {
        return number_meets(rules, state, sample.number);
    }
    return sample.number != state->evaluated.number && (sample.number != 0) == rules->rising;
}

void lwm2m_notify_evaluate(const struct lwm2m_notify_rules *rules, struct lwm2m_notify_state *state,
                           uint64_t now_ms, struct lwm2m_notify_sample sample)
{
    state->met = state->met || meets(rules, state, sample);
    state->evaluated = sample;
    state->evaluated_ms = now_ms;
    state->changed = false;
}

void lwm2m_notify_told(struct lwm2m_notify_state *state, uint64_t now_ms,
                       struct lwm2m_notify_sample sample)
{
    *state = (struct lwm2m_notify_state){
        .notified_ms = now_ms, .evaluated_ms = now_ms, .notified = sample, .evaluated = sample};
}

bool lwm2m_notify_confirmable(bool con, uint64_t now_ms, uint64_t last_confirmable_ms,
                              uint32_t capabilities)
{
    if ((capabilities & LWM2M_TRANSPORT_RELIABLE) != 0) {
        return false;
    }
    if (con || (capabilities & LWM2M_TRANSPORT_REPORTS_RESET_OF_NON) == 0) {
        return true;
    }
    return now_ms - last_confirmable_ms >= DAY_MS;
}
