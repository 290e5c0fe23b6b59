/*
 * Finds what a path may become: segment by segment, numbers where none or a digit was typed, names
 * where a letter was.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "command/completion_path.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every id of one level. */
struct id_set {
    uint8_t bits[(LWM2M_NO_ID + 1) / 8];
};

static void id_set_add(struct id_set *set, uint16_t id)
{
    set->bits[id / 8] |= (uint8_t)(1 << id % 8);
}

static bool id_set_has(const struct id_set *set, size_t id)
{
    return (set->bits[id / 8] & 1 << id % 8) != 0;
}

/* A search among the children of one path. */
struct search {
    const struct completion_path *path;
    const struct completion_output *output;
    struct lwm2m_path parent;
    const char *start; /* all that was typed */
    const char *typed; /* of the segment, its end */
    struct id_set ids;
    bool lives;     /* the device is known to have something here */
    size_t matches; /* that begin as the segment does */
    bool is_exact;  /* one of them is the segment, and a path goes on behind it */
    char exact_description[LWM2M_PATH_TEXT_MAX + 256];
};

/* ---- names ---- */

static bool is_digit(char letter)
{
    return letter >= '0' && letter <= '9';
}

/* Of a value, what a word is made of: letters, digits, and what is beyond ASCII. */
static bool is_of_word(char letter)
{
    return isalnum((unsigned char)letter) != 0 || (letter & 0x80) != 0;
}

/* True if the word is read as this path: names may be borne by several. */
static bool is_read_as(const struct search *search, const char *rest, struct lwm2m_path wanted)
{
    const struct completion_path *path = search->path;
    struct lwm2m_path read;
    char *text;
    if (asprintf(&text, "%s%s%s%s", path->base != NULL ? path->base : "",
                 path->base != NULL ? "/" : "", search->start, rest) < 0) {
        return false;
    }
    bool good = lwm2m_definitions_parse_path(path->definitions, lwm2m_bytes_from_text(text), &read,
                                             NULL) == LWM2M_OK &&
                lwm2m_path_equal(read, wanted);
    free(text);
    return good;
}

/* ---- what there is ---- */

static void add_live(void *context, struct lwm2m_path path)
{
    struct search *search = context;
    const uint16_t ids[] = {path.object, path.instance, path.resource, path.resource_instance};
    if (path.level > search->parent.level && lwm2m_path_contains(search->parent, path)) {
        id_set_add(&search->ids, ids[search->parent.level]);
        search->lives = true;
    }
}

static bool add_object(void *context, const struct lwm2m_object_definition *definition)
{
    struct search *search = context;
    id_set_add(&search->ids, definition->id);
    return true;
}

static void add_defined_resources(struct search *search)
{
    struct lwm2m_object_definition object;
    struct lwm2m_resource_definition resource;
    if (!lwm2m_definitions_find_object(search->path->definitions, search->parent.object,
                                       LWM2M_NO_VERSION, &object)) {
        return;
    }
    for (size_t i = 0; i < object.resource_count; i++) {
        lwm2m_object_definition_get(&object, i, &resource);
        id_set_add(&search->ids, resource.id);
    }
}

static bool find_resource(const struct search *search, uint16_t id,
                          struct lwm2m_resource_definition *resource)
{
    return lwm2m_definitions_find_resource(search->path->definitions, search->parent.object,
                                           LWM2M_NO_VERSION, id, resource);
}

/* What a device has goes before what the definitions know, but for resources: registrations do not
 * list them. */
static void collect(struct search *search)
{
    const struct completion_source *source = search->path->source;
    if (source != NULL && source->paths != NULL) {
        source->paths(source->context, search->path->target, search->parent, add_live, search);
    }
    if (search->parent.level == LWM2M_LEVEL_INSTANCE) {
        add_defined_resources(search);
    } else if (!search->lives && search->parent.level == LWM2M_LEVEL_ROOT) {
        lwm2m_definitions_visit(search->path->definitions, add_object, search);
    } else if (!search->lives) {
        id_set_add(&search->ids, 0);
    }
}

/* ---- what becomes of it ---- */

/* What is known of one of the ids. */
struct child {
    struct lwm2m_path path;
    const char *name; /* NULL: it has none of its own */
    const char *description;
    const char *end; /* "=" or "" */
    bool blank;
};

/* False for a resource that the command can do nothing with. */
static bool look_up(const struct search *search, uint16_t id, struct child *child,
                    struct lwm2m_object_definition *object,
                    struct lwm2m_resource_definition *resource)
{
    const struct completion_path *path = search->path;
    *child = (struct child){.path = search->parent, .description = "", .end = ""};
    if (lwm2m_path_append(&child->path, id) != LWM2M_OK) {
        return false;
    }
    if (child->path.level <= LWM2M_LEVEL_INSTANCE) {
        if (lwm2m_definitions_find_object(path->definitions, child->path.object, LWM2M_NO_VERSION,
                                          object)) {
            child->description = object->name;
            child->name = child->path.level == LWM2M_LEVEL_OBJECT ? object->name : NULL;
        }
        child->blank = path->object_only;
        return true;
    }
    bool defined = find_resource(search, child->path.resource, resource);
    if (defined && path->operations != 0 && (resource->operations & path->operations) == 0) {
        return false;
    }
    bool is_leaf = child->path.level == LWM2M_LEVEL_RESOURCE_INSTANCE ||
                   !(defined && resource->multiple && path->assigned);
    if (defined) {
        child->description = resource->name;
        child->name = child->path.level == LWM2M_LEVEL_RESOURCE ? resource->name : NULL;
    }
    child->blank = is_leaf && !path->assigned;
    child->end = is_leaf && path->assigned ? "=" : "";
    return true;
}

/* What the segment is already is put when it is known whether it is the only one. */
static void put(struct search *search, const char *rest, const struct child *child,
                const char *description)
{
    char tail[320];
    bool goes_on = !child->blank && child->end[0] == '\0';
    if (!is_read_as(search, rest, child->path)) {
        return;
    }
    search->matches++;
    if (goes_on && rest[0] == '\0') {
        search->is_exact = true;
        snprintf(search->exact_description, sizeof(search->exact_description), "%s", description);
        return;
    }
    snprintf(tail, sizeof(tail), "%s%s", rest, child->end);
    search->output->put(search->output->context, search->start, tail, description, child->blank);
}

static void offer_number(struct search *search, uint16_t id, const struct child *child)
{
    char number[8];
    size_t typed = strlen(search->typed);
    snprintf(number, sizeof(number), "%u", id);
    if (strncmp(number, search->typed, typed) == 0) {
        put(search, number + typed, child, child->description);
    }
}

static void offer_name(struct search *search, const struct child *child)
{
    char rest[256], description[LWM2M_PATH_TEXT_MAX + 256], path[LWM2M_PATH_TEXT_MAX];
    const char *name = child->name;
    struct lwm2m_bytes typed = lwm2m_bytes_from_text(search->typed);
    if (name == NULL || !lwm2m_name_begins(name, typed, &name)) {
        return;
    }
    lwm2m_name_print(name, rest, sizeof(rest));
    bool separated = strchr(" _-", search->typed[typed.length - 1]) != NULL;
    const char *tail = separated && rest[0] == '_' ? rest + 1 : rest;
    lwm2m_path_print(child->path, path);
    snprintf(description, sizeof(description), "%s, %.200s", path, child->name);
    put(search, tail, child, description);
}

static void offer_children(struct search *search)
{
    struct lwm2m_object_definition object;
    struct lwm2m_resource_definition resource;
    struct child child;
    bool by_name = is_of_word(search->typed[0]) && !is_digit(search->typed[0]);
    for (size_t id = 0; id < LWM2M_NO_ID; id++) {
        if (!id_set_has(&search->ids, id) ||
            !look_up(search, (uint16_t)id, &child, &object, &resource)) {
            continue;
        }
        if (by_name) {
            offer_name(search, &child);
        } else { /* of which none begins with anything but a digit */
            offer_number(search, (uint16_t)id, &child);
        }
    }
}

/* ---- the segments of what is typed ---- */

/* Reads the first bytes of what is typed; false if they are no path. */
static bool read_parent(const struct completion_path *path, const char *typed, size_t length,
                        struct lwm2m_path *parent)
{
    char *text;
    if (asprintf(&text, "%s%s%.*s", path->base != NULL ? path->base : "",
                 path->base != NULL && length > 0 ? "/" : "", (int)length, typed) < 0) {
        return false;
    }
    bool good = lwm2m_definitions_parse_path(path->definitions, lwm2m_bytes_from_text(text), parent,
                                             NULL) == LWM2M_OK;
    free(text);
    return good;
}

/* Fills a search for what may follow `typed`; false if nothing may. */
static bool begin_search(struct search *search, const char *typed)
{
    const char *slash = strrchr(typed, '/');
    size_t length = slash != NULL ? (size_t)(slash - typed) : 0;
    search->start = typed;
    search->typed = slash != NULL ? slash + 1 : typed;
    return read_parent(search->path, typed, length, &search->parent) &&
           search->parent.level < LWM2M_LEVEL_RESOURCE_INSTANCE &&
           (!search->path->object_only || search->parent.level == LWM2M_LEVEL_ROOT);
}

/* True if what was typed names one thing alone, and goes on: its children are meant, then. */
static bool complete_segment(const struct completion_path *path,
                             const struct completion_output *output, const char *typed)
{
    struct search *search = calloc(1, sizeof(*search));
    bool descends = false;
    if (search == NULL) {
        return false;
    }
    search->path = path;
    search->output = output;
    if (begin_search(search, typed)) {
        collect(search);
        offer_children(search);
        descends = search->is_exact && search->matches == 1;
    }
    if (search->is_exact && !descends) {
        output->put(output->context, typed, "", search->exact_description, false);
    }
    free(search);
    return descends;
}

void completion_path_find(const struct completion_path *path,
                          const struct completion_output *output)
{
    char *deeper;
    if (complete_segment(path, output, path->typed) && asprintf(&deeper, "%s/", path->typed) >= 0) {
        complete_segment(path, output, deeper);
        free(deeper);
    }
}

/* ---- values ---- */

/* The items of "0,1,2" or "on; off", an empty one at the end. */
static const char *take_item(const char **at, size_t *length)
{
    const char *item = *at + strspn(*at, " ,;");
    *length = strcspn(item, ",;");
    *at = item + *length;
    while (*length > 0 && item[*length - 1] == ' ') {
        --*length;
    }
    return item;
}

/* True if an item is a value of that type: ranges such as 0..3 and sentences are none. */
static bool is_value(enum lwm2m_type type, const char *item, size_t length)
{
    bool is_number = type != LWM2M_TYPE_STRING;
    size_t start = is_number && item[0] == '-' ? 1 : 0;
    bool has_letter = false;
    for (size_t i = start; i < length; i++) {
        bool is_point = type == LWM2M_TYPE_FLOAT && item[i] == '.' && item[i + 1] != '.' && i > 0 &&
                        item[i - 1] != '.';
        has_letter = has_letter || !is_digit(item[i]);
        if (is_number ? !is_digit(item[i]) && !is_point : !is_of_word(item[i])) {
            return false;
        }
    }
    /* Numbers limit the length of texts. */
    return length > start && length <= 32 && (is_number || has_letter);
}

static void put_value(const struct completion_output *output, const char *start, const char *item,
                      size_t length)
{
    char value[40];
    const char *typed = strchr(start, '=') + 1;
    snprintf(value, sizeof(value), "%.*s", (int)length, item);
    if (strncmp(value, typed, strlen(typed)) == 0) {
        output->put(output->context, start, value + strlen(typed), NULL, true);
    }
}

static void put_enumerated(const struct completion_output *output, const char *start,
                           const struct lwm2m_resource_definition *resource)
{
    const char *at = resource->range;
    const char *item;
    size_t length, count = 0;
    while ((item = take_item(&at, &length)), length > 0) {
        if (!is_value(resource->type, item, length)) {
            return;
        }
        count++;
    }
    at = resource->range;
    while (count > 1 && ((item = take_item(&at, &length)), length > 0)) {
        put_value(output, start, item, length);
    }
}

void completion_path_find_values(const struct completion_path *path,
                                 const struct completion_output *output)
{
    struct lwm2m_resource_definition resource;
    struct lwm2m_path found;
    const char *equals = strchr(path->typed, '=');
    if (equals == NULL || !read_parent(path, path->typed, (size_t)(equals - path->typed), &found) ||
        found.level < LWM2M_LEVEL_RESOURCE ||
        !lwm2m_definitions_find_resource(path->definitions, found.object, LWM2M_NO_VERSION,
                                         found.resource, &resource)) {
        return;
    }
    switch (resource.type) {
    case LWM2M_TYPE_BOOLEAN:
        put_value(output, path->typed, "true", 4);
        put_value(output, path->typed, "false", 5);
        break;
    case LWM2M_TYPE_INTEGER:
    case LWM2M_TYPE_UNSIGNED:
    case LWM2M_TYPE_FLOAT:
    case LWM2M_TYPE_STRING:
        put_enumerated(output, path->typed, &resource);
        break;
    default:
        break;
    }
}
