/*
 * shell: command lines, one after the other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "shell/shell.h"

#include "command/command.h"
#include "command/stack.h"

struct shell_options {
    const char *endpoint;
    const char *serve;
    const char *stack;
    struct text_list commands;
};

#define OFFSET(member) offsetof(struct shell_options, member)

static const struct option_definition options[] = {
    {.name = "endpoint",
     .letter = 'e',
     .kind = OPTION_TEXT,
     .offset = OFFSET(endpoint),
     .argument = "EP",
     .help = "the device that is in use at first"},
    {.name = "serve",
     .kind = OPTION_TEXT,
     .optional_value = true,
     .offset = OFFSET(serve),
     .argument = "URI",
     .help = "run a server for the time of the shell (127.0.0.1:5683)"},
    STACK_OPTION(struct shell_options, stack),
    {.name = "execute",
     .letter = 'x',
     .kind = OPTION_LIST,
     .offset = OFFSET(commands),
     .argument = "COMMAND",
     .help = "run this line and end; may be given several times"},
    {.name = NULL},
};

static int run(const struct invocation *invocation)
{
    const struct shell_options *given = invocation->options;
    const struct shell_config config = {
        .endpoint = given->endpoint,
        .serve = given->serve,
        .stack = given->stack,
        .commands = &given->commands,
    };
    if (invocation->setting->origin != COMMAND_FROM_ARGUMENTS) {
        print_errorf(invocation->printer, invocation->setting->origin == COMMAND_FROM_SHELL
                                              ? "shell: this is one already"
                                              : "shell: nobody types in a script");
        return EXIT_CODE_USAGE;
    }
    return shell_run(invocation, &config);
}

const struct command command_shell = {
    .name = "shell",
    .summary = "Type commands one after the other",
    .synopsis = "shell [-e EP] [--serve[=URI]] [-x COMMAND]…",
    .examples = {"lwm2m shell -e pump-7", "lwm2m shell --serve -x 'wait -e pump-7' -x list"},
    .options = options,
    .options_size = sizeof(struct shell_options),
    .run = run,
};
