/*
 * Write-Composite: values of several objects in one request, carried out as a whole or not at all.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/operations.h"

struct composite {
    struct lwm2m_client *client;
    bool may_remove;         /* the format has a null, which removes (RFC 8790 §3) */
    size_t count;            /* of records */
    struct lwm2m_path first; /* the instance of the records that were seen last */
};

/* In SenML a name alone is no value; in an ETCH format it is one that is taken away. */
static bool is_removal(const struct lwm2m_record *record)
{
    return record->value.type == LWM2M_TYPE_NONE;
}

static enum lwm2m_error check_removal(const struct composite *composite, struct lwm2m_path path)
{
    struct lwm2m_object *object = lwm2m_object_tree_find(&composite->client->objects, path.object);
    struct lwm2m_resource_definition resource;

    if (!composite->may_remove || path.level < LWM2M_LEVEL_RESOURCE) {
        return LWM2M_MALFORMED;
    }
    if (!lwm2m_object_tree_define(&composite->client->objects, path, &resource)) {
        return LWM2M_NOT_FOUND;
    }
    if ((resource.operations & LWM2M_WRITABLE) == 0 ||
        object->operations->remove_resource_instance == NULL) {
        return LWM2M_NOT_ALLOWED;
    }
    return resource.multiple && path.level == LWM2M_LEVEL_RESOURCE_INSTANCE ? LWM2M_OK
                                                                            : LWM2M_MALFORMED;
}

static enum lwm2m_error check_record(void *context, const struct lwm2m_record *record)
{
    struct composite *composite = context;
    struct lwm2m_path path = record->path;
    struct lwm2m_object *object = lwm2m_object_tree_find(&composite->client->objects, path.object);
    struct lwm2m_value value;

    composite->count++;
    if (path.level >= LWM2M_LEVEL_OBJECT && lwm2m_object_is_hidden(path.object)) {
        return LWM2M_UNAUTHORIZED;
    }
    if (object == NULL ||
        (path.level >= LWM2M_LEVEL_INSTANCE && !lwm2m_object_has_instance(object, path.instance))) {
        return LWM2M_NOT_FOUND;
    }
    if (is_removal(record)) {
        return check_removal(composite, path);
    }
    return lwm2m_record_check(composite->client, record, false, &value);
}

static enum lwm2m_error apply_record(void *context, const struct lwm2m_record *record)
{
    struct composite *composite = context;
    struct lwm2m_object_tree *tree = &composite->client->objects;

    if (!is_removal(record)) {
        return lwm2m_record_write(composite->client, record);
    }
    /* What is not there need not be taken away: an iPATCH may be repeated (RFC 8132 §2). */
    return lwm2m_object_tree_exists(tree, record->path)
               ? lwm2m_resource_instance_remove(composite->client, record->path)
               : LWM2M_OK;
}

/* The effects come once everything is written: they may depend on it. */
static enum lwm2m_error tell_object(void *context, const struct lwm2m_record *record)
{
    struct composite *composite = context;
    struct lwm2m_path instance = lwm2m_path_ancestor(record->path, LWM2M_LEVEL_INSTANCE);
    struct lwm2m_object *object =
        lwm2m_object_tree_find(&composite->client->objects, record->path.object);

    if (lwm2m_path_equal(instance, composite->first)) {
        return LWM2M_OK;
    }
    composite->first = instance;
    if (object->operations->written != NULL) {
        object->operations->written(object, instance);
    }
    return LWM2M_OK;
}

static enum lwm2m_error carry_out(const struct lwm2m_payload *payload, struct composite *composite)
{
    enum lwm2m_error error;

    if (!payload->codec->composite) {
        return LWM2M_FORMAT;
    }
    error = lwm2m_payload_decode(payload, (struct lwm2m_sink){composite, check_record});
    if (error == LWM2M_OK && composite->count == 0) {
        error = LWM2M_MALFORMED;
    }
    if (error == LWM2M_OK) {
        error = lwm2m_payload_decode(payload, (struct lwm2m_sink){composite, apply_record});
    }
    if (error == LWM2M_OK) {
        error = lwm2m_payload_decode(payload, (struct lwm2m_sink){composite, tell_object});
    }
    return error;
}

enum lwm2m_status lwm2m_operation_write_composite(const struct lwm2m_operation_request *request,
                                                  struct lwm2m_operation_answer *answer)
{
    struct composite composite = {
        .client = request->client,
        .may_remove = lwm2m_content_format_is_etch(request->content_format),
        .first = lwm2m_path_root(),
    };
    struct lwm2m_payload payload = {0};
    enum lwm2m_error error = lwm2m_payload_init(&payload, request, request->content_format);

    if (error == LWM2M_OK) {
        error = carry_out(&payload, &composite);
    }
    lwm2m_payload_release(&payload);
    answer->event = LWM2M_CLIENT_WRITTEN;
    return error == LWM2M_OK ? LWM2M_STATUS_CHANGED : lwm2m_status_from_error(error);
}
