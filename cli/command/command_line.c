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
#include "command/configuration.h"
#include "output/environment.h"

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
    const char *form = global->as;
    if (form != NULL) {
        printer->form = strcmp(form, "json") == 0    ? OUTPUT_JSON
                        : strcmp(form, "csv") == 0   ? OUTPUT_CSV
                        : strcmp(form, "plain") == 0 ? OUTPUT_PLAIN
                        : strcmp(form, "senml") == 0 ? OUTPUT_SENML
                                                     : OUTPUT_TABLE;
    }
}

const struct command_action *command_find_action(const struct command *command, const char *name)
{
    const struct command_action *action = command->actions;
    while (action != NULL && action->name != NULL && strcmp(action->name, name) != 0) {
        action++;
    }
    return action != NULL && action->name != NULL ? action : NULL;
}

static void refuse_action(const struct command *command, const char *name,
                          struct usage_error *error)
{
    struct nearest nearest;
    size_t length = 0;
    nearest_init(&nearest, name);
    for (const struct command_action *at = command->actions; at->name != NULL; at++) {
        nearest_offer(&nearest, at->name);
        const char *separator = at == command->actions ? "actions: " : ", ";
        length += (size_t)snprintf(error->hint + length, sizeof(error->hint) - length, "%s%s",
                                   separator, at->name);
    }
    if (nearest.best != NULL) {
        snprintf(error->message, sizeof(error->message),
                 "%s: unknown action '%.60s'; did you mean '%s'?", command->name, name,
                 nearest.best);
    } else {
        snprintf(error->message, sizeof(error->message), "%s: unknown action '%.60s'",
                 command->name, name);
    }
}

/* Not every result is a value. */
static bool check_form(const struct invocation *invocation, struct usage_error *error)
{
    const struct global_options *global = &invocation->global;
    bool senml = global->as != NULL && strcmp(global->as, "senml") == 0;
    if (senml && (invocation->command->flags & COMMAND_AS_SENML) == 0) {
        snprintf(error->message, sizeof(error->message), "%s: there is no --as=senml of it",
                 invocation->command->name);
        snprintf(error->hint, sizeof(error->hint), "read and observe have it");
        return false;
    }
    return true;
}

/* Takes the name of the action, where the command has any, from the arguments. */
static bool choose_action(struct invocation *invocation, struct usage_error *error)
{
    const struct command *command = invocation->command;
    if (command->actions == NULL || invocation->argument_count == 0) {
        return true;
    }
    invocation->action = command_find_action(command, invocation->arguments[0]);
    if (invocation->action == NULL) {
        refuse_action(command, invocation->arguments[0], error);
        return false;
    }
    invocation->arguments++;
    invocation->argument_count--;
    return true;
}

/* What is called, "device get", and how: "device get PATH…". */
struct usage {
    char name[64];
    char line[160];
    int least, most; /* arguments */
};

static struct usage usage_of(const struct invocation *invocation)
{
    const struct command *command = invocation->command;
    const struct command_action *action = invocation->action;
    struct usage usage = {.least = command->least_arguments, .most = command->most_arguments};
    if (action != NULL) {
        usage.least = action->least_arguments;
        usage.most = action->most_arguments;
        snprintf(usage.name, sizeof(usage.name), "%s %s", command->name, action->name);
        snprintf(usage.line, sizeof(usage.line), "%s%s%s", usage.name,
                 action->synopsis[0] != '\0' ? " " : "", action->synopsis);
    } else {
        usage.least += command->actions != NULL; /* which one is missing */
        snprintf(usage.name, sizeof(usage.name), "%s", command->name);
        snprintf(usage.line, sizeof(usage.line), "%s", command->synopsis);
    }
    return usage;
}

static bool check_arguments(const struct invocation *invocation, struct usage_error *error)
{
    const struct usage usage = usage_of(invocation);
    int count = invocation->argument_count;
    if (count < usage.least) {
        snprintf(error->message, sizeof(error->message), "%s: an argument is missing: lwm2m %.140s",
                 usage.name, usage.line);
        return false;
    }
    if (usage.most >= 0 && count > usage.most) {
        snprintf(error->message, sizeof(error->message),
                 "%s: '%.40s' is one argument too many: lwm2m %.100s", usage.name,
                 invocation->arguments[usage.most], usage.line);
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
    int exit = invocation->action != NULL ? invocation->action->run(invocation)
                                          : invocation->command->run(invocation);
    printer_close_log(printer);
    return exit;
}

/* A line of a command: the words from its name on, and the options that stood before it. */
struct command_line {
    int lead_count;
    char **lead;
    int count;
    char **words;
};

/* The sets of options that a command takes. */
#define SETS_MAX 3
struct command_sets {
    struct option_set sets[SETS_MAX];
    size_t count;
};

static struct command_sets sets_of(struct invocation *invocation, void *values)
{
    static const struct option_definition no_options[] = {{.name = NULL}};
    const struct command *command = invocation->command;
    return (struct command_sets){
        .sets = {{command->options != NULL ? command->options : no_options, values},
                 {global_option_table, &invocation->global},
                 {device_option_table, &invocation->device}},
        .count = (command->flags & COMMAND_ON_DEVICE) != 0 ? 3 : 2,
    };
}

/* Forgets what an earlier parse found. */
static void clear(struct invocation *invocation, const struct command_sets *sets)
{
    for (size_t i = 0; i < sets->count; i++) {
        options_release(&sets->sets[i]);
    }
    memset(sets->sets[0].values, 0, invocation->command->options_size);
    invocation->global = (struct global_options){0};
    invocation->device = (struct device_options){0};
}

/* Parses a line on top of what the sets hold already. */
static bool parse(const struct command_line *line, struct invocation *invocation,
                  const struct command_sets *sets, struct usage_error *error)
{
    char **words;
    int count;
    options_overlay(global_option_table, &invocation->global, &invocation->setting->defaults);
    return options_parse(line->lead_count, line->lead, &sets->sets[1], 1, true, &words, &count,
                         error) &&
           options_parse(line->count, line->words, sets->sets, sets->count,
                         (invocation->command->flags & COMMAND_STOPS_AT_ARGUMENT) != 0,
                         &invocation->arguments, &invocation->argument_count, error);
}

/* The device that a line is about, as far as one can know before it runs; NULL: none or several. */
static const char *device_of(const struct invocation *invocation)
{
    const struct text_list *given = &invocation->device.endpoints;
    if (given->count == 0 && !invocation->device.all) {
        return environment("LWM2M_ENDPOINT");
    }
    return given->count == 1 ? given->texts[0] : NULL;
}

/* Lays the configuration below what the line says, which is parsed once more. */
static enum exit_code configure(const struct command_line *line, struct invocation *invocation,
                                const struct command_sets *sets,
                                struct configuration *configuration, struct usage_error *error)
{
    enum exit_code exit = configuration_read(configuration, error);
    if (exit != EXIT_CODE_OK || configuration->entries.count == 0) {
        return exit;
    }
    const struct configuration_target target = {
        .command = invocation->command,
        .endpoint = device_of(invocation),
        .sets = sets->sets,
        .set_count = sets->count,
    };
    clear(invocation, sets);
    bool good =
        configuration_apply(configuration, &target, error) && parse(line, invocation, sets, error);
    return good ? EXIT_CODE_OK : EXIT_CODE_USAGE;
}

/* Parses the line of a command and runs it. */
static int run_line(const struct command_line *line, struct invocation *invocation, void *values)
{
    const struct command *command = invocation->command;
    struct printer *printer = invocation->printer;
    struct command_sets sets = sets_of(invocation, values);
    struct configuration configuration = {.file_count = 0};
    struct usage_error error = {0};
    bool parsed = parse(line, invocation, &sets, &error);
    enum exit_code configured = EXIT_CODE_OK;
    if (parsed && (command->flags & COMMAND_UNCONFIGURED) == 0 && !invocation->global.help) {
        configured = configure(line, invocation, &sets, &configuration, &error);
    }
    int exit = EXIT_CODE_OK;
    set_up_printer(printer, invocation->setting, &invocation->global);
    if (parsed && invocation->global.help) {
        command_print_help(printer, command);
    } else if (configured != EXIT_CODE_OK) {
        print_error(printer, error.message, error.hint);
        exit = (int)configured;
    } else if (!parsed || !check_form(invocation, &error) || !choose_action(invocation, &error) ||
               !check_arguments(invocation, &error)) {
        exit = refuse(printer, command, &error);
    } else {
        exit = run_logged(invocation, printer);
    }
    if (!printer_finish(printer) && exit == EXIT_CODE_OK) {
        exit = EXIT_CODE_IO;
    }
    for (size_t i = 0; i < sets.count; i++) {
        options_release(&sets.sets[i]);
    }
    configuration_release(&configuration);
    return exit;
}

static int run_command(const struct command_setting *setting, const struct command_line *line)
{
    struct global_options global = setting->defaults;
    struct printer printer;
    set_up_printer(&printer, setting, &global);
    const struct command *command = command_find(setting->commands, line->words[0]);
    if (command == NULL) {
        return unknown_command(&printer, setting->commands, line->words[0]);
    }
    void *values = calloc(1, command->options_size + 1);
    if (values == NULL) {
        print_errorf(&printer, "out of memory");
        return EXIT_CODE_IO;
    }
    struct invocation invocation = {
        .command = command,
        .setting = setting,
        .options = values,
        .printer = &printer,
    };
    int exit = run_line(line, &invocation, values);
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
        const struct command_line line = {
            .lead_count = argc - count, .lead = argv, .count = count, .words = words};
        return run_command(setting, &line);
    }
    if (global.help) {
        command_print_overview(&printer, setting->commands);
        return printer_finish(&printer) ? EXIT_CODE_OK : EXIT_CODE_IO;
    }
    printer.results = printer.diagnostics;
    command_print_overview(&printer, setting->commands);
    return EXIT_CODE_USAGE;
}
