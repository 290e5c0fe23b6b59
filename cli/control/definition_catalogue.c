/*
 * Gathers the versions of each object of a chain of definitions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "control/definition_catalogue.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct gathering {
    struct definition_catalogue *catalogue;
    size_t capacity;
    bool failed;
};

static struct catalogue_entry *add_entry(struct gathering *gathering)
{
    struct definition_catalogue *catalogue = gathering->catalogue;
    if (catalogue->count == gathering->capacity) {
        size_t capacity = gathering->capacity == 0 ? 64 : gathering->capacity * 2;
        struct catalogue_entry *grown =
            realloc(catalogue->entries, capacity * sizeof(*catalogue->entries));
        if (grown == NULL) {
            return NULL;
        }
        catalogue->entries = grown;
        gathering->capacity = capacity;
    }
    struct catalogue_entry *entry = &catalogue->entries[catalogue->count++];
    *entry = (struct catalogue_entry){0};
    return entry;
}

/* Definitions come by id, then by version: the last of an id is the newest. */
static bool add_definition(void *context, const struct lwm2m_object_definition *definition)
{
    struct gathering *gathering = context;
    struct definition_catalogue *catalogue = gathering->catalogue;
    struct catalogue_entry *entry =
        catalogue->count > 0 ? &catalogue->entries[catalogue->count - 1] : NULL;
    if (entry == NULL || entry->object.id != definition->id) {
        entry = add_entry(gathering);
    }
    struct lwm2m_version *grown =
        entry != NULL
            ? realloc(entry->versions, (entry->version_count + 1) * sizeof(*entry->versions))
            : NULL;
    if (grown == NULL) {
        gathering->failed = true;
        return false;
    }
    entry->versions = grown;
    entry->versions[entry->version_count++] = definition->version;
    entry->object = *definition;
    return true;
}

bool definition_catalogue_init(struct definition_catalogue *catalogue,
                               const struct lwm2m_definitions *definitions)
{
    struct gathering gathering = {.catalogue = catalogue};
    *catalogue = (struct definition_catalogue){0};
    lwm2m_definitions_visit(definitions, add_definition, &gathering);
    return !gathering.failed;
}

void definition_catalogue_release(struct definition_catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->count; i++) {
        free(catalogue->entries[i].versions);
    }
    free(catalogue->entries);
    *catalogue = (struct definition_catalogue){0};
}

static int compare_entries(const void *key, const void *entry)
{
    return *(const uint16_t *)key - ((const struct catalogue_entry *)entry)->object.id;
}

const struct catalogue_entry *
definition_catalogue_find(const struct definition_catalogue *catalogue, uint16_t object)
{
    return catalogue->count == 0 ? NULL
                                 : bsearch(&object, catalogue->entries, catalogue->count,
                                           sizeof(*catalogue->entries), compare_entries);
}

void catalogue_entry_print_versions(const struct catalogue_entry *entry, char *text, size_t size)
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < entry->version_count && length < size; i++) {
        char version[LWM2M_VERSION_TEXT_MAX];
        lwm2m_version_print(entry->versions[i], version);
        length += (size_t)snprintf(text + length, size - length, "%s%s", i > 0 ? " " : "", version);
    }
}

void operations_print(uint8_t operations, char text[4])
{
    size_t length = 0;
    if ((operations & LWM2M_READABLE) != 0) {
        text[length++] = 'R';
    }
    if ((operations & LWM2M_WRITABLE) != 0) {
        text[length++] = 'W';
    }
    if ((operations & LWM2M_EXECUTABLE) != 0) {
        text[length++] = 'E';
    }
    text[length] = '\0';
}
