/*
 * A picture of all observed values that is drawn anew with each notification: what --watch and
 * --plot have in common.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMANDS_OBSERVE_PICTURE_H
#define COMMANDS_OBSERVE_PICTURE_H

#include "commands/observed_values.h"
#include "output/table.h"

struct printer;

/* What makes a table of the first `count` values, on a terminal so many columns wide; NULL if there
 * is no memory. */
typedef struct table *picture_table(const struct printer *printer,
                                    const struct observed_values *values, size_t count,
                                    size_t columns);

struct picture {
    const struct printer *printer;
    picture_table *table;
    struct observed_values values;
    bool live; /* drawn on a screen; else printed once, at the end */
};

/* As the members of struct observe_output. */
int picture_begin(const struct printer *printer, picture_table *table, void **state);
int picture_take(void *state, const struct printer *printer, const cJSON *result,
                 const char *printed);
int picture_end(void *state, const struct printer *printer, int exit);

#endif
