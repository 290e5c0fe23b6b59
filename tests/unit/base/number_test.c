/*
 * Whole numbers as text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>

#include <lwm2m/number.h>

#include "support/virtual_port.h"

/* A random number of random length, so that small ones come up too. */
static uint64_t any_number(struct virtual_port *port)
{
    return virtual_port_random(port) >> virtual_port_random_below(port, 64);
}

static void numbers_print_as_printf_does_and_read_back(void **state)
{
    (void)state;
    struct virtual_port port;
    virtual_port_init(&port, 12);
    for (int i = 0; i < 100000; i++) {
        uint64_t number = any_number(&port);
        int64_t with_sign = (int64_t)(i % 2 ? number : 0 - number);
        char text[LWM2M_NUMBER_TEXT_MAX];
        char expected[LWM2M_NUMBER_TEXT_MAX];
        uint64_t read_number;
        int64_t read_with_sign;

        snprintf(expected, sizeof expected, "%" PRIu64, number);
        assert_int_equal(lwm2m_number_print_unsigned(number, text), strlen(expected));
        assert_string_equal(text, expected);
        assert_int_equal(lwm2m_number_parse_unsigned(lwm2m_bytes_from_text(text), &read_number),
                         LWM2M_OK);
        assert_true(read_number == number);

        snprintf(expected, sizeof expected, "%" PRId64, with_sign);
        assert_int_equal(lwm2m_number_print_signed(with_sign, text), strlen(expected));
        assert_string_equal(text, expected);
        assert_int_equal(lwm2m_number_parse_signed(lwm2m_bytes_from_text(text), &read_with_sign),
                         LWM2M_OK);
        assert_true(read_with_sign == with_sign);
    }
}

static void unsigned_numbers_end_at_64_bits(void **state)
{
    (void)state;
    uint64_t number = 7;
    assert_int_equal(
        lwm2m_number_parse_unsigned(lwm2m_bytes_from_text("18446744073709551615"), &number),
        LWM2M_OK);
    assert_true(number == UINT64_MAX);
    static const char *const texts[] = {
        "18446744073709551616", "18446744073709551620",  "20000000000000000000",
        "99999999999999999999", "184467440737095516150", "1000000000000000000000000000000000",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(lwm2m_number_parse_unsigned(lwm2m_bytes_from_text(texts[i]), &number),
                         LWM2M_RANGE);
    }
    assert_true(number == UINT64_MAX);
}

static void signed_numbers_end_at_64_bits(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum lwm2m_error error;
        int64_t number;
    } cases[] = {
        {"9223372036854775807", LWM2M_OK, INT64_MAX},
        {"9223372036854775808", LWM2M_RANGE, 0},
        {"-9223372036854775808", LWM2M_OK, INT64_MIN},
        {"-9223372036854775809", LWM2M_RANGE, 0},
        {"-0", LWM2M_OK, 0},
        {"007", LWM2M_OK, 7},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t number = 0;
        assert_int_equal(lwm2m_number_parse_signed(lwm2m_bytes_from_text(cases[i].text), &number),
                         cases[i].error);
        assert_true(number == cases[i].number);
    }
}

static void what_is_no_number_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",    "-",   "+1",  " 1", "1 ", "1x", "0x10",
                                        "1.0", "1e3", "--1", "1-", "\n", "١",  "-+1"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        uint64_t number;
        int64_t with_sign;
        assert_int_equal(lwm2m_number_parse_unsigned(lwm2m_bytes_from_text(texts[i]), &number),
                         LWM2M_MALFORMED);
        assert_int_equal(lwm2m_number_parse_signed(lwm2m_bytes_from_text(texts[i]), &with_sign),
                         LWM2M_MALFORMED);
    }
    uint64_t number;
    assert_int_equal(lwm2m_number_parse_unsigned(lwm2m_bytes_from_text("-1"), &number),
                     LWM2M_MALFORMED);
    /* Too long and malformed: the text is no number at all. */
    assert_int_equal(
        lwm2m_number_parse_unsigned(lwm2m_bytes_from_text("99999999999999999999x"), &number),
        LWM2M_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_print_as_printf_does_and_read_back),
        cmocka_unit_test(unsigned_numbers_end_at_64_bits),
        cmocka_unit_test(signed_numbers_end_at_64_bits),
        cmocka_unit_test(what_is_no_number_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
