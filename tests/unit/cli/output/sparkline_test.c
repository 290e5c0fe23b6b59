/*
 * Bars: which number has which.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <float.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "output/sparkline.h"

static void the_least_is_the_lowest_and_the_greatest_the_highest(void **state)
{
    static const struct {
        size_t count;
        double values[8];
        const char *bars, *marks;
    } cases[] = {
        {0, {0}, "", ""},
        {1, {5}, "▄", "-"},
        {3, {-2, -2, -2}, "▄▄▄", "---"},
        {2, {1, 0}, "█▁", "#_"},
        {8, {0, 1, 2, 3, 4, 5, 6, 7}, "▁▂▃▄▅▆▇█", "_.:-=+*#"},
        {3, {-DBL_MAX, 0, DBL_MAX}, "▁▅█", "_=#"},
        {2, {0, DBL_TRUE_MIN}, "▄▄", "--"}, /* halved there is no difference left */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[SPARKLINE_BYTES(8)];
        sparkline_print(cases[i].values, cases[i].count, true, text);
        assert_string_equal(text, cases[i].bars);
        sparkline_print(cases[i].values, cases[i].count, false, text);
        assert_string_equal(text, cases[i].marks);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_least_is_the_lowest_and_the_greatest_the_highest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
