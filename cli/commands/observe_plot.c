/*
 * Shows the numbers of each observed path as a line of bars, with what they come to.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "commands/observe_output.h"
#include "commands/observe_picture.h"
#include "output/screen.h"
#include "output/sparkline.h"

enum { ENDPOINT, PATH, BARS, LEAST, AVERAGE, GREATEST, LAST, UNIT, COLUMN_COUNT };

static const struct table_column columns[] = {
    [ENDPOINT] = {.title = "ENDPOINT", .yields = true, .least = 12, .leaves = 5},
    [PATH] = {.title = "PATH"},
    [BARS] = {.title = "VALUES"},
    [LEAST] = {.title = "MIN", .right = true, .leaves = 4},
    [AVERAGE] = {.title = "AVERAGE", .right = true, .leaves = 1},
    [GREATEST] = {.title = "MAX", .right = true, .leaves = 3},
    [LAST] = {.title = "LAST", .right = true, .shrinks = true},
    [UNIT] = {.title = "UNIT", .leaves = 2},
    {.title = NULL},
};

#define BARS_MIN 8
#define NUMBER_TEXT_MAX 32
static const char no_number[] = "no number";

/* The text of a figure in one of the columns for them; "" where there was no number. */
static const char *figure(const struct observed_value *value, size_t column,
                          char text[NUMBER_TEXT_MAX])
{
    double number = column == LEAST     ? value->least
                    : column == AVERAGE ? value->average
                                        : value->greatest;
    snprintf(text, NUMBER_TEXT_MAX, "%.6g", number);
    return value->number_count > 0 ? text : "";
}

static const char *cell(const struct observed_value *value, size_t column,
                        char text[NUMBER_TEXT_MAX])
{
    switch (column) {
    case ENDPOINT:
        return value->endpoint;
    case PATH:
        return value->path;
    case LAST:
        return value->printed;
    case UNIT:
        return value->unit;
    default:
        return figure(value, column, text);
    }
}

/* What is left for the bars beside the other columns. */
static size_t room_for_bars(const struct observed_values *values, size_t count, size_t width)
{
    size_t taken = 0;
    for (size_t column = 0; column < COLUMN_COUNT; column++) {
        size_t widest = column != BARS ? text_width(columns[column].title) : 0;
        for (size_t i = 0; i < count && column != BARS; i++) {
            char text[NUMBER_TEXT_MAX];
            size_t cell_width = text_width(cell(values->values[i], column, text));
            widest = cell_width > widest ? cell_width : widest;
        }
        taken += widest + 1;
    }
    size_t room = width > taken + BARS_MIN ? width - taken : BARS_MIN;
    return room < OBSERVED_NUMBERS_MAX ? room : OBSERVED_NUMBERS_MAX;
}

static void add_row(struct table *table, const struct printer *printer,
                    const struct observed_value *value, size_t room)
{
    double numbers[OBSERVED_NUMBERS_MAX];
    char bars[SPARKLINE_BYTES(OBSERVED_NUMBERS_MAX)];
    char text[NUMBER_TEXT_MAX];
    size_t row = table_add(table, 0);
    size_t count = observed_value_last_numbers(value, numbers, room);
    sparkline_print(numbers, count, printer->utf8, bars);
    for (size_t column = 0; column < COLUMN_COUNT; column++) {
        const char *shown = column != BARS ? cell(value, column, text)
                            : count > 0    ? bars
                                           : no_number;
        bool faint = column == BARS && count == 0;
        table_set(table, row, column, shown, faint ? COLOUR_FAINT : COLOUR_NONE);
    }
}

static struct table *make_table(const struct printer *printer, const struct observed_values *values,
                                size_t count, size_t width)
{
    struct table *table = table_new(printer, columns, true);
    size_t room = room_for_bars(values, count, width);
    for (size_t i = 0; i < count && table != NULL; i++) {
        add_row(table, printer, values->values[i], room);
    }
    return table;
}

static int begin(const struct printer *printer, const char *argument, void **state)
{
    (void)argument;
    return picture_begin(printer, make_table, state);
}

const struct observe_output observe_plot = {
    .begin = begin, .take = picture_take, .end = picture_end};
