/*
 * Looking up definitions in a chain of sets.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/definition.h>

#include "model/definition_rows.h"

static bool is_version(struct lwm2m_version version)
{
    return version.major != 0 || version.minor != 0;
}

/* Whether `candidate` answers the wish better than `best` does. */
static bool is_better(struct lwm2m_version candidate, struct lwm2m_version best,
                      struct lwm2m_version wish)
{
    if (is_version(wish)) {
        bool is_exact = lwm2m_version_compare(candidate, wish) == 0;
        if (is_exact != (lwm2m_version_compare(best, wish) == 0)) {
            return is_exact;
        }
        if ((candidate.major == wish.major) != (best.major == wish.major)) {
            return candidate.major == wish.major;
        }
    }
    return lwm2m_version_compare(candidate, best) > 0;
}

/* Where the versions of an object begin: at the front if they may stand anywhere. */
static size_t first_candidate(const struct lwm2m_definitions *set, uint16_t object)
{
    size_t begin = 0;
    size_t end = set->sorted ? set->count : 0;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        if (set->objects[middle].id < object) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin;
}

static bool find_in_array(const struct lwm2m_definitions *set, uint16_t object,
                          struct lwm2m_version wish, struct lwm2m_object_definition *definition)
{
    const struct lwm2m_object_definition *best = NULL;
    for (size_t i = first_candidate(set, object); i < set->count; i++) {
        const struct lwm2m_object_definition *candidate = &set->objects[i];
        if (set->sorted && candidate->id != object) {
            break;
        }
        if (candidate->id == object &&
            (!best || is_better(candidate->version, best->version, wish))) {
            best = candidate;
        }
    }
    if (best) {
        *definition = *best;
    }
    return best != NULL;
}

static bool find_in_table(const struct lwm2m_definition_table *table, uint16_t object,
                          struct lwm2m_version wish, struct lwm2m_object_definition *definition)
{
    size_t best = table->object_count;
    for (size_t i = lwm2m_definition_table_lower_bound(table, object, LWM2M_NO_VERSION);
         i < table->object_count && table->objects[i].id == object; i++) {
        if (best == table->object_count ||
            is_better(lwm2m_object_row_version(&table->objects[i]),
                      lwm2m_object_row_version(&table->objects[best]), wish)) {
            best = i;
        }
    }
    if (best == table->object_count) {
        return false;
    }
    lwm2m_definition_table_get(table, best, definition);
    return true;
}

bool lwm2m_definitions_find_object(const struct lwm2m_definitions *definitions, uint16_t object,
                                   struct lwm2m_version version,
                                   struct lwm2m_object_definition *definition)
{
    for (const struct lwm2m_definitions *set = definitions; set; set = set->parent) {
        if (set->table ? find_in_table(set->table, object, version, definition)
                       : find_in_array(set, object, version, definition)) {
            return true;
        }
    }
    return false;
}

void lwm2m_object_definition_get(const struct lwm2m_object_definition *object, size_t index,
                                 struct lwm2m_resource_definition *resource)
{
    if (object->table) {
        lwm2m_resource_row_get(object->table,
                               &object->table->resources[object->table_index + index], resource);
    } else {
        *resource = object->resources[index];
    }
}

bool lwm2m_object_definition_find(const struct lwm2m_object_definition *object, uint16_t id,
                                  struct lwm2m_resource_definition *resource)
{
    if (object->table) {
        const struct lwm2m_resource_row *row = lwm2m_resource_rows_find(
            object->table->resources + object->table_index, object->resource_count, id);
        if (row) {
            lwm2m_resource_row_get(object->table, row, resource);
        }
        return row != NULL;
    }

    size_t begin = 0;
    size_t end = object->resource_count;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        if (object->resources[middle].id < id) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    if (begin == object->resource_count || object->resources[begin].id != id) {
        return false;
    }
    *resource = object->resources[begin];
    return true;
}

const struct lwm2m_definition_table *
lwm2m_definitions_table(const struct lwm2m_definitions *definitions)
{
    const struct lwm2m_definitions *set = definitions;
    while (set && !set->table) {
        set = set->parent;
    }
    return set ? set->table : NULL;
}

bool lwm2m_definitions_find_resource(const struct lwm2m_definitions *definitions, uint16_t object,
                                     struct lwm2m_version version, uint16_t resource,
                                     struct lwm2m_resource_definition *definition)
{
    struct lwm2m_object_definition found;
    if (lwm2m_definitions_find_object(definitions, object, version, &found) &&
        lwm2m_object_definition_find(&found, resource, definition)) {
        return true;
    }

    const struct lwm2m_definition_table *table = lwm2m_definitions_table(definitions);
    const struct lwm2m_resource_row *row =
        table ? lwm2m_resource_rows_find(table->reusable, table->reusable_count, resource) : NULL;
    if (row) {
        lwm2m_resource_row_get(table, row, definition);
    }
    return row != NULL;
}

enum lwm2m_type lwm2m_definitions_type(const struct lwm2m_definitions *definitions,
                                       struct lwm2m_path path)
{
    struct lwm2m_resource_definition resource;
    if (path.level < LWM2M_LEVEL_RESOURCE ||
        !lwm2m_definitions_find_resource(definitions, path.object, LWM2M_NO_VERSION, path.resource,
                                         &resource)) {
        return LWM2M_TYPE_UNTYPED;
    }
    return resource.type;
}

/* A place in the walk: an id, and a version in it. */
struct place {
    uint16_t id;
    struct lwm2m_version version;
};

static int compare_places(struct place a, struct place b)
{
    return a.id != b.id ? a.id - b.id : lwm2m_version_compare(a.version, b.version);
}

static struct place place_of(const struct lwm2m_object_definition *definition)
{
    return (struct place){definition->id, definition->version};
}

/* The first definition of one set at or behind a place. */
static bool find_from(const struct lwm2m_definitions *set, struct place place,
                      struct lwm2m_object_definition *definition)
{
    if (set->table) {
        size_t index = lwm2m_definition_table_lower_bound(set->table, place.id, place.version);
        if (index == set->table->object_count) {
            return false;
        }
        lwm2m_definition_table_get(set->table, index, definition);
        return true;
    }

    const struct lwm2m_object_definition *best = NULL;
    for (size_t i = 0; i < set->count; i++) {
        const struct lwm2m_object_definition *candidate = &set->objects[i];
        if (compare_places(place_of(candidate), place) >= 0 &&
            (!best || compare_places(place_of(candidate), place_of(best)) < 0)) {
            best = candidate;
        }
    }
    if (best) {
        *definition = *best;
    }
    return best != NULL;
}

/* The first definition of the whole chain at or behind a place, a set on top before those below. */
static const struct lwm2m_definitions *find_first_from(const struct lwm2m_definitions *definitions,
                                                       struct place place,
                                                       struct lwm2m_object_definition *definition)
{
    const struct lwm2m_definitions *owner = NULL;
    for (const struct lwm2m_definitions *set = definitions; set; set = set->parent) {
        struct lwm2m_object_definition candidate;
        if (find_from(set, place, &candidate) &&
            (!owner || compare_places(place_of(&candidate), place_of(definition)) < 0)) {
            owner = set;
            *definition = candidate;
        }
    }
    return owner;
}

/* Whether a set above `owner` defines the id too, and so hides the owner's versions of it. */
static bool is_hidden(const struct lwm2m_definitions *definitions,
                      const struct lwm2m_definitions *owner, uint16_t id)
{
    for (const struct lwm2m_definitions *set = definitions; set != owner; set = set->parent) {
        struct lwm2m_object_definition definition;
        if (find_from(set, (struct place){id, LWM2M_NO_VERSION}, &definition) &&
            definition.id == id) {
            return true;
        }
    }
    return false;
}

/* The next place in order; false behind the last one. */
static bool advance(struct place *place)
{
    if (place->version.minor < UINT8_MAX) {
        place->version.minor++;
    } else if (place->version.major < UINT8_MAX) {
        place->version = (struct lwm2m_version){(uint8_t)(place->version.major + 1), 0};
    } else {
        if (place->id == UINT16_MAX) {
            return false;
        }
        *place = (struct place){(uint16_t)(place->id + 1), LWM2M_NO_VERSION};
    }
    return true;
}

void lwm2m_definitions_visit(const struct lwm2m_definitions *definitions,
                             bool (*visit)(void *context,
                                           const struct lwm2m_object_definition *definition),
                             void *context)
{
    struct place place = {0, LWM2M_NO_VERSION};
    struct lwm2m_object_definition definition;
    bool more = true;

    while (more) {
        const struct lwm2m_definitions *owner = find_first_from(definitions, place, &definition);
        if (!owner) {
            return;
        }
        if (!is_hidden(definitions, owner, definition.id) && !visit(context, &definition)) {
            return;
        }
        place = place_of(&definition);
        more = advance(&place);
    }
}
