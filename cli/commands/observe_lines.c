/*
 * Prints each value of an observation in the form that --as asks for.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "commands/event_lines.h"
#include "commands/observe_output.h"
#include "commands/request.h"
#include "output/table.h"

static int begin(const struct printer *printer, const char *argument, void **state)
{
    (void)argument;
    *state = NULL;
    if (printer->form == OUTPUT_CSV) {
        static const char *const titles[] = {"TIME", "ENDPOINT", "PATH", "VALUE"};
        (void)row_print(printer, titles, sizeof(titles) / sizeof(titles[0]));
    }
    return EXIT_CODE_OK;
}

static int take(void *state, const struct printer *printer, const cJSON *result,
                const char *printed)
{
    char *value = result_value(printer, result, printed);
    bool is_empty = strcmp(result_text(result, "type"), "none") == 0;
    const struct event_field fields[] = {
        {result_text(result, "ep"), 0},
        {result_text(result, "path"), 15},
        {result_text(result, "name"), 23},
        {is_empty        ? "no value"
         : value != NULL ? value
                         : "",
         0},
    };
    const char *const cells[] = {event_time(result), result_text(result, "ep"),
                                 result_text(result, "path"), printed};
    const struct event_texts texts = {
        .fields = fields,
        .field_count = sizeof(fields) / sizeof(fields[0]),
        .cells = cells,
        .cell_count = sizeof(cells) / sizeof(cells[0]),
    };
    (void)state;
    bool good = event_print(printer, result, &texts);
    free(value);
    return good ? EXIT_CODE_OK : EXIT_CODE_IO;
}

const struct observe_output observe_lines = {.begin = begin, .take = take};
