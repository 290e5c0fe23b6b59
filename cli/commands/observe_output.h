/*
 * What takes the values of an observation: what shows them, and what else becomes of them. Each has
 * a file of its own, observe_<name>.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMANDS_OBSERVE_OUTPUT_H
#define COMMANDS_OBSERVE_OUTPUT_H

#include <cjson/cJSON.h>

#include "command/command.h"

struct observe_output {
    /*
     * Before anything is asked of a server: checks the argument of the output's option (NULL: it
     * has none) and makes *state, which may be NULL. Returns the exit code, after a message unless it is
     * EXIT_CODE_OK; then there is nothing to end.
     */
    int (*begin)(const struct printer *printer, const char *argument, void **state);
    /* A value. EXIT_CODE_OK; anything else, after a message, ends the command with that code. */
    int (*take)(void *state, const struct printer *printer, const cJSON *result,
                const char *printed);
    /* After the last value; exit is what the command will end with. Releases the state. Returns
     * EXIT_CODE_OK, or after a message another. NULL: there is nothing to do. */
    int (*end)(void *state, const struct printer *printer, int exit);
};

extern const struct observe_output observe_lines;  /* a line, a row, an object of JSON */
extern const struct observe_output observe_format; /* a line as the user spells it */
extern const struct observe_output observe_watch;  /* a line for each path, always the same */
extern const struct observe_output observe_plot;   /* the same, with bars */
extern const struct observe_output observe_exec;   /* a command that is run */
extern const struct observe_output observe_log;    /* a row at the end of a CSV file */

#endif
