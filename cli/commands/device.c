/*
 * device: acts on a simulated device that runs on this machine.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "commands/request.h"
#include "output/table.h"

struct acting_options {
    struct optional_number to;
};

static const struct option_definition options[] = {
    {.name = "to",
     .kind = OPTION_NUMBER,
     .offset = offsetof(struct acting_options, to),
     .argument = "SSID",
     .least = 1,
     .most = 65534,
     .help = "send: to this server, by its Short Server ID; to all if left out"},
    {.name = NULL},
};

static const struct table_column columns[] = {
    {.title = "PATH"},
    {.title = "NAME"},
    {.title = "VALUE"},
    {.title = NULL},
};

struct acting {
    const struct invocation *invocation;
    struct table *table;
};

static void print_status(const struct printer *printer, const cJSON *result)
{
    char *endpoint = text_escape(result_text(result, "ep"));
    fprintf(printer->results, "%s: %s at %s%s\n", endpoint != NULL ? endpoint : "",
            result_flag(result, "registered") ? "registered" : "not registered",
            result_text(result, "uri"), result_flag(result, "offline") ? ", offline" : "");
    free(endpoint);
}

static bool take_result(void *context, const cJSON *result, const char *printed)
{
    struct acting *acting = context;
    const struct printer *printer = acting->invocation->printer;
    const char *op = result_text(result, "op");
    if (printer->form == OUTPUT_JSON) {
        return print_json_line(printer, result);
    }
    if (strcmp(op, "status") == 0) {
        print_status(printer, result);
    } else if (strcmp(op, "get") == 0) {
        size_t row = table_add(acting->table, 0);
        char *value = printed != NULL ? result_value(printer, result, printed) : NULL;
        table_set(acting->table, row, 0, result_text(result, "path"), COLOUR_FAINT);
        table_set(acting->table, row, 1, result_text(result, "name"), COLOUR_NONE);
        table_set(acting->table, row, 2, value, COLOUR_NONE);
        free(value);
    }
    return true;
}

static const struct argument_definition paths[] = {
    {.kind = ARGUMENT_PATH, .repeated = true},
    {.kind = ARGUMENT_END},
};

static const struct argument_definition assignments[] = {
    {.kind = ARGUMENT_ASSIGNMENT, .repeated = true},
    {.kind = ARGUMENT_END},
};

/* Adds what the action takes; false with *exit set. */
static bool add_arguments(const struct invocation *invocation, cJSON *request, int *exit)
{
    if (invocation->action->arguments == assignments) {
        return request_add_values(request, invocation->printer, invocation->arguments,
                                  invocation->argument_count, NULL, exit);
    }
    if (invocation->action->arguments == paths) {
        request_add_texts(request, "paths", invocation->arguments, invocation->argument_count);
    }
    return true;
}

static int run(const struct invocation *invocation)
{
    struct acting acting = {.invocation = invocation};
    const struct acting_options *given = invocation->options;
    const char *action = invocation->action->name;
    int exit = EXIT_CODE_USAGE;
    if (given->to.given && strcmp(action, "send") != 0) {
        print_errorf(invocation->printer, "device %s: --to is for send", action);
        return exit;
    }
    cJSON *request = request_new(invocation, action);
    if (given->to.given) {
        cJSON_AddNumberToObject(request, "to", (double)given->to.value);
    }
    if (!add_arguments(invocation, request, &exit)) {
        cJSON_Delete(request);
        return exit;
    }
    if (invocation->printer->form != OUTPUT_JSON) {
        acting.table = table_new(invocation->printer, columns, false);
    }
    exit = request_run_client(invocation, request, take_result, &acting);
    if (acting.table != NULL && !table_print(acting.table)) {
        exit = EXIT_CODE_IO;
    }
    table_free(acting.table);
    return exit;
}

static const struct command_action actions[] = {
    {"get", "PATH…", "Print values", 1, -1, paths, run},
    {"set", "PATH=VALUE…", "Change values, also those that a server may only read", 1, -1,
     assignments, run},
    {"notify", "PATH…", "Notify whoever observes a path, without a change", 1, -1, paths, run},
    {"send", "PATH…", "Report values to the servers, without being asked", 1, -1, paths, run},
    {"update", "", "Send a registration update", 0, 0, NULL, run},
    {"reboot", "", "Act as a device that starts anew: register again", 0, 0, NULL, run},
    {"offline", "", "Stop listening and sending", 0, 0, NULL, run},
    {"online", "", "Listen and send again", 0, 0, NULL, run},
    {"status", "", "Print whether the device is registered, and where", 0, 0, NULL, run},
    {.name = NULL},
};

const struct command command_device = {
    .name = "device",
    .summary = "Act on a simulated device: read and set its values, reboot it",
    .synopsis =
        "device [-e EP] get|notify|send PATH…|set PATH=VALUE…|update|reboot|offline|online|status",
    .examples = {"lwm2m device -e demo-1 set /3303/0/5700=25.5",
                 "lwm2m device -e demo-1 send /3303/0/5700 --to 1"},
    .options = options,
    .options_size = sizeof(struct acting_options),
    .flags = COMMAND_ON_DEVICE,
    .actions = actions,
};
