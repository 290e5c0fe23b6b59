/*
 * Write: replaces or updates an instance, a resource or a resource instance.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/operations.h"

struct check {
    const struct lwm2m_client *client;
    size_t count;
};

static enum lwm2m_error check_record(void *context, const struct lwm2m_record *record)
{
    struct check *check = context;
    struct lwm2m_value value;

    check->count++;
    return lwm2m_record_check(check->client, record, false, &value);
}

/* The format of a payload for which none is named: text, for what can be text. */
static enum lwm2m_error find_format(const struct lwm2m_operation_request *request, uint16_t *format)
{
    *format = request->content_format;
    if (*format != LWM2M_NO_FORMAT) {
        return LWM2M_OK;
    }
    if (request->path.level < LWM2M_LEVEL_RESOURCE) {
        return LWM2M_MALFORMED;
    }
    *format = LWM2M_FORMAT_TEXT;
    return LWM2M_OK;
}

static enum lwm2m_error check_payload(const struct lwm2m_payload *payload)
{
    struct check check = {payload->client, 0};
    enum lwm2m_error error =
        lwm2m_payload_decode(payload, (struct lwm2m_sink){&check, check_record});

    /* An instance may be replaced by nothing; a resource may not. */
    if (error == LWM2M_OK && check.count == 0 && payload->base.level >= LWM2M_LEVEL_RESOURCE) {
        return LWM2M_MALFORMED;
    }
    return error;
}

static enum lwm2m_error apply(const struct lwm2m_operation_request *request,
                              const struct lwm2m_payload *payload, bool replace)
{
    const struct lwm2m_object_operations *operations = request->object->operations;
    bool has_parts = request->path.level == LWM2M_LEVEL_INSTANCE ||
                     (request->path.level == LWM2M_LEVEL_RESOURCE && request->resource.multiple);
    enum lwm2m_error error = LWM2M_OK;

    if (replace && has_parts && operations->clear != NULL) {
        error = operations->clear(request->object, request->path);
    }
    if (error == LWM2M_OK) {
        error = lwm2m_payload_apply(payload);
    }
    if (replace && has_parts) {
        lwm2m_client_changed(request->client, request->path);
    }
    if (operations->written != NULL) {
        operations->written(request->object, request->path);
    }
    return error;
}

static enum lwm2m_error write(const struct lwm2m_operation_request *request, bool replace)
{
    struct lwm2m_payload payload = {0};
    uint16_t format;
    enum lwm2m_error error;

    if (request->path.level >= LWM2M_LEVEL_RESOURCE &&
        (request->resource.operations & LWM2M_WRITABLE) == 0) {
        return LWM2M_NOT_ALLOWED;
    }
    error = find_format(request, &format);
    if (error != LWM2M_OK) {
        return error;
    }
    error = lwm2m_payload_init(&payload, request, format);
    if (error == LWM2M_OK) {
        error = check_payload(&payload);
    }
    if (error == LWM2M_OK) {
        error = apply(request, &payload, replace);
    }
    lwm2m_payload_release(&payload);
    return error;
}

static enum lwm2m_status answer_write(const struct lwm2m_operation_request *request, bool replace,
                                      struct lwm2m_operation_answer *answer)
{
    enum lwm2m_error error = write(request, replace);

    answer->event = LWM2M_CLIENT_WRITTEN;
    return error == LWM2M_OK ? LWM2M_STATUS_CHANGED : lwm2m_status_from_error(error);
}

enum lwm2m_status lwm2m_operation_write_replace(const struct lwm2m_operation_request *request,
                                                struct lwm2m_operation_answer *answer)
{
    return answer_write(request, true, answer);
}

enum lwm2m_status lwm2m_operation_write_update(const struct lwm2m_operation_request *request,
                                               struct lwm2m_operation_answer *answer)
{
    return answer_write(request, false, answer);
}

/* ---- the device itself ---- */

enum lwm2m_error lwm2m_client_write(struct lwm2m_client *client, const struct lwm2m_record *record)
{
    struct lwm2m_object *object = lwm2m_object_tree_find(&client->objects, record->path.object);
    struct lwm2m_record converted = *record;
    enum lwm2m_error error;

    if (object == NULL || record->path.level < LWM2M_LEVEL_RESOURCE ||
        !lwm2m_object_has_instance(object, record->path.instance)) {
        return LWM2M_NOT_FOUND;
    }
    error = lwm2m_record_check(client, record, true, &converted.value);
    if (error == LWM2M_OK) {
        error = object->operations->write(object, &converted);
    }
    if (error != LWM2M_OK) {
        return error;
    }
    lwm2m_client_changed(client, record->path);
    if (object->operations->written != NULL) {
        object->operations->written(object, record->path);
    }
    return LWM2M_OK;
}
