/*
 * Conditions on values.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "service/condition.h"

static bool holds(const char *text, struct lwm2m_value value)
{
    struct condition condition;
    char message[256];
    if (!condition_parse(text, &condition, message, sizeof(message))) {
        fail_msg("%s", message);
    }
    bool result = condition_holds(&condition, &value);
    condition_release(&condition);
    return result;
}

static void takes_path_and_operand_apart(void **state)
{
    struct condition condition;
    char message[256];
    (void)state;
    assert_true(condition_parse("/3/0/13 >= 5", &condition, message, sizeof(message)));
    assert_string_equal(condition.path, "/3/0/13");
    assert_string_equal(condition.operand, "5");
    assert_int_equal(condition.comparison, COMPARISON_AT_LEAST);
    condition_release(&condition);
    assert_true(condition_parse("/3/0/0==a==b", &condition, message, sizeof(message)));
    assert_string_equal(condition.operand, "a==b");
    condition_release(&condition);
    assert_true(condition_parse("/3/0/0!=", &condition, message, sizeof(message)));
    assert_string_equal(condition.operand, "");
    condition_release(&condition);
}

static void refuses_what_is_no_condition(void **state)
{
    static const char *const texts[] = {"", "register", "/3/0/0", "/3/0/0=5", "/3/0/0~(", "!"};
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct condition condition;
        char message[256] = "";
        assert_false(condition_parse(texts[i], &condition, message, sizeof(message)));
        assert_int_not_equal(strlen(message), 0);
        assert_null(condition.path);
    }
}

static void compares_integers_exactly(void **state)
{
    (void)state;
    assert_true(holds("/1>9223372036854775806", lwm2m_value_integer(INT64_MAX)));
    assert_false(holds("/1>9223372036854775807", lwm2m_value_integer(INT64_MAX)));
    assert_true(holds("/1==18446744073709551615", lwm2m_value_unsigned(UINT64_MAX)));
    assert_true(holds("/1!=18446744073709551614", lwm2m_value_unsigned(UINT64_MAX)));
    assert_true(holds("/1<0", lwm2m_value_integer(-1)));
    assert_true(holds("/1<=-1", lwm2m_value_integer(-1)));
    /* An operand of another shape compares as a number. */
    assert_true(holds("/1>1.5", lwm2m_value_integer(2)));
    assert_false(holds("/1==1.5", lwm2m_value_integer(1)));
}

static void compares_floats_times_and_booleans(void **state)
{
    (void)state;
    assert_true(holds("/1>=21.5", lwm2m_value_float(21.5)));
    assert_true(holds("/1==2.15e1", lwm2m_value_float(21.5)));
    assert_false(holds("/1<21.5", lwm2m_value_float(21.5)));
    assert_false(holds("/1<5", lwm2m_value_float(NAN)));
    assert_false(holds("/1>=5", lwm2m_value_float(NAN)));
    assert_true(holds("/1!=5", lwm2m_value_float(NAN)));
    assert_true(holds("/1>2026-01-01T00:00:00Z", lwm2m_value_time(1795414262)));
    assert_true(holds("/1>0", lwm2m_value_time(1795414262)));
    assert_true(holds("/1==true", lwm2m_value_boolean(true)));
    assert_true(holds("/1==1", lwm2m_value_boolean(true)));
    assert_true(holds("/1!=true", lwm2m_value_boolean(false)));
}

static void compares_strings_as_text_and_orders_those_that_are_numbers(void **state)
{
    (void)state;
    assert_true(holds("/1==500", lwm2m_value_text("500")));
    assert_false(holds("/1==500", lwm2m_value_text("500.0")));
    assert_true(holds("/1<500", lwm2m_value_text("90")));
    assert_true(holds("/1>=500", lwm2m_value_text("1000")));
    assert_true(holds("/1<b", lwm2m_value_text("a")));
    assert_true(holds("/1==66:1", lwm2m_value_objlnk(66, 1)));
}

static void matches_regular_expressions(void **state)
{
    (void)state;
    assert_true(holds("/1~^2[.][0-9]+$", lwm2m_value_text("2.10")));
    assert_false(holds("/1~^2[.][0-9]+$", lwm2m_value_text("12.1")));
    assert_true(holds("/1~^8.", lwm2m_value_integer(87)));
}

static void never_holds_for_a_value_without_text(void **state)
{
    (void)state;
    struct lwm2m_bytes bytes = {.data = (const uint8_t *)"a\0b", .length = 3};
    assert_false(holds("/1!=x", lwm2m_value_none()));
    assert_false(holds("/1!=x", lwm2m_value_string(bytes)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_path_and_operand_apart),
        cmocka_unit_test(refuses_what_is_no_condition),
        cmocka_unit_test(compares_integers_exactly),
        cmocka_unit_test(compares_floats_times_and_booleans),
        cmocka_unit_test(compares_strings_as_text_and_orders_those_that_are_numbers),
        cmocka_unit_test(matches_regular_expressions),
        cmocka_unit_test(never_holds_for_a_value_without_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
