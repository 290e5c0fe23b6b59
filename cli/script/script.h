/*
 * A script as statements: what is left of its text once it has been checked.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SCRIPT_SCRIPT_H
#define SCRIPT_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "command/command.h"

#define SCRIPT_BYTES_MAX (1024 * 1024)
#define SCRIPT_BLOCKS_MAX 16
#define SCRIPT_REPEATS_MAX 1000000
#define SCRIPT_NAME_BYTES_MAX 63

enum statement_kind {
    STATEMENT_COMMAND,
    STATEMENT_SHELL, /* !… */
    STATEMENT_EXPECT,
    STATEMENT_SET,
    STATEMENT_SLEEP,
    STATEMENT_WITHIN,
    STATEMENT_REPEAT,
    STATEMENT_ON, /* notify: its block runs when a notification comes */
    STATEMENT_END, /* of a block */
};

struct statement {
    enum statement_kind kind;
    unsigned line;  /* from 1 */
    char *text;     /* as it was written, without blanks around it */
    char *variable; /* that takes the value of a command: let; else NULL */
    char *words;    /* what is to be split: the command line, or what follows the keyword */
    size_t partner; /* the END of a block, and of an END its beginning */
};

struct script {
    struct statement *statements;
    size_t count;
};

/* Why, and where, a script was refused. */
struct script_error {
    unsigned line; /* 0: the file as a whole */
    struct usage_error usage;
};

/*
 * Checks a text and takes it apart. Only what variables decide is left to be checked when it runs.
 * False with *error filled, and nothing to release.
 */
bool script_parse(const char *text, size_t length, const struct command *const *table,
                  struct script *script, struct script_error *error);

/* Zeroed scripts are allowed. */
void script_release(struct script *script);

/* The arguments of statements, as they are checked before and when a script runs. */
bool script_duration_check(const char *text, int64_t *milliseconds, struct usage_error *error);
bool script_count_check(const char *text, unsigned *count, struct usage_error *error);

/* The variable of the environment that `set NAME` sets; NULL if there is none. */
const char *script_setting_variable(const char *name);
/* Checks the value for it. */
bool script_setting_check(const char *name, const char *value, struct usage_error *error);

/* True for "ok" and "2.05", false for values; "4.04" is a code only as the word alone. */
bool script_is_code(const char *text);

/* True if a variable may have this name: letters, digits and _, not beginning with a digit. */
bool script_is_name(const char *text, size_t length);

#endif
