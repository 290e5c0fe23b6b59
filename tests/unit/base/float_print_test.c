/*
 * Printing of doubles and floats: read back with the strtod of glibc, and never a digit too many.
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
#include <stdio.h>
#include <stdlib.h>

#include <lwm2m/number.h>

#include "support/virtual_port.h"

enum { ROUNDS = 150000 };

static double double_of(uint64_t bits)
{
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

/* Any bit pattern; each fourth a power of two, a subnormal, or a short decimal. */
static double any_double(struct virtual_port *port, int round)
{
    uint64_t bits = virtual_port_random(port);
    switch (round % 16) {
    case 0:
        return double_of(bits & ~((UINT64_C(1) << 52) - 1));
    case 1:
        return double_of(bits & ~(UINT64_C(0x7ff) << 52));
    case 2:
        return (double)(bits % 1000000) / 1000;
    case 3:
        return (double)bits;
    default:
        return double_of(bits);
    }
}

/* The digits of a printed number without its point, its exponent and the zeros around them. */
static unsigned significant_digits(const char *text, char digits[64])
{
    unsigned count = 0;
    for (; *text && *text != 'e'; text++) {
        if (*text >= (count == 0 ? '1' : '0') && *text <= '9') {
            digits[count++] = *text;
        }
    }
    while (count > 0 && digits[count - 1] == '0') {
        count--;
    }
    digits[count] = '\0';
    return count;
}

static void any_double_reads_back_and_is_the_shortest(void **state)
{
    (void)state;
    struct virtual_port port;
    virtual_port_init(&port, 14);
    for (int round = 0; round < ROUNDS; round++) {
        char text[LWM2M_NUMBER_TEXT_MAX];
        char digits[64];
        char other[64];
        double number = any_double(&port, round);
        if (!isfinite(number) || number == 0) {
            continue;
        }

        size_t length = lwm2m_number_print_double(number, text);
        assert_int_equal(length, strlen(text));
        double back = strtod(text, NULL);
        assert_memory_equal(&back, &number, sizeof number);

        int count = (int)significant_digits(text, digits);
        assert_in_range(count, 1, 17);
        if (count > 1) {
            snprintf(other, sizeof other, "%.*e", count - 2, number);
            assert_true(strtod(other, NULL) != number);
        }
        /* Of several as short, the nearest; next to a power of two that may not read back itself.
         */
        snprintf(other, sizeof other, "%.*e", count - 1, number);
        if (strtod(other, NULL) == number) {
            char nearest[64];
            significant_digits(other, nearest);
            assert_string_equal(digits, nearest);
        }
    }
}

static void any_float_reads_back_and_is_the_shortest(void **state)
{
    (void)state;
    struct virtual_port port;
    virtual_port_init(&port, 15);
    for (int round = 0; round < ROUNDS; round++) {
        char text[LWM2M_NUMBER_TEXT_MAX];
        char digits[64];
        char shorter[64];
        uint32_t bits = (uint32_t)virtual_port_random(&port);
        float number;
        memcpy(&number, &bits, sizeof number);
        if (!isfinite(number) || number == 0) {
            continue;
        }

        lwm2m_number_print_float(number, text);
        float back = strtof(text, NULL);
        assert_memory_equal(&back, &number, sizeof number);

        int count = (int)significant_digits(text, digits);
        assert_in_range(count, 1, 9);
        if (count > 1) {
            snprintf(shorter, sizeof shorter, "%.*e", count - 2, (double)number);
            assert_true(strtof(shorter, NULL) != number);
        }
    }
}

static void known_doubles_have_the_known_text(void **state)
{
    (void)state;
    static const struct {
        double number;
        const char *text;
    } cases[] = {
        {0.0, "0"},
        {-0.0, "-0.0"},
        {3.0, "3"},
        {21.5, "21.5"},
        {-21.5, "-21.5"},
        {100, "100"},
        {0.1, "0.1"},
        {0.1f, "0.10000000149011612"},
        {1.0 / 3, "0.3333333333333333"},
        {0.00001, "0.00001"},
        {0.000012345, "0.000012345"},
        {0.000001, "1e-6"},
        {1.5e-7, "1.5e-7"},
        {1e20, "100000000000000000000"},
        {123456789012345680000.0, "123456789012345680000"},
        {1e21, "1e+21"},
        {1e300, "1e+300"},
        {-1.2345e+100, "-1.2345e+100"},
        {5e-324, "5e-324"},
        {2.225073858507201e-308, "2.225073858507201e-308"},   /* the largest subnormal */
        {2.2250738585072014e-308, "2.2250738585072014e-308"}, /* the smallest normal */
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {9007199254740991, "9007199254740991"},
        {9007199254740993.0, "9007199254740992"},
        {2.9802322387695312e-08, "2.9802322387695312e-8"}, /* in the middle: the even digit */
        {9.5367431640625e-07, "9.5367431640625e-7"},
        {9.007199254740992e22, "9.007199254740992e+22"},
        {-1.2345678901234568e-05, "-0.000012345678901234568"}, /* among the longest */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[LWM2M_NUMBER_TEXT_MAX];
        assert_int_equal(lwm2m_number_print_double(cases[i].number, text), strlen(cases[i].text));
        assert_string_equal(text, cases[i].text);
    }
}

static void known_floats_have_the_known_text(void **state)
{
    (void)state;
    static const struct {
        float number;
        const char *text;
    } cases[] = {
        {0.0f, "0"},
        {-0.0f, "-0.0"},
        {0.1f, "0.1"},
        {21.5f, "21.5"},
        {16777216.0f, "16777216"},
        {33554432.0f, "33554432"},
        {1e-45f, "1e-45"},
        {1.1754944e-38f, "1.1754944e-38"},
        {3.4028235e38f, "3.4028235e+38"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[LWM2M_NUMBER_TEXT_MAX];
        assert_int_equal(lwm2m_number_print_float(cases[i].number, text), strlen(cases[i].text));
        assert_string_equal(text, cases[i].text);
    }
}

static void what_is_not_finite_has_a_word(void **state)
{
    (void)state;
    char text[LWM2M_NUMBER_TEXT_MAX];
    assert_int_equal(lwm2m_number_print_double((double)INFINITY, text), 3);
    assert_string_equal(text, "inf");
    lwm2m_number_print_double(-(double)INFINITY, text);
    assert_string_equal(text, "-inf");
    lwm2m_number_print_double((double)NAN, text);
    assert_string_equal(text, "nan");
    lwm2m_number_print_float(-INFINITY, text);
    assert_string_equal(text, "-inf");
    lwm2m_number_print_float(-NAN, text);
    assert_string_equal(text, "nan");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_double_reads_back_and_is_the_shortest),
        cmocka_unit_test(any_float_reads_back_and_is_the_shortest),
        cmocka_unit_test(known_doubles_have_the_known_text),
        cmocka_unit_test(known_floats_have_the_known_text),
        cmocka_unit_test(what_is_not_finite_has_a_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
