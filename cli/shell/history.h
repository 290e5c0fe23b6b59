/*
 * The lines of earlier shells: a file of the user's alone, in which no key is ever written.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SHELL_HISTORY_H
#define SHELL_HISTORY_H

#include <limits.h>
#include <stdbool.h>

#include "output/printer.h"

#define HISTORY_LINES_MAX 1000

struct shell_history {
    char path[PATH_MAX]; /* empty: there is no file */
    bool off;            /* nothing is kept until it is on again */
};

/*
 * Reads $XDG_STATE_HOME/lwm2m/history into readline's history; makes the directory (0700) and the
 * file (0600) if they are missing. A file that others own or may read is left alone, with a
 * warning.
 */
void shell_history_open(struct shell_history *history, const struct printer *printer);

/* Adds a line, here and in the file, if it may be kept and is not the last one again. */
void shell_history_add(struct shell_history *history, const char *line);

/* False for a line that begins with a blank, has no word, is too long or would tell a key: an option such
 * as --psk, also cut short, or a value for the Security object. */
bool history_line_is_kept(const char *line);

#endif
