/*
 * Prints each value of an observation as the format of --output-format says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "commands/observe_output.h"
#include "commands/request.h"
#include "output/line_format.h"

struct formatted {
    const char *format;
    const cJSON *result; /* the value under way */
    const char *printed;
};

/* The conversions that are a member of the result, as it is. */
static const struct {
    char letter;
    const char *member;
} members[] = {
    {'e', "ep"}, {'p', "path"}, {'n', "name"}, {'u', "unit"}, {'t', "ts"}, {'T', "t_dev"},
};

#define LETTERS "epvnutTsj"

static char *field(void *context, char letter)
{
    const struct formatted *formatted = context;
    char number[32];
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (members[i].letter == letter) {
            return text_escape(result_text(formatted->result, members[i].member));
        }
    }
    switch (letter) {
    case 'v':
        return text_escape(formatted->printed != NULL ? formatted->printed : "");
    case 's':
        snprintf(number, sizeof(number), "%.0f", result_number(formatted->result, "seq", 0));
        return strdup(number);
    default:
        return result_json(formatted->result);
    }
}

static int begin(const struct printer *printer, const char *format, void **state)
{
    const char *fault = line_format_fault(format, LETTERS);
    if (fault != NULL) {
        char message[64];
        size_t length = strlen(fault) < 2 ? 1 : 2;
        while (length > 1 && ((unsigned char)fault[length] & 0xc0) == 0x80) {
            length++; /* the whole of a character */
        }
        snprintf(message, sizeof(message), "-F: '%.*s' means nothing", (int)length, fault);
        print_error(printer, message,
                    "there are %e %p %v %n %u %t %T %s %j %%, and \\n \\t \\r \\e \\\\");
        return EXIT_CODE_USAGE;
    }
    struct formatted *formatted = calloc(1, sizeof(*formatted));
    if (formatted == NULL) {
        print_errorf(printer, "out of memory");
        return EXIT_CODE_IO;
    }
    formatted->format = format;
    *state = formatted;
    return EXIT_CODE_OK;
}

static int take(void *state, const struct printer *printer, const cJSON *result,
                const char *printed)
{
    struct formatted *formatted = state;
    FILE *results = printer->results;
    const struct line_fields fields = {.context = formatted, .text = field};
    formatted->result = result;
    formatted->printed = printed;
    bool good = line_format_print(results, formatted->format, &fields);
    if (!good && !ferror(results)) {
        print_errorf(printer, "out of memory");
    }
    return good && fputc('\n', results) != EOF && fflush(results) == 0 ? EXIT_CODE_OK
                                                                       : EXIT_CODE_IO;
}

static int end(void *state, const struct printer *printer, int exit)
{
    (void)printer;
    (void)exit;
    free(state);
    return EXIT_CODE_OK;
}

const struct observe_output observe_format = {.begin = begin, .take = take, .end = end};
