/*
 * The objects of a chain of definitions as people look at them: one entry for each id, with the
 * versions that are known.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONTROL_DEFINITION_CATALOGUE_H
#define CONTROL_DEFINITION_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

#include <lwm2m/definition.h>

struct catalogue_entry {
    struct lwm2m_object_definition object; /* the newest version */
    struct lwm2m_version *versions;        /* ascending */
    size_t version_count;
};

struct definition_catalogue {
    struct catalogue_entry *entries; /* by ascending id */
    size_t count;
};

/* Borrows the texts of the definitions. False if there is no memory; to be released all the same. */
bool definition_catalogue_init(struct definition_catalogue *catalogue,
                               const struct lwm2m_definitions *definitions);
void definition_catalogue_release(struct definition_catalogue *catalogue);

/* NULL if no object has the id. */
const struct catalogue_entry *
definition_catalogue_find(const struct definition_catalogue *catalogue, uint16_t object);

/* "1.0 1.1", cut off at the end of text. */
void catalogue_entry_print_versions(const struct catalogue_entry *entry, char *text, size_t size);

/* "RW", "E"; "" for what the management interface cannot reach. */
void operations_print(uint8_t operations, char text[4]);

#endif
