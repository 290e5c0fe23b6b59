/*
 * The variables of a script; what it has not set is looked for in the environment.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SCRIPT_VARIABLES_H
#define SCRIPT_VARIABLES_H

#include <stdbool.h>
#include <stddef.h>

#define VARIABLES_MAX 1024

struct variable {
    char *name;
    char *value;
};

/* Zeroed: empty. */
struct variables {
    struct variable entries[VARIABLES_MAX];
    size_t count;
};

void variables_release(struct variables *variables);

/* Copies both. False if there is no memory, or no room for one more. */
bool variables_set(struct variables *variables, const char *name, const char *value);

/* For struct word_variables: context is struct variables. */
const char *variables_find(void *context, const char *name);

/* Puts all of them into the environment: for a child, before it becomes another program. */
void variables_export(const struct variables *variables);

#endif
