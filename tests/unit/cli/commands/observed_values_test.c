/*
 * What is known of observed paths: each has one entry, and its numbers come to what they come to.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "commands/observed_values.h"

static void take(struct observed_values *values, const char *endpoint, const char *path,
                 const char *value)
{
    char json[256];
    snprintf(json, sizeof(json),
             "{\"ep\":\"%s\",\"path\":\"%s\",\"value\":%s,\"ts\":\"2026-11-23T06:11:02.123Z\"}",
             endpoint, path, value);
    cJSON *result = cJSON_Parse(json);
    assert_non_null(result);
    assert_true(observed_values_take(values, result, value));
    cJSON_Delete(result);
}

static void each_endpoint_and_path_has_one_entry(void **state)
{
    struct observed_values values = {0};

    (void)state;
    for (int i = 0; i < 3; i++) {
        take(&values, "b", "/1", "1");
        take(&values, "a", "/1", "2");
        take(&values, "a", "/2", "\"three\"");
    }
    assert_int_equal(values.count, 3);
    assert_string_equal(values.values[0]->endpoint, "b");
    assert_string_equal(values.values[2]->path, "/2");
    assert_int_equal(values.values[2]->value_count, 3);
    assert_int_equal(values.values[2]->number_count, 0);
    assert_string_equal(values.values[0]->time, "06:11:02");
    for (int i = 0; i < 100; i++) {
        char path[16];
        snprintf(path, sizeof(path), "/3/%d", i);
        take(&values, "a", path, "true");
    }
    assert_int_equal(values.count, 103);
    observed_values_release(&values);
    assert_int_equal(values.count, 0);
}

static void numbers_come_to_least_average_and_greatest(void **state)
{
    static const char *const texts[] = {"-3", "false", "\"x\"", "true", "6.0", "null"};
    struct observed_values values = {0};
    double numbers[3];

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        take(&values, "a", "/1", texts[i]);
    }
    const struct observed_value *value = values.values[0];
    assert_int_equal(value->value_count, 6);
    assert_int_equal(value->number_count, 4);
    assert_true(value->least == -3 && value->greatest == 6 && value->average == 1);
    assert_int_equal(observed_value_last_numbers(value, numbers, 3), 3);
    assert_true(numbers[0] == 0 && numbers[1] == 1 && numbers[2] == 6);
    observed_values_release(&values);
}

static void only_the_last_numbers_are_kept(void **state)
{
    static double numbers[OBSERVED_NUMBERS_MAX + 10];
    struct observed_values values = {0};

    (void)state;
    for (int i = 0; i < OBSERVED_NUMBERS_MAX + 5; i++) {
        char number[16];
        snprintf(number, sizeof(number), "%d", i);
        take(&values, "a", "/1", number);
    }
    assert_int_equal(
        observed_value_last_numbers(values.values[0], numbers, OBSERVED_NUMBERS_MAX + 10),
        OBSERVED_NUMBERS_MAX);
    assert_true(numbers[0] == 5 && numbers[OBSERVED_NUMBERS_MAX - 1] == OBSERVED_NUMBERS_MAX + 4);
    assert_true(values.values[0]->least == 0);
    observed_values_release(&values);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_endpoint_and_path_has_one_entry),
        cmocka_unit_test(numbers_come_to_least_average_and_greatest),
        cmocka_unit_test(only_the_last_numbers_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
