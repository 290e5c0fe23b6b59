/*
 * What a shell has chosen for all its command lines: `set NAME VALUE`.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SHELL_SETTINGS_H
#define SHELL_SETTINGS_H

#include "shell/shell.h"

/* Changes a setting; value "-" takes it back. Returns an exit code, after a message if it is not
 * 0. */
int setting_change(struct shell *shell, const char *name, const char *value);

/* Prints one setting (NULL: all) as "name value". Returns an exit code. */
int setting_show(const struct shell *shell, const char *name);

/* The name of a setting, for completion; NULL if there are not so many. */
const char *setting_name(size_t index);

#endif
