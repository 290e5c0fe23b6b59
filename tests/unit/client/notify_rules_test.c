/*
 * When a notification is due: tables of numbers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <lwm2m/port.h>
#include <lwm2m/transport.h>

#include "client/notify_rules.h"

#define PERIODS (LWM2M_ATTRIBUTE_PMIN | LWM2M_ATTRIBUTE_PMAX)
#define EVALUATION (LWM2M_ATTRIBUTE_EPMIN | LWM2M_ATTRIBUTE_EPMAX)
#define GT LWM2M_ATTRIBUTE_GT
#define LT LWM2M_ATTRIBUTE_LT
#define ST LWM2M_ATTRIBUTE_ST
#define EDGE LWM2M_ATTRIBUTE_EDGE
#define NONE LWM2M_NEVER

static struct lwm2m_notify_sample number_of(double number)
{
    const struct lwm2m_value value = lwm2m_value_float(number);

    return lwm2m_notify_sample(&value);
}

static void periods_are_the_attributes_or_else_the_defaults(void **state)
{
    static const struct {
        struct lwm2m_attributes attributes;
        int64_t default_pmin_s, default_pmax_s;
        uint64_t pmin_ms, pmax_ms;
    } cases[] = {
        {{0}, 0, 0, 0, NONE},
        {{0}, -1, -1, 0, NONE},
        {{0}, 2, 10, 2000, 10000},
        {{0}, INT64_MAX, INT64_MAX, 0, NONE},
        {{.set = PERIODS, .pmin_s = 1, .pmax_s = 5}, 2, 10, 1000, 5000},
        {{.set = LWM2M_ATTRIBUTE_PMIN, .pmin_s = 3}, 2, 10, 3000, 10000},
        {{.set = LWM2M_ATTRIBUTE_PMAX, .pmax_s = 3}, 2, 10, 2000, 3000},
        /* Attributes of 0 override defaults. */
        {{.set = PERIODS, .pmin_s = 0, .pmax_s = 0}, 2, 10, 0, NONE},
        /* A pmax below pmin does not count; an equal one does. */
        {{.set = PERIODS, .pmin_s = 6, .pmax_s = 5}, 0, 0, 6000, NONE},
        {{.set = PERIODS, .pmin_s = 5, .pmax_s = 5}, 0, 0, 5000, 5000},
        {{.set = LWM2M_ATTRIBUTE_PMIN, .pmin_s = 11}, 0, 10, 11000, NONE},
        {{.set = PERIODS, .pmin_s = UINT32_MAX, .pmax_s = UINT32_MAX},
         0,
         0,
         UINT32_MAX * 1000ull,
         UINT32_MAX * 1000ull},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct lwm2m_notify_rules rules = lwm2m_notify_rules(
            &cases[i].attributes, cases[i].default_pmin_s, cases[i].default_pmax_s);

        assert_int_equal(rules.pmin_ms, cases[i].pmin_ms);
        assert_int_equal(rules.pmax_ms, cases[i].pmax_ms);
    }
}

static void evaluation_periods_have_no_defaults(void **state)
{
    const struct lwm2m_attributes none = {0};
    const struct lwm2m_attributes both = {.set = EVALUATION, .epmin_s = 2, .epmax_s = 3};
    const struct lwm2m_attributes zero = {.set = EVALUATION, .epmin_s = 0, .epmax_s = 0};
    struct lwm2m_notify_rules rules = lwm2m_notify_rules(&none, 7, 9);

    (void)state;
    assert_int_equal(rules.epmin_ms, 0);
    assert_int_equal(rules.epmax_ms, NONE);
    rules = lwm2m_notify_rules(&both, 7, 9);
    assert_int_equal(rules.epmin_ms, 2000);
    assert_int_equal(rules.epmax_ms, 3000);
    rules = lwm2m_notify_rules(&zero, 7, 9);
    assert_int_equal(rules.epmin_ms, 0);
    assert_int_equal(rules.epmax_ms, NONE);
}

/* The last notification left, and the value was looked at last, at 1000. */
static void decides_by_change_and_time(void **state)
{
    static const struct {
        uint64_t pmin_ms, pmax_ms, epmin_ms, epmax_ms;
        uint64_t now_ms;
        bool changed, met;
        enum lwm2m_notify_verdict verdict;
        uint64_t next_ms;
    } cases[] = {
        {0, NONE, 0, NONE, 1000, false, false, LWM2M_NOTIFY_WAIT, NONE},
        {0, NONE, 0, NONE, 1000, true, false, LWM2M_NOTIFY_EVALUATE, 1000},
        {0, NONE, 0, NONE, 1000, false, true, LWM2M_NOTIFY_IF_DIFFERENT, 1000},
        {500, NONE, 0, NONE, 1499, false, true, LWM2M_NOTIFY_WAIT, 1500},
        {500, NONE, 0, NONE, 1499, true, true, LWM2M_NOTIFY_WAIT, 1500},
        {500, NONE, 0, NONE, 1500, false, true, LWM2M_NOTIFY_IF_DIFFERENT, 1500},
        {500, NONE, 0, NONE, 9999, false, false, LWM2M_NOTIFY_WAIT, NONE},
        {500, 2000, 0, NONE, 1400, false, false, LWM2M_NOTIFY_WAIT, 3000},
        {500, 2000, 0, NONE, 1400, false, true, LWM2M_NOTIFY_WAIT, 1500},
        {500, 2000, 0, NONE, 2999, false, true, LWM2M_NOTIFY_IF_DIFFERENT, 1500},
        {500, 2000, 0, NONE, 3000, false, false, LWM2M_NOTIFY_NOW, 3000},
        {500, 2000, 0, NONE, 3000, false, true, LWM2M_NOTIFY_NOW, 1500},
        {500, 500, 0, NONE, 1499, false, true, LWM2M_NOTIFY_WAIT, 1500},
        {500, 500, 0, NONE, 1500, false, false, LWM2M_NOTIFY_NOW, 1500},
        /* A change is looked at no sooner than epmin after the last look… */
        {0, NONE, 300, NONE, 1299, true, false, LWM2M_NOTIFY_WAIT, 1300},
        {0, NONE, 300, NONE, 1300, true, false, LWM2M_NOTIFY_EVALUATE, 1300},
        {0, NONE, 300, NONE, 1300, false, false, LWM2M_NOTIFY_WAIT, NONE},
        {0, 200, 300, NONE, 1200, true, false, LWM2M_NOTIFY_NOW, 1200},
        /* … and without one after epmax. */
        {0, NONE, 300, 700, 1699, false, false, LWM2M_NOTIFY_WAIT, 1700},
        {0, NONE, 300, 700, 1700, false, false, LWM2M_NOTIFY_EVALUATE, 1700},
        {0, NONE, 300, 700, 1699, true, false, LWM2M_NOTIFY_EVALUATE, 1300},
        /* A sum past the end of time is never. */
        {NONE, NONE, NONE, NONE, NONE - 1, true, false, LWM2M_NOTIFY_WAIT, NONE},
        {NONE, NONE, NONE, NONE, NONE - 1, false, true, LWM2M_NOTIFY_WAIT, NONE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct lwm2m_notify_rules rules = {.pmin_ms = cases[i].pmin_ms,
                                                 .pmax_ms = cases[i].pmax_ms,
                                                 .epmin_ms = cases[i].epmin_ms,
                                                 .epmax_ms = cases[i].epmax_ms};
        const struct lwm2m_notify_state remembered = {.notified_ms = 1000,
                                                      .evaluated_ms = 1000,
                                                      .changed = cases[i].changed,
                                                      .met = cases[i].met};
        uint64_t next_ms = 0;

        assert_int_equal(lwm2m_notify_decide(&rules, &remembered, cases[i].now_ms, &next_ms),
                         cases[i].verdict);
        assert_int_equal(next_ms, cases[i].next_ms);
    }
}

/* A value that conditions were met by is told also if it is what was sent last: it was another in
 * between. */
static void a_met_condition_is_told_whatever_the_content(void **state)
{
    const struct lwm2m_notify_rules rules = {.pmax_ms = NONE, .epmax_ms = NONE, .conditions = GT};
    const struct lwm2m_notify_state met = {.met = true};
    uint64_t next_ms;

    (void)state;
    assert_int_equal(lwm2m_notify_decide(&rules, &met, 5, &next_ms), LWM2M_NOTIFY_NOW);
}

/* gt 30, lt 10, st 5: the value that was sent, the one that was looked at last, and now. */
static void conditions_compare_with_what_was_sent_and_what_was_seen(void **state)
{
    static const struct {
        uint32_t conditions;
        double sent, seen, now;
        bool met;
    } cases[] = {
        {0, 1, 1, 1, true},
        {GT, 20, 20, 30, false},
        {GT, 20, 20, 30.5, true},
        {GT, 31, 31, 32, false},
        {GT, 31, 31, 30, true},
        {GT, 31, 31, -5, true},
        {GT, 20, 20, 5, false},
        {GT, 20, 31, 32, false},
        {GT, 31, 20, 31, true},
        {LT, 20, 20, 10, false},
        {LT, 20, 20, 9.5, true},
        {LT, 9, 9, 8, false},
        {LT, 9, 9, 10, true},
        {LT, 20, 20, 40, false},
        {GT | LT, 20, 20, 31, true},
        {GT | LT, 20, 20, 9, true},
        {GT | LT, 20, 20, 11, false},
        {GT | LT, 31, 31, 9, true},
        {ST, 20, 20, 24.9, false},
        {ST, 20, 20, 25, true},
        {ST, 20, 20, 15, true},
        {ST, 20, 20, 15.1, false},
        /* Small steps add up. */
        {ST, 20, 24, 26, true},
        {ST, 20, 26, 22, false},
        {GT | LT | ST, 20, 20, 24, false},
        {GT | LT | ST, 20, 20, 26, true},
        {GT | LT | ST, 29, 29, 31, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct lwm2m_notify_rules rules = {
            .conditions = cases[i].conditions, .gt = 30, .lt = 10, .st = 5};
        struct lwm2m_notify_state remembered = {.notified = number_of(cases[i].sent),
                                                .evaluated = number_of(cases[i].seen),
                                                .changed = true};

        lwm2m_notify_evaluate(&rules, &remembered, 77, number_of(cases[i].now));
        assert_int_equal(remembered.met, cases[i].met);
        assert_int_equal(remembered.evaluated_ms, 77);
        assert_false(remembered.changed);
        assert_true(remembered.evaluated.number == cases[i].now);
        assert_true(remembered.notified.number == cases[i].sent);
    }
}

static void an_edge_is_a_change_in_its_direction(void **state)
{
    static const struct {
        bool rising, before, now, met;
    } cases[] = {{true, false, true, true},  {true, true, true, false},
                 {true, true, false, false}, {true, false, false, false},
                 {false, true, false, true}, {false, false, true, false},
                 {false, true, true, false}, {false, false, false, false}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct lwm2m_notify_rules rules = {.conditions = EDGE, .rising = cases[i].rising};
        const struct lwm2m_value before = lwm2m_value_boolean(cases[i].before);
        const struct lwm2m_value now = lwm2m_value_boolean(cases[i].now);
        struct lwm2m_notify_state remembered = {.notified = lwm2m_notify_sample(&before),
                                                .evaluated = lwm2m_notify_sample(&before)};

        lwm2m_notify_evaluate(&rules, &remembered, 1, lwm2m_notify_sample(&now));
        assert_int_equal(remembered.met, cases[i].met);
    }
}

/* Over 30 and back within pmin: it has crossed all the same. */
static void what_crosses_back_has_crossed(void **state)
{
    const struct lwm2m_notify_rules rules = {.conditions = GT, .gt = 30};
    struct lwm2m_notify_state remembered = {0};

    (void)state;
    lwm2m_notify_told(&remembered, 5, number_of(20));
    lwm2m_notify_evaluate(&rules, &remembered, 6, number_of(31));
    lwm2m_notify_evaluate(&rules, &remembered, 7, number_of(20));
    assert_true(remembered.met);
    lwm2m_notify_told(&remembered, 8, number_of(20));
    assert_false(remembered.met);
    assert_int_equal(remembered.notified_ms, 8);
    lwm2m_notify_evaluate(&rules, &remembered, 9, number_of(21));
    assert_false(remembered.met);
}

/* Conditions say nothing of a value that is no number, was none, or is of another kind. */
static void without_a_comparison_every_change_is_told(void **state)
{
    const struct lwm2m_value text = lwm2m_value_text("x");
    const struct lwm2m_value flag = lwm2m_value_boolean(true);
    const struct lwm2m_notify_sample samples[] = {number_of(5), lwm2m_notify_sample(&text),
                                                  lwm2m_notify_sample(&flag)};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        for (size_t j = 0; j < 3; j++) {
            const struct lwm2m_notify_rules rules = {.conditions = GT | EDGE, .gt = 30};
            struct lwm2m_notify_state remembered = {.notified = samples[i],
                                                    .evaluated = samples[i]};

            lwm2m_notify_evaluate(&rules, &remembered, 1, samples[j]);
            assert_int_equal(remembered.met, i != j || i == 1);
        }
    }
}

static void every_number_is_a_sample(void **state)
{
    const struct lwm2m_value values[] = {lwm2m_value_integer(-7), lwm2m_value_unsigned(UINT64_MAX),
                                         lwm2m_value_float(-7.5), lwm2m_value_time(7)};
    const double numbers[] = {-7, 18446744073709551616.0, -7.5, 7};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct lwm2m_notify_sample sample = lwm2m_notify_sample(&values[i]);

        assert_int_equal(sample.kind, LWM2M_SAMPLE_NUMBER);
        assert_true(sample.number == numbers[i]);
    }
}

static void confirms_once_a_day_or_always_where_resets_are_not_reported(void **state)
{
    const uint64_t day_ms = 86400000;
    const uint32_t reports = LWM2M_TRANSPORT_REPORTS_RESET_OF_NON;

    (void)state;
    assert_false(lwm2m_notify_confirmable(false, 5 + day_ms - 1, 5, reports));
    assert_true(lwm2m_notify_confirmable(false, 5 + day_ms, 5, reports));
    assert_true(lwm2m_notify_confirmable(true, 5, 5, reports));
    assert_true(lwm2m_notify_confirmable(false, 5, 5, 0));
    assert_true(lwm2m_notify_confirmable(false, 5, 5, LWM2M_TRANSPORT_REPORTS_DELIVERY));
    assert_false(lwm2m_notify_confirmable(true, 5 + day_ms, 5, LWM2M_TRANSPORT_RELIABLE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(periods_are_the_attributes_or_else_the_defaults),
        cmocka_unit_test(evaluation_periods_have_no_defaults),
        cmocka_unit_test(decides_by_change_and_time),
        cmocka_unit_test(a_met_condition_is_told_whatever_the_content),
        cmocka_unit_test(conditions_compare_with_what_was_sent_and_what_was_seen),
        cmocka_unit_test(an_edge_is_a_change_in_its_direction),
        cmocka_unit_test(what_crosses_back_has_crossed),
        cmocka_unit_test(without_a_comparison_every_change_is_told),
        cmocka_unit_test(every_number_is_a_sample),
        cmocka_unit_test(confirms_once_a_day_or_always_where_resets_are_not_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
