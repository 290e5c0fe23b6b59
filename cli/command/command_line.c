/*
 * Parses a command line against the tables and runs its command.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "command/command_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "argv/nearest.h"

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

static void set_up_printer(struct printer *printer, const struct command_setting *setting,
                           const struct global_options *global)
{
    FILE *results = setting->results != NULL ? setting->results : stdout;
    FILE *diagnostics = setting->diagnostics != NULL ? setting->diagnostics : stderr;
    printer_init(printer, results, diagnostics, global->color);
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
    set_up_printer(printer, invocation->setting, &invocation->global);
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
static int run_command(const struct command_setting *setting, int argc, char **argv,
                       const struct global_options *global)
{
    struct printer printer;
    set_up_printer(&printer, setting, global);
    const struct command *command = command_find(setting->commands, argv[0]);
    if (command == NULL) {
        return unknown_command(&printer, setting->commands, argv[0]);
    }
    void *values = calloc(1, command->options_size + 1);
    if (values == NULL) {
        print_errorf(&printer, "out of memory");
        return EXIT_CODE_IO;
    }
    struct invocation invocation = {
        .command = command,
        .setting = setting,
        .global = *global,
        .options = values,
        .printer = &printer,
    };
    int exit = run_parsed(argc, argv, &invocation, values);
    free(values);
    return exit;
}

int command_line_run(const struct command_setting *setting, int argc, char **argv)
{
    struct global_options global = setting->defaults;
    struct option_set set = {global_option_table, &global};
    struct usage_error error = {0};
    struct printer printer;
    char **words = argv;
    int count = 0;
    bool parsed = options_parse(argc, argv, &set, 1, true, &words, &count, &error);
    set_up_printer(&printer, setting, &global);
    if (!parsed) {
        return refuse(&printer, NULL, &error);
    }
    if (count > 0) {
        return run_command(setting, count, words, &global);
    }
    if (global.help) {
        command_print_overview(&printer, setting->commands);
        return printer_finish(&printer) ? EXIT_CODE_OK : EXIT_CODE_IO;
    }
    printer.results = printer.diagnostics;
    command_print_overview(&printer, setting->commands);
    return EXIT_CODE_USAGE;
}
