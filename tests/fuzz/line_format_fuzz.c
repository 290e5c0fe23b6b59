/*
 * Fuzzes formats of lines, as observe -F has them: one without fault prints, one with a fault is
 * told where.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "output/line_format.h"

#define LETTERS "epvnutTsj"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* As long as the letter, so that what is printed can be counted. */
static char *text(void *context, char letter)
{
    size_t *count = context;
    char text[] = {letter, '\0'};
    check(strchr(LETTERS, letter) != NULL && letter != '\0');
    ++*count;
    return strdup(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *format = malloc(size + 1);
    char *line = NULL;
    size_t length = 0, count = 0;
    if (format == NULL) {
        return 0;
    }
    memcpy(format, data, size);
    format[size] = '\0';
    const char *fault = line_format_fault(format, LETTERS);
    if (fault != NULL) {
        check(fault >= format && fault < format + strlen(format));
        check(*fault == '%' || *fault == '\\');
    } else {
        const struct line_fields fields = {.context = &count, .text = text};
        FILE *stream = open_memstream(&line, &length);
        check(stream != NULL && line_format_print(stream, format, &fields));
        fclose(stream);
        /* A conversion and an escape are two bytes, and become one. */
        check(length <= strlen(format) && length >= strlen(format) / 2 && count <= length);
        free(line);
    }
    free(format);
    return 0;
}
