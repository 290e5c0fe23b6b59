/*
 * A line for the system's shell: !… in a script.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SCRIPT_SHELL_COMMAND_H
#define SCRIPT_SHELL_COMMAND_H

#include <stdint.h>

#include "script/capture.h"
#include "script/variables.h"

/*
 * Runs `sh -c line` with the variables in its environment until it ends, deadline_ms (of
 * time_boot_ms; negative: none) has come, or a signal. What it prints goes to output; processes that
 * it leaves behind may go on printing, which is not heard. Returns its exit code, 128 and its signal,
 * or one of enum exit_code.
 */
int shell_command_run(const char *line, const struct variables *variables, int64_t deadline_ms,
                      struct capture *output);

enum sleep_end { SLEEP_IS_OVER, SLEEP_READABLE, SLEEP_INTERRUPTED };

/* Sleeps until then (boot time), until a descriptor (negative: none) can be read, or until a signal comes: then *exit is
 * the code for it. */
enum sleep_end script_sleep_until(int64_t end_ms, int descriptor, int *exit);

#endif
