/*
 * The short help of a command, and the list of commands.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "command/command_line.h"
#include "output/screen.h"

/* A help fits a terminal of 24 lines; what a long table of options does not leave room for is in
 * the manual. */
#define HELP_LINES_MAX 24
#define LINES_AROUND_OPTIONS 9
/* Of options and actions, before what is said of them. */
#define LEFT_COLUMNS 30

/* What can be given, and behind it what it is for. */
static void print_row(FILE *stream, const char *left, const char *right)
{
    int padding = LEFT_COLUMNS - (int)text_width(left);
    fprintf(stream, "  %s%*s %s\n", left, padding > 0 ? padding : 0, "", right);
}

static int count_actions(const struct command *command)
{
    int count = 0;
    while (command->actions != NULL && command->actions[count].name != NULL) {
        count++;
    }
    return count;
}

static void print_actions(FILE *stream, const struct command *command)
{
    for (int i = 0; i < count_actions(command); i++) {
        const struct command_action *action = &command->actions[i];
        char left[64];
        snprintf(left, sizeof(left), "%s %s", action->name, action->synopsis);
        print_row(stream, left, action->summary);
    }
}

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
    print_row(stream, left, option->help);
}

static void print_options(FILE *stream, const struct command *command)
{
    int actions = count_actions(command);
    int room = HELP_LINES_MAX - LINES_AROUND_OPTIONS - (actions > 0 ? actions + 1 : 0);
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
    if (command->actions != NULL) {
        fputs("Actions:\n", stream);
        print_actions(stream, command);
    }
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
