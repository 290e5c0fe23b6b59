/*
 * The elements that objects and resources consist of in the OMA's XML.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HOST_DEFINITION_FIELDS_H
#define HOST_DEFINITION_FIELDS_H

#include <stdbool.h>

#include <lwm2m/definition.h>

/* Where the text of an element goes. */
struct lwm2m_definition_target {
    struct lwm2m_object_definition *object;
    struct lwm2m_resource_definition *resource; /* NULL for the elements of an object */
    bool no_memory;                             /* set if a text could not be copied */
};

struct lwm2m_definition_field {
    const char *name;
    bool needed;
    bool may_be_empty;
    /* Takes the text, of length above 0 unless it may be empty; false: the text cannot be that. */
    bool (*take)(struct lwm2m_definition_target *target, const char *text);
    const char *form; /* what it has to be, for people */
};

#define LWM2M_DEFINITION_FIELDS_MAX 8

/* Each ends with an entry whose name is NULL. */
extern const struct lwm2m_definition_field lwm2m_object_fields[LWM2M_DEFINITION_FIELDS_MAX];
extern const struct lwm2m_definition_field lwm2m_item_fields[LWM2M_DEFINITION_FIELDS_MAX];

/* An id from 0 to 65534. */
bool lwm2m_definition_take_id(const char *text, uint16_t *id);

#endif
