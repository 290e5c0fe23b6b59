/*
 * Runs a command line: the same for the program's arguments, the shell and scripts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMAND_COMMAND_LINE_H
#define COMMAND_COMMAND_LINE_H

#include "command/command.h"

/* argv[0] is the program's name; global options may stand before the command. argv is permuted.
 * Returns the exit code. */
int command_line_run(const struct command_setting *setting, int argc, char **argv);

/* The command of that name or alias; NULL if there is none. */
const struct command *command_find(const struct command *const *table, const char *name);

/* The action of that name; NULL if the command has none. */
const struct command_action *command_find_action(const struct command *command, const char *name);

/* Options that every command takes, and those of commands that act on devices. */
extern const struct option_definition global_option_table[];
extern const struct option_definition device_option_table[];

/* Prints a command's help: at most 24 lines. */
void command_print_help(const struct printer *printer, const struct command *command);
/* Prints the list of commands. */
void command_print_overview(const struct printer *printer, const struct command *const *table);

#endif
