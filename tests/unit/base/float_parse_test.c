/*
 * Reading of doubles, against the strtod of glibc, which rounds correctly.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <lwm2m/number.h>

#include "support/virtual_port.h"

static enum lwm2m_error parse(const char *text, double *number)
{
    return lwm2m_number_parse_double(lwm2m_bytes_from_text(text), number);
}

/* The text must be read as strtod reads it: to the same bits, or as an overflow. */
static void assert_reads_as_strtod(const char *text)
{
    double expected = strtod(text, NULL);
    double number = NAN;
    enum lwm2m_error error = parse(text, &number);

    if (isinf(expected)) {
        assert_int_equal(error, LWM2M_RANGE);
        return;
    }
    if (error != LWM2M_OK || memcmp(&number, &expected, sizeof number) != 0) {
        fail_msg("%s: %s, %a instead of %a", text, lwm2m_error_name(error), number, expected);
    }
}

static double any_double(struct virtual_port *port)
{
    double number = NAN;
    while (!isfinite(number)) {
        uint64_t bits = virtual_port_random(port);
        memcpy(&number, &bits, sizeof number);
    }
    return number;
}

static void any_double_is_read_in_any_precision(void **state)
{
    (void)state;
    struct virtual_port port;
    virtual_port_init(&port, 21);
    for (int i = 0; i < 150000; i++) {
        char text[64];
        double number = any_double(&port);
        snprintf(text, sizeof text, "%.17g", number);
        assert_reads_as_strtod(text);
        snprintf(text, sizeof text, "%.*e", (int)virtual_port_random_below(&port, 25), number);
        assert_reads_as_strtod(text);
    }
}

static void any_digits_with_any_exponent_are_read(void **state)
{
    (void)state;
    struct virtual_port port;
    virtual_port_init(&port, 22);
    for (int i = 0; i < 100000; i++) {
        char text[128];
        int length = 0;
        if (virtual_port_random_below(&port, 2)) {
            text[length++] = '-';
        }
        for (uint32_t digits = 1 + virtual_port_random_below(&port, 30); digits > 0; digits--) {
            text[length++] = (char)('0' + virtual_port_random_below(&port, 10));
        }
        if (virtual_port_random_below(&port, 2)) {
            text[length++] = '.';
            for (uint32_t digits = 1 + virtual_port_random_below(&port, 30); digits > 0; digits--) {
                text[length++] = (char)('0' + virtual_port_random_below(&port, 10));
            }
        }
        snprintf(text + length, sizeof text - (size_t)length, "e%d",
                 (int)virtual_port_random_below(&port, 740) - 370);
        assert_reads_as_strtod(text);
    }
}

/*
 * The number in the middle between two doubles, written out in full: it must go to the even one;
 * with one more digit behind it, to the upper one; with its last digit lowered, to the lower one.
 */
static void assert_halfway_is_exact(double number)
{
    static char text[1500];
    long double middle = ((long double)number + (long double)nextafter(number, INFINITY)) / 2;

    int length = snprintf(text, sizeof text - 2, "%.*Lf", 1080, middle);
    if (length >= (int)sizeof text - 2) {
        return;
    }
    while (text[length - 1] == '0') {
        text[--length] = '\0';
    }
    if (text[length - 1] == '.') {
        text[--length] = '\0';
    }
    size_t digits = strlen(text);
    if (digits > 790) {
        return;
    }
    assert_reads_as_strtod(text);
    if (strchr(text, '.')) {
        memcpy(text + length, "1", 2);
        assert_reads_as_strtod(text);
        text[length] = '\0';
        text[length - 1]--; /* the last digit is not 0 */
        memcpy(text + length, "9", 2);
        assert_reads_as_strtod(text);
    }
}

static void halfway_between_two_doubles_goes_to_the_even_one(void **state)
{
    (void)state;
    struct virtual_port port;
    virtual_port_init(&port, 23);
    for (int i = 0; i < 4000; i++) {
        double number = fabs(any_double(&port));
        if (i % 2) {
            number = ldexp(0.5 + ldexp((double)(virtual_port_random(&port) >> 11), -54),
                           (int)virtual_port_random_below(&port, 140) - 70);
        }
        assert_halfway_is_exact(number);
    }
}

static void the_hard_cases_are_rounded_correctly(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "0",
        "-0",
        "0.0",
        "-0.0e5",
        "0e999999999999",
        "1",
        "0.1",
        "21.5",
        "1e23",
        "8.5e22",
        "9007199254740991",
        "9007199254740992",
        "9007199254740993",
        "9007199254740994",
        "9007199254740995",
        "9007199254740993.0",
        "9007199254740993.00000000000000000000000001",
        "9007199254740992.99999999999999999999999999",
        "4503599627370496.5",
        "4503599627370497.5",
        "5e-324",
        "4.9e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "2.47032822920623272088284396434110686182e-324",
        "2e-324",
        "7.4109846876186982e-324",
        "1e-400",
        "1e-99999999999999999999",
        "2.2250738585072011e-308",
        "2.2250738585072012e-308",
        "2.2250738585072014e-308",
        "2.225073858507201136057409796709131975934819546351645648e-308",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.797693134862315807e308",
        "1.7976931348623159e308",
        "1e309",
        "1e999999999999999999999",
        "6.631236846766476e-316",
        "3.5844466002796428e+298",
        "6.9294956446009195e15",
        "0.000000000000000000000000000001e30",
        "100000000000000000000000000000e-30",
        "1E5",
        "1e+5",
        "1e-5",
        "1e05",
        "0001.5",
        "1.50000",
        "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649"
        "017977587207096330286416692887910946555547851940402630657488671505820681908902000708383"
        "676273854845817711531764475730270069855571366959622842914819860834936475292719074168444"
        "365510704342711559699508093042880177904174497791",
        "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649"
        "017977587207096330286416692887910946555547851940402630657488671505820681908902000708383"
        "676273854845817711531764475730270069855571366959622842914819860834936475292719074168444"
        "365510704342711559699508093042880177904174497792",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_reads_as_strtod(texts[i]);
    }
}

/* The digits with a point before the last `places` of them, zeros around, and an exponent. */
struct spelling {
    const char *digits;
    unsigned places;
    unsigned leading_zeros;
    unsigned trailing_zeros; /* behind the point only: elsewhere they would count */
    int exponent;
};

static void assert_spelling_reads_as_strtod(const struct spelling *spelling)
{
    static const char zeros[] = "000000000000000000000000000000";
    char text[128];
    char signed_text[129] = "-";
    size_t count = strlen(spelling->digits);
    /* "0.00123" has more places than digits. */
    size_t places = spelling->places;
    size_t padding = places >= count ? places + 1 - count : 0;
    size_t whole = padding > 0 ? 0 : count - places;
    bool has_point = places > 0 || spelling->trailing_zeros > 0;

    snprintf(text, sizeof text, "%.*s%.*s%s%.*s%s%.*se%d",
             (int)(spelling->leading_zeros + (padding > 0 ? 1 : 0)), zeros, (int)whole,
             spelling->digits, has_point ? "." : "", (int)(padding > 0 ? padding - 1 : 0), zeros,
             spelling->digits + whole, (int)spelling->trailing_zeros, zeros, spelling->exponent);
    assert_reads_as_strtod(text);
    strcat(signed_text, text);
    assert_reads_as_strtod(signed_text);
}

/* One operation is right up to 2^53 and to 10^22, and only for digits that 64 bits have held. */
static void the_edges_of_short_numbers_are_read_in_every_spelling(void **state)
{
    (void)state;
    static const char *const digits[] = {
        "1",
        "3",
        "123456789012345",
        "999999999999999",
        "1000000000000001",
        "4503599627370497",
        "9007199254740991",
        "9007199254740992",
        "9007199254740993",
        "9007199254740994",
        "9007199254740995",
        "18014398509481983",
        "90071992547409925",
        "99999999999999999",
        "123456789012345678",
        "900719925474099251",
        "999999999999999999",
        "1000000000000000001",
        "9007199254740993001",
        "9223372036854775807",
        "9223372036854775808",
        "9999999999999999999",
        "10000000000000000001",
        "18446744073709551615",
        "18446744073709551616",
        "18446744073709551617",
        "90071992547409930001",
        "99999999999999999999",
        "184467440737095516161",
    };
    static const unsigned zero_counts[] = {0, 1, 5, 22};

    for (size_t i = 0; i < sizeof digits / sizeof *digits; i++) {
        for (int exponent = -26; exponent <= 26; exponent++) {
            for (unsigned places = 0; places <= 24; places++) {
                for (size_t zeros = 0; zeros < 16; zeros++) {
                    struct spelling spelling = {digits[i], places, zero_counts[zeros / 4],
                                                zero_counts[zeros % 4], exponent};
                    assert_spelling_reads_as_strtod(&spelling);
                }
            }
        }
    }
}

/* Digits near 2^53, near a power of ten, or any of 15 to 20 of them. */
static void print_edge_digits(struct virtual_port *port, char text[24])
{
    uint64_t power = 100000000000000; /* 10^14 */
    uint64_t number = virtual_port_random(port);

    for (uint32_t n = virtual_port_random_below(port, 6); n > 0; n--) {
        power *= 10;
    }
    switch (virtual_port_random_below(port, 3)) {
    case 0:
        number = (UINT64_C(1) << 53) - 500 + number % 1000;
        break;
    case 1:
        number = power - 500 + number % 1000;
        break;
    default:
        number = power + number % (power <= UINT64_MAX / 10 ? power * 9 : UINT64_MAX - power);
        break;
    }
    snprintf(text, 24, "%llu", (unsigned long long)number);
}

static void numbers_around_the_edges_of_short_ones_are_read(void **state)
{
    (void)state;
    struct virtual_port port;
    virtual_port_init(&port, 24);
    for (int i = 0; i < 200000; i++) {
        char digits[24];
        print_edge_digits(&port, digits);
        struct spelling spelling = {.digits = digits,
                                    .places = virtual_port_random_below(&port, 25),
                                    .leading_zeros = virtual_port_random_below(&port, 4),
                                    .trailing_zeros = virtual_port_random_below(&port, 8)};
        /* The places count into the exponent: so both of its edges are met. */
        int edge = virtual_port_random_below(&port, 2) ? 22 : -22;
        spelling.exponent = edge + (int)virtual_port_random_below(&port, 7) - 3;
        if (virtual_port_random_below(&port, 2)) {
            spelling.exponent += (int)(spelling.places + spelling.trailing_zeros);
        }
        assert_spelling_reads_as_strtod(&spelling);
    }
}

static void up_to_800_digits_are_read_exactly(void **state)
{
    (void)state;
    char text[900];
    double number;

    /* 2^53 + 1, and a one far behind the point: just above the middle. */
    memset(text, '0', sizeof text);
    memcpy(text, "9007199254740993.", 17);
    text[800] = '1';
    text[801] = '\0';
    assert_int_equal(parse(text, &number), LWM2M_OK);
    assert_true(number == 9007199254740994.0);
    text[800] = '0';
    assert_int_equal(parse(text, &number), LWM2M_OK);
    assert_true(number == 9007199254740992.0);
    text[801] = '0';
    text[802] = '\0';
    assert_int_equal(parse(text, &number), LWM2M_TOO_LARGE);

    /* The most that both sides of the division have to hold. */
    memset(text, '9', 800);
    strcpy(text + 800, "e-1130");
    assert_reads_as_strtod(text);
    strcpy(text + 800, "e-1131");
    assert_reads_as_strtod(text);
    strcpy(text + 800, "e-500");
    assert_reads_as_strtod(text);
    strcpy(text + 800, "e-491");
    assert_reads_as_strtod(text);
    strcpy(text + 800, "e10");
    assert_reads_as_strtod(text);
}

static void what_is_no_number_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",     "-",   "+1",       ".",     ".5",    "5.",    "1.e5", "e5",  "1e",
        "1e+",  "1e-", "1e5.",     "1 ",    " 1",    "1x",    "0x10", "nan", "inf",
        "-inf", "--1", "1..2",     "1.2.3", "1,5",   "1e5e5", "1e 5", "1_0", "1f",
        "-e5",  "-.5", "infinity", "1e++5", "1e+-5", "\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        double number = 42;
        assert_int_equal(parse(texts[i], &number), LWM2M_MALFORMED);
        assert_true(number == 42);
    }
}

static void an_embedded_nul_is_part_of_the_text(void **state)
{
    (void)state;
    double number;
    struct lwm2m_bytes text = {(const uint8_t *)"1\0", 2};
    assert_int_equal(lwm2m_number_parse_double(text, &number), LWM2M_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_double_is_read_in_any_precision),
        cmocka_unit_test(any_digits_with_any_exponent_are_read),
        cmocka_unit_test(halfway_between_two_doubles_goes_to_the_even_one),
        cmocka_unit_test(the_hard_cases_are_rounded_correctly),
        cmocka_unit_test(the_edges_of_short_numbers_are_read_in_every_spelling),
        cmocka_unit_test(numbers_around_the_edges_of_short_ones_are_read),
        cmocka_unit_test(up_to_800_digits_are_read_exactly),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(an_embedded_nul_is_part_of_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
