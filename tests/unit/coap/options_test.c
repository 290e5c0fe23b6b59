/*
 * CoAP options: appended in order, whole or not at all; found, read as numbers, replaced.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/message.h>

static void numbers_take_as_few_bytes_as_they_need(void **state)
{
    static const struct {
        uint32_t number;
        size_t bytes;
    } cases[] = {{0, 0},     {1, 1},        {255, 1},      {256, 2},
                 {65535, 2}, {1u << 16, 3}, {1u << 24, 4}, {UINT32_MAX, 4}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint8_t memory[16];
        struct lwm2m_options options;
        struct lwm2m_message message = {0};
        struct lwm2m_option option;
        uint32_t number;

        lwm2m_options_init(&options, memory, sizeof(memory));
        lwm2m_options_append_number(&options, LWM2M_OPTION_OBSERVE, cases[i].number);
        assert_int_equal(lwm2m_options_check(&options), LWM2M_OK);
        message.options = lwm2m_options_bytes(&options);
        assert_true(lwm2m_message_find_option(&message, LWM2M_OPTION_OBSERVE, &option));
        assert_int_equal(option.value.length, cases[i].bytes);
        assert_int_equal(lwm2m_option_number_value(&option, &number), LWM2M_OK);
        assert_int_equal(number, cases[i].number);
        assert_int_equal(lwm2m_message_option_or(&message, LWM2M_OPTION_OBSERVE, 7),
                         cases[i].number);
    }
}

static void absent_and_overlong_numbers_give_the_fallback(void **state)
{
    uint8_t memory[16];
    struct lwm2m_options options;
    struct lwm2m_message message = {0};
    struct lwm2m_option option;
    uint32_t number;

    (void)state;
    assert_int_equal(lwm2m_message_option_or(&message, LWM2M_OPTION_OBSERVE, 7), 7);
    lwm2m_options_init(&options, memory, sizeof(memory));
    lwm2m_options_append_text(&options, LWM2M_OPTION_OBSERVE, "12345");
    message.options = lwm2m_options_bytes(&options);
    assert_int_equal(lwm2m_message_option_or(&message, LWM2M_OPTION_OBSERVE, 7), 7);
    assert_true(lwm2m_message_find_option(&message, LWM2M_OPTION_OBSERVE, &option));
    assert_int_equal(lwm2m_option_number_value(&option, &number), LWM2M_MALFORMED);
    assert_false(lwm2m_message_find_option(&message, LWM2M_OPTION_URI_PATH, &option));
}

static void falling_numbers_are_refused_and_the_error_stays(void **state)
{
    uint8_t memory[16];
    struct lwm2m_options options;

    (void)state;
    lwm2m_options_init(&options, memory, sizeof(memory));
    lwm2m_options_append_text(&options, LWM2M_OPTION_URI_PATH, "a");
    lwm2m_options_append_text(&options, LWM2M_OPTION_URI_PATH, "b");
    assert_int_equal(lwm2m_options_check(&options), LWM2M_OK);
    lwm2m_options_append_number(&options, LWM2M_OPTION_OBSERVE, 0);
    assert_int_equal(lwm2m_options_check(&options), LWM2M_ARGUMENT);
    lwm2m_options_append_text(&options, LWM2M_OPTION_URI_QUERY, "c");
    assert_int_equal(lwm2m_options_check(&options), LWM2M_ARGUMENT);
    assert_int_equal(lwm2m_options_bytes(&options).length, 4);
}

static void what_does_not_fit_is_not_written(void **state)
{
    uint8_t memory[6];
    struct lwm2m_options options;

    (void)state;
    lwm2m_options_init(&options, memory, sizeof(memory));
    lwm2m_options_append_text(&options, LWM2M_OPTION_URI_PATH, "abc");
    lwm2m_options_append_text(&options, LWM2M_OPTION_URI_PATH, "de");
    assert_int_equal(lwm2m_options_check(&options), LWM2M_NO_SPACE);
    assert_int_equal(lwm2m_options_bytes(&options).length, 4);
}

/* Reads the options as "number=value," for comparison. */
static void print(const struct lwm2m_options *options, char *text)
{
    struct lwm2m_message message = {.options = lwm2m_options_bytes(options)};
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;

    lwm2m_option_reader_init(&reader, &message);
    while (lwm2m_option_reader_next(&reader, &option)) {
        *text++ = (char)('A' + option.number);
        for (size_t i = 0; i < option.value.length; i++) {
            *text++ = (char)option.value.data[i];
        }
        *text++ = ',';
    }
    *text = '\0';
}

static void replacing_keeps_the_order(void **state)
{
    static const struct {
        uint16_t number;
        bool has_value;
        const char *expected;
    } cases[] = {
        {11, false, "Gx,P?,"},        {11, true, "Gx,Lv,P?,"},       {6, true, "Gv,L1,L2,P?,"},
        {3, true, "Dv,Gx,L1,L2,P?,"}, {12, true, "Gx,L1,L2,Mv,P?,"}, {23, true, "Gx,L1,L2,P?,Xv,"},
        {23, false, "Gx,L1,L2,P?,"},
    };
    const uint32_t value = 'v';
    uint8_t memory[32];
    struct lwm2m_options options;
    struct lwm2m_message message = {0};

    (void)state;
    lwm2m_options_init(&options, memory, sizeof(memory));
    lwm2m_options_append_text(&options, 6, "x");
    lwm2m_options_append_text(&options, 11, "1");
    lwm2m_options_append_text(&options, 11, "2");
    lwm2m_options_append_text(&options, 15, "?");
    message.options = lwm2m_options_bytes(&options);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint8_t other[32];
        char text[64];
        struct lwm2m_options replaced;

        lwm2m_options_init(&replaced, other, sizeof(other));
        assert_int_equal(lwm2m_options_replace(&replaced, &message, cases[i].number,
                                               cases[i].has_value ? &value : NULL),
                         LWM2M_OK);
        print(&replaced, text);
        assert_string_equal(text, cases[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_take_as_few_bytes_as_they_need),
        cmocka_unit_test(absent_and_overlong_numbers_give_the_fallback),
        cmocka_unit_test(falling_numbers_are_refused_and_the_error_stays),
        cmocka_unit_test(what_does_not_fit_is_not_written),
        cmocka_unit_test(replacing_keeps_the_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
