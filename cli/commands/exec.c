/*
 * exec: executes a resource, with arguments.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/request.h"

struct exec_options {
    bool yes;
};

static const struct option_definition options[] = {
    {.name = "yes",
     .letter = 'y',
     .kind = OPTION_FLAG,
     .offset = offsetof(struct exec_options, yes),
     .help = "do not ask before a reboot or a factory reset"},
    {.name = NULL},
};

/* What cannot be undone is asked for, where somebody is there to answer. */
static bool may_execute(const struct invocation *invocation, const char *path)
{
    static const struct {
        const char *path, *question;
    } grave[] = {
        {"3/0/4", "reboot the device"},
        {"Device/0/Reboot", "reboot the device"},
        {"3/0/5", "reset the device to its factory state"},
        {"Device/0/Factory Reset", "reset the device to its factory state"},
    };
    const struct exec_options *given = invocation->options;
    path += path[0] == '/';
    for (size_t i = 0; i < sizeof(grave) / sizeof(grave[0]); i++) {
        if (strcasecmp(path, grave[i].path) == 0 && !given->yes && isatty(STDIN_FILENO)) {
            char answer[16] = "";
            fprintf(invocation->printer->diagnostics, "Really %s? [y/N] ", grave[i].question);
            fflush(invocation->printer->diagnostics);
            return fgets(answer, sizeof(answer), stdin) != NULL &&
                   (answer[0] == 'y' || answer[0] == 'Y');
        }
    }
    return true;
}

/* The arguments, as the wire wants them: apart by commas. */
static char *join(char *const *words, int count)
{
    size_t size = 1;
    for (int i = 0; i < count; i++) {
        size += strlen(words[i]) + 1;
    }
    char *text = calloc(1, size);
    char *end = text;
    for (int i = 0; text != NULL && i < count; i++) {
        end = stpcpy(stpcpy(end, i > 0 ? "," : ""), words[i]);
    }
    return text;
}

static int run(const struct invocation *invocation)
{
    if (!may_execute(invocation, invocation->arguments[0])) {
        print_errorf(invocation->printer, "nothing was executed");
        return EXIT_CODE_INTERRUPTED;
    }
    cJSON *request = request_new(invocation, "exec");
    char *arguments = join(invocation->arguments + 1, invocation->argument_count - 1);
    request_add_text(request, "path", invocation->arguments[0]);
    request_add_text(request, "arguments",
                     arguments != NULL && arguments[0] != '\0' ? arguments : NULL);
    free(arguments);
    return request_run(invocation, request, -1, print_quiet_result, &invocation);
}

static const struct argument_definition arguments[] = {
    {.kind = ARGUMENT_PATH, .operations = LWM2M_EXECUTABLE},
    {.kind = ARGUMENT_END},
};

const struct command command_exec = {
    .name = "exec",
    .summary = "Execute a resource",
    .synopsis = "exec [-e EP] PATH [ARGUMENT…] [--yes]",
    .examples = {"lwm2m exec -e pump-7 /3201/0/5850", "lwm2m exec -e pump-7 /3/0/4 --yes"},
    .options = options,
    .options_size = sizeof(struct exec_options),
    .flags = COMMAND_ON_DEVICE,
    .least_arguments = 1,
    .most_arguments = -1,
    .arguments = arguments,
    .run = run,
};
