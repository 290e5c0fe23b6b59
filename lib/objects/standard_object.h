/*
 * What the constructors of the standard objects share.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef OBJECTS_STANDARD_OBJECT_H
#define OBJECTS_STANDARD_OBJECT_H

#include <lwm2m/objects.h>

/* A value to give to an object that is being made. */
struct lwm2m_initial_value {
    struct lwm2m_path path;
    struct lwm2m_value value;
};

/* What a standard object is made of. */
struct lwm2m_standard_object {
    struct lwm2m_table_object_config table; /* filled but for the definition */
    uint16_t id;
    const struct lwm2m_initial_value *values;
    size_t value_count;
};

/*
 * A table object with the definition of version 1.0 out of the set, and with its first values. If
 * it fails, too, the hooks' context is taken, and freed by their free. LWM2M_NOT_FOUND if the set
 * has no such object, LWM2M_NO_MEMORY.
 */
enum lwm2m_error lwm2m_standard_object_new(const struct lwm2m_standard_object *standard,
                                           const struct lwm2m_definitions *definitions,
                                           struct lwm2m_object **object) LWM2M_MUST_CHECK;

/* Sets them all; a string without bytes (data NULL) is left out. */
enum lwm2m_error lwm2m_standard_object_fill(struct lwm2m_object *object,
                                            const struct lwm2m_initial_value *values,
                                            size_t count) LWM2M_MUST_CHECK;

#endif
