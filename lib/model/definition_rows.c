/*
 * Turns rows of the registry's table into definitions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "model/definition_rows.h"

struct lwm2m_version lwm2m_object_row_version(const struct lwm2m_object_row *row)
{
    return (struct lwm2m_version){row->major, row->minor};
}

size_t lwm2m_definition_table_lower_bound(const struct lwm2m_definition_table *table, uint16_t id,
                                          struct lwm2m_version version)
{
    size_t begin = 0;
    size_t end = table->object_count;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        const struct lwm2m_object_row *row = &table->objects[middle];
        if (row->id < id ||
            (row->id == id && lwm2m_version_compare(lwm2m_object_row_version(row), version) < 0)) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin;
}

void lwm2m_definition_table_get(const struct lwm2m_definition_table *table, size_t index,
                                struct lwm2m_object_definition *definition)
{
    const struct lwm2m_object_row *row = &table->objects[index];
    *definition = (struct lwm2m_object_definition){
        .id = row->id,
        .multiple = (row->flags & LWM2M_ROW_MULTIPLE) != 0,
        .mandatory = (row->flags & LWM2M_ROW_MANDATORY) != 0,
        .version = lwm2m_object_row_version(row),
        .lwm2m_version = {row->lwm2m_major, row->lwm2m_minor},
        .name = table->texts + row->name,
        .urn = table->texts + row->urn,
        .resource_count = row->resource_count,
        .table = table,
        .table_index = row->first_resource,
    };
}

const struct lwm2m_resource_row *lwm2m_resource_rows_find(const struct lwm2m_resource_row *rows,
                                                          size_t count, uint16_t id)
{
    size_t begin = 0;
    size_t end = count;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        if (rows[middle].id < id) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin < count && rows[begin].id == id ? &rows[begin] : NULL;
}

void lwm2m_resource_row_get(const struct lwm2m_definition_table *table,
                            const struct lwm2m_resource_row *row,
                            struct lwm2m_resource_definition *resource)
{
    const uint8_t operations = LWM2M_READABLE | LWM2M_WRITABLE | LWM2M_EXECUTABLE;
    *resource = (struct lwm2m_resource_definition){
        .id = row->id,
        .operations = row->flags & operations,
        .multiple = (row->flags & LWM2M_ROW_MULTIPLE) != 0,
        .mandatory = (row->flags & LWM2M_ROW_MANDATORY) != 0,
        .type = (enum lwm2m_type)row->type,
        .name = table->texts + row->name,
        .range = table->texts + row->range,
        .units = table->texts + row->units,
    };
}
