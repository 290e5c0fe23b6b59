/*
 * What is known of each path that is observed: its last value, and what its numbers were.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMANDS_OBSERVED_VALUES_H
#define COMMANDS_OBSERVED_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

/* How many numbers of a path are kept: more than a terminal has columns. */
#define OBSERVED_NUMBERS_MAX 512

struct observed_value {
    char *endpoint, *path, *name, *unit; /* as they came */
    char *printed;                       /* the last value, for people, without its unit */
    char time[24];                       /* of the last value */
    uint64_t value_count;
    uint64_t number_count; /* of all values, those that were a number */
    double least, greatest, average;
    double numbers[OBSERVED_NUMBERS_MAX]; /* the last ones, as a ring */
};

struct observed_values {
    struct observed_value **values; /* in the order in which they came first */
    size_t count, room;
    void *index; /* by endpoint and path, of tsearch */
};

/* Takes a value; false if there is no memory. */
bool observed_values_take(struct observed_values *values, const cJSON *result,
                          const char *printed);

/* Copies the last numbers, at most `most`, the oldest first; returns how many. */
size_t observed_value_last_numbers(const struct observed_value *value, double *numbers,
                                   size_t most);

void observed_values_release(struct observed_values *values);

#endif
