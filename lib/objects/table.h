/*
 * The table of values behind a table object. It checks nothing: values fit their definitions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef OBJECTS_TABLE_H
#define OBJECTS_TABLE_H

#include <lwm2m/definition.h>
#include <lwm2m/path.h>
#include <lwm2m/value.h>

#include "base/id_array.h"

struct lwm2m_table {
    const struct lwm2m_port *port;
    struct lwm2m_id_array instances;
};

void lwm2m_table_release(struct lwm2m_table *table);

/* The smallest id >= from; LWM2M_NO_ID if there is none. */
uint16_t lwm2m_table_next_instance(const struct lwm2m_table *table, uint16_t from);
uint16_t lwm2m_table_next_resource(const struct lwm2m_table *table, uint16_t instance,
                                   uint16_t from);
/* path: of the resource. */
uint16_t lwm2m_table_next_resource_instance(const struct lwm2m_table *table, struct lwm2m_path path,
                                            uint16_t from);

/* The value of a single resource or of a resource instance; NULL if there is none. */
const struct lwm2m_value *lwm2m_table_find(const struct lwm2m_table *table, struct lwm2m_path path);

/* Makes an instance with its mandatory resources, unless it exists. LWM2M_NO_MEMORY: it does not.
 */
enum lwm2m_error lwm2m_table_make_instance(struct lwm2m_table *table,
                                           const struct lwm2m_object_definition *definition,
                                           uint16_t id) LWM2M_MUST_CHECK;

/* Copies a value to a path whose instance exists; type NONE makes a resource without values.
 * LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_table_store(struct lwm2m_table *table, struct lwm2m_path path,
                                   const struct lwm2m_value *value) LWM2M_MUST_CHECK;

/* Removes an instance, a resource or a resource instance; LWM2M_NOT_FOUND. */
enum lwm2m_error lwm2m_table_remove(struct lwm2m_table *table,
                                    struct lwm2m_path path) LWM2M_MUST_CHECK;

/* See clear of lwm2m_object_operations. */
void lwm2m_table_clear(struct lwm2m_table *table, const struct lwm2m_object_definition *definition,
                       struct lwm2m_path path);

#endif
