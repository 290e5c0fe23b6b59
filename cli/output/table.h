/*
 * Tables and trees, by libsmartcols: columns that shrink to the terminal, plain and CSV forms.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef OUTPUT_TABLE_H
#define OUTPUT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "output/printer.h"

struct table;

/* One column. A table of columns ends with an entry whose title is NULL. */
struct table_column {
    const char *title;
    bool right;   /* numbers */
    bool shrinks; /* cut when the terminal is narrow, before others are left out */
    bool yields;  /* cut when all of that does not help */
    size_t least; /* what a column that is cut keeps of its text */
    bool tree;    /* carries the branches of a tree */
    /* Left out where the terminal is too narrow for all: 1 first, then 2, …; 0: never. */
    unsigned leaves;
};

/* columns must outlive the table. headings: print the titles (never in plain and CSV … CSV always
 * has them). NULL if there is no memory. */
struct table *table_new(const struct printer *printer, const struct table_column *columns,
                        bool headings);
void table_free(struct table *table);

/* A row below `parent` (a number that table_add returned, or 0). Returns its number; 0 if there is
 * no memory. */
size_t table_add(struct table *table, size_t parent);
/* Fills a cell with escaped text; NULL leaves it empty. */
void table_set(struct table *table, size_t row, size_t column, const char *text,
               enum output_colour colour);

/* Prints it in the printer's form; false if there was no memory. */
bool table_print(struct table *table);

/*
 * Prints a line of fields at once, for streams, which cannot be laid out as a table: apart by tabs,
 * or as CSV if that is the printer's form. Text is escaped; NULL is an empty field.
 * False when stdout takes no more.
 */
bool row_print(const struct printer *printer, const char *const *fields, size_t count);

#endif
