/*
 * Values: names of types, equality, and the text form of LwM2M Core 1.2 Annex C.2.
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

#include <lwm2m/path.h>
#include <lwm2m/value.h>

static const struct {
    enum lwm2m_type type;
    const char *name;
} names[] = {
    {LWM2M_TYPE_NONE, "none"},       {LWM2M_TYPE_STRING, "string"},   {LWM2M_TYPE_INTEGER, "int"},
    {LWM2M_TYPE_UNSIGNED, "uint"},   {LWM2M_TYPE_FLOAT, "float"},     {LWM2M_TYPE_BOOLEAN, "bool"},
    {LWM2M_TYPE_OPAQUE, "opaque"},   {LWM2M_TYPE_TIME, "time"},       {LWM2M_TYPE_OBJLNK, "objlnk"},
    {LWM2M_TYPE_CORELNK, "corelnk"}, {LWM2M_TYPE_UNTYPED, "untyped"},
};

static void types_have_names_that_are_found(void **state)
{
    (void)state;
    enum lwm2m_type type;
    assert_int_equal(sizeof names / sizeof *names, LWM2M_TYPE_COUNT);
    for (size_t i = 0; i < LWM2M_TYPE_COUNT; i++) {
        assert_string_equal(lwm2m_type_name(names[i].type), names[i].name);
        assert_int_equal(lwm2m_type_find(lwm2m_bytes_from_text(names[i].name), &type), LWM2M_OK);
        assert_int_equal(type, names[i].type);
    }
    assert_int_equal(lwm2m_type_find(lwm2m_bytes_from_text("Int"), &type), LWM2M_NOT_FOUND);
    assert_int_equal(lwm2m_type_find(lwm2m_bytes_from_text(""), &type), LWM2M_NOT_FOUND);
    assert_int_equal(lwm2m_type_find(lwm2m_bytes_from_text("in"), &type), LWM2M_NOT_FOUND);
    assert_non_null(lwm2m_type_name(LWM2M_TYPE_COUNT));
}

static void values_are_equal_only_to_themselves(void **state)
{
    (void)state;
    struct lwm2m_value untyped = lwm2m_value_opaque(lwm2m_bytes_from_text("a"));
    struct lwm2m_value link = lwm2m_value_text("a");
    untyped.type = LWM2M_TYPE_UNTYPED;
    link.type = LWM2M_TYPE_CORELNK;
    const struct lwm2m_value values[] = {
        lwm2m_value_none(),
        lwm2m_value_text("a"),
        lwm2m_value_text("b"),
        lwm2m_value_text(""),
        lwm2m_value_integer(1),
        lwm2m_value_integer(-1),
        lwm2m_value_unsigned(1),
        lwm2m_value_unsigned(UINT64_MAX),
        lwm2m_value_float(1),
        lwm2m_value_float(0.0),
        lwm2m_value_float(-0.0),
        lwm2m_value_float((double)NAN),
        lwm2m_value_boolean(true),
        lwm2m_value_boolean(false),
        lwm2m_value_opaque(lwm2m_bytes_from_text("a")),
        lwm2m_value_time(1),
        lwm2m_value_time(2),
        lwm2m_value_objlnk(3, 0),
        lwm2m_value_objlnk(3, 1),
        lwm2m_value_objlnk(4, 0),
        untyped,
        link,
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        for (size_t j = 0; j < sizeof values / sizeof *values; j++) {
            assert_int_equal(lwm2m_value_equal(&values[i], &values[j]), i == j);
        }
    }
}

static const struct {
    const char *text;
    struct lwm2m_value value;
} texts[] = {
    {"", {.type = LWM2M_TYPE_NONE}},
    {"0", {.type = LWM2M_TYPE_INTEGER, .as = {.integer = 0}}},
    {"-9223372036854775808", {.type = LWM2M_TYPE_INTEGER, .as = {.integer = INT64_MIN}}},
    {"9223372036854775807", {.type = LWM2M_TYPE_INTEGER, .as = {.integer = INT64_MAX}}},
    {"18446744073709551615", {.type = LWM2M_TYPE_UNSIGNED, .as = {.unsigned_integer = UINT64_MAX}}},
    {"21.5", {.type = LWM2M_TYPE_FLOAT, .as = {.number = 21.5}}},
    {"-0.0", {.type = LWM2M_TYPE_FLOAT, .as = {.number = -0.0}}},
    {"1e+300", {.type = LWM2M_TYPE_FLOAT, .as = {.number = 1e300}}},
    {"1", {.type = LWM2M_TYPE_BOOLEAN, .as = {.boolean = true}}},
    {"0", {.type = LWM2M_TYPE_BOOLEAN, .as = {.boolean = false}}},
    {"1700000000", {.type = LWM2M_TYPE_TIME, .as = {.integer = 1700000000}}},
    {"-1", {.type = LWM2M_TYPE_TIME, .as = {.integer = -1}}},
    {"66:1", {.type = LWM2M_TYPE_OBJLNK, .as = {.objlnk = {66, 1}}}},
    {"65535:65535", {.type = LWM2M_TYPE_OBJLNK, .as = {.objlnk = {LWM2M_NO_ID, LWM2M_NO_ID}}}},
    {"aGVsbG8=", {.type = LWM2M_TYPE_OPAQUE, .as = {.bytes = {(const uint8_t *)"hello", 5}}}},
    {"", {.type = LWM2M_TYPE_OPAQUE, .as = {.bytes = {NULL, 0}}}},
    {"grün", {.type = LWM2M_TYPE_STRING, .as = {.bytes = {(const uint8_t *)"grün", 5}}}},
    {"", {.type = LWM2M_TYPE_STRING, .as = {.bytes = {NULL, 0}}}},
    {"</3/0>", {.type = LWM2M_TYPE_CORELNK, .as = {.bytes = {(const uint8_t *)"</3/0>", 6}}}},
};

static void every_type_has_a_text_that_is_read_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        uint8_t memory[64];
        uint8_t scratch_memory[64];
        struct lwm2m_buffer out;
        struct lwm2m_buffer scratch;
        struct lwm2m_value back;

        lwm2m_buffer_init(&out, memory, sizeof memory);
        lwm2m_buffer_init(&scratch, scratch_memory, sizeof scratch_memory);
        assert_int_equal(lwm2m_value_print(&texts[i].value, &out), LWM2M_OK);
        assert_true(lwm2m_bytes_equal_text(lwm2m_buffer_bytes(&out), texts[i].text));
        assert_int_equal(
            lwm2m_value_parse(lwm2m_buffer_bytes(&out), texts[i].value.type, &scratch, &back),
            LWM2M_OK);
        assert_true(lwm2m_value_equal(&back, &texts[i].value));
    }
}

static void printing_without_room_fails_and_leaves_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        uint8_t memory[64];
        struct lwm2m_buffer out;
        if (texts[i].text[0] == '\0') {
            continue;
        }
        lwm2m_buffer_init(&out, memory, strlen(texts[i].text) - 1);
        assert_int_equal(lwm2m_value_print(&texts[i].value, &out), LWM2M_NO_SPACE);
        assert_int_equal(out.length, 0);
    }
}

static void a_text_that_is_not_of_the_type_is_refused(void **state)
{
    (void)state;
    static const struct {
        enum lwm2m_type type;
        const char *text;
        enum lwm2m_error error;
    } cases[] = {
        {LWM2M_TYPE_NONE, "x", LWM2M_TYPE},
        {LWM2M_TYPE_INTEGER, "", LWM2M_TYPE},
        {LWM2M_TYPE_INTEGER, "1.5", LWM2M_TYPE},
        {LWM2M_TYPE_INTEGER, "9223372036854775808", LWM2M_RANGE},
        {LWM2M_TYPE_TIME, "2026-01-01", LWM2M_TYPE},
        {LWM2M_TYPE_TIME, "-9223372036854775809", LWM2M_RANGE},
        {LWM2M_TYPE_UNSIGNED, "-1", LWM2M_TYPE},
        {LWM2M_TYPE_UNSIGNED, "18446744073709551616", LWM2M_RANGE},
        {LWM2M_TYPE_FLOAT, "warm", LWM2M_TYPE},
        {LWM2M_TYPE_FLOAT, "1e400", LWM2M_RANGE},
        {LWM2M_TYPE_BOOLEAN, "true", LWM2M_TYPE},
        {LWM2M_TYPE_BOOLEAN, "2", LWM2M_TYPE},
        {LWM2M_TYPE_BOOLEAN, "", LWM2M_TYPE},
        {LWM2M_TYPE_BOOLEAN, "01", LWM2M_TYPE},
        {LWM2M_TYPE_OBJLNK, "66", LWM2M_TYPE},
        {LWM2M_TYPE_OBJLNK, ":", LWM2M_TYPE},
        {LWM2M_TYPE_OBJLNK, "66:", LWM2M_TYPE},
        {LWM2M_TYPE_OBJLNK, ":1", LWM2M_TYPE},
        {LWM2M_TYPE_OBJLNK, "66:1:2", LWM2M_TYPE},
        {LWM2M_TYPE_OBJLNK, "65536:0", LWM2M_RANGE},
        {LWM2M_TYPE_OBJLNK, "0:99999", LWM2M_RANGE},
        {LWM2M_TYPE_OPAQUE, "a", LWM2M_TYPE},
        {LWM2M_TYPE_OPAQUE, "####", LWM2M_TYPE},
        {LWM2M_TYPE_OPAQUE, "aGVsbG8gd29ybGQ=", LWM2M_NO_SPACE},
        {LWM2M_TYPE_STRING, "\xff", LWM2M_TYPE},
        {LWM2M_TYPE_CORELNK, "\xc3", LWM2M_TYPE},
        {LWM2M_TYPE_COUNT, "x", LWM2M_ARGUMENT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t memory[8];
        struct lwm2m_buffer scratch;
        struct lwm2m_value value = lwm2m_value_boolean(true);
        lwm2m_buffer_init(&scratch, memory, sizeof memory);
        assert_int_equal(lwm2m_value_parse(lwm2m_bytes_from_text(cases[i].text), cases[i].type,
                                           &scratch, &value),
                         cases[i].error);
        assert_int_equal(value.type, LWM2M_TYPE_BOOLEAN);
    }
}

static void a_number_of_too_many_digits_is_out_of_range(void **state)
{
    (void)state;
    char text[1001];
    struct lwm2m_value value;
    memset(text, '1', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(lwm2m_value_parse(lwm2m_bytes_from_text(text), LWM2M_TYPE_FLOAT, NULL, &value),
                     LWM2M_RANGE);
}

static void text_of_an_unknown_type_is_a_string(void **state)
{
    (void)state;
    struct lwm2m_value value;
    struct lwm2m_value expected = lwm2m_value_text("42");
    assert_int_equal(
        lwm2m_value_parse(lwm2m_bytes_from_text("42"), LWM2M_TYPE_UNTYPED, NULL, &value), LWM2M_OK);
    assert_true(lwm2m_value_equal(&value, &expected));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_have_names_that_are_found),
        cmocka_unit_test(values_are_equal_only_to_themselves),
        cmocka_unit_test(every_type_has_a_text_that_is_read_back),
        cmocka_unit_test(printing_without_room_fails_and_leaves_nothing),
        cmocka_unit_test(a_text_that_is_not_of_the_type_is_refused),
        cmocka_unit_test(a_number_of_too_many_digits_is_out_of_range),
        cmocka_unit_test(text_of_an_unknown_type_is_a_string),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
