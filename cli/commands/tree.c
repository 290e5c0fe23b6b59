/*
 * tree: the objects, instances and resources of a device, with names, and values on request.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/request.h"
#include "output/table.h"

struct tree_options {
    bool read;
};

static const struct option_definition options[] = {
    {.name = "read",
     .letter = 'r',
     .kind = OPTION_FLAG,
     .offset = offsetof(struct tree_options, read),
     .help = "read the values, too"},
    {.name = NULL},
};

static const struct table_column columns[] = {
    {.title = "PATH", .tree = true},
    {.title = "NAME", .yields = true, .least = 12},
    {.title = "OPERATIONS"},
    {.title = "TYPE"},
    {.title = "VALUE", .shrinks = true, .least = 8},
    {.title = NULL},
};

#define LEVELS 4

struct drawing {
    const struct invocation *invocation;
    struct table *table;
    size_t parents[LEVELS + 1]; /* the row last added at each level; [0] is the root */
    cJSON *contradictions;      /* lines for below the table */
};

static size_t level_of(const char *path)
{
    size_t level = 0;
    for (; *path != '\0'; path++) {
        level += *path == '/';
    }
    return level > LEVELS ? LEVELS : level;
}

/* Keeps what is to be said of a row below the table; true if there is something. */
static bool keep_contradictions(struct drawing *drawing, const cJSON *result)
{
    const cJSON *texts = cJSON_GetObjectItemCaseSensitive(result, "contradictions");
    const cJSON *text;
    cJSON_ArrayForEach (text, texts) {
        char line[320];
        snprintf(line, sizeof(line), "! %.40s: %.240s", result_text(result, "path"),
                 cJSON_GetStringValue(text));
        cJSON_AddItemToArray(drawing->contradictions, cJSON_CreateString(line));
    }
    return cJSON_GetArraySize(texts) > 0;
}

static void print_contradictions(const struct drawing *drawing)
{
    const struct printer *printer = drawing->invocation->printer;
    const cJSON *line;
    cJSON_ArrayForEach (line, drawing->contradictions) {
        char *safe = text_escape(cJSON_GetStringValue(line));
        fprintf(printer->results, "%s%s%s\n", colour_begin(printer, COLOUR_BAD),
                safe != NULL ? safe : "", colour_end(printer));
        free(safe);
    }
}

static void add_row(struct drawing *drawing, const cJSON *result, const char *printed)
{
    size_t level = level_of(result_text(result, "path"));
    size_t parent = 0;
    for (size_t above = level; above-- > 0 && parent == 0;) {
        parent = drawing->parents[above];
    }
    size_t row = table_add(drawing->table, parent);
    drawing->parents[level] = row;
    for (size_t below = level + 1; below <= LEVELS; below++) {
        drawing->parents[below] = 0;
    }
    table_set(drawing->table, row, 0, result_text(result, "path"),
              keep_contradictions(drawing, result) ? COLOUR_BAD : COLOUR_NONE);
    table_set(drawing->table, row, 1, result_text(result, "name"), COLOUR_NONE);
    table_set(drawing->table, row, 2, result_text(result, "operations"), COLOUR_FAINT);
    table_set(drawing->table, row, 3, result_text(result, "type"), COLOUR_FAINT);
    if (printed != NULL) {
        char *value = result_value(drawing->invocation->printer, result, printed);
        table_set(drawing->table, row, 4, value, COLOUR_NONE);
        free(value);
    }
}

static bool take_result(void *context, const cJSON *result, const char *printed)
{
    struct drawing *drawing = context;
    if (drawing->table == NULL) {
        return print_json_line(drawing->invocation->printer, result);
    }
    if (!print_failed_result(drawing->invocation->printer, result)) {
        add_row(drawing, result, printed);
    }
    return true;
}

static int run(const struct invocation *invocation)
{
    const struct tree_options *given = invocation->options;
    struct drawing drawing = {.invocation = invocation, .contradictions = cJSON_CreateArray()};
    if (invocation->printer->form != OUTPUT_JSON) {
        drawing.table = table_new(invocation->printer, columns, false);
    }
    cJSON *request = request_new(invocation, "tree");
    request_add_text(request, "path",
                     invocation->argument_count > 0 ? invocation->arguments[0] : NULL);
    request_add_flag(request, "read", given->read);
    int exit = request_run(invocation, request, -1, take_result, &drawing);
    if (drawing.table != NULL && !table_print(drawing.table)) {
        exit = EXIT_CODE_IO;
    }
    if (invocation->printer->form == OUTPUT_TABLE) {
        print_contradictions(&drawing);
    }
    cJSON_Delete(drawing.contradictions);
    table_free(drawing.table);
    return exit;
}

static const struct argument_definition arguments[] = {
    {.kind = ARGUMENT_PATH},
    {.kind = ARGUMENT_END},
};

const struct command command_tree = {
    .name = "tree",
    .summary = "Show the objects and resources of a device, with names",
    .synopsis = "tree [-e EP] [PATH] [--read]",
    .examples = {"lwm2m tree -e pump-7", "lwm2m tree -e pump-7 /3 --read"},
    .options = options,
    .options_size = sizeof(struct tree_options),
    .flags = COMMAND_ON_DEVICE,
    .most_arguments = 1,
    .arguments = arguments,
    .run = run,
};
