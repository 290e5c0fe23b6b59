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

#define BOTH (LWM2M_ATTRIBUTE_PMIN | LWM2M_ATTRIBUTE_PMAX)
#define NONE LWM2M_NEVER

static void periods_are_the_attributes_or_else_the_defaults(void **state)
{
    static const struct {
        struct lwm2m_attributes attributes;
        int64_t default_pmin_s, default_pmax_s;
        struct lwm2m_notify_periods expected;
    } cases[] = {
        {{0}, 0, 0, {0, NONE}},
        {{0}, -1, -1, {0, NONE}},
        {{0}, 2, 10, {2000, 10000}},
        {{0}, INT64_MAX, INT64_MAX, {0, NONE}},
        {{.set = BOTH, .pmin_s = 1, .pmax_s = 5}, 2, 10, {1000, 5000}},
        {{.set = LWM2M_ATTRIBUTE_PMIN, .pmin_s = 3}, 2, 10, {3000, 10000}},
        {{.set = LWM2M_ATTRIBUTE_PMAX, .pmax_s = 3}, 2, 10, {2000, 3000}},
        /* Attributes of 0 override defaults. */
        {{.set = BOTH, .pmin_s = 0, .pmax_s = 0}, 2, 10, {0, NONE}},
        /* A pmax below pmin does not count; an equal one does. */
        {{.set = BOTH, .pmin_s = 6, .pmax_s = 5}, 0, 0, {6000, NONE}},
        {{.set = BOTH, .pmin_s = 5, .pmax_s = 5}, 0, 0, {5000, 5000}},
        {{.set = LWM2M_ATTRIBUTE_PMIN, .pmin_s = 11}, 0, 10, {11000, NONE}},
        {{.set = BOTH, .pmin_s = UINT32_MAX, .pmax_s = UINT32_MAX},
         0,
         0,
         {UINT32_MAX * 1000ull, UINT32_MAX * 1000ull}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct lwm2m_notify_periods periods = lwm2m_notify_periods(
            &cases[i].attributes, cases[i].default_pmin_s, cases[i].default_pmax_s);

        assert_int_equal(periods.pmin_ms, cases[i].expected.pmin_ms);
        assert_int_equal(periods.pmax_ms, cases[i].expected.pmax_ms);
    }
}

/* The last notification left at 1000. */
static void decides_by_change_and_time(void **state)
{
    static const struct {
        struct lwm2m_notify_periods periods;
        uint64_t now_ms;
        bool changed;
        enum lwm2m_notify_verdict verdict;
        uint64_t next_ms;
    } cases[] = {
        {{0, NONE}, 1000, false, LWM2M_NOTIFY_WAIT, NONE},
        {{0, NONE}, 1000, true, LWM2M_NOTIFY_IF_DIFFERENT, NONE},
        {{500, NONE}, 1499, true, LWM2M_NOTIFY_WAIT, 1500},
        {{500, NONE}, 1500, true, LWM2M_NOTIFY_IF_DIFFERENT, NONE},
        {{500, NONE}, 9999, false, LWM2M_NOTIFY_WAIT, NONE},
        {{500, 2000}, 1400, false, LWM2M_NOTIFY_WAIT, 3000},
        {{500, 2000}, 1400, true, LWM2M_NOTIFY_WAIT, 1500},
        {{500, 2000}, 2999, true, LWM2M_NOTIFY_IF_DIFFERENT, 3000},
        {{500, 2000}, 3000, false, LWM2M_NOTIFY_NOW, 3000},
        {{500, 2000}, 3000, true, LWM2M_NOTIFY_NOW, 3000},
        {{500, 500}, 1499, true, LWM2M_NOTIFY_WAIT, 1500},
        {{500, 500}, 1500, false, LWM2M_NOTIFY_NOW, 1500},
        /* A sum past the end of time is never. */
        {{NONE, NONE}, NONE - 1, true, LWM2M_NOTIFY_WAIT, NONE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint64_t next_ms = 0;

        assert_int_equal(lwm2m_notify_decide(&cases[i].periods, cases[i].now_ms, 1000,
                                             cases[i].changed, &next_ms),
                         cases[i].verdict);
        assert_int_equal(next_ms, cases[i].next_ms);
    }
}

static void confirms_once_a_day_or_always_where_resets_are_not_reported(void **state)
{
    const uint64_t day_ms = 86400000;
    const uint32_t reports = LWM2M_TRANSPORT_REPORTS_RESET_OF_NON;

    (void)state;
    assert_false(lwm2m_notify_confirmable(5 + day_ms - 1, 5, reports));
    assert_true(lwm2m_notify_confirmable(5 + day_ms, 5, reports));
    assert_true(lwm2m_notify_confirmable(5, 5, 0));
    assert_true(lwm2m_notify_confirmable(5, 5, LWM2M_TRANSPORT_REPORTS_DELIVERY));
    assert_false(lwm2m_notify_confirmable(5 + day_ms, 5, LWM2M_TRANSPORT_RELIABLE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(periods_are_the_attributes_or_else_the_defaults),
        cmocka_unit_test(decides_by_change_and_time),
        cmocka_unit_test(confirms_once_a_day_or_always_where_resets_are_not_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
