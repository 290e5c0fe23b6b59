/*
 * The layout of the registry's table: rows of plain numbers and one pool of texts, so that the
 * whole of it is read-only data without relocations. definition_table.c is generated in this
 * layout.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MODEL_DEFINITION_TABLE_H
#define MODEL_DEFINITION_TABLE_H

#include <stddef.h>
#include <stdint.h>

/* Beside the operations (enum lwm2m_operations) in the flags of a row. */
enum lwm2m_definition_flags {
    LWM2M_ROW_MULTIPLE = 8,
    LWM2M_ROW_MANDATORY = 16,
};

/* name, urn, range and units are offsets into the pool; the empty text is at 0. */
struct lwm2m_resource_row {
    uint16_t id;
    uint16_t name;
    uint16_t range;
    uint16_t units;
    uint8_t flags;
    uint8_t type; /* enum lwm2m_type */
};

struct lwm2m_object_row {
    uint16_t id;
    uint8_t major;
    uint8_t minor;
    uint8_t lwm2m_major;
    uint8_t lwm2m_minor;
    uint16_t flags;
    uint16_t name;
    uint16_t urn;
    uint16_t first_resource; /* an index into resources */
    uint16_t resource_count;
};

struct lwm2m_definition_table {
    const struct lwm2m_object_row *objects; /* sorted by id, then by version */
    size_t object_count;
    const struct lwm2m_resource_row *resources; /* sorted by id within each object */
    const struct lwm2m_resource_row *reusable;  /* sorted by id */
    size_t reusable_count;
    const char *texts;
};

#endif
