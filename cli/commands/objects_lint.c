/*
 * objects lint: all that is wrong in files of definitions, and where.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>

#include "commands/objects.h"

struct linting {
    const struct objects_query *query;
    const char *file;
    size_t errors, warnings;
    bool failed; /* stdout takes no more */
};

static void print_finding(struct linting *linting, const struct lwm2m_definition_finding *finding,
                          bool error)
{
    const struct printer *printer = linting->query->invocation->printer;
    enum output_colour colour = error ? COLOUR_BAD : COLOUR_NAME;
    char *file = text_escape(linting->file);
    char *text = text_escape(finding->text);
    char line[48] = "";
    if (finding->line > 0) {
        snprintf(line, sizeof(line), ":%lu:%lu", finding->line, finding->column);
    }
    linting->failed |= fprintf(printer->results, "%s%s: %s%s%s: %s\n", file != NULL ? file : "",
                               line, colour_begin(printer, colour), error ? "error" : "warning",
                               colour_end(printer), text != NULL ? text : "") < 0;
    free(text);
    free(file);
}

static void take_finding(void *context, const struct lwm2m_definition_finding *finding)
{
    struct linting *linting = context;
    bool error = finding->level == LWM2M_DEFINITION_ERROR;
    linting->errors += error;
    linting->warnings += !error;
    if (linting->query->invocation->printer->form != OUTPUT_JSON) {
        print_finding(linting, finding, error);
        return;
    }
    cJSON *result = objects_result_new("lint");
    cJSON_AddStringToObject(result, "file", linting->file);
    if (finding->line > 0) {
        cJSON_AddNumberToObject(result, "line", (double)finding->line);
        cJSON_AddNumberToObject(result, "column", (double)finding->column);
    }
    cJSON_AddStringToObject(result, "level", error ? "error" : "warning");
    cJSON_AddStringToObject(result, "message", finding->text);
    linting->failed |= !objects_result_print(linting->query, result);
}

int objects_lint(const struct objects_query *query, char *const *words, int count)
{
    struct linting linting = {.query = query};
    enum exit_code exit = EXIT_CODE_OK;
    for (int i = 0; i < count; i++) {
        linting.file = words[i];
        enum lwm2m_error error =
            lwm2m_definition_lint_file(words[i], query->definitions, take_finding, &linting);
        if (error == LWM2M_IO || error == LWM2M_NO_MEMORY) {
            exit = EXIT_CODE_IO;
        }
    }
    print_note(query->invocation->printer, 1, "%d file%s: %zu error%s, %zu warning%s", count,
               count == 1 ? "" : "s", linting.errors, linting.errors == 1 ? "" : "s",
               linting.warnings, linting.warnings == 1 ? "" : "s");
    if (linting.failed) {
        exit = EXIT_CODE_IO;
    } else if (exit == EXIT_CODE_OK &&
               (linting.errors > 0 || (query->options->strict && linting.warnings > 0))) {
        exit = EXIT_CODE_USAGE;
    }
    return exit;
}
