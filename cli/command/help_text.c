/*
 * The short help of a command, and the list of commands.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "command/command_line.h"

/* A help fits a terminal of 24 lines; what a long table of options does not leave room for is in
 * the manual. */
#define HELP_LINES_MAX 24
#define LINES_AROUND_OPTIONS 9

static void print_option(FILE *stream, const struct option_definition *option)
{
    char left[64];
    char letter[8] = "    ";
    if (option->letter != 0) {
        snprintf(letter, sizeof(letter), "-%c, ", option->letter);
    }
    const char *argument = option->argument != NULL ? option->argument : "";
    const char *separator = option->optional_value ? "[=" : argument[0] != '\0' ? " " : "";
    snprintf(left, sizeof(left), "%s--%s%s%s%s", letter, option->name, separator, argument,
             option->optional_value ? "]" : "");
    fprintf(stream, "  %-30s %s\n", left, option->help);
}

static void print_options(FILE *stream, const struct command *command)
{
    int room = HELP_LINES_MAX - LINES_AROUND_OPTIONS;
    const struct option_definition *option = command->options;
    for (; option != NULL && option->name != NULL && room > 0; option++, room--) {
        print_option(stream, option);
    }
    if (option != NULL && option->name != NULL) {
        fprintf(stream, "  … and more: lwm2m help %s\n", command->name);
    }
}

void command_print_help(const struct printer *printer, const struct command *command)
{
    FILE *stream = printer->results;
    fprintf(stream, "lwm2m %s\n  %s.\n", command->synopsis, command->summary);
    if (command->options != NULL) {
        fputs("Options:\n", stream);
        print_options(stream, command);
    }
    if ((command->flags & COMMAND_ON_DEVICE) != 0) {
        fputs("Device: -e EP | --all   --serve[=URI]   --retry N   --hold TIME\n", stream);
    }
    fputs("Global: -h -q -v --json --as FORM -t TIME --socket PATH --color WHEN\n", stream);
    fputs("Examples:\n", stream);
    for (size_t i = 0; i < 2 && command->examples[i] != NULL; i++) {
        fprintf(stream, "  %s\n", command->examples[i]);
    }
}

void command_print_overview(const struct printer *printer, const struct command *const *table)
{
    FILE *stream = printer->results;
    fputs("lwm2m [OPTIONS] COMMAND [OPTIONS] [ARGUMENTS]\n"
          "  LwM2M from the command line: a management server, a simulated device.\n\n",
          stream);
    for (; *table != NULL; table++) {
        fprintf(stream, "  %-10s %s\n", (*table)->name, (*table)->summary);
    }
    fputs("\n'lwm2m COMMAND -h' shows a command's options, 'lwm2m help COMMAND' its manual.\n",
          stream);
}
