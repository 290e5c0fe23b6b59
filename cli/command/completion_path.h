/*
 * What a path of the data model may become, by the definitions and by what a device is known to
 * have; and what a resource may be set to.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMAND_COMPLETION_PATH_H
#define COMMAND_COMPLETION_PATH_H

#include "command/completion.h"

/* Takes what may follow `start`, which the user has typed; description may be NULL. */
struct completion_output {
    void *context;
    void (*put)(void *context, const char *start, const char *rest, const char *description,
                bool blank);
};

/* A path that is typed, and what is wanted of it. */
struct completion_path {
    const struct lwm2m_definitions *definitions;
    const struct completion_source *source; /* NULL: nothing lives */
    const struct completion_target *target;
    const char *base;    /* of paths that are relative, such as "/3303/0"; NULL: none */
    const char *typed;   /* without the base */
    unsigned operations; /* of resources; 0: any */
    bool assigned;       /* a '=' and a value follow */
    bool object_only;    /* no more than an object is wanted, which may go without its '/' */
};

void completion_path_find(const struct completion_path *path,
                          const struct completion_output *output);

/* Where path->typed is "PATH=" and the beginning of a value: the values that the definitions
 * enumerate. */
void completion_path_find_values(const struct completion_path *path,
                                 const struct completion_output *output);

#endif
