/*
 * The interactive shell: the same command lines, one after the other, beside a server that is
 * listened to. On a terminal it has a prompt, history and completion; else it takes lines from a
 * pipe or a file.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SHELL_SHELL_H
#define SHELL_SHELL_H

#include <stdbool.h>

#include "command/command.h"
#include "shell/history.h"
#include "shell/live.h"
#include "session/private_server.h"

/* The longest line; a longer one is refused. */
#define SHELL_LINE_BYTES_MAX 65536

struct shell_config {
    const char *endpoint;             /* in use from the start; NULL: $LWM2M_ENDPOINT */
    const char *serve;                /* as struct device_options */
    const char *stack;                /* of that server; NULL: the default */
    const struct text_list *commands; /* to be run instead of lines; empty: none */
};

struct shell {
    struct command_setting setting; /* of every command line */
    struct printer printer;
    struct shell_history history;
    struct live *live; /* NULL where nobody would see what it tells */
    struct private_server server;
    int exit;  /* of the last line */
    bool over; /* no line comes after this one */
};

/* Runs a shell to its end. Returns the exit code of its last line. */
int shell_run(const struct invocation *invocation, const struct shell_config *config);

/* Runs one line, or several with line ends between; shell->exit is the code of the last. */
void shell_run_line(struct shell *shell, const char *line);

/* The settings have changed: printer and prompt follow. */
void shell_apply_settings(struct shell *shell);

/* Reads lines from a terminal until the shell is over (cli/shell/terminal.c). */
void shell_run_terminal(struct shell *shell);

#endif
