/*
 * A device that a file describes: definitions, objects, instances, values, and what changes them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SIMULATION_PROFILE_H
#define SIMULATION_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include <lwm2m/bytes.h>

#include "control/outcome.h"

struct profile {
    char **definitions; /* files, by paths that lead there from here */
    size_t definition_count;
    uint16_t *objects; /* of those that the program has with behaviour of their own */
    size_t object_count;
    cJSON *values;     /* as value_list_read takes them */
    cJSON *instances;  /* array of paths */
    cJSON *generators; /* see profile_generators.h */
    char *directory;   /* of the file: what it names is looked for there */
    char *path;
};

/*
 * Reads a profile (lwm2m-client(1), PROFILES). Paths of the object model are not looked at yet: for
 * that, its definitions must have been read. NULL with *failure filled: the file cannot be read, is
 * no JSON (with its line), or holds what a profile cannot.
 */
struct profile *profile_read(const char *path, struct control_outcome *failure);
/* The same from the bytes of a file of that name. */
struct profile *profile_parse(const char *path, struct lwm2m_bytes bytes,
                              struct control_outcome *failure);
/* NULL is allowed. */
void profile_free(struct profile *profile);

/* A path that the profile names, as it leads there from here; the caller frees it. NULL: no memory.
 */
char *profile_path_new(const struct profile *profile, const char *name);

/* *failure as "FILE: what". */
void profile_refuse(const struct profile *profile, struct control_outcome *failure,
                    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* True if every member of object has a name out of the list, which ends with NULL; else *failure
 * names the one and what may have been meant. */
bool profile_check_names(const struct profile *profile, const cJSON *object,
                         const char *const *names, struct control_outcome *failure);

#endif
