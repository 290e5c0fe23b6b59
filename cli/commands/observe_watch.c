/*
 * Shows the last value of each observed path on a line that stays where it is.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "commands/observe_output.h"
#include "commands/observe_picture.h"

enum { TIME, ENDPOINT, PATH, NAME, VALUE, UNIT, COUNT };

static const struct table_column columns[] = {
    [TIME] = {.title = "TIME", .leaves = 3},
    [ENDPOINT] = {.title = "ENDPOINT", .yields = true, .least = 12},
    [PATH] = {.title = "PATH"},
    [NAME] = {.title = "NAME", .leaves = 2},
    [VALUE] = {.title = "VALUE", .shrinks = true, .least = 20},
    [UNIT] = {.title = "UNIT"},
    [COUNT] = {.title = "COUNT", .right = true, .leaves = 1},
    {.title = NULL},
};

static struct table *make_table(const struct printer *printer, const struct observed_values *values,
                                size_t count, size_t width)
{
    struct table *table = table_new(printer, columns, true);
    (void)width; /* the table finds it by itself */
    for (size_t i = 0; i < count && table != NULL; i++) {
        const struct observed_value *value = values->values[i];
        char number[24];
        snprintf(number, sizeof(number), "%llu", (unsigned long long)value->value_count);
        size_t row = table_add(table, 0);
        table_set(table, row, TIME, value->time, COLOUR_FAINT);
        table_set(table, row, ENDPOINT, value->endpoint, COLOUR_NONE);
        table_set(table, row, PATH, value->path, COLOUR_NONE);
        table_set(table, row, NAME, value->name, COLOUR_NONE);
        table_set(table, row, VALUE, value->printed, COLOUR_NAME);
        table_set(table, row, UNIT, value->unit, COLOUR_NONE);
        table_set(table, row, COUNT, number, COLOUR_FAINT);
    }
    return table;
}

static int begin(const struct printer *printer, const char *argument, void **state)
{
    (void)argument;
    return picture_begin(printer, make_table, state);
}

const struct observe_output observe_watch = {
    .begin = begin, .take = picture_take, .end = picture_end};
