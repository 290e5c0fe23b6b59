/*
 * Conversion of values to the type of their definition.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include <lwm2m/value.h>

static struct lwm2m_value untyped(const void *bytes, size_t length)
{
    struct lwm2m_value value = lwm2m_value_opaque((struct lwm2m_bytes){bytes, length});
    value.type = LWM2M_TYPE_UNTYPED;
    return value;
}

static struct lwm2m_value corelnk(const char *text)
{
    struct lwm2m_value value = lwm2m_value_text(text);
    value.type = LWM2M_TYPE_CORELNK;
    return value;
}

static void assert_becomes(struct lwm2m_value value, struct lwm2m_value expected)
{
    assert_int_equal(lwm2m_value_convert(&value, expected.type), LWM2M_OK);
    assert_true(lwm2m_value_equal(&value, &expected));
}

static void assert_refused(struct lwm2m_value value, enum lwm2m_type type, enum lwm2m_error error)
{
    struct lwm2m_value before = value;
    assert_int_equal(lwm2m_value_convert(&value, type), error);
    assert_true(lwm2m_value_equal(&value, &before));
}

static void whole_numbers_become_each_other_in_range(void **state)
{
    (void)state;
    assert_becomes(lwm2m_value_integer(5), lwm2m_value_unsigned(5));
    assert_becomes(lwm2m_value_integer(-5), lwm2m_value_time(-5));
    assert_becomes(lwm2m_value_time(-5), lwm2m_value_integer(-5));
    assert_becomes(lwm2m_value_time(5), lwm2m_value_unsigned(5));
    assert_becomes(lwm2m_value_unsigned(INT64_MAX), lwm2m_value_integer(INT64_MAX));
    assert_becomes(lwm2m_value_unsigned(5), lwm2m_value_time(5));
    assert_refused(lwm2m_value_unsigned(UINT64_C(1) << 63), LWM2M_TYPE_INTEGER, LWM2M_RANGE);
    assert_refused(lwm2m_value_unsigned(UINT64_MAX), LWM2M_TYPE_TIME, LWM2M_RANGE);
    assert_refused(lwm2m_value_integer(-1), LWM2M_TYPE_UNSIGNED, LWM2M_RANGE);
}

static void whole_numbers_become_floats_when_exact(void **state)
{
    (void)state;
    assert_becomes(lwm2m_value_integer(-3), lwm2m_value_float(-3));
    assert_becomes(lwm2m_value_integer(INT64_MIN), lwm2m_value_float(-9223372036854775808.0));
    assert_becomes(lwm2m_value_integer(9007199254740992), lwm2m_value_float(9007199254740992.0));
    assert_becomes(lwm2m_value_unsigned(UINT64_C(1) << 63),
                   lwm2m_value_float(9223372036854775808.0));
    assert_refused(lwm2m_value_integer(9007199254740993), LWM2M_TYPE_FLOAT, LWM2M_RANGE);
    assert_refused(lwm2m_value_integer(-9007199254740993), LWM2M_TYPE_FLOAT, LWM2M_RANGE);
    assert_refused(lwm2m_value_integer(INT64_MAX), LWM2M_TYPE_FLOAT, LWM2M_RANGE);
    assert_refused(lwm2m_value_unsigned(UINT64_MAX), LWM2M_TYPE_FLOAT, LWM2M_RANGE);
}

static void floats_become_whole_numbers_when_whole_and_in_range(void **state)
{
    (void)state;
    assert_becomes(lwm2m_value_float(-3.0), lwm2m_value_integer(-3));
    assert_becomes(lwm2m_value_float(-0.0), lwm2m_value_integer(0));
    assert_becomes(lwm2m_value_float(-9223372036854775808.0), lwm2m_value_integer(INT64_MIN));
    assert_becomes(lwm2m_value_float(9223372036854775808.0),
                   lwm2m_value_unsigned(UINT64_C(1) << 63));
    assert_becomes(lwm2m_value_float(1700000000.0), lwm2m_value_time(1700000000));
    assert_refused(lwm2m_value_float(2.5), LWM2M_TYPE_INTEGER, LWM2M_TYPE);
    assert_refused(lwm2m_value_float(2.5), LWM2M_TYPE_UNSIGNED, LWM2M_TYPE);
    assert_refused(lwm2m_value_float((double)NAN), LWM2M_TYPE_INTEGER, LWM2M_TYPE);
    assert_refused(lwm2m_value_float((double)NAN), LWM2M_TYPE_UNSIGNED, LWM2M_TYPE);
    assert_refused(lwm2m_value_float(9223372036854775808.0), LWM2M_TYPE_INTEGER, LWM2M_RANGE);
    assert_refused(lwm2m_value_float(-9223372036854777856.0), LWM2M_TYPE_TIME, LWM2M_RANGE);
    assert_refused(lwm2m_value_float(18446744073709551616.0), LWM2M_TYPE_UNSIGNED, LWM2M_RANGE);
    assert_refused(lwm2m_value_float(-1.0), LWM2M_TYPE_UNSIGNED, LWM2M_RANGE);
    assert_refused(lwm2m_value_float((double)INFINITY), LWM2M_TYPE_INTEGER, LWM2M_RANGE);
    assert_refused(lwm2m_value_float(-(double)INFINITY), LWM2M_TYPE_UNSIGNED, LWM2M_RANGE);
}

static void strings_become_links(void **state)
{
    (void)state;
    assert_becomes(lwm2m_value_text("</3/0>"), corelnk("</3/0>"));
    assert_becomes(lwm2m_value_text("66:1"), lwm2m_value_objlnk(66, 1));
    assert_refused(lwm2m_value_text("66"), LWM2M_TYPE_OBJLNK, LWM2M_TYPE);
    assert_refused(lwm2m_value_text("66:65536"), LWM2M_TYPE_OBJLNK, LWM2M_RANGE);
}

static void bytes_of_tlv_get_their_meaning(void **state)
{
    (void)state;
    assert_becomes(untyped("\xff", 1), lwm2m_value_integer(-1));
    assert_becomes(untyped("\x01\x00", 2), lwm2m_value_integer(256));
    assert_becomes(untyped("\x80\x00\x00\x00", 4), lwm2m_value_integer(INT32_MIN));
    assert_becomes(untyped("\x80\x00\x00\x00\x00\x00\x00\x00", 8), lwm2m_value_integer(INT64_MIN));
    assert_becomes(untyped("\x7f\xff\xff\xff\xff\xff\xff\xff", 8), lwm2m_value_integer(INT64_MAX));
    assert_becomes(untyped("\xff", 1), lwm2m_value_unsigned(255));
    assert_becomes(untyped("\xff\xff\xff\xff\xff\xff\xff\xff", 8),
                   lwm2m_value_unsigned(UINT64_MAX));
    assert_becomes(untyped("\xff\xfe", 2), lwm2m_value_time(-2));
    assert_becomes(untyped("\x41\xac\x00\x00", 4), lwm2m_value_float(21.5));
    assert_becomes(untyped("\x40\x35\x80\x00\x00\x00\x00\x00", 8), lwm2m_value_float(21.5));
    assert_becomes(untyped("\x01", 1), lwm2m_value_boolean(true));
    assert_becomes(untyped("\x00", 1), lwm2m_value_boolean(false));
    assert_becomes(untyped("\x00\x42\x00\x01", 4), lwm2m_value_objlnk(66, 1));
    assert_becomes(untyped("abc", 3), lwm2m_value_text("abc"));
    assert_becomes(untyped(NULL, 0), lwm2m_value_text(""));
    assert_becomes(untyped("</3>", 4), corelnk("</3>"));
    assert_becomes(untyped("\xff", 1),
                   lwm2m_value_opaque((struct lwm2m_bytes){(const uint8_t *)"\xff", 1}));
}

static void bytes_of_tlv_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 3, 5, 6, 7, 9, 16};
    const uint8_t bytes[16] = {0};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        assert_refused(untyped(bytes, lengths[i]), LWM2M_TYPE_INTEGER, LWM2M_TYPE);
        assert_refused(untyped(bytes, lengths[i]), LWM2M_TYPE_UNSIGNED, LWM2M_TYPE);
        assert_refused(untyped(bytes, lengths[i]), LWM2M_TYPE_TIME, LWM2M_TYPE);
        assert_refused(untyped(bytes, lengths[i]), LWM2M_TYPE_FLOAT, LWM2M_TYPE);
        assert_refused(untyped(bytes, lengths[i]), LWM2M_TYPE_BOOLEAN, LWM2M_TYPE);
        assert_refused(untyped(bytes, lengths[i]), LWM2M_TYPE_OBJLNK, LWM2M_TYPE);
    }
    assert_refused(untyped(bytes, 2), LWM2M_TYPE_FLOAT, LWM2M_TYPE);
    assert_refused(untyped("\x02", 1), LWM2M_TYPE_BOOLEAN, LWM2M_TYPE);
    assert_refused(untyped("\xff", 1), LWM2M_TYPE_STRING, LWM2M_TYPE);
    assert_refused(untyped("\xff", 1), LWM2M_TYPE_CORELNK, LWM2M_TYPE);
}

static void without_a_type_the_value_stays(void **state)
{
    (void)state;
    struct lwm2m_value value = lwm2m_value_boolean(true);
    const struct lwm2m_value before = value;
    assert_int_equal(lwm2m_value_convert(&value, LWM2M_TYPE_UNTYPED), LWM2M_OK);
    assert_int_equal(lwm2m_value_convert(&value, LWM2M_TYPE_NONE), LWM2M_OK);
    assert_int_equal(lwm2m_value_convert(&value, LWM2M_TYPE_BOOLEAN), LWM2M_OK);
    assert_true(lwm2m_value_equal(&value, &before));
}

static void other_pairs_of_types_are_refused(void **state)
{
    (void)state;
    assert_refused(lwm2m_value_boolean(true), LWM2M_TYPE_INTEGER, LWM2M_TYPE);
    assert_refused(lwm2m_value_integer(1), LWM2M_TYPE_BOOLEAN, LWM2M_TYPE);
    assert_refused(lwm2m_value_integer(1), LWM2M_TYPE_STRING, LWM2M_TYPE);
    assert_refused(lwm2m_value_text("1"), LWM2M_TYPE_INTEGER, LWM2M_TYPE);
    assert_refused(lwm2m_value_text("1"), LWM2M_TYPE_OPAQUE, LWM2M_TYPE);
    assert_refused(lwm2m_value_text("1"), LWM2M_TYPE_FLOAT, LWM2M_TYPE);
    assert_refused(lwm2m_value_opaque(lwm2m_bytes_from_text("1")), LWM2M_TYPE_STRING, LWM2M_TYPE);
    assert_refused(lwm2m_value_time(1), LWM2M_TYPE_FLOAT, LWM2M_TYPE);
    assert_refused(lwm2m_value_objlnk(1, 1), LWM2M_TYPE_STRING, LWM2M_TYPE);
    assert_refused(lwm2m_value_none(), LWM2M_TYPE_INTEGER, LWM2M_TYPE);
    assert_refused(lwm2m_value_boolean(true), LWM2M_TYPE_UNSIGNED, LWM2M_TYPE);
    assert_refused(lwm2m_value_text("66:1"), LWM2M_TYPE_BOOLEAN, LWM2M_TYPE);
    assert_refused(lwm2m_value_integer(66), LWM2M_TYPE_OBJLNK, LWM2M_TYPE);
    assert_refused(lwm2m_value_integer(1), LWM2M_TYPE_COUNT, LWM2M_TYPE);
    assert_refused(untyped("a", 1), LWM2M_TYPE_COUNT, LWM2M_TYPE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_become_each_other_in_range),
        cmocka_unit_test(whole_numbers_become_floats_when_exact),
        cmocka_unit_test(floats_become_whole_numbers_when_whole_and_in_range),
        cmocka_unit_test(strings_become_links),
        cmocka_unit_test(bytes_of_tlv_get_their_meaning),
        cmocka_unit_test(bytes_of_tlv_that_do_not_fit_are_refused),
        cmocka_unit_test(without_a_type_the_value_stays),
        cmocka_unit_test(other_pairs_of_types_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
