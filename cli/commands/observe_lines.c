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
#include "commands/senml.h"
#include "output/table.h"

static int begin(const struct printer *printer, const char *argument, void **state)
{
    (void)argument;
    struct senml_pack *pack = calloc(1, sizeof(*pack));
    if (pack == NULL) {
        print_errorf(printer, "out of memory");
        return EXIT_CODE_IO;
    }
    *state = pack;
    if (printer->form == OUTPUT_CSV) {
        static const char *const titles[] = {"TIME", "ENDPOINT", "PATH", "VALUE"};
        (void)row_print(printer, titles, sizeof(titles) / sizeof(titles[0]));
    }
    return EXIT_CODE_OK;
}

/* What came at once is one pack. */
static int take_senml(struct senml_pack *pack, const struct printer *printer, const cJSON *result)
{
    bool good = senml_pack_add(pack, printer, result) &&
                (result_flag(result, "more") || senml_pack_print(pack, printer));
    return good ? EXIT_CODE_OK : EXIT_CODE_IO;
}

static int end(void *state, const struct printer *printer, int exit)
{
    (void)printer;
    (void)exit;
    senml_pack_release(state);
    free(state);
    return EXIT_CODE_OK;
}

static int take(void *state, const struct printer *printer, const cJSON *result,
                const char *printed)
{
    if (printer->form == OUTPUT_SENML) {
        return take_senml(state, printer, result);
    }
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
    bool good = event_print(printer, result, &texts);
    free(value);
    return good ? EXIT_CODE_OK : EXIT_CODE_IO;
}

const struct observe_output observe_lines = {.begin = begin, .take = take, .end = end};
