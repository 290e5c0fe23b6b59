/*
 * Prints each value of an observation in the form that --as asks for.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

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

static bool print_line(const struct printer *printer, const cJSON *result, const char *printed)
{
    char time[EVENT_TIME_MAX];
    char *value = result_value(printer, result, printed);
    char *safe_value = value != NULL ? text_escape(value) : NULL;
    char *safe_endpoint = text_escape(result_text(result, "ep"));
    event_time_print(result, time);
    fprintf(printer->results, "%s%s%s  %s  %-16s %-24s %s\n", colour_begin(printer, COLOUR_FAINT),
            time, colour_end(printer), safe_endpoint != NULL ? safe_endpoint : "",
            result_text(result, "path"), result_text(result, "name"),
            strcmp(result_text(result, "type"), "none") == 0 ? "no value"
            : safe_value != NULL                             ? safe_value
                                                             : "");
    free(safe_endpoint);
    free(safe_value);
    free(value);
    return fflush(printer->results) == 0;
}

static bool print_row(const struct printer *printer, const cJSON *result, const char *printed)
{
    const char *const fields[] = {event_time(result), result_text(result, "ep"),
                                  result_text(result, "path"), printed};
    return row_print(printer, fields, sizeof(fields) / sizeof(fields[0]));
}

static int take(void *state, const struct printer *printer, const cJSON *result,
                const char *printed)
{
    (void)state;
    bool good = printer->form == OUTPUT_JSON    ? print_json_line(printer, result)
                : printer->form == OUTPUT_TABLE ? print_line(printer, result, printed)
                                                : print_row(printer, result, printed);
    return good ? EXIT_CODE_OK : EXIT_CODE_IO;
}

const struct observe_output observe_lines = {.begin = begin, .take = take};
