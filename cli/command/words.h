/*
 * A line of text as the words of a command line: what a system shell would make of it with quotes
 * and backslashes, and nothing more. No file names, no substitution, no operators.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMAND_WORDS_H
#define COMMAND_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "argv/options.h"

/* What a line may hold. */
#define WORDS_LINE_BYTES_MAX 65536
#define WORDS_MAX 4096

struct words {
    char **texts; /* ended by NULL, as argv */
    int count;
    char *memory; /* of all texts */
};

/* Where the values of $name and ${name} come from. */
struct word_variables {
    void *context;
    /* The value of a variable; NULL: there is none, which is an error of the line. */
    const char *(*find)(void *context, const char *name);
};

/*
 * Splits a line: words end at blanks; '…' holds everything as it is, "…" everything but \" and \\
 * and variables, a backslash takes the meaning from the next character; a word that begins with #
 * ends the line. variables: NULL leaves $ a character like any other. A variable's value is part of
 * its word whatever it holds: it is not split again. False with *error filled, and nothing to
 * release, for a quote that is not closed, a backslash at the end, an unknown variable, or a line
 * beyond the bounds.
 */
bool words_split(const char *line, const struct word_variables *variables, struct words *words,
                 struct usage_error *error);

/* Zeroed words are allowed. */
void words_release(struct words *words);

#endif
