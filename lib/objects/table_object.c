/*
 * The table object: any object, served from its definition and a table of stored values.
 *
 * Instances, resources and resource instances are sorted arrays inside each other; a single
 * resource has one cell whose id is LWM2M_NO_ID.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/client.h>
#include <lwm2m/objects.h>

#include <string.h>

#include "base/id_array.h"
#include "base/list.h"
#include "base/utf8.h"
#include "model/value_range.h"

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

struct table_object {
    struct lwm2m_object object;
    const struct lwm2m_port *port;
    const struct lwm2m_table_object_hooks *hooks;
    void *context;
    struct lwm2m_id_array instances;
};

static const struct lwm2m_table_object_hooks no_hooks;

static struct table_object *table_of(struct lwm2m_object *object)
{
    return LWM2M_CONTAINER_OF(object, struct table_object, object);
}

/* ---- finding ---- */

static struct instance *find_instance(const struct table_object *table, uint16_t id)
{
    return lwm2m_id_array_find(&table->instances, sizeof(struct instance), id);
}

static struct resource *find_resource(const struct table_object *table, struct lwm2m_path path)
{
    struct instance *instance = find_instance(table, path.instance);

    if (instance == NULL)
        return NULL;
    return lwm2m_id_array_find(&instance->resources, sizeof(struct resource), path.resource);
}

/* The cell of a single resource (whose path has no resource instance) or of a resource instance. */
static struct cell *find_cell(const struct table_object *table, struct lwm2m_path path)
{
    struct resource *resource = find_resource(table, path);

    if (resource == NULL)
        return NULL;
    return lwm2m_id_array_find(&resource->cells, sizeof(struct cell), path.resource_instance);
}

static uint16_t next_id(const struct lwm2m_id_array *array, size_t item_size, uint16_t from)
{
    size_t position = lwm2m_id_array_position(array, item_size, from);
    uint16_t id = LWM2M_NO_ID;

    if (position < array->count)
        memcpy(&id, lwm2m_id_array_at(array, item_size, position), sizeof(id));
    return id;
}

static uint16_t next_instance(struct lwm2m_object *object, uint16_t from)
{
    return next_id(&table_of(object)->instances, sizeof(struct instance), from);
}

static uint16_t next_resource(struct lwm2m_object *object, uint16_t instance, uint16_t from)
{
    struct instance *found = find_instance(table_of(object), instance);

    return found == NULL ? LWM2M_NO_ID : next_id(&found->resources, sizeof(struct resource), from);
}

static uint16_t next_resource_instance(struct lwm2m_object *object, uint16_t instance,
                                       uint16_t resource, uint16_t from)
{
    struct resource *found = find_resource(
        table_of(object), lwm2m_path_resource(object->definition.id, instance, resource));

    return found == NULL ? LWM2M_NO_ID : next_id(&found->cells, sizeof(struct cell), from);
}

/* ---- removing ---- */

static void release_cells(struct table_object *table, struct resource *resource)
{
    size_t i;

    for (i = 0; i < resource->cells.count; i++) {
        struct cell *cell = lwm2m_id_array_at(&resource->cells, sizeof(*cell), i);

        table->port->release(table->port->context, cell->memory);
    }
    lwm2m_id_array_release(&resource->cells, table->port);
}

static void release_instance(struct table_object *table, struct instance *instance)
{
    size_t i;

    for (i = 0; i < instance->resources.count; i++)
        release_cells(table, lwm2m_id_array_at(&instance->resources, sizeof(struct resource), i));
    lwm2m_id_array_release(&instance->resources, table->port);
}

static enum lwm2m_error remove_instance(struct table_object *table, uint16_t id)
{
    struct instance *instance = find_instance(table, id);

    if (instance == NULL)
        return LWM2M_NOT_FOUND;
    release_instance(table, instance);
    lwm2m_id_array_remove(&table->instances, sizeof(*instance),
                          lwm2m_id_array_position(&table->instances, sizeof(*instance), id));
    return LWM2M_OK;
}

static enum lwm2m_error remove_resource(struct table_object *table, struct lwm2m_path path)
{
    struct instance *instance = find_instance(table, path.instance);
    struct resource *resource = find_resource(table, path);

    if (resource == NULL)
        return LWM2M_NOT_FOUND;
    release_cells(table, resource);
    lwm2m_id_array_remove(
        &instance->resources, sizeof(*resource),
        lwm2m_id_array_position(&instance->resources, sizeof(*resource), path.resource));
    return LWM2M_OK;
}

static enum lwm2m_error remove_cell(struct table_object *table, struct lwm2m_path path)
{
    struct resource *resource = find_resource(table, path);
    struct cell *cell = find_cell(table, path);

    if (cell == NULL)
        return LWM2M_NOT_FOUND;
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
static enum lwm2m_error set_cell(struct table_object *table, struct cell *cell,
                                 const struct lwm2m_value *value)
{
    const struct lwm2m_port *port = table->port;
    uint8_t *memory = NULL;

    if (holds_bytes(value->type) && value->as.bytes.length > 0) {
        memory = port->allocate(port->context, value->as.bytes.length);
        if (memory == NULL)
            return LWM2M_NO_MEMORY;
        memcpy(memory, value->as.bytes.data, value->as.bytes.length);
    }
    port->release(port->context, cell->memory);
    cell->memory = memory;
    cell->value = *value;
    if (holds_bytes(value->type))
        cell->value.as.bytes.data = memory;
    return LWM2M_OK;
}

/* The resource at path, made if need be; its instance must exist. */
static struct resource *make_resource(struct table_object *table, struct lwm2m_path path)
{
    struct instance *instance = find_instance(table, path.instance);

    return lwm2m_id_array_insert(&instance->resources, table->port, sizeof(struct resource),
                                 path.resource);
}

/* Stores a value that fits its definition; type NONE makes a resource without cells. */
static enum lwm2m_error store(struct table_object *table, struct lwm2m_path path,
                              const struct lwm2m_value *value)
{
    bool is_new = find_cell(table, path) == NULL;
    struct resource *resource = make_resource(table, path);
    struct cell *cell;
    enum lwm2m_error error;

    if (resource == NULL)
        return LWM2M_NO_MEMORY;
    if (value->type == LWM2M_TYPE_NONE) {
        release_cells(table, resource);
        return LWM2M_OK;
    }
    cell =
        lwm2m_id_array_insert(&resource->cells, table->port, sizeof(*cell), path.resource_instance);
    if (cell == NULL)
        return LWM2M_NO_MEMORY;
    error = set_cell(table, cell, value);
    if (error != LWM2M_OK && is_new)
        (void)remove_cell(table, path);
    return error;
}

static struct lwm2m_value zero_of(enum lwm2m_type type)
{
    struct lwm2m_value value;

    memset(&value, 0, sizeof(value));
    value.type = type;
    if (type == LWM2M_TYPE_OBJLNK)
        value.as.objlnk = (struct lwm2m_objlnk){LWM2M_NO_ID, LWM2M_NO_ID};
    return value;
}

static enum lwm2m_error make_mandatory_resources(struct table_object *table, uint16_t instance)
{
    const struct lwm2m_object_definition *definition = &table->object.definition;
    size_t i;

    for (i = 0; i < definition->resource_count; i++) {
        struct lwm2m_resource_definition resource;
        struct lwm2m_value value;
        enum lwm2m_error error;

        lwm2m_object_definition_get(definition, i, &resource);
        if (!resource.mandatory)
            continue;
        value = resource.multiple ? lwm2m_value_none() : zero_of(resource.type);
        error = store(table, lwm2m_path_resource(definition->id, instance, resource.id), &value);
        if (error != LWM2M_OK)
            return error;
    }
    return LWM2M_OK;
}

static enum lwm2m_error make_instance(struct table_object *table, uint16_t id)
{
    enum lwm2m_error error;

    if (find_instance(table, id) != NULL)
        return LWM2M_OK;
    if (lwm2m_id_array_insert(&table->instances, table->port, sizeof(struct instance), id) == NULL)
        return LWM2M_NO_MEMORY;
    error = make_mandatory_resources(table, id);
    if (error != LWM2M_OK)
        (void)remove_instance(table, id);
    return error;
}

/* ---- what the engine calls ---- */

static enum lwm2m_error read_value(struct lwm2m_object *object, struct lwm2m_path path,
                                   struct lwm2m_sink sink)
{
    struct table_object *table = table_of(object);
    struct cell *cell;

    if (table->hooks->read != NULL) {
        enum lwm2m_error error = table->hooks->read(table->context, path, sink);

        if (error != LWM2M_NOT_FOUND)
            return error;
    }
    cell = find_cell(table, path);
    return cell == NULL ? LWM2M_NOT_FOUND : lwm2m_sink_put(sink, path, cell->value);
}

static enum lwm2m_error validate(struct lwm2m_object *object, const struct lwm2m_record *record)
{
    struct table_object *table = table_of(object);

    return table->hooks->validate == NULL ? LWM2M_OK
                                          : table->hooks->validate(table->context, record);
}

static enum lwm2m_error write_value(struct lwm2m_object *object, const struct lwm2m_record *record)
{
    return store(table_of(object), record->path, &record->value);
}

/* Whether a write that replaces the instance takes this resource away first. */
static bool is_replaced(const struct lwm2m_object_definition *object, uint16_t id)
{
    struct lwm2m_resource_definition resource;

    return lwm2m_object_definition_find(object, id, &resource) && !resource.mandatory &&
           (resource.operations & LWM2M_WRITABLE) != 0;
}

static enum lwm2m_error clear(struct lwm2m_object *object, struct lwm2m_path path)
{
    struct table_object *table = table_of(object);
    struct instance *instance = find_instance(table, path.instance);
    struct resource *resource;
    size_t i;

    if (path.level != LWM2M_LEVEL_INSTANCE) {
        resource = find_resource(table, path);
        if (resource != NULL)
            release_cells(table, resource);
        return LWM2M_OK;
    }
    for (i = instance == NULL ? 0 : instance->resources.count; i-- > 0;) {
        resource = lwm2m_id_array_at(&instance->resources, sizeof(*resource), i);
        if (!is_replaced(&object->definition, resource->id))
            continue;
        release_cells(table, resource);
        lwm2m_id_array_remove(&instance->resources, sizeof(*resource), i);
    }
    return LWM2M_OK;
}

static void written(struct lwm2m_object *object, struct lwm2m_path path)
{
    struct table_object *table = table_of(object);

    if (table->hooks->written != NULL)
        table->hooks->written(table->context, path);
}

static enum lwm2m_error execute(struct lwm2m_object *object, struct lwm2m_path path,
                                struct lwm2m_bytes arguments)
{
    struct table_object *table = table_of(object);

    return table->hooks->execute == NULL ? LWM2M_OK
                                         : table->hooks->execute(table->context, path, arguments);
}

static enum lwm2m_error create(struct lwm2m_object *object, uint16_t instance)
{
    return make_instance(table_of(object), instance);
}

static enum lwm2m_error remove_by_server(struct lwm2m_object *object, uint16_t instance)
{
    return remove_instance(table_of(object), instance);
}

static void free_table(struct lwm2m_object *object)
{
    struct table_object *table = table_of(object);
    const struct lwm2m_port *port = table->port;
    size_t i;

    if (table->hooks->free != NULL)
        table->hooks->free(table->context);
    for (i = 0; i < table->instances.count; i++)
        release_instance(table, lwm2m_id_array_at(&table->instances, sizeof(struct instance), i));
    lwm2m_id_array_release(&table->instances, port);
    port->release(port->context, table);
}

static const struct lwm2m_object_operations operations = {
    .next_instance = next_instance,
    .next_resource = next_resource,
    .next_resource_instance = next_resource_instance,
    .read = read_value,
    .validate = validate,
    .write = write_value,
    .clear = clear,
    .written = written,
    .execute = execute,
    .create = create,
    .remove = remove_by_server,
    .free = free_table,
};

static const struct lwm2m_object_operations operations_with_fixed_instances = {
    .next_instance = next_instance,
    .next_resource = next_resource,
    .next_resource_instance = next_resource_instance,
    .read = read_value,
    .validate = validate,
    .write = write_value,
    .clear = clear,
    .written = written,
    .execute = execute,
    .free = free_table,
};

/* ---- for the device itself ---- */

enum lwm2m_error lwm2m_table_object_new(const struct lwm2m_table_object_config *config,
                                        struct lwm2m_object **object)
{
    const struct lwm2m_port *port = config->port;
    struct table_object *table;

    if (port == NULL || config->definition.id == LWM2M_NO_ID)
        return LWM2M_ARGUMENT;
    table = port->allocate(port->context, sizeof(*table));
    if (table == NULL)
        return LWM2M_NO_MEMORY;
    memset(table, 0, sizeof(*table));
    table->object.definition = config->definition;
    table->object.operations =
        config->fixed_instances ? &operations_with_fixed_instances : &operations;
    table->port = port;
    table->hooks = config->hooks == NULL ? &no_hooks : config->hooks;
    table->context = config->context;
    *object = &table->object;
    return LWM2M_OK;
}

static void tell_changed(struct lwm2m_object *object, struct lwm2m_path path)
{
    if (object->client != NULL)
        lwm2m_client_changed(object->client, path);
}

/* Checks a value for a resource against the definition and gives it the resource's type. */
static enum lwm2m_error check_value(const struct lwm2m_resource_definition *definition,
                                    struct lwm2m_path path, struct lwm2m_value *value)
{
    bool names_cell = path.level == LWM2M_LEVEL_RESOURCE_INSTANCE;
    enum lwm2m_error error;

    if (value->type == LWM2M_TYPE_NONE) {
        bool executable = definition->type == LWM2M_TYPE_NONE;

        return !names_cell && (definition->multiple || executable) ? LWM2M_OK : LWM2M_TYPE;
    }
    if (definition->type == LWM2M_TYPE_NONE)
        return LWM2M_TYPE;
    if (names_cell != definition->multiple)
        return LWM2M_ARGUMENT;
    error = lwm2m_value_convert(value, definition->type);
    if (error != LWM2M_OK)
        return error;
    if (value->type == LWM2M_TYPE_STRING && !lwm2m_utf8_is_valid(value->as.bytes))
        return LWM2M_TYPE;
    return lwm2m_value_in_range(value, definition->range) ? LWM2M_OK : LWM2M_RANGE;
}

static enum lwm2m_error set_instance(struct table_object *table, uint16_t id)
{
    enum lwm2m_error error;

    if (find_instance(table, id) != NULL)
        return LWM2M_OK;
    error = make_instance(table, id);
    if (error == LWM2M_OK)
        tell_changed(&table->object, lwm2m_path_object(table->object.definition.id));
    return error;
}

enum lwm2m_error lwm2m_table_object_set(struct lwm2m_object *object, struct lwm2m_path path,
                                        struct lwm2m_value value)
{
    struct table_object *table = table_of(object);
    struct lwm2m_resource_definition definition;
    enum lwm2m_error error;

    if (path.object != object->definition.id || path.level < LWM2M_LEVEL_INSTANCE)
        return LWM2M_ARGUMENT;
    if (path.level == LWM2M_LEVEL_INSTANCE)
        return value.type == LWM2M_TYPE_NONE ? set_instance(table, path.instance) : LWM2M_TYPE;
    if (!lwm2m_object_definition_find(&object->definition, path.resource, &definition))
        return LWM2M_NOT_FOUND;
    error = check_value(&definition, path, &value);
    if (error != LWM2M_OK)
        return error;
    error = set_instance(table, path.instance);
    if (error != LWM2M_OK)
        return error;
    error = store(table, path, &value);
    if (error == LWM2M_OK)
        tell_changed(object, path);
    return error;
}

enum lwm2m_error lwm2m_table_object_remove(struct lwm2m_object *object, struct lwm2m_path path)
{
    struct table_object *table = table_of(object);
    enum lwm2m_error error;

    if (path.object != object->definition.id)
        return LWM2M_NOT_FOUND;
    if (path.level == LWM2M_LEVEL_INSTANCE)
        error = remove_instance(table, path.instance);
    else if (path.level == LWM2M_LEVEL_RESOURCE)
        error = remove_resource(table, path);
    else if (path.level == LWM2M_LEVEL_RESOURCE_INSTANCE)
        error = remove_cell(table, path);
    else
        error = LWM2M_NOT_FOUND;
    if (error == LWM2M_OK)
        tell_changed(object, lwm2m_path_ancestor(path, path.level - 1));
    return error;
}

enum lwm2m_error lwm2m_table_object_get(struct lwm2m_object *object, struct lwm2m_path path,
                                        struct lwm2m_value *value)
{
    struct cell *cell = find_cell(table_of(object), path);

    if (path.object != object->definition.id || cell == NULL)
        return LWM2M_NOT_FOUND;
    *value = cell->value;
    return LWM2M_OK;
}
