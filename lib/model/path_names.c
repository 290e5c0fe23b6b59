/*
 * Paths whose segments are names: finding the ids of the objects and resources that bear them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/definition.h>

#include "model/definition_rows.h"

/* The id that matches a name best so far, and whether another one matches as well. */
struct search {
    struct lwm2m_bytes name;
    enum lwm2m_name_match match;
    uint16_t id;
    bool is_ambiguous;
};

static void consider(struct search *search, uint16_t id, const char *registered)
{
    enum lwm2m_name_match match = lwm2m_name_match(registered, search->name);
    if (match == LWM2M_NAME_DIFFERS || match < search->match) {
        return;
    }
    if (match > search->match) {
        search->match = match;
        search->id = id;
        search->is_ambiguous = false;
    } else if (id != search->id) {
        search->is_ambiguous = true;
    }
}

static bool consider_object(void *context, const struct lwm2m_object_definition *definition)
{
    consider(context, definition->id, definition->name);
    return true;
}

static void search_object(const struct lwm2m_definitions *definitions, struct search *search)
{
    lwm2m_definitions_visit(definitions, consider_object, search);
}

/* Among the resources of the object's newest version; failing that, among the reusable ones. */
static void search_resource(const struct lwm2m_definitions *definitions, uint16_t object,
                            struct search *search)
{
    struct lwm2m_object_definition definition;
    struct lwm2m_resource_definition resource;

    if (lwm2m_definitions_find_object(definitions, object, LWM2M_NO_VERSION, &definition)) {
        for (size_t i = 0; i < definition.resource_count; i++) {
            lwm2m_object_definition_get(&definition, i, &resource);
            consider(search, resource.id, resource.name);
        }
    }

    const struct lwm2m_definition_table *table = lwm2m_definitions_table(definitions);
    if (search->match != LWM2M_NAME_DIFFERS || !table) {
        return;
    }
    for (size_t i = 0; i < table->reusable_count; i++) {
        lwm2m_resource_row_get(table, &table->reusable[i], &resource);
        consider(search, resource.id, resource.name);
    }
}

/* Where a segment stands in the text, for faults. */
struct segment {
    struct lwm2m_bytes text;
    size_t offset;
};

static bool is_number(struct lwm2m_bytes text)
{
    size_t i = 0;
    while (i < text.length && text.data[i] >= '0' && text.data[i] <= '9') {
        i++;
    }
    return i == text.length;
}

static enum lwm2m_error parse_id(const struct segment *segment, uint16_t *id,
                                 struct lwm2m_fault *fault)
{
    struct lwm2m_path path;
    struct lwm2m_fault own_fault;

    if (segment->text.length == 0) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, segment->offset, "a segment is empty");
    }
    enum lwm2m_error error = lwm2m_path_parse(segment->text, &path, &own_fault);
    if (error) {
        return lwm2m_fault_set(fault, error, segment->offset + own_fault.offset, own_fault.reason);
    }
    *id = path.object;
    return LWM2M_OK;
}

static enum lwm2m_error find_name(const struct lwm2m_definitions *definitions,
                                  const struct lwm2m_path *path, const struct segment *segment,
                                  uint16_t *id, struct lwm2m_fault *fault)
{
    struct search search = {.name = segment->text};
    bool is_object = path->level == LWM2M_LEVEL_ROOT;

    if (is_object) {
        search_object(definitions, &search);
    } else {
        search_resource(definitions, path->object, &search);
    }
    if (search.match == LWM2M_NAME_DIFFERS) {
        return lwm2m_fault_set(fault, LWM2M_NOT_FOUND, segment->offset,
                               is_object ? "no object has this name"
                                         : "no resource of the object has this name");
    }
    if (search.is_ambiguous) {
        return lwm2m_fault_set(fault, LWM2M_ARGUMENT, segment->offset,
                               is_object ? "several objects have this name"
                                         : "several resources have this name");
    }
    *id = search.id;
    return LWM2M_OK;
}

static enum lwm2m_error parse_segment(const struct lwm2m_definitions *definitions,
                                      const struct segment *segment, struct lwm2m_path *path,
                                      struct lwm2m_fault *fault)
{
    bool may_be_name = path->level == LWM2M_LEVEL_ROOT || path->level == LWM2M_LEVEL_INSTANCE;
    uint16_t id = LWM2M_NO_ID;

    if (path->level == LWM2M_LEVEL_RESOURCE_INSTANCE) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, segment->offset,
                               "a path has at most four segments");
    }
    enum lwm2m_error error = may_be_name && !is_number(segment->text)
                                 ? find_name(definitions, path, segment, &id, fault)
                                 : parse_id(segment, &id, fault);
    return error ? error : lwm2m_path_append(path, id);
}

enum lwm2m_error lwm2m_definitions_parse_path(const struct lwm2m_definitions *definitions,
                                              struct lwm2m_bytes text, struct lwm2m_path *path,
                                              struct lwm2m_fault *fault)
{
    struct lwm2m_path result = lwm2m_path_root();
    size_t start = text.length > 0 && text.data[0] == '/' ? 1 : 0;
    size_t end = start;

    for (bool more = start < text.length; more; start = end + 1) {
        end = start;
        while (end < text.length && text.data[end] != '/') {
            end++;
        }
        struct segment segment = {{text.data + start, end - start}, start};
        enum lwm2m_error error = parse_segment(definitions, &segment, &result, fault);
        if (error) {
            return error;
        }
        more = end < text.length;
    }
    *path = result;
    return LWM2M_OK;
}
