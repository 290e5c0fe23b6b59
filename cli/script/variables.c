/*
 * Keeps the variables of a script.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "script/variables.h"

#include <stdlib.h>
#include <string.h>

void variables_release(struct variables *variables)
{
    for (size_t i = 0; i < variables->count; i++) {
        free(variables->entries[i].name);
        free(variables->entries[i].value);
    }
    variables->count = 0;
}

static struct variable *find(struct variables *variables, const char *name)
{
    for (size_t i = 0; i < variables->count; i++) {
        if (strcmp(variables->entries[i].name, name) == 0) {
            return &variables->entries[i];
        }
    }
    return NULL;
}

bool variables_set(struct variables *variables, const char *name, const char *value)
{
    struct variable *known = find(variables, name);
    char *copy = strdup(value);
    if (copy == NULL) {
        return false;
    }
    if (known != NULL) {
        free(known->value);
        known->value = copy;
        return true;
    }
    char *name_copy = variables->count < VARIABLES_MAX ? strdup(name) : NULL;
    if (name_copy == NULL) {
        free(copy);
        return false;
    }
    variables->entries[variables->count++] = (struct variable){name_copy, copy};
    return true;
}

const char *variables_find(void *context, const char *name)
{
    struct variable *known = find(context, name);
    return known != NULL ? known->value : getenv(name);
}

void variables_export(const struct variables *variables)
{
    for (size_t i = 0; i < variables->count; i++) {
        setenv(variables->entries[i].name, variables->entries[i].value, 1);
    }
}
