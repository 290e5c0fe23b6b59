/*
 * Prints links and their attributes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/link_table.h"

#include "output/table.h"

struct link_table {
    const struct invocation *invocation;
    struct table *table;
};

static const struct table_column columns[] = {
    {.title = "PATH"},
    {.title = "NAME"},
    {.title = "ATTRIBUTES"},
    {.title = NULL},
};

/* "pmin=10 pmax=60 dim=2". */
static void print_attributes(const cJSON *result, char *text, size_t size)
{
    const cJSON *attribute;
    size_t length = 0;
    text[0] = '\0';
    cJSON_ArrayForEach (attribute, cJSON_GetObjectItemCaseSensitive(result, "attributes")) {
        const char *value = cJSON_GetStringValue(attribute);
        int added = snprintf(text + length, size - length, "%s%s%s%s", length > 0 ? " " : "",
                             attribute->string, value != NULL && value[0] != '\0' ? "=" : "",
                             value != NULL ? value : "");
        if (added < 0 || (size_t)added >= size - length) {
            return;
        }
        length += (size_t)added;
    }
}

static bool take_result(void *context, const cJSON *result, const char *printed)
{
    const struct link_table *links = context;
    char attributes[256];
    (void)printed;
    if (links->table == NULL) {
        return print_json_line(links->invocation->printer, result);
    }
    if (!print_failed_result(links->invocation->printer, result)) {
        size_t row = table_add(links->table, 0);
        print_attributes(result, attributes, sizeof(attributes));
        table_set(links->table, row, 0, result_text(result, "path"), COLOUR_FAINT);
        table_set(links->table, row, 1, result_text(result, "name"), COLOUR_NONE);
        table_set(links->table, row, 2, attributes, COLOUR_NONE);
    }
    return true;
}

int link_table_run(const struct invocation *invocation, cJSON *request)
{
    struct link_table links = {.invocation = invocation};
    if (invocation->printer->form != OUTPUT_JSON) {
        links.table = table_new(invocation->printer, columns, false);
    }
    int exit = request_run(invocation, request, -1, take_result, &links);
    if (links.table != NULL && !table_print(links.table)) {
        exit = EXIT_CODE_IO;
    }
    table_free(links.table);
    return exit;
}
