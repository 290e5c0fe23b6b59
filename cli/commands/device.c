/*
 * device: acts on a simulated device that runs on this machine.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "argv/nearest.h"
#include "commands/request.h"
#include "output/table.h"

/* One thing that can be done, and what it takes. */
struct action {
    const char *name;
    enum { TAKES_NOTHING, TAKES_PATHS, TAKES_VALUES } takes;
};

static const struct action actions[] = {
    {"get", TAKES_PATHS},      {"set", TAKES_VALUES},     {"notify", TAKES_PATHS},
    {"update", TAKES_NOTHING}, {"reboot", TAKES_NOTHING}, {"offline", TAKES_NOTHING},
    {"online", TAKES_NOTHING}, {"status", TAKES_NOTHING}, {"send", TAKES_PATHS},
};

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

static const struct action *find_action(const struct printer *printer, const char *name)
{
    struct nearest nearest;
    nearest_init(&nearest, name);
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        if (strcmp(actions[i].name, name) == 0) {
            return &actions[i];
        }
        nearest_offer(&nearest, actions[i].name);
    }
    if (nearest.best != NULL) {
        print_errorf(printer, "device: unknown action '%s'; did you mean '%s'?", name,
                     nearest.best);
    } else {
        print_error(printer, "device: unknown action",
                    "get, set, notify, send, update, reboot, offline, online or status");
    }
    return NULL;
}

static bool check_count(const struct invocation *invocation, const struct action *action)
{
    bool given = invocation->argument_count > 1;
    if (given == (action->takes != TAKES_NOTHING)) {
        return true;
    }
    print_errorf(invocation->printer, "device %s: %s", action->name,
                 given                          ? "takes no argument"
                 : action->takes == TAKES_PATHS ? "a path is missing"
                                                : "PATH=VALUE is missing");
    return false;
}

static int run(const struct invocation *invocation)
{
    struct acting acting = {.invocation = invocation};
    int exit = EXIT_CODE_USAGE;
    const struct action *action = find_action(invocation->printer, invocation->arguments[0]);
    if (action == NULL || !check_count(invocation, action)) {
        return exit;
    }
    const struct acting_options *given = invocation->options;
    if (given->to.given && strcmp(action->name, "send") != 0) {
        print_errorf(invocation->printer, "device %s: --to is for send", action->name);
        return exit;
    }
    cJSON *request = request_new(invocation, action->name);
    if (given->to.given) {
        cJSON_AddNumberToObject(request, "to", (double)given->to.value);
    }
    if (action->takes == TAKES_PATHS) {
        request_add_texts(request, "paths", invocation->arguments + 1,
                          invocation->argument_count - 1);
    } else if (action->takes == TAKES_VALUES &&
               !request_add_values(request, invocation->printer, invocation->arguments + 1,
                                   invocation->argument_count - 1, NULL, &exit)) {
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

static const struct argument_definition arguments[] = {
    {.kind = ARGUMENT_WORD, .words = "get|set|notify|send|update|reboot|offline|online|status"},
    {.kind = ARGUMENT_PATH, .repeated = true, .after = "get|notify|send"},
    {.kind = ARGUMENT_ASSIGNMENT, .repeated = true, .after = "set"},
    {.kind = ARGUMENT_END},
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
    .least_arguments = 1,
    .most_arguments = -1,
    .arguments = arguments,
    .run = run,
};
