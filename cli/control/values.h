/*
 * The "values" of a request, as records of a device.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONTROL_VALUES_H
#define CONTROL_VALUES_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include <lwm2m/definition.h>
#include <lwm2m/record.h>

#include "control/outcome.h"
#include "control/value_text.h"

/* How paths and types of values are found. */
struct value_types {
    const struct lwm2m_definitions *definitions; /* for names in paths */
    struct lwm2m_path base;                      /* the root, or an instance */
    void *context;
    /* False if the path is not known. */
    bool (*find)(void *context, struct lwm2m_path path, struct lwm2m_resource_definition *resource);
};

/* Records with the memory that their values lie in. */
struct value_list {
    struct lwm2m_record *records;
    struct owned_value *owned;
    size_t count;
};

/*
 * Reads an array of {"path","value"[,"type"]} or {"path","b64"[,"type"]}. Paths may hold names of
 * the definitions; one without a leading '/' is relative to types->base, if that is an instance.
 * False with *failure filled; what was read so far is released.
 */
bool value_list_read(const cJSON *values, const struct value_types *types, struct value_list *list,
                     struct control_outcome *failure);
void value_list_release(struct value_list *list);

#endif
