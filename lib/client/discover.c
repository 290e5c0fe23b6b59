/*
 * Discover: what exists at a path and one or two levels below, with attributes, as links.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/link_writer.h"
#include "client/operations.h"

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

static void append_resource(const struct lwm2m_operation_request *request, struct lwm2m_path path,
                            struct lwm2m_buffer *out)
{
    struct lwm2m_resource_definition resource;
    struct lwm2m_attributes attributes;

    if (!lwm2m_object_tree_define(&request->client->objects, path, &resource) ||
        resource.operations == 0) {
        return;
    }
    attributes =
        lwm2m_attribute_store_get(&request->client->attributes, request->account->ssid, path);
    lwm2m_link_writer_path(out, path);
    append_dimension(request, path, &resource, out);
    append_attributes(&attributes, out);
}

static void append_instance(const struct lwm2m_operation_request *request, struct lwm2m_path path,
                            struct lwm2m_buffer *out)
{
    struct lwm2m_object *object = request->object;
    uint16_t id = 0;

    append_path(request, path, out);
    for (;; id++) {
        id = object->operations->next_resource(object, path.instance, id);
        if (id == LWM2M_NO_ID || out->overflown) {
            return;
        }
        append_resource(request, lwm2m_path_resource(path.object, path.instance, id), out);
    }
}

static void append_object(const struct lwm2m_operation_request *request, struct lwm2m_buffer *out)
{
    struct lwm2m_object *object = request->object;
    struct lwm2m_attributes attributes = lwm2m_attribute_store_get(
        &request->client->attributes, request->account->ssid, request->path);
    uint16_t id = 0;

    lwm2m_link_writer_path(out, request->path);
    lwm2m_link_writer_version(out, &object->definition, request->account->version);
    append_attributes(&attributes, out);
    for (;; id++) {
        id = object->operations->next_instance(object, id);
        if (id == LWM2M_NO_ID || out->overflown) {
            return;
        }
        append_instance(request, lwm2m_path_instance(request->path.object, id), out);
    }
}

/* At this level what counts is shown, also what is inherited (LwM2M Core 1.1.1 §6.3.2). */
static void append_whole_resource(const struct lwm2m_operation_request *request,
                                  struct lwm2m_buffer *out)
{
    struct lwm2m_object *object = request->object;
    struct lwm2m_path path = request->path;
    struct lwm2m_attributes effective =
        lwm2m_attribute_store_effective(&request->client->attributes, request->account->ssid, path);
    uint16_t id = 0;

    lwm2m_link_writer_path(out, path);
    append_dimension(request, path, &request->resource, out);
    append_attributes(&effective, out);
    /* 1.0 has no paths of resource instances. */
    if (!request->resource.multiple || request->account->version.minor == 0) {
        return;
    }
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

static enum lwm2m_error build(void *context, struct lwm2m_buffer *out)
{
    const struct lwm2m_operation_request *request = context;

    if (request->path.level == LWM2M_LEVEL_OBJECT) {
        append_object(request, out);
    } else if (request->path.level == LWM2M_LEVEL_INSTANCE) {
        append_instance(request, request->path, out);
    } else {
        append_whole_resource(request, out);
    }
    return lwm2m_buffer_check(out);
}

enum lwm2m_status lwm2m_operation_discover(const struct lwm2m_operation_request *request,
                                           struct lwm2m_operation_answer *answer)
{
    struct lwm2m_operation_request copy = *request;
    enum lwm2m_error error =
        lwm2m_client_body_build(&request->client->body, build, &copy, &answer->content.bytes);

    if (error != LWM2M_OK) {
        return LWM2M_STATUS_INTERNAL_SERVER_ERROR;
    }
    answer->content.format = LWM2M_FORMAT_LINK;
    answer->event = LWM2M_CLIENT_DISCOVERED;
    return LWM2M_STATUS_CONTENT;
}
