/*
 * How far a command line has come that is still being typed: which command it is, what its options
 * say, and what the next word may be. Nothing is refused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMAND_COMPLETION_LINE_H
#define COMMAND_COMPLETION_LINE_H

#include "command/completion.h"

struct completion_line {
    bool is_unknown;               /* it has a command that is none, or an action */
    const struct command *command; /* NULL: it has none yet */
    const struct command_action *action; /* of the command; NULL: none yet */
    bool options_ended;
    const struct option_definition *pending; /* whose value is the next word; NULL: none */
    const char *first_argument;              /* behind the action; NULL: none yet */
    int argument_count;
    struct completion_target target;
};

void completion_line_read(struct completion_line *line, const struct completion_request *request);

/* The options that may stand on the line, the command's own first; NULL behind the last. */
const struct option_definition *completion_line_option(const struct completion_line *line,
                                                       size_t index);
/* The option of a long name of `length` bytes, which may be cut short; NULL: none, or several. */
const struct option_definition *completion_line_find(const struct completion_line *line,
                                                     const char *name, size_t length);
const struct option_definition *completion_line_find_letter(const struct completion_line *line,
                                                            char letter);
/* What the next argument is; NULL: nothing is known of it. */
const struct argument_definition *completion_line_argument(const struct completion_line *line);

/* True if the option cannot do without a value. */
bool completion_takes_value(const struct option_definition *option);

#endif
