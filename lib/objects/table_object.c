/*
 * The table object: any object, served from its definition and a table of stored values.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/client.h>
#include <lwm2m/list.h>
#include <lwm2m/objects.h>
#include <lwm2m/utf8.h>

#include <string.h>

#include "model/value_range.h"
#include "objects/table.h"

struct table_object {
    struct lwm2m_object object;
    const struct lwm2m_table_object_hooks *hooks;
    void *context;
    struct lwm2m_table values;
};

static const struct lwm2m_table_object_hooks no_hooks;

static struct table_object *table_of(struct lwm2m_object *object)
{
    return LWM2M_CONTAINER_OF(object, struct table_object, object);
}

/* ---- what the engine calls ---- */

static uint16_t next_instance(struct lwm2m_object *object, uint16_t from)
{
    return lwm2m_table_next_instance(&table_of(object)->values, from);
}

static uint16_t next_resource(struct lwm2m_object *object, uint16_t instance, uint16_t from)
{
    return lwm2m_table_next_resource(&table_of(object)->values, instance, from);
}

static uint16_t next_resource_instance(struct lwm2m_object *object, uint16_t instance,
                                       uint16_t resource, uint16_t from)
{
    struct lwm2m_path path = lwm2m_path_resource(object->definition.id, instance, resource);

    return lwm2m_table_next_resource_instance(&table_of(object)->values, path, from);
}

static enum lwm2m_error read_value(struct lwm2m_object *object, struct lwm2m_path path,
                                   struct lwm2m_sink sink)
{
    struct table_object *table = table_of(object);
    const struct lwm2m_value *value;

    if (table->hooks->read != NULL) {
        enum lwm2m_error error = table->hooks->read(table->context, path, sink);

        if (error != LWM2M_NOT_FOUND) {
            return error;
        }
    }
    value = lwm2m_table_find(&table->values, path);
    return value == NULL ? LWM2M_NOT_FOUND : lwm2m_sink_put(sink, path, *value);
}

static enum lwm2m_error validate(struct lwm2m_object *object, const struct lwm2m_record *record)
{
    struct table_object *table = table_of(object);

    return table->hooks->validate == NULL ? LWM2M_OK
                                          : table->hooks->validate(table->context, record);
}

static enum lwm2m_error write_value(struct lwm2m_object *object, const struct lwm2m_record *record)
{
    return lwm2m_table_store(&table_of(object)->values, record->path, &record->value);
}

static enum lwm2m_error clear(struct lwm2m_object *object, struct lwm2m_path path)
{
    lwm2m_table_clear(&table_of(object)->values, &object->definition, path);
    return LWM2M_OK;
}

static void written(struct lwm2m_object *object, struct lwm2m_path path)
{
    struct table_object *table = table_of(object);

    if (table->hooks->written != NULL) {
        table->hooks->written(table->context, path);
    }
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
    return lwm2m_table_make_instance(&table_of(object)->values, &object->definition, instance);
}

static enum lwm2m_error remove_by_server(struct lwm2m_object *object, uint16_t instance)
{
    return lwm2m_table_remove(&table_of(object)->values,
                              lwm2m_path_instance(object->definition.id, instance));
}

static enum lwm2m_error remove_resource_instance(struct lwm2m_object *object,
                                                 struct lwm2m_path path)
{
    return lwm2m_table_remove(&table_of(object)->values, path);
}

static void free_table(struct lwm2m_object *object)
{
    struct table_object *table = table_of(object);
    const struct lwm2m_port *port = table->values.port;

    if (table->hooks->free != NULL) {
        table->hooks->free(table->context);
    }
    lwm2m_table_release(&table->values);
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
    .remove_resource_instance = remove_resource_instance,
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
    .remove_resource_instance = remove_resource_instance,
    .free = free_table,
};

/* ---- for the device itself ---- */

enum lwm2m_error lwm2m_table_object_new(const struct lwm2m_table_object_config *config,
                                        struct lwm2m_object **object)
{
    const struct lwm2m_port *port = config->port;
    struct table_object *table;

    if (port == NULL || config->definition.id == LWM2M_NO_ID) {
        return LWM2M_ARGUMENT;
    }
    table = port->allocate(port->context, sizeof(*table));
    if (table == NULL) {
        return LWM2M_NO_MEMORY;
    }
    memset(table, 0, sizeof(*table));
    table->object.definition = config->definition;
    table->object.operations =
        config->fixed_instances ? &operations_with_fixed_instances : &operations;
    table->values.port = port;
    table->hooks = config->hooks == NULL ? &no_hooks : config->hooks;
    table->context = config->context;
    *object = &table->object;
    return LWM2M_OK;
}

static void tell_changed(struct lwm2m_object *object, struct lwm2m_path path)
{
    if (object->client != NULL) {
        lwm2m_client_changed(object->client, path);
    }
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
    if (definition->type == LWM2M_TYPE_NONE) {
        return LWM2M_TYPE;
    }
    if (names_cell != definition->multiple) {
        return LWM2M_ARGUMENT;
    }
    error = lwm2m_value_convert(value, definition->type);
    if (error != LWM2M_OK) {
        return error;
    }
    if (value->type == LWM2M_TYPE_STRING && !lwm2m_utf8_is_valid(value->as.bytes)) {
        return LWM2M_TYPE;
    }
    return lwm2m_value_in_range(value, definition->range) ? LWM2M_OK : LWM2M_RANGE;
}

static enum lwm2m_error set_instance(struct table_object *table, uint16_t id)
{
    enum lwm2m_error error;

    if (lwm2m_table_next_instance(&table->values, id) == id) {
        return LWM2M_OK;
    }
    error = lwm2m_table_make_instance(&table->values, &table->object.definition, id);
    if (error == LWM2M_OK) {
        tell_changed(&table->object, lwm2m_path_object(table->object.definition.id));
    }
    return error;
}

enum lwm2m_error lwm2m_table_object_set(struct lwm2m_object *object, struct lwm2m_path path,
                                        struct lwm2m_value value)
{
    struct table_object *table = table_of(object);
    struct lwm2m_resource_definition definition;
    enum lwm2m_error error;

    if (path.object != object->definition.id || path.level < LWM2M_LEVEL_INSTANCE ||
        path.instance == LWM2M_NO_ID) {
        return LWM2M_ARGUMENT;
    }
    if (path.level == LWM2M_LEVEL_INSTANCE) {
        return value.type == LWM2M_TYPE_NONE ? set_instance(table, path.instance) : LWM2M_TYPE;
    }
    if (!lwm2m_object_definition_find(&object->definition, path.resource, &definition)) {
        return LWM2M_NOT_FOUND;
    }
    error = check_value(&definition, path, &value);
    if (error != LWM2M_OK) {
        return error;
    }
    error = set_instance(table, path.instance);
    if (error != LWM2M_OK) {
        return error;
    }
    error = lwm2m_table_store(&table->values, path, &value);
    if (error == LWM2M_OK) {
        tell_changed(object, path);
    }
    return error;
}

enum lwm2m_error lwm2m_table_object_remove(struct lwm2m_object *object, struct lwm2m_path path)
{
    struct table_object *table = table_of(object);
    enum lwm2m_error error;

    if (path.object != object->definition.id) {
        return LWM2M_NOT_FOUND;
    }
    error = lwm2m_table_remove(&table->values, path);
    if (error == LWM2M_OK) {
        tell_changed(object, lwm2m_path_ancestor(path, path.level - 1));
    }
    return error;
}

enum lwm2m_error lwm2m_table_object_get(struct lwm2m_object *object, struct lwm2m_path path,
                                        struct lwm2m_value *value)
{
    const struct lwm2m_value *found = lwm2m_table_find(&table_of(object)->values, path);

    if (path.object != object->definition.id || found == NULL) {
        return LWM2M_NOT_FOUND;
    }
    *value = *found;
    return LWM2M_OK;
}
