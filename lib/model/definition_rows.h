/*
 * Reading the rows of the registry's table.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MODEL_DEFINITION_ROWS_H
#define MODEL_DEFINITION_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include <lwm2m/definition.h>

#include "model/definition_table.h"

struct lwm2m_version lwm2m_object_row_version(const struct lwm2m_object_row *row);

/* The index of the first object that is not before id and version; object_count if all are. */
size_t lwm2m_definition_table_lower_bound(const struct lwm2m_definition_table *table, uint16_t id,
                                          struct lwm2m_version version);

void lwm2m_definition_table_get(const struct lwm2m_definition_table *table, size_t index,
                                struct lwm2m_object_definition *definition);

/* NULL if no row has the id. */
const struct lwm2m_resource_row *lwm2m_resource_rows_find(const struct lwm2m_resource_row *rows,
                                                          size_t count, uint16_t id);

void lwm2m_resource_row_get(const struct lwm2m_definition_table *table,
                            const struct lwm2m_resource_row *row,
                            struct lwm2m_resource_definition *resource);

/* The registry's table that a chain of sets ends in, NULL if it does not. */
const struct lwm2m_definition_table *
lwm2m_definitions_table(const struct lwm2m_definitions *definitions);

#endif
