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

#include "command/command.h"
#include "command/command_line.h"

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
        command_print_overview(invocation->printer, invocation->setting->commands);
        return EXIT_CODE_OK;
    }
    const char *name = invocation->arguments[0];
    const struct command *command = command_find(invocation->setting->commands, name);
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

static const struct argument_definition arguments[] = {
    {.kind = ARGUMENT_COMMAND},
    {.kind = ARGUMENT_END},
};

const struct command command_help = {
    .name = "help",
    .summary = "Show the manual of a command",
    .synopsis = "help [COMMAND]",
    .examples = {"lwm2m help", "lwm2m help read"},
    .most_arguments = 1,
    .flags = COMMAND_UNCONFIGURED,
    .arguments = arguments,
    .run = run,
};
