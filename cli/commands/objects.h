/*
 * What the actions of the objects command share.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMANDS_OBJECTS_H
#define COMMANDS_OBJECTS_H

#include <cjson/cJSON.h>

#include "command/command.h"
#include "control/definition_catalogue.h"
#include "control/definition_sources.h"

struct objects_options {
    struct definition_sources sources;
    const char *version;
    bool strict;
    bool dry_run;
};

/* An action on its way: what is known is read, and gathered by object. */
struct objects_query {
    const struct invocation *invocation;
    const struct objects_options *options;
    const struct lwm2m_definitions *definitions;
    struct definition_catalogue catalogue;
};

/* The actions, with the words behind their names. Each prints what it found, returns an exit code, and has printed why if it is not 0. */
int objects_list(const struct objects_query *query, char *const *words, int count);
int objects_show(const struct objects_query *query, char *const *words, int count);
int objects_search(const struct objects_query *query, char *const *words, int count);
int objects_lint(const struct objects_query *query, char *const *words, int count);
int objects_import(const struct objects_query *query, char *const *words, int count);

/* Results for --json: "v", "op", "action". */
cJSON *objects_result_new(const char *action);
/* Prints the result and frees it; false when stdout takes no more. */
bool objects_result_print(const struct objects_query *query, cJSON *result);

/* What a definition says, as members of a result. */
void objects_add_object(cJSON *result, const struct catalogue_entry *entry,
                        const struct lwm2m_object_definition *object);
void objects_add_resource(cJSON *result, const struct lwm2m_resource_definition *resource);

/* Where a definition comes from, for people. */
const char *objects_source(const struct lwm2m_object_definition *object);

#endif
