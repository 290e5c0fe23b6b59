/*
 * The Tab key: what the word at the cursor can become.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SHELL_LINE_COMPLETION_H
#define SHELL_LINE_COMPLETION_H

#include "shell/shell.h"

/* Makes readline complete lines of this shell, which is borrowed. */
void line_completion_begin(struct shell *shell);

#endif
