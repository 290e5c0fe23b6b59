/*
 * Discover: what exists at a path and so many levels below, with attributes, as links.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/number.h>

#include <string.h>

#include "client/link_writer.h"
#include "client/operations.h"

/* From an object down to its resource instances (LwM2M Core 1.2 §6.3.2). */
#define DEPTH_MAX 3

static void append_attributes(const struct lwm2m_attributes *attributes, struct lwm2m_buffer *out)
{
    if (lwm2m_attributes_print(attributes, out) != LWM2M_OK) {
        out->overflown = true;
    }
}

static void append_path(const struct lwm2m_operation_request *request, struct lwm2m_path path,
                        struct lwm2m_buffer *out)
{
    struct lwm2m_attributes attributes =
        lwm2m_attribute_store_get(&request->client->attributes, request->account->ssid, path);

    lwm2m_link_writer_path(out, path);
    append_attributes(&attributes, out);
}

static uint32_t count_resource_instances(struct lwm2m_object *object, struct lwm2m_path path)
{
    uint32_t count = 0;
    uint16_t id = 0;

    for (;; id++, count++) {
        id = object->operations->next_resource_instance(object, path.instance, path.resource, id);
        if (id == LWM2M_NO_ID) {
            return count;
        }
    }
}

static void append_dimension(const struct lwm2m_operation_request *request, struct lwm2m_path path,
                             const struct lwm2m_resource_definition *resource,
                             struct lwm2m_buffer *out)
{
    if (resource->multiple) {
        lwm2m_link_writer_number(out, "dim", count_resource_instances(request->object, path));
    }
}

static void append_resource_instances(const struct lwm2m_operation_request *request,
                                      struct lwm2m_path path, struct lwm2m_buffer *out)
{
    struct lwm2m_object *object = request->object;
    uint16_t id = 0;

    for (;; id++) {
        id = object->operations->next_resource_instance(object, path.instance, path.resource, id);
        if (id == LWM2M_NO_ID || out->overflown) {
            return;
        }
        append_path(request,
                    lwm2m_path_resource_instance(path.object, path.instance, path.resource, id),
                    out);
    }
}

/* Where the resource is what was asked for, what counts is shown, also what is inherited (LwM2M
 * Core 1.1.1 §6.3.2). */
static struct lwm2m_attributes shown_attributes(const struct lwm2m_operation_request *request,
                                                struct lwm2m_path path)
{
    const struct lwm2m_attribute_store *store = &request->client->attributes;
    uint16_t ssid = request->account->ssid;

    return lwm2m_path_equal(path, request->path)
               ? lwm2m_attribute_store_effective(store, ssid, path)
               : lwm2m_attribute_store_get(store, ssid, path);
}

static void append_resource(const struct lwm2m_operation_request *request, struct lwm2m_path path,
                            unsigned depth, struct lwm2m_buffer *out)
{
    struct lwm2m_resource_definition resource;
    struct lwm2m_attributes attributes = shown_attributes(request, path);

    if (!lwm2m_object_tree_define(&request->client->objects, path, &resource) ||
        (resource.operations == 0 && !lwm2m_path_equal(path, request->path))) {
        return;
    }
    lwm2m_link_writer_path(out, path);
    append_dimension(request, path, &resource, out);
    append_attributes(&attributes, out);
    if (depth > 0 && resource.multiple) {
        append_resource_instances(request, path, out);
    }
}

static void append_instance(const struct lwm2m_operation_request *request, struct lwm2m_path path,
                            unsigned depth, struct lwm2m_buffer *out)
{
    struct lwm2m_object *object = request->object;
    uint16_t id = 0;

    append_path(request, path, out);
    for (; depth > 0; id++) {
        id = object->operations->next_resource(object, path.instance, id);
        if (id == LWM2M_NO_ID || out->overflown) {
            return;
        }
        append_resource(request, lwm2m_path_resource(path.object, path.instance, id), depth - 1,
                        out);
    }
}

static void append_object(const struct lwm2m_operation_request *request, unsigned depth,
                          struct lwm2m_buffer *out)
{
    struct lwm2m_object *object = request->object;
    struct lwm2m_attributes attributes = lwm2m_attribute_store_get(
        &request->client->attributes, request->account->ssid, request->path);
    uint16_t id = 0;

    lwm2m_link_writer_path(out, request->path);
    lwm2m_link_writer_version(out, &object->definition, request->account->version);
    append_attributes(&attributes, out);
    for (; depth > 0; id++) {
        id = object->operations->next_instance(object, id);
        if (id == LWM2M_NO_ID || out->overflown) {
            return;
        }
        append_instance(request, lwm2m_path_instance(request->path.object, id), depth - 1, out);
    }
}

struct discovery {
    const struct lwm2m_operation_request *request;
    unsigned depth; /* levels below the path */
};

static enum lwm2m_error build(void *context, struct lwm2m_buffer *out)
{
    const struct discovery *discovery = context;
    const struct lwm2m_operation_request *request = discovery->request;

    if (request->path.level == LWM2M_LEVEL_OBJECT) {
        append_object(request, discovery->depth, out);
    } else if (request->path.level == LWM2M_LEVEL_INSTANCE) {
        append_instance(request, request->path, discovery->depth, out);
    } else {
        append_resource(request, request->path, discovery->depth, out);
    }
    return lwm2m_buffer_check(out);
}

/* ---- depth ---- */

/* Down to the resources; of a resource its instances, for whose paths 1.0 has no word. */
static unsigned default_depth(const struct lwm2m_operation_request *request)
{
    if (request->path.level == LWM2M_LEVEL_RESOURCE) {
        return request->account->version.minor == 0 ? 0 : 1;
    }
    return LWM2M_LEVEL_RESOURCE - request->path.level;
}

static enum lwm2m_error parse_depth(struct lwm2m_bytes query, unsigned *depth)
{
    static const char name[] = "depth=";
    const size_t name_length = sizeof(name) - 1;
    uint64_t number;

    if (query.length <= name_length || memcmp(query.data, name, name_length) != 0 ||
        lwm2m_number_parse_unsigned(
            (struct lwm2m_bytes){query.data + name_length, query.length - name_length}, &number) !=
            LWM2M_OK ||
        number > DEPTH_MAX) {
        return LWM2M_MALFORMED;
    }
    *depth = (unsigned)number;
    return LWM2M_OK;
}

static enum lwm2m_error read_depth(const struct lwm2m_operation_request *request, unsigned *depth)
{
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;
    bool given = false;

    *depth = default_depth(request);
    lwm2m_option_reader_init(&reader, request->message);
    while (lwm2m_option_reader_next(&reader, &option)) {
        if (option.number != LWM2M_OPTION_URI_QUERY) {
            continue;
        }
        if (given || parse_depth(option.value, depth) != LWM2M_OK) {
            return LWM2M_MALFORMED;
        }
        given = true;
    }
    return LWM2M_OK;
}

enum lwm2m_status lwm2m_operation_discover(const struct lwm2m_operation_request *request,
                                           struct lwm2m_operation_answer *answer)
{
    struct discovery discovery = {.request = request};
    enum lwm2m_error error;

    if (read_depth(request, &discovery.depth) != LWM2M_OK) {
        return LWM2M_STATUS_BAD_REQUEST;
    }
    error =
        lwm2m_client_body_build(&request->client->body, build, &discovery, &answer->content.bytes);

    if (error != LWM2M_OK) {
        return LWM2M_STATUS_INTERNAL_SERVER_ERROR;
    }
    answer->content.format = LWM2M_FORMAT_LINK;
    answer->event = LWM2M_CLIENT_DISCOVERED;
    return LWM2M_STATUS_CONTENT;
}
