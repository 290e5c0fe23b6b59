/*
 * The table of values behind a table object: instances, resources and resource instances are sorted
 * arrays inside each other; a single resource has one cell whose id is LWM2M_NO_ID.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "objects/table.h"

#include <string.h>

struct cell {
    uint16_t id; /* of the resource instance; LWM2M_NO_ID for a single resource */
    struct lwm2m_value value;
    uint8_t *memory; /* what value.as.bytes points to; NULL if nothing */
};

struct resource {
    uint16_t id;
    struct lwm2m_id_array cells;
};

struct instance {
    uint16_t id;
    struct lwm2m_id_array resources;
};

/* ---- finding ---- */

static struct instance *find_instance(const struct lwm2m_table *table, uint16_t id)
{
    return lwm2m_id_array_find(&table->instances, sizeof(struct instance), id);
}

static struct resource *find_resource(const struct lwm2m_table *table, struct lwm2m_path path)
{
    struct instance *instance = find_instance(table, path.instance);

    if (instance == NULL) {
        return NULL;
    }
    return lwm2m_id_array_find(&instance->resources, sizeof(struct resource), path.resource);
}

/* The cell of a single resource (whose path has no resource instance) or of a resource instance. */
static struct cell *find_cell(const struct lwm2m_table *table, struct lwm2m_path path)
{
    struct resource *resource = find_resource(table, path);

    if (resource == NULL) {
        return NULL;
    }
    return lwm2m_id_array_find(&resource->cells, sizeof(struct cell), path.resource_instance);
}

static uint16_t next_id(const struct lwm2m_id_array *array, size_t item_size, uint16_t from)
{
    size_t position = lwm2m_id_array_position(array, item_size, from);
    uint16_t id = LWM2M_NO_ID;

    if (position < array->count) {
        memcpy(&id, lwm2m_id_array_at(array, item_size, position), sizeof(id));
    }
    return id;
}

uint16_t lwm2m_table_next_instance(const struct lwm2m_table *table, uint16_t from)
{
    return next_id(&table->instances, sizeof(struct instance), from);
}

uint16_t lwm2m_table_next_resource(const struct lwm2m_table *table, uint16_t instance,
                                   uint16_t from)
{
    struct instance *found = find_instance(table, instance);

    return found == NULL ? LWM2M_NO_ID : next_id(&found->resources, sizeof(struct resource), from);
}

uint16_t lwm2m_table_next_resource_instance(const struct lwm2m_table *table, struct lwm2m_path path,
                                            uint16_t from)
{
    struct resource *found = find_resource(table, path);

    return found == NULL ? LWM2M_NO_ID : next_id(&found->cells, sizeof(struct cell), from);
}

const struct lwm2m_value *lwm2m_table_find(const struct lwm2m_table *table, struct lwm2m_path path)
{
    struct cell *cell = find_cell(table, path);

    return cell == NULL ? NULL : &cell->value;
}

/* ---- removing ---- */

static void release_cells(struct lwm2m_table *table, struct resource *resource)
{
    size_t i;

    for (i = 0; i < resource->cells.count; i++) {
        struct cell *cell = lwm2m_id_array_at(&resource->cells, sizeof(*cell), i);

        table->port->release(table->port->context, cell->memory);
    }
    lwm2m_id_array_release(&resource->cells, table->port);
}

static void release_instance(struct lwm2m_table *table, struct instance *instance)
{
    size_t i;

    for (i = 0; i < instance->resources.count; i++) {
        release_cells(table, lwm2m_id_array_at(&instance->resources, sizeof(struct resource), i));
    }
    lwm2m_id_array_release(&instance->resources, table->port);
}

static enum lwm2m_error remove_instance(struct lwm2m_table *table, uint16_t id)
{
    struct instance *instance = find_instance(table, id);

    if (instance == NULL) {
        return LWM2M_NOT_FOUND;
    }
    release_instance(table, instance);
    lwm2m_id_array_remove(&table->instances, sizeof(*instance),
                          lwm2m_id_array_position(&table->instances, sizeof(*instance), id));
    return LWM2M_OK;
}

static enum lwm2m_error remove_resource(struct lwm2m_table *table, struct lwm2m_path path)
{
    struct instance *instance = find_instance(table, path.instance);
    struct resource *resource = find_resource(table, path);

    if (resource == NULL) {
        return LWM2M_NOT_FOUND;
    }
    release_cells(table, resource);
    lwm2m_id_array_remove(
        &instance->resources, sizeof(*resource),
        lwm2m_id_array_position(&instance->resources, sizeof(*resource), path.resource));
    return LWM2M_OK;
}

static enum lwm2m_error remove_cell(struct lwm2m_table *table, struct lwm2m_path path)
{
    struct resource *resource = find_resource(table, path);
    struct cell *cell = find_cell(table, path);

    if (cell == NULL) {
        return LWM2M_NOT_FOUND;
    }
    table->port->release(table->port->context, cell->memory);
    lwm2m_id_array_remove(
        &resource->cells, sizeof(*cell),
        lwm2m_id_array_position(&resource->cells, sizeof(*cell), path.resource_instance));
    return LWM2M_OK;
}

/* ---- storing ---- */

static bool holds_bytes(enum lwm2m_type type)
{
    return type == LWM2M_TYPE_STRING || type == LWM2M_TYPE_CORELNK || type == LWM2M_TYPE_OPAQUE ||
           type == LWM2M_TYPE_UNTYPED;
}

/* Copies before it frees, since the value may borrow from the cell itself. */
static enum lwm2m_error set_cell(struct lwm2m_table *table, struct cell *cell,
                                 const struct lwm2m_value *value)
{
    const struct lwm2m_port *port = table->port;
    uint8_t *memory = NULL;

    if (holds_bytes(value->type) && value->as.bytes.length > 0) {
        memory = port->allocate(port->context, value->as.bytes.length);
        if (memory == NULL) {
            return LWM2M_NO_MEMORY;
        }
        memcpy(memory, value->as.bytes.data, value->as.bytes.length);
    }
    port->release(port->context, cell->memory);
    cell->memory = memory;
    cell->value = *value;
    if (holds_bytes(value->type)) {
        cell->value.as.bytes.data = memory;
    }
    return LWM2M_OK;
}

/* The resource at path, made if need be; its instance must exist. */
static struct resource *make_resource(struct lwm2m_table *table, struct lwm2m_path path)
{
    struct instance *instance = find_instance(table, path.instance);

    return lwm2m_id_array_insert(&instance->resources, table->port, sizeof(struct resource),
                                 path.resource);
}

/* Stores a value that fits its definition; type NONE makes a resource without cells. */
enum lwm2m_error lwm2m_table_store(struct lwm2m_table *table, struct lwm2m_path path,
                                   const struct lwm2m_value *value)
{
    bool is_new = find_cell(table, path) == NULL;
    struct resource *resource = make_resource(table, path);
    struct cell *cell;
    enum lwm2m_error error;

    if (resource == NULL) {
        return LWM2M_NO_MEMORY;
    }
    if (value->type == LWM2M_TYPE_NONE) {
        release_cells(table, resource);
        return LWM2M_OK;
    }
    cell =
        lwm2m_id_array_insert(&resource->cells, table->port, sizeof(*cell), path.resource_instance);
    if (cell == NULL) {
        return LWM2M_NO_MEMORY;
    }
    error = set_cell(table, cell, value);
    if (error != LWM2M_OK && is_new) {
        (void)remove_cell(table, path);
    }
    return error;
}

static struct lwm2m_value zero_of(enum lwm2m_type type)
{
    struct lwm2m_value value;

    memset(&value, 0, sizeof(value));
    value.type = type;
    if (type == LWM2M_TYPE_OBJLNK) {
        value.as.objlnk = (struct lwm2m_objlnk){LWM2M_NO_ID, LWM2M_NO_ID};
    }
    return value;
}

static enum lwm2m_error make_mandatory_resources(struct lwm2m_table *table,
                                                 const struct lwm2m_object_definition *definition,
                                                 uint16_t instance)
{
    size_t i;

    for (i = 0; i < definition->resource_count; i++) {
        struct lwm2m_resource_definition resource;
        struct lwm2m_value value;
        enum lwm2m_error error;

        lwm2m_object_definition_get(definition, i, &resource);
        if (!resource.mandatory) {
            continue;
        }
        value = resource.multiple ? lwm2m_value_none() : zero_of(resource.type);
        error = lwm2m_table_store(table, lwm2m_path_resource(definition->id, instance, resource.id),
                                  &value);
        if (error != LWM2M_OK) {
            return error;
        }
    }
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_table_make_instance(struct lwm2m_table *table,
                                           const struct lwm2m_object_definition *definition,
                                           uint16_t id)
{
    enum lwm2m_error error;

    if (find_instance(table, id) != NULL) {
        return LWM2M_OK;
    }
    if (lwm2m_id_array_insert(&table->instances, table->port, sizeof(struct instance), id) ==
        NULL) {
        return LWM2M_NO_MEMORY;
    }
    error = make_mandatory_resources(table, definition, id);
    if (error != LWM2M_OK) {
        (void)remove_instance(table, id);
    }
    return error;
}

/* Whether a write that replaces the instance takes this resource away first. */
static bool is_replaced(const struct lwm2m_object_definition *object, uint16_t id)
{
    struct lwm2m_resource_definition resource;

    return lwm2m_object_definition_find(object, id, &resource) && !resource.mandatory &&
           (resource.operations & LWM2M_WRITABLE) != 0;
}

void lwm2m_table_clear(struct lwm2m_table *table, const struct lwm2m_object_definition *definition,
                       struct lwm2m_path path)
{
    struct instance *instance = find_instance(table, path.instance);
    struct resource *resource;
    size_t i;

    if (path.level != LWM2M_LEVEL_INSTANCE) {
        resource = find_resource(table, path);
        if (resource != NULL) {
            release_cells(table, resource);
        }
        return;
    }
    for (i = instance == NULL ? 0 : instance->resources.count; i-- > 0;) {
        resource = lwm2m_id_array_at(&instance->resources, sizeof(*resource), i);
        if (!is_replaced(definition, resource->id)) {
            continue;
        }
        release_cells(table, resource);
        lwm2m_id_array_remove(&instance->resources, sizeof(*resource), i);
    }
}

/* ---- by path ---- */

enum lwm2m_error lwm2m_table_remove(struct lwm2m_table *table, struct lwm2m_path path)
{
    switch (path.level) {
    case LWM2M_LEVEL_INSTANCE:
        return remove_instance(table, path.instance);
    case LWM2M_LEVEL_RESOURCE:
        return remove_resource(table, path);
    case LWM2M_LEVEL_RESOURCE_INSTANCE:
        return remove_cell(table, path);
    default:
        return LWM2M_NOT_FOUND;
    }
}

void lwm2m_table_release(struct lwm2m_table *table)
{
    size_t i;

    for (i = 0; i < table->instances.count; i++) {
        release_instance(table, lwm2m_id_array_at(&table->instances, sizeof(struct instance), i));
    }
    lwm2m_id_array_release(&table->instances, table->port);
}
