/*
 * Tests of the order of notifications.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "coap/observe.h"

static void the_first_notification_is_new(void **state)
{
    struct lwm2m_observe_order order = {0};

    (void)state;
    assert_true(lwm2m_observe_order_accept(&order, 0, 5));
}

static void numbers_are_compared_modulo_two_to_the_24(void **state)
{
    static const struct {
        uint32_t last, next;
        uint64_t later_ms;
        bool newer;
    } cases[] = {
        {1, 2, 0, true},        {2, 1, 0, false},        {7, 7, 0, false},
        {0, 0x7fffff, 0, true}, {0, 0x800000, 0, false}, {0x7fffff, 0, 0, false},
        {0x800001, 0, 0, true}, {0xffffff, 0, 0, true},  {0, 0xffffff, 0, false},
        {9, 8, 128000, false},  {9, 8, 128001, true},    {9, 9, 128001, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct lwm2m_observe_order order = {.any = true, .number = cases[i].last, .arrived_ms = 50};
        assert_int_equal(lwm2m_observe_order_accept(&order, cases[i].next, 50 + cases[i].later_ms),
                         cases[i].newer);
    }
}

static void an_old_notification_leaves_the_order_as_it_is(void **state)
{
    struct lwm2m_observe_order order = {0};

    (void)state;
    assert_true(lwm2m_observe_order_accept(&order, 10, 0));
    assert_false(lwm2m_observe_order_accept(&order, 9, 100000));
    /* 128 s count from the last that was taken. */
    assert_true(lwm2m_observe_order_accept(&order, 8, 128001));
    assert_int_equal(order.number, 8);
}

static void a_notifiers_numbers_rise_and_wrap(void **state)
{
    uint32_t last = 0;
    struct lwm2m_observe_order order = {0};

    (void)state;
    assert_int_equal(lwm2m_observe_next(&last), 1);
    last = 0xfffffe;
    for (unsigned i = 0; i < 4; i++) {
        assert_true(lwm2m_observe_order_accept(&order, lwm2m_observe_next(&last), 0));
    }
    assert_int_equal(last, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_notification_is_new),
        cmocka_unit_test(numbers_are_compared_modulo_two_to_the_24),
        cmocka_unit_test(an_old_notification_leaves_the_order_as_it_is),
        cmocka_unit_test(a_notifiers_numbers_rise_and_wrap),
    };

    return cmocka_run_group_tests_name("observe", tests, NULL, NULL);
}
