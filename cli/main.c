/*
 * The program: finds the command, parses its line, runs it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "command/command_line.h"

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "");
    /* A reader of our output that goes away shows as a failed write, with its own exit code. */
    signal(SIGPIPE, SIG_IGN);
    const struct command_setting setting = {.commands = commands};
    return command_line_run(&setting, argc, argv);
}
