/*
 * A terminal that is drawn again and again, each time from its first line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef OUTPUT_SCREEN_H
#define OUTPUT_SCREEN_H

#include <stddef.h>

#include "output/printer.h"

/* True if the results go to a terminal that can move its cursor. */
bool screen_usable(const struct printer *printer);

/* What the terminal holds now; 24 and 80 where it does not say. */
void screen_size(const struct printer *printer, size_t *rows, size_t *columns);
/* The columns that a line of results may take: SIZE_MAX where they go to no terminal. */
size_t screen_line_columns(const struct printer *printer);

/* Begins a picture: the cursor stands on the first line of an empty screen. */
void screen_clear(const struct printer *printer);

/* The columns that a text takes on a terminal. */
size_t text_width(const char *text);
/* What of a text fits into columns (> 0), whose last one is the mark if it is cut; the caller frees it. NULL: no memory. */
char *text_cut(const char *text, size_t columns, const char *mark);

#endif
