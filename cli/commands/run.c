/*
 * Parses a command line against the tables and runs its command.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "argv/nearest.h"
#include "commands/stack.h"

#define GLOBAL(member) offsetof(struct global_options, member)
#define DEVICE(member) offsetof(struct device_options, member)

const struct option_definition global_option_table[] = {
    {.name = "help",
     .letter = 'h',
     .kind = OPTION_FLAG,
     .offset = GLOBAL(help),
     .help = "show a short help"},
    {.name = "quiet",
     .letter = 'q',
     .kind = OPTION_FLAG,
     .offset = GLOBAL(quiet),
     .help = "no progress, no warnings"},
    {.name = "verbose",
     .letter = 'v',
     .kind = OPTION_COUNT,
     .offset = GLOBAL(verbosity),
     .help = "say more; -vv a line for each CoAP message, -vvv its bytes"},
    {.name = "json",
     .kind = OPTION_FLAG,
     .offset = GLOBAL(json),
     .help = "one JSON object a line; the same as --as=json"},
    {.name = "as",
     .kind = OPTION_CHOICE,
     .offset = GLOBAL(as),
     .argument = "FORM",
     .choices = "table|plain|json|csv",
     .help = "form of the results: table, plain, json, csv"},
    {.name = "timeout",
     .letter = 't',
     .kind = OPTION_DURATION,
     .offset = GLOBAL(timeout),
     .argument = "TIME",
     .least = 1,
     .most = 31536000000,
     .help = "how long to wait, 30s by default"},
    {.name = "socket",
     .kind = OPTION_TEXT,
     .offset = GLOBAL(socket),
     .argument = "PATH",
     .help = "control socket of the server or the simulated device"},
    {.name = "log-file",
     .kind = OPTION_TEXT,
     .offset = GLOBAL(log_file),
     .argument = "FILE",
     .help = "append messages to a file instead of stderr"},
    {.name = "log-format",
     .kind = OPTION_CHOICE,
     .offset = GLOBAL(log_format),
     .argument = "text|json",
     .choices = "text|json",
     .help = "form of the messages: text or json"},
    {.name = "log-time",
     .kind = OPTION_FLAG,
     .offset = GLOBAL(log_time),
     .help = "begin each message with the time"},
    {.name = "color",
     .kind = OPTION_CHOICE,
     .offset = GLOBAL(color),
     .argument = "WHEN",
     .choices = "auto|always|never",
     .help = "auto, always or never"},
    {.name = NULL},
};

const struct option_definition device_option_table[] = {
    {.name = "endpoint",
     .letter = 'e',
     .kind = OPTION_LIST,
     .offset = DEVICE(endpoints),
     .argument = "EP",
     .help = "the device, or a quoted pattern; may be given again"},
    {.name = "all",
     .kind = OPTION_FLAG,
     .offset = DEVICE(all),
     .help = "every device that is registered"},
    {.name = "serve",
     .kind = OPTION_TEXT,
     .optional_value = true,
     .offset = DEVICE(serve),
     .argument = "URI",
     .help = "run a server in this process instead of asking a running one"},
    STACK_OPTION(struct device_options, stack),
    {.name = "retry",
     .kind = OPTION_NUMBER,
     .offset = DEVICE(retry),
     .argument = "N",
     .least = 0,
     .most = 1000,
     .help = "attempts after 5.03 or no answer"},
    {.name = "retry-delay",
     .kind = OPTION_DURATION,
     .offset = DEVICE(retry_delay),
     .argument = "TIME",
     .least = 0,
     .most = 86400000,
     .help = "between them, 1s by default"},
    {.name = "retry-exec",
     .kind = OPTION_FLAG,
     .offset = DEVICE(retry_exec),
     .help = "retry an exec, too"},
    {.name = "hold",
     .kind = OPTION_DURATION,
     .offset = DEVICE(hold),
     .argument = "TIME",
     .least = 0,
     .most = 4294967295,
     .help = "wait so long for a sleeping device to wake"},
    {.name = NULL},
};

const struct command *command_find(const struct command *const *table, const char *name)
{
    for (; *table != NULL; table++) {
        const char *alias = (*table)->alias;
        if (strcmp((*table)->name, name) == 0 || (alias != NULL && strcmp(alias, name) == 0)) {
            return *table;
        }
    }
    return NULL;
}

static int refuse(const struct printer *printer, const struct command *command,
                  const struct usage_error *error)
{
    char hint[256];
    if (error->hint[0] != '\0') {
        print_error(printer, error->message, error->hint);
    } else if (command != NULL) {
        snprintf(hint, sizeof(hint), "try 'lwm2m %s -h'", command->name);
        print_error(printer, error->message, hint);
    } else {
        print_error(printer, error->message, "try 'lwm2m -h'");
    }
    return EXIT_CODE_USAGE;
}

static int unknown_command(const struct printer *printer, const struct command *const *table,
                           const char *name)
{
    struct nearest nearest;
    struct usage_error error = {0};
    nearest_init(&nearest, name);
    for (; *table != NULL; table++) {
        nearest_offer(&nearest, (*table)->name);
    }
    if (nearest.best != NULL) {
        snprintf(error.message, sizeof(error.message),
                 "unknown command '%.80s'; did you mean '%s'?", name, nearest.best);
    } else {
        snprintf(error.message, sizeof(error.message), "unknown command '%.80s'", name);
    }
    snprintf(error.hint, sizeof(error.hint), "'lwm2m help' lists the commands");
    return refuse(printer, NULL, &error);
}

static void set_up_printer(struct printer *printer, const struct global_options *global)
{
    printer_init(printer, global->color);
    printer->quiet = global->quiet;
    printer->verbosity = global->verbosity;
    const char *form = global->json ? "json" : global->as;
    if (form != NULL) {
        printer->form = strcmp(form, "json") == 0    ? OUTPUT_JSON
                        : strcmp(form, "csv") == 0   ? OUTPUT_CSV
                        : strcmp(form, "plain") == 0 ? OUTPUT_PLAIN
                                                     : OUTPUT_TABLE;
    }
}

static bool check_arguments(const struct invocation *invocation, struct usage_error *error)
{
    const struct command *command = invocation->command;
    int count = invocation->argument_count;
    if (count < command->least_arguments) {
        snprintf(error->message, sizeof(error->message), "%s: an argument is missing: lwm2m %s",
                 command->name, command->synopsis);
        return false;
    }
    if (command->most_arguments >= 0 && count > command->most_arguments) {
        snprintf(error->message, sizeof(error->message),
                 "%s: '%.60s' is one argument too many: lwm2m %s", command->name,
                 invocation->arguments[command->most_arguments], command->synopsis);
        return false;
    }
    return true;
}

/* Opens the log and runs the command of a line that was parsed. */
static int run_logged(const struct invocation *invocation, struct printer *printer)
{
    const struct global_options *global = &invocation->global;
    if (!printer_open_log(printer, global->log_file, global->log_format, global->log_time)) {
        return EXIT_CODE_IO;
    }
    int exit = invocation->command->run(invocation);
    printer_close_log(printer);
    return exit;
}

/* Parses the line of a command, whose values have been made, and runs it. */
static int run_parsed(int argc, char **argv, struct invocation *invocation, void *values)
{
    static const struct option_definition no_options[] = {{.name = NULL}};
    const struct command *command = invocation->command;
    struct printer *printer = invocation->printer;
    const struct option_set sets[] = {
        {command->options != NULL ? command->options : no_options, values},
        {global_option_table, &invocation->global},
        {device_option_table, &invocation->device},
    };
    size_t set_count = (command->flags & COMMAND_ON_DEVICE) != 0 ? 3 : 2;
    struct usage_error error = {0};
    bool parsed = options_parse(argc, argv, sets, set_count,
                                (command->flags & COMMAND_STOPS_AT_ARGUMENT) != 0,
                                &invocation->arguments, &invocation->argument_count, &error);
    int exit = EXIT_CODE_OK;
    set_up_printer(printer, &invocation->global);
    if (parsed && invocation->global.help) {
        command_print_help(printer, command);
    } else if (!parsed || !check_arguments(invocation, &error)) {
        exit = refuse(printer, command, &error);
    } else {
        exit = run_logged(invocation, printer);
    }
    if (!printer_finish(printer) && exit == EXIT_CODE_OK) {
        exit = EXIT_CODE_IO;
    }
    for (size_t i = 0; i < set_count; i++) {
        options_release(&sets[i]);
    }
    return exit;
}

/* Runs the command whose name is argv[0]; global holds what stood before it. */
static int run_command(int argc, char **argv, const struct command *const *table,
                       const struct global_options *global)
{
    struct printer printer;
    set_up_printer(&printer, global);
    const struct command *command = command_find(table, argv[0]);
    if (command == NULL) {
        return unknown_command(&printer, table, argv[0]);
    }
    void *values = calloc(1, command->options_size + 1);
    if (values == NULL) {
        print_errorf(&printer, "out of memory");
        return EXIT_CODE_IO;
    }
    struct invocation invocation = {
        .command = command,
        .commands = table,
        .global = *global,
        .options = values,
        .printer = &printer,
    };
    int exit = run_parsed(argc, argv, &invocation, values);
    free(values);
    return exit;
}

int command_line_run(int argc, char **argv, const struct command *const *table)
{
    struct global_options global = {0};
    struct option_set set = {global_option_table, &global};
    struct usage_error error = {0};
    struct printer printer;
    char **words = argv;
    int count = 0;
    bool parsed = options_parse(argc, argv, &set, 1, true, &words, &count, &error);
    set_up_printer(&printer, &global);
    if (!parsed) {
        return refuse(&printer, NULL, &error);
    }
    if (count > 0) {
        return run_command(count, words, table, &global);
    }
    if (global.help) {
        command_print_overview(&printer, table);
        return printer_finish(&printer) ? EXIT_CODE_OK : EXIT_CODE_IO;
    }
    printer.results = printer.diagnostics;
    command_print_overview(&printer, table);
    return EXIT_CODE_USAGE;
}
