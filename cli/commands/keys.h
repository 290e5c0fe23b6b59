/*
 * What the actions of keys have in common.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMANDS_KEYS_H
#define COMMANDS_KEYS_H

#include <stdbool.h>

#include <lwm2m/bytes.h>

#include "command/command.h"
#include "control/outcome.h"

struct keys_options {
    struct optional_number bytes, days;
    const char *output;
    const char *authority, *authority_key;
    bool is_authority;
    bool any_mode;
};

int keys_rpk(const struct invocation *invocation);
int keys_cert(const struct invocation *invocation);
int keys_show(const struct invocation *invocation);

/* Says what failed; returns its exit code. */
int keys_fail(const struct invocation *invocation, const struct control_outcome *failure);
/* Prints a text, and a line's end if it has none; returns the exit code. */
int keys_print(const struct invocation *invocation, struct lwm2m_bytes text);

#endif
