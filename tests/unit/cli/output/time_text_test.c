/*
 * Moments as text, in both directions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "output/time_text.h"

static const struct {
    const char *text;
    int64_t seconds;
    bool good;
} readings[] = {
    {"0", 0, true},
    {"-5", -5, true},
    {"1700000000", 1700000000, true},
    {"9223372036854775807", INT64_MAX, true},
    {"2026-11-23T06:11:02Z", 1795414262, true},
    {"2026-11-23t06:11:02z", 1795414262, true},
    {"2026-11-23 06:11:02Z", 1795414262, true},
    {"2026-11-23T07:11:02+01:00", 1795414262, true},
    {"2026-11-23T05:41:02-00:30", 1795414262, true},
    {"2026-11-23T06:11:02.999Z", 1795414262, true},
    {"1969-12-31T23:59:59Z", -1, true},
    {"2024-02-29T00:00:00Z", 1709164800, true},
    {"2023-02-29T00:00:00Z", 0, false},
    {"2026-13-01T00:00:00Z", 0, false},
    {"2026-00-01T00:00:00Z", 0, false},
    {"2026-01-32T00:00:00Z", 0, false},
    {"2026-11-23T24:00:00Z", 0, false},
    {"2026-11-23T06:60:00Z", 0, false},
    {"2026-11-23T06:11:02", 0, false},
    {"2026-11-23T06:11:02.Z", 0, false},
    {"2026-11-23T06:11:02+1:00", 0, false},
    {"2026-11-23T06:11:02+24:00", 0, false},
    {"2026-11-23T06:11:02ZZ", 0, false},
    {"2026-11-23", 0, false},
    {"", 0, false},
    {" 5", 0, false},
    {"9223372036854775808", 0, false},
    {"yesterday", 0, false},
};

static void reads_seconds_and_rfc3339_and_nothing_else(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++) {
        int64_t seconds = 0;
        bool good = time_parse_s(readings[i].text, &seconds);
        if (good != readings[i].good || (good && seconds != readings[i].seconds)) {
            fail_msg("'%s': %d, %lld", readings[i].text, good, (long long)seconds);
        }
    }
}

static void prints_utc_and_falls_back_to_a_number(void **state)
{
    char text[TIME_TEXT_MAX];
    (void)state;
    time_print_s(1795414262, text);
    assert_string_equal(text, "2026-11-23T06:11:02Z");
    time_print_s(-1, text);
    assert_string_equal(text, "1969-12-31T23:59:59Z");
    time_print_s(253402300799, text);
    assert_string_equal(text, "9999-12-31T23:59:59Z");
    time_print_s(253402300800, text);
    assert_string_equal(text, "253402300800");
    time_print_s(INT64_MIN, text);
    assert_string_equal(text, "-9223372036854775808");
    time_print_ms(1795414262123, text);
    assert_string_equal(text, "2026-11-23T06:11:02.123Z");
    time_print_ms(-1, text);
    assert_string_equal(text, "1969-12-31T23:59:59.999Z");
}

static void reads_back_what_it_printed(void **state)
{
    (void)state;
    for (int64_t seconds = -62167219200; seconds < 253402300800; seconds += 86413 * 97) {
        char text[TIME_TEXT_MAX];
        int64_t again;
        time_print_s(seconds, text);
        assert_true(time_parse_s(text, &again));
        assert_true(again == seconds);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_seconds_and_rfc3339_and_nothing_else),
        cmocka_unit_test(prints_utc_and_falls_back_to_a_number),
        cmocka_unit_test(reads_back_what_it_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
