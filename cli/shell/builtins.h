/*
 * What a shell can do that a command line cannot: it is about the shell itself.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SHELL_BUILTINS_H
#define SHELL_BUILTINS_H

#include "shell/shell.h"

struct builtin {
    const char *name;
    const char *arguments; /* "[NAME|-]" */
    const char *summary;
    int least, most; /* arguments; most < 0: any number */
    /* Returns an exit code, after a message if it is not 0; argv[0] is the name, NULL ends it. */
    int (*run)(struct shell *shell, int argc, char **argv);
};

/* The table, ended by an entry without a name. */
extern const struct builtin builtins[];

/* The builtin that a line calls; NULL: it is a command's. `events` alone is the command, `events
 * on` ours. */
const struct builtin *builtin_find(int argc, char *const *argv);

/* Checks the number of arguments and runs it. */
int builtin_run(struct shell *shell, const struct builtin *builtin, int argc, char **argv);

#endif
