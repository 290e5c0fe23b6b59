/*
 * Keeps definitions that were read from files, sorted for look-ups.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "host/definition_set.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct lwm2m_definition_set {
    struct lwm2m_definition_list list; /* sorted by id, then version */
    /* What was replaced: somebody may still hold a definition that points to its names. */
    struct lwm2m_definition_list replaced;
    struct lwm2m_definitions definitions;
};

/* The members are const for those who read; here they are what malloc gave. */
static void free_text(const char *text)
{
    free((void *)(uintptr_t)text);
}

static void release_object(struct lwm2m_object_definition *object)
{
    for (size_t i = 0; i < object->resource_count; i++) {
        free_text(object->resources[i].name);
        free_text(object->resources[i].range);
        free_text(object->resources[i].units);
    }
    free((void *)(uintptr_t)object->resources);
    free_text(object->name);
    free_text(object->urn);
    free_text(object->source);
}

void lwm2m_definition_list_release(struct lwm2m_definition_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        release_object(&list->objects[i]);
    }
    free(list->objects);
    *list = (struct lwm2m_definition_list){0};
}

static bool reserve(struct lwm2m_definition_list *list, size_t more)
{
    size_t capacity = list->capacity == 0 ? 8 : list->capacity;
    while (capacity < list->count + more) {
        capacity *= 2;
    }
    if (capacity == list->capacity) {
        return true;
    }
    struct lwm2m_object_definition *objects =
        realloc(list->objects, capacity * sizeof(*list->objects));
    if (objects == NULL) {
        return false;
    }
    list->objects = objects;
    list->capacity = capacity;
    return true;
}

struct lwm2m_object_definition *lwm2m_definition_list_append(struct lwm2m_definition_list *list)
{
    if (!reserve(list, 1)) {
        return NULL;
    }
    struct lwm2m_object_definition *object = &list->objects[list->count++];
    memset(object, 0, sizeof(*object));
    return object;
}

static int compare(const struct lwm2m_object_definition *a, const struct lwm2m_object_definition *b)
{
    return a->id != b->id ? (a->id < b->id ? -1 : 1)
                          : lwm2m_version_compare(a->version, b->version);
}

static size_t lower_bound(const struct lwm2m_definition_list *list,
                          const struct lwm2m_object_definition *object)
{
    size_t begin = 0, end = list->count;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        if (compare(&list->objects[middle], object) < 0) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin;
}

/* Room for it was reserved. */
static void insert(struct lwm2m_definition_set *set, const struct lwm2m_object_definition *object)
{
    struct lwm2m_definition_list *list = &set->list;
    size_t at = lower_bound(list, object);
    if (at < list->count && compare(&list->objects[at], object) == 0) {
        set->replaced.objects[set->replaced.count++] = list->objects[at];
    } else {
        memmove(&list->objects[at + 1], &list->objects[at],
                (list->count - at) * sizeof(*list->objects));
        list->count++;
    }
    list->objects[at] = *object;
}

enum lwm2m_error lwm2m_definition_set_take(struct lwm2m_definition_set *set,
                                           struct lwm2m_definition_list *list)
{
    if (!reserve(&set->list, list->count) || !reserve(&set->replaced, list->count)) {
        return LWM2M_NO_MEMORY;
    }
    for (size_t i = 0; i < list->count; i++) {
        insert(set, &list->objects[i]);
    }
    list->count = 0;
    lwm2m_definition_list_release(list);
    set->definitions.objects = set->list.objects;
    set->definitions.count = set->list.count;
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_definition_set_new(const struct lwm2m_definitions *parent,
                                          struct lwm2m_definition_set **result)
{
    struct lwm2m_definition_set *set = calloc(1, sizeof(*set));
    if (set == NULL) {
        return LWM2M_NO_MEMORY;
    }
    set->definitions.parent = parent;
    set->definitions.sorted = true;
    *result = set;
    return LWM2M_OK;
}

void lwm2m_definition_set_free(struct lwm2m_definition_set *set)
{
    if (set != NULL) {
        lwm2m_definition_list_release(&set->list);
        lwm2m_definition_list_release(&set->replaced);
        free(set);
    }
}

const struct lwm2m_definitions *
lwm2m_definition_set_definitions(const struct lwm2m_definition_set *set)
{
    return &set->definitions;
}
