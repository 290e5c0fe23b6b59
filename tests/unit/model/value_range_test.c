/*
 * Tests of lib/model/value_range.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/value_range.h"

static bool integer_in(int64_t number, const char *range)
{
    struct lwm2m_value value = lwm2m_value_integer(number);
    return lwm2m_value_in_range(&value, range);
}

static bool text_in(const char *text, const char *range)
{
    struct lwm2m_value value = lwm2m_value_text(text);
    return lwm2m_value_in_range(&value, range);
}

static void numbers_are_held_between_the_ends(void **state)
{
    struct lwm2m_value half = lwm2m_value_float(20.5), more = lwm2m_value_float(20.6);
    (void)state;
    assert_true(integer_in(0, "0..100"));
    assert_true(integer_in(100, "0..100"));
    assert_false(integer_in(-1, "0..100"));
    assert_false(integer_in(101, "0..100"));
    assert_true(lwm2m_value_in_range(&half, "-20.5..20.5"));
    assert_false(lwm2m_value_in_range(&more, "-20.5..20.5"));
}

static void texts_are_held_to_their_length(void **state)
{
    (void)state;
    assert_true(text_in("", "0-3 bytes"));
    assert_true(text_in("abc", "0-3 bytes"));
    assert_false(text_in("abcd", "0-3 bytes"));
}

static void prose_limits_nothing(void **state)
{
    (void)state;
    assert_true(integer_in(INT64_MAX, NULL));
    assert_true(integer_in(INT64_MAX, ""));
    assert_true(integer_in(INT64_MAX, "see the description"));
    assert_true(text_in("abcd", "a few bytes"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_held_between_the_ends),
        cmocka_unit_test(texts_are_held_to_their_length),
        cmocka_unit_test(prose_limits_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
