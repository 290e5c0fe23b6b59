/*
 * What came of a command, and whether that is what the script expects.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SCRIPT_VERDICT_H
#define SCRIPT_VERDICT_H

#include "command/words.h"
#include "script/capture.h"
#include "script/script.h"

/* One run of a command. */
struct command_outcome {
    int exit;
    char code[8];     /* of CoAP, the last that came; "" */
    char *value;      /* the last that came; NULL: none did */
    bool cut;         /* its time was over */
    struct capture results, diagnostics;
};

/* A listener for its results: context is the outcome. */
void command_outcome_take(void *context, const char *code, const char *printed);
void command_outcome_release(struct command_outcome *outcome);

/* The value that came; where none did, what was printed. The caller frees it. */
char *command_outcome_value_new(const struct command_outcome *outcome);

#define VERDICT_MESSAGE_MAX 512

struct verdict {
    int exit;      /* EXIT_CODE_OK: good */
    unsigned line; /* of what was not met */
    bool told;     /* the command itself has said why */
    char message[VERDICT_MESSAGE_MAX];
};

/* Compares an outcome with the `expect` statements that follow its command, if any. */
void verdict_reach(const struct command_outcome *outcome, const struct statement *command,
                   const struct statement *expectations, size_t count,
                   const struct word_variables *variables, struct verdict *verdict);

#endif
