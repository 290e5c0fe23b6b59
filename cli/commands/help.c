/*
 * help: the manual page of a command, or the list of commands.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/run.h"

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

/* True if man showed the page. */
static bool show_manual(const char *page)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (freopen("/dev/null", "w", stderr) != NULL) {
            execlp("man", "man", page, (char *)NULL);
        }
        _exit(127);
    }
    int status = 0;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

static int run(const struct invocation *invocation)
{
    if (invocation->argument_count == 0) {
        command_print_overview(invocation->printer, invocation->commands);
        return EXIT_CODE_OK;
    }
    const char *name = invocation->arguments[0];
    const struct command *command = command_find(invocation->commands, name);
    if (command == NULL) {
        print_error(invocation->printer, "there is no such command", "'lwm2m help' lists them");
        return EXIT_CODE_USAGE;
    }
    char page[64];
    snprintf(page, sizeof(page), "lwm2m-%s", command->name);
    if (!show_manual(page)) {
        command_print_help(invocation->printer, command);
        print_note(invocation->printer, 0, "the manual page %s(1) is not installed", page);
    }
    return EXIT_CODE_OK;
}

const struct command command_help = {
    .name = "help",
    .summary = "Show the manual of a command",
    .synopsis = "help [COMMAND]",
    .examples = {"lwm2m help", "lwm2m help read"},
    .most_arguments = 1,
    .run = run,
};
