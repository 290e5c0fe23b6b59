/*
 * A line as a user spells it, as printf's formats do: "%e %v\n".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef OUTPUT_LINE_FORMAT_H
#define OUTPUT_LINE_FORMAT_H

#include <stdbool.h>
#include <stdio.h>

/* Where the text of a conversion comes from. */
struct line_fields {
    void *context;
    /* The text of a conversion; the caller frees it. NULL: there is no memory. */
    char *(*text)(void *context, char letter);
};

/*
 * Finds what is wrong in a format: a conversion that is none of letters, an escape other than \n,
 * \t, \r, \e and \\, or a % or \ at the end. NULL if nothing is, else where that begins.
 */
const char *line_format_fault(const char *format, const char *letters);

/* Prints a format without fault, and nothing behind it. False if there is no memory, or the stream
 * takes no more. */
bool line_format_print(FILE *stream, const char *format, const struct line_fields *fields);

#endif
