/*
 * The objects of a client as one tree: what exists and what it is defined as.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/object_tree.h"

#define OBJECT_SECURITY 0
#define OBJECT_OSCORE 21
#define OBJECT_COSE 23

struct entry {
    uint16_t id;
    uint16_t all_used_below; /* every instance id below this one is in use */
    struct lwm2m_object *object;
};

enum lwm2m_error lwm2m_object_tree_add(struct lwm2m_object_tree *tree, struct lwm2m_object *object)
{
    struct entry *entry;

    if (lwm2m_object_tree_find(tree, object->definition.id) != NULL) {
        return LWM2M_EXISTS;
    }
    entry =
        lwm2m_id_array_insert(&tree->objects, tree->port, sizeof(*entry), object->definition.id);
    if (entry == NULL) {
        return LWM2M_NO_MEMORY;
    }
    entry->object = object;
    return LWM2M_OK;
}

void lwm2m_object_tree_release(struct lwm2m_object_tree *tree)
{
    size_t i;

    for (i = 0; i < tree->objects.count; i++) {
        struct entry *entry = lwm2m_id_array_at(&tree->objects, sizeof(*entry), i);

        entry->object->client = NULL;
        lwm2m_object_free(entry->object);
    }
    lwm2m_id_array_release(&tree->objects, tree->port);
}

static struct entry *find_entry(const struct lwm2m_object_tree *tree, uint16_t id)
{
    return lwm2m_id_array_find(&tree->objects, sizeof(struct entry), id);
}

struct lwm2m_object *lwm2m_object_tree_find(const struct lwm2m_object_tree *tree, uint16_t id)
{
    struct entry *entry = find_entry(tree, id);

    return entry == NULL ? NULL : entry->object;
}

struct lwm2m_object *lwm2m_object_tree_next(const struct lwm2m_object_tree *tree, uint16_t from)
{
    size_t position = lwm2m_id_array_position(&tree->objects, sizeof(struct entry), from);
    struct entry *entry;

    if (position == tree->objects.count) {
        return NULL;
    }
    entry = lwm2m_id_array_at(&tree->objects, sizeof(*entry), position);
    return entry->object;
}

/* ---- what exists ---- */

bool lwm2m_object_is_hidden(uint16_t object)
{
    return object == OBJECT_SECURITY || object == OBJECT_OSCORE || object == OBJECT_COSE;
}

bool lwm2m_object_has_instance(struct lwm2m_object *object, uint16_t instance)
{
    return instance != LWM2M_NO_ID &&
           object->operations->next_instance(object, instance) == instance;
}

uint16_t lwm2m_object_tree_free_instance(struct lwm2m_object_tree *tree,
                                         struct lwm2m_object *object)
{
    struct entry *entry = find_entry(tree, object->definition.id);
    uint16_t id = entry->all_used_below;

    while (id != LWM2M_NO_ID && lwm2m_object_has_instance(object, id)) {
        id++;
    }
    entry->all_used_below = id;
    return id;
}

void lwm2m_object_tree_instances_gone(struct lwm2m_object_tree *tree, uint16_t object,
                                      uint16_t from)
{
    struct entry *entry = find_entry(tree, object);

    if (entry != NULL && from < entry->all_used_below) {
        entry->all_used_below = from;
    }
}

static bool has_resource(struct lwm2m_object *object, struct lwm2m_path path)
{
    return object->operations->next_resource(object, path.instance, path.resource) == path.resource;
}

static bool has_resource_instance(struct lwm2m_object *object, struct lwm2m_path path)
{
    return object->operations->next_resource_instance(object, path.instance, path.resource,
                                                      path.resource_instance) ==
           path.resource_instance;
}

bool lwm2m_object_tree_exists(const struct lwm2m_object_tree *tree, struct lwm2m_path path)
{
    struct lwm2m_object *object = lwm2m_object_tree_find(tree, path.object);
    struct lwm2m_resource_definition definition;

    if (path.level == LWM2M_LEVEL_ROOT) {
        return true;
    }
    if (object == NULL) {
        return false;
    }
    if (path.level >= LWM2M_LEVEL_INSTANCE && !lwm2m_object_has_instance(object, path.instance)) {
        return false;
    }
    if (path.level < LWM2M_LEVEL_RESOURCE) {
        return true;
    }
    if (!lwm2m_object_tree_define(tree, path, &definition) || !has_resource(object, path)) {
        return false;
    }
    return path.level < LWM2M_LEVEL_RESOURCE_INSTANCE ||
           (definition.multiple && has_resource_instance(object, path));
}

/* ---- definitions ---- */

bool lwm2m_object_tree_define(const struct lwm2m_object_tree *tree, struct lwm2m_path path,
                              struct lwm2m_resource_definition *definition)
{
    struct lwm2m_object *object = lwm2m_object_tree_find(tree, path.object);

    if (object == NULL) {
        return false;
    }
    return lwm2m_object_definition_find(&object->definition, path.resource, definition) ||
           lwm2m_definitions_find_resource(tree->definitions, path.object,
                                           object->definition.version, path.resource, definition);
}

static enum lwm2m_type find_type(void *context, struct lwm2m_path path)
{
    struct lwm2m_resource_definition definition;

    if (!lwm2m_object_tree_define(context, path, &definition)) {
        return LWM2M_TYPE_UNTYPED;
    }
    return definition.type;
}

struct lwm2m_type_source lwm2m_object_tree_types(struct lwm2m_object_tree *tree)
{
    return (struct lwm2m_type_source){tree, find_type};
}
