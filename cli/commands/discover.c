/*
 * discover: what a device says of a path, with its attributes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "commands/request.h"
#include "output/table.h"

struct discovery {
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
    const struct discovery *discovery = context;
    char attributes[256];
    (void)printed;
    if (discovery->table == NULL) {
        return print_json_line(discovery->invocation->printer, result);
    }
    if (!print_failed_result(discovery->invocation->printer, result)) {
        size_t row = table_add(discovery->table, 0);
        print_attributes(result, attributes, sizeof(attributes));
        table_set(discovery->table, row, 0, result_text(result, "path"), COLOUR_FAINT);
        table_set(discovery->table, row, 1, result_text(result, "name"), COLOUR_NONE);
        table_set(discovery->table, row, 2, attributes, COLOUR_NONE);
    }
    return true;
}

static int run(const struct invocation *invocation)
{
    struct discovery discovery = {.invocation = invocation};
    if (invocation->printer->form != OUTPUT_JSON) {
        discovery.table = table_new(invocation->printer, columns, false);
    }
    cJSON *request = request_new(invocation, "discover");
    request_add_text(request, "path", invocation->arguments[0]);
    int exit = request_run(invocation, request, -1, take_result, &discovery);
    if (discovery.table != NULL && !table_print(discovery.table)) {
        exit = EXIT_CODE_IO;
    }
    table_free(discovery.table);
    return exit;
}

const struct command command_discover = {
    .name = "discover",
    .summary = "Show what a device has below a path, with attributes",
    .synopsis = "discover [-e EP] PATH",
    .examples = {"lwm2m discover -e pump-7 /3", "lwm2m discover -e pump-7 /3303/0"},
    .flags = COMMAND_ON_DEVICE,
    .least_arguments = 1,
    .most_arguments = 1,
    .run = run,
};
