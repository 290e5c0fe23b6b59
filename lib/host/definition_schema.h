/*
 * The OMA's schema of definitions, LWM2M.xsd: which elements an object and an item have, and in
 * which order; and what stands in the ranges of its resources.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HOST_DEFINITION_SCHEMA_H
#define HOST_DEFINITION_SCHEMA_H

#include "host/definition_rules.h"

struct lwm2m_schema_element;

/* The elements of one object or item, as they come. */
struct lwm2m_schema_sequence {
    const struct lwm2m_schema_element *elements;
    uint32_t seen;
    size_t furthest; /* of the elements that came */
    bool is_disordered;
};

void lwm2m_schema_sequence_begin(struct lwm2m_schema_sequence *sequence, bool in_item);
/* The next element, by name. */
void lwm2m_schema_sequence_take(struct lwm2m_schema_sequence *sequence, const char *name,
                                const struct lwm2m_definition_critic *critic);
/* Behind the last element: what is missing, but for what a reader misses itself. */
void lwm2m_schema_sequence_end(const struct lwm2m_schema_sequence *sequence,
                               const struct lwm2m_definition_critic *critic);

/* Whether a <RangeEnumeration> goes with the <Type>. */
void lwm2m_schema_check_range(const struct lwm2m_resource_definition *resource,
                              const struct lwm2m_definition_critic *critic);

#endif
