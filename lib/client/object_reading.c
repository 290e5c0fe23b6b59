/*
 * Reading the tree of objects: a walk that puts records, and the single values that the engine
 * needs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/object_tree.h"

struct reading {
    const struct lwm2m_object_tree *tree;
    struct lwm2m_object *object;
    bool device;
    struct lwm2m_sink sink;
};

static bool is_shown(const struct reading *reading, struct lwm2m_path path,
                     struct lwm2m_resource_definition *definition)
{
    if (!lwm2m_object_tree_define(reading->tree, path, definition)) {
        return false;
    }
    if (reading->device) {
        return definition->type != LWM2M_TYPE_NONE;
    }
    return (definition->operations & LWM2M_READABLE) != 0;
}

static enum lwm2m_error read_value(const struct reading *reading, struct lwm2m_path path)
{
    return reading->object->operations->read(reading->object, path, reading->sink);
}

static enum lwm2m_error read_multiple(const struct reading *reading, struct lwm2m_path path)
{
    struct lwm2m_object *object = reading->object;
    uint16_t next = 0;

    for (;;) {
        uint16_t id =
            object->operations->next_resource_instance(object, path.instance, path.resource, next);
        enum lwm2m_error error;

        if (id == LWM2M_NO_ID) {
            break;
        }
        error = read_value(
            reading, lwm2m_path_resource_instance(path.object, path.instance, path.resource, id));
        if (error != LWM2M_OK) {
            return error;
        }
        next = (uint16_t)(id + 1);
    }
    return next == 0 ? lwm2m_sink_put(reading->sink, path, lwm2m_value_none()) : LWM2M_OK;
}

static enum lwm2m_error read_instance(const struct reading *reading, struct lwm2m_path path)
{
    struct lwm2m_object *object = reading->object;
    uint16_t next = 0;
    bool empty = true;

    for (;;) {
        struct lwm2m_resource_definition definition;
        uint16_t id = object->operations->next_resource(object, path.instance, next);
        struct lwm2m_path resource = lwm2m_path_resource(path.object, path.instance, id);
        enum lwm2m_error error;

        if (id == LWM2M_NO_ID) {
            break;
        }
        next = (uint16_t)(id + 1);
        if (!is_shown(reading, resource, &definition)) {
            continue;
        }
        error =
            definition.multiple ? read_multiple(reading, resource) : read_value(reading, resource);
        /* A computed value that is not known at the moment leaves the others readable. */
        if (error == LWM2M_NOT_FOUND) {
            continue;
        }
        if (error != LWM2M_OK) {
            return error;
        }
        empty = false;
    }
    return empty ? lwm2m_sink_put(reading->sink, path, lwm2m_value_none()) : LWM2M_OK;
}

static enum lwm2m_error read_object(const struct reading *reading)
{
    struct lwm2m_object *object = reading->object;
    uint16_t next = 0;

    for (;;) {
        uint16_t id = object->operations->next_instance(object, next);
        enum lwm2m_error error;

        if (id == LWM2M_NO_ID) {
            return LWM2M_OK;
        }
        error = read_instance(reading, lwm2m_path_instance(object->definition.id, id));
        if (error != LWM2M_OK) {
            return error;
        }
        next = (uint16_t)(id + 1);
    }
}

static enum lwm2m_error read_root(struct reading *reading)
{
    uint16_t next = 0;

    for (;;) {
        enum lwm2m_error error;

        reading->object = lwm2m_object_tree_next(reading->tree, next);
        if (reading->object == NULL) {
            return LWM2M_OK;
        }
        next = (uint16_t)(reading->object->definition.id + 1);
        if (!reading->device && lwm2m_object_is_hidden(reading->object->definition.id)) {
            continue;
        }
        error = read_object(reading);
        if (error != LWM2M_OK) {
            return error;
        }
    }
}

enum lwm2m_error lwm2m_object_tree_read(const struct lwm2m_object_tree *tree,
                                        struct lwm2m_path path, bool device, struct lwm2m_sink sink)
{
    struct reading reading = {tree, lwm2m_object_tree_find(tree, path.object), device, sink};
    struct lwm2m_resource_definition definition;

    if (path.level == LWM2M_LEVEL_ROOT) {
        return read_root(&reading);
    }
    if (reading.object == NULL) {
        return LWM2M_NOT_FOUND;
    }
    if (path.level == LWM2M_LEVEL_OBJECT) {
        return read_object(&reading);
    }
    if (path.level == LWM2M_LEVEL_INSTANCE) {
        return read_instance(&reading, path);
    }
    if (!is_shown(&reading, path, &definition)) {
        return LWM2M_NOT_ALLOWED;
    }
    if (path.level == LWM2M_LEVEL_RESOURCE && definition.multiple) {
        return read_multiple(&reading, path);
    }
    return read_value(&reading, path);
}

/* ---- single values, for the engine itself ---- */

struct text_copy {
    char *text;
    size_t capacity;
};

static enum lwm2m_error read_existing(const struct lwm2m_object_tree *tree, struct lwm2m_path path,
                                      struct lwm2m_sink sink)
{
    if (!lwm2m_object_tree_exists(tree, path)) {
        return LWM2M_NOT_FOUND;
    }
    return lwm2m_object_tree_read(tree, path, true, sink);
}

static enum lwm2m_error put_integer(void *context, const struct lwm2m_record *record)
{
    struct lwm2m_value value = record->value;
    enum lwm2m_error error = lwm2m_value_convert(&value, LWM2M_TYPE_INTEGER);

    if (error == LWM2M_OK) {
        *(int64_t *)context = value.as.integer;
    }
    return error;
}

int64_t lwm2m_object_tree_integer_or(const struct lwm2m_object_tree *tree, struct lwm2m_path path,
                                     int64_t fallback)
{
    int64_t number = fallback;
    struct lwm2m_sink sink = {&number, put_integer};

    return read_existing(tree, path, sink) == LWM2M_OK ? number : fallback;
}

static enum lwm2m_error put_boolean(void *context, const struct lwm2m_record *record)
{
    if (record->value.type != LWM2M_TYPE_BOOLEAN) {
        return LWM2M_TYPE;
    }
    *(bool *)context = record->value.as.boolean;
    return LWM2M_OK;
}

bool lwm2m_object_tree_boolean_or(const struct lwm2m_object_tree *tree, struct lwm2m_path path,
                                  bool fallback)
{
    bool boolean = fallback;
    struct lwm2m_sink sink = {&boolean, put_boolean};

    return read_existing(tree, path, sink) == LWM2M_OK ? boolean : fallback;
}

static enum lwm2m_error put_text(void *context, const struct lwm2m_record *record)
{
    struct text_copy *copy = context;
    struct lwm2m_bytes bytes = record->value.as.bytes;
    size_t i;

    if (record->value.type != LWM2M_TYPE_STRING) {
        return LWM2M_TYPE;
    }
    if (bytes.length >= copy->capacity) {
        return LWM2M_NO_SPACE;
    }
    for (i = 0; i < bytes.length; i++) {
        if (bytes.data[i] == 0) {
            return LWM2M_MALFORMED;
        }
        copy->text[i] = (char)bytes.data[i];
    }
    copy->text[i] = '\0';
    return LWM2M_OK;
}

void lwm2m_object_tree_text(const struct lwm2m_object_tree *tree, struct lwm2m_path path,
                            char *text, size_t capacity)
{
    struct text_copy copy = {text, capacity};

    if (read_existing(tree, path, (struct lwm2m_sink){&copy, put_text}) != LWM2M_OK) {
        text[0] = '\0';
    }
}
