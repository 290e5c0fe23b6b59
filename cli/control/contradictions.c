/*
 * Holds what a device has against the definitions of its objects.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "control/contradictions.h"

#include <stdarg.h>
#include <stdio.h>

/* One object of a device under examination. */
struct examination {
    const struct lwm2m_definitions *definitions;
    struct lwm2m_object_definition object;
    contradiction_told *told;
    void *context;
};

static void tell(const struct examination *examination, struct lwm2m_path path, const char *format,
                 ...) __attribute__((format(printf, 3, 4)));

static void tell(const struct examination *examination, struct lwm2m_path path, const char *format,
                 ...)
{
    char text[200];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    examination->told(examination->context, path, text);
}

static void check_version(const struct examination *examination, struct lwm2m_version version)
{
    char has[LWM2M_VERSION_TEXT_MAX], known[LWM2M_VERSION_TEXT_MAX];
    bool stated = version.major != 0 || version.minor != 0;
    if (stated && lwm2m_version_compare(version, examination->object.version) != 0) {
        lwm2m_version_print(version, has);
        lwm2m_version_print(examination->object.version, known);
        tell(examination, lwm2m_path_object(examination->object.id),
             "version %s of the object is not known, %s is", has, known);
    }
}

static void check_instances(const struct examination *examination, const struct lwm2m_path *paths,
                            size_t count)
{
    size_t instances = 0;
    for (size_t i = 0; i < count; i++) {
        instances += paths[i].level == LWM2M_LEVEL_INSTANCE;
    }
    if (instances > 1 && !examination->object.multiple) {
        tell(examination, lwm2m_path_object(examination->object.id),
             "%zu instances, but the object has a single one", instances);
    }
}

static void check_resource(const struct examination *examination, struct lwm2m_path path)
{
    struct lwm2m_resource_definition resource;
    if (!lwm2m_object_definition_find(&examination->object, path.resource, &resource) &&
        /* No object has the id LWM2M_NO_ID: what is found in it is in any. */
        !lwm2m_definitions_find_resource(examination->definitions, LWM2M_NO_ID, LWM2M_NO_VERSION,
                                         path.resource, &resource)) {
        tell(examination, path, "the object (%.60s) has no resource %u", examination->object.name,
             path.resource);
    }
}

/* paths[0] is an instance. Resources of both sides come by ascending id. */
static void check_mandatory(const struct examination *examination, const struct lwm2m_path *paths,
                            size_t count)
{
    size_t at = 1;
    if (count < 2 || !lwm2m_path_contains(paths[0], paths[1])) {
        return; /* nothing is known of its resources */
    }
    for (size_t i = 0; i < examination->object.resource_count; i++) {
        struct lwm2m_resource_definition resource;
        lwm2m_object_definition_get(&examination->object, i, &resource);
        while (at < count && lwm2m_path_contains(paths[0], paths[at]) &&
               paths[at].resource < resource.id) {
            at++;
        }
        bool there = at < count && lwm2m_path_contains(paths[0], paths[at]) &&
                     paths[at].resource == resource.id;
        /* What has no operations is not for management, and need not be shown. */
        if (resource.mandatory && resource.operations != 0 && !there) {
            tell(examination, paths[0], "mandatory resource %u (%.60s) is missing", resource.id,
                 resource.name);
        }
    }
}

void contradictions_find(const struct lwm2m_definitions *definitions, struct lwm2m_version version,
                         const struct lwm2m_path *paths, size_t count, contradiction_told *told,
                         void *context)
{
    struct examination examination = {
        .definitions = definitions,
        .told = told,
        .context = context,
    };
    if (count == 0) {
        return;
    }
    if (!lwm2m_definitions_find_object(definitions, paths[0].object, version,
                                       &examination.object)) {
        tell(&examination, lwm2m_path_object(paths[0].object),
             "no definition of the object is known");
        return;
    }
    check_version(&examination, version);
    check_instances(&examination, paths, count);
    for (size_t i = 0; i < count; i++) {
        if (paths[i].level == LWM2M_LEVEL_INSTANCE) {
            check_mandatory(&examination, paths + i, count - i);
        } else if (paths[i].level == LWM2M_LEVEL_RESOURCE) {
            check_resource(&examination, paths[i]);
        }
    }
}

/* Types whose values a device may send for one another; 0: of its own kind. */
static int kind_of(enum lwm2m_type type)
{
    switch (type) {
    case LWM2M_TYPE_INTEGER:
    case LWM2M_TYPE_UNSIGNED:
    case LWM2M_TYPE_FLOAT:
    case LWM2M_TYPE_TIME:
        return LWM2M_TYPE_FLOAT;
    case LWM2M_TYPE_STRING:
    case LWM2M_TYPE_CORELNK:
        return LWM2M_TYPE_STRING;
    default:
        return (int)type;
    }
}

bool contradicts_type(const struct lwm2m_resource_definition *resource, enum lwm2m_type type)
{
    return type != LWM2M_TYPE_NONE && type != LWM2M_TYPE_UNTYPED &&
           kind_of(resource->type) != kind_of(type);
}
