/*
 * A command that runs inside a daemon's lifetime: `lwm2m server -- COMMAND`.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DAEMON_WRAPPED_COMMAND_H
#define DAEMON_WRAPPED_COMMAND_H

#include <lwm2m/loop.h>

#include "control/outcome.h"

struct wrapped_command;

/*
 * Starts argv (ended by NULL, looked up in PATH) with this process's environment. on_exit is called
 * once, from the loop, with its exit code, or 128 and the signal that ended it. NULL with *failure
 * filled: exit 127 if there is no such command, 126 if it cannot be run.
 */
struct wrapped_command *wrapped_command_start(struct lwm2m_loop *loop, char *const *argv,
                                              void (*on_exit)(void *context, int exit),
                                              void *context, struct control_outcome *failure);

/* Hands a signal on, unless the terminal has sent it to the command, too. */
void wrapped_command_forward(struct wrapped_command *command, int number);

/* NULL is allowed. A command that still runs is left to itself. */
void wrapped_command_free(struct wrapped_command *command);

#endif
