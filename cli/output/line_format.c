/*
 * Reads formats of lines.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/line_format.h"

#include <stdlib.h>
#include <string.h>

/* What stands behind a backslash, and what it means. */
static const char escapes[] = "ntre\\";
static const char meanings[] = "\n\t\r\033\\";

const char *line_format_fault(const char *format, const char *letters)
{
    for (const char *at = format; *at != '\0'; at++) {
        if (*at != '%' && *at != '\\') {
            continue;
        }
        const char *known = *at == '%' ? letters : escapes;
        bool good = at[1] != '\0' && (strchr(known, at[1]) != NULL || (*at == '%' && at[1] == '%'));
        if (!good) {
            return at;
        }
        at++;
    }
    return NULL;
}

static bool print_field(FILE *stream, char letter, const struct line_fields *fields)
{
    char *text = fields->text(fields->context, letter);
    bool good = text != NULL && fputs(text, stream) >= 0;
    free(text);
    return good;
}

bool line_format_print(FILE *stream, const char *format, const struct line_fields *fields)
{
    bool good = true;
    for (const char *at = format; *at != '\0' && good; at++) {
        if (*at == '\\') {
            good = fputc(meanings[strchr(escapes, *++at) - escapes], stream) != EOF;
        } else if (*at == '%' && *++at != '%') {
            good = print_field(stream, *at, fields);
        } else {
            good = fputc(*at, stream) != EOF;
        }
    }
    return good;
}
