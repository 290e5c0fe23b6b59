/*
 * The objects that a device registered, in which versions, and the types of their resources.
 *
 * The object list is text. A payload of one object costs one walk through it; a payload of several
 * has it read into a list once, so that no sequence of objects makes the server walk it each time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/object_types.h"

#include <stdlib.h>

#include <lwm2m/corelink.h>

#include "server/engine.h"

/* ---- one object ---- */

/* A search through an object list. */
struct search {
    uint16_t object;
    bool found;
    struct lwm2m_version version; /* as stated */
};

static enum lwm2m_error look(void *context, const struct lwm2m_registered_object *entry)
{
    struct search *search = context;

    if (entry->path.object != search->object) {
        return LWM2M_OK;
    }
    search->found = true;
    if (lwm2m_version_compare(entry->version, LWM2M_NO_VERSION) != 0) {
        search->version = entry->version;
    }
    return LWM2M_OK;
}

bool lwm2m_registration_object_version(const struct lwm2m_registration *registration,
                                       uint16_t object, struct lwm2m_version *version)
{
    struct search search = {.object = object, .version = LWM2M_NO_VERSION};
    struct lwm2m_registration_links links;

    if (lwm2m_registration_links_decode(registration->links, SIZE_MAX, &links, look, &search,
                                        NULL) != LWM2M_OK ||
        !search.found) {
        return false;
    }
    *version = search.version;
    if (lwm2m_version_compare(search.version, LWM2M_NO_VERSION) == 0) {
        *version = lwm2m_version_of_object(registration->version, object);
    }
    return true;
}

/* ---- all objects ---- */

struct lwm2m_object_version {
    uint16_t object;
    struct lwm2m_version version; /* as stated */
};

static int compare_objects(const void *a, const void *b)
{
    const struct lwm2m_object_version *first = a, *second = b;

    if (first->object != second->object) {
        return first->object < second->object ? -1 : 1;
    }
    return lwm2m_version_compare(first->version, second->version);
}

static enum lwm2m_error collect(void *context, const struct lwm2m_registered_object *entry)
{
    struct lwm2m_object_types *types = context;

    types->list[types->count++] = (struct lwm2m_object_version){entry->path.object, entry->version};
    return LWM2M_OK;
}

/* Of several links of one object, the one that states the version stays. */
static void sort_list(struct lwm2m_object_types *types)
{
    size_t kept = 0;

    if (types->count > 0) {
        qsort(types->list, types->count, sizeof *types->list, compare_objects);
    }
    for (size_t i = 0; i < types->count; i++) {
        bool same = kept > 0 && types->list[kept - 1].object == types->list[i].object;
        types->list[same ? kept - 1 : kept] = types->list[i];
        kept += same ? 0 : 1;
    }
    types->count = kept;
}

/* Without memory there is no list, and objects are looked up one by one. */
static void make_list(struct lwm2m_object_types *types)
{
    struct lwm2m_bytes text = types->registration->links;
    struct lwm2m_registration_links links;

    if (lwm2m_registration_links_decode(text, SIZE_MAX, &links, NULL, NULL, NULL) != LWM2M_OK) {
        return;
    }
    types->list =
        types->port->allocate(types->port->context, (links.link_count + 1) * sizeof *types->list);
    if (!types->list) {
        return;
    }
    enum lwm2m_error error =
        lwm2m_registration_links_decode(text, SIZE_MAX, &links, collect, types, NULL);
    types->listed = error == LWM2M_OK;
    sort_list(types);
}

static bool find_in_list(const struct lwm2m_object_types *types, uint16_t object,
                         struct lwm2m_version *version)
{
    size_t low = 0, high = types->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (types->list[middle].object < object) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == types->count || types->list[low].object != object) {
        return false;
    }
    *version = types->list[low].version;
    if (lwm2m_version_compare(*version, LWM2M_NO_VERSION) == 0) {
        *version = lwm2m_version_of_object(types->registration->version, object);
    }
    return true;
}

/* ---- together ---- */

void lwm2m_object_types_init(struct lwm2m_object_types *types, const struct lwm2m_server *server,
                             const struct lwm2m_registration *registration)
{
    *types = (struct lwm2m_object_types){
        .definitions = server->config.definitions,
        .registration = registration,
        .port = server->port,
        .object = LWM2M_NO_ID,
    };
}

void lwm2m_object_types_release(struct lwm2m_object_types *types)
{
    types->port->release(types->port->context, types->list);
    types->list = NULL;
}

static bool find(const struct lwm2m_object_types *types, uint16_t object,
                 struct lwm2m_version *version)
{
    if (!types->registration) {
        return false;
    }
    return types->listed ? find_in_list(types, object, version)
                         : lwm2m_registration_object_version(types->registration, object, version);
}

static void look_up(struct lwm2m_object_types *types, uint16_t object)
{
    struct lwm2m_version version = LWM2M_NO_VERSION;

    if (types->object == object) {
        return;
    }
    if (types->registration && types->object != LWM2M_NO_ID && !types->list) {
        make_list(types);
    }
    types->object = object;
    types->found = find(types, object, &version);
    types->version = types->found ? version : LWM2M_NO_VERSION;
}

bool lwm2m_object_types_has(struct lwm2m_object_types *types, uint16_t object)
{
    look_up(types, object);
    return types->found;
}

static enum lwm2m_type find_type(void *context, struct lwm2m_path path)
{
    struct lwm2m_object_types *types = context;
    struct lwm2m_resource_definition definition;

    if (path.level < LWM2M_LEVEL_RESOURCE) {
        return LWM2M_TYPE_UNTYPED;
    }
    look_up(types, path.object);
    if (!lwm2m_definitions_find_resource(types->definitions, path.object, types->version,
                                         path.resource, &definition)) {
        return LWM2M_TYPE_UNTYPED;
    }
    return definition.type;
}

struct lwm2m_type_source lwm2m_object_types_source(struct lwm2m_object_types *types)
{
    return (struct lwm2m_type_source){types, find_type};
}
