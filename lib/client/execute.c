/*
 * Execute.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/operations.h"

static enum lwm2m_error check_arguments(struct lwm2m_bytes arguments)
{
    struct lwm2m_execute_argument argument;
    uint16_t seen = 0;
    enum lwm2m_error error;

    do {
        error = lwm2m_execute_argument_next(&arguments, &seen, &argument);
    } while (error == LWM2M_OK);
    return error == LWM2M_NOT_FOUND ? LWM2M_OK : error;
}

static enum lwm2m_error execute(struct lwm2m_object *object, struct lwm2m_path path,
                                struct lwm2m_bytes arguments)
{
    enum lwm2m_error error = check_arguments(arguments);

    if (error != LWM2M_OK) {
        return error;
    }
    return object->operations->execute(object, path, arguments);
}

static bool is_executable(const struct lwm2m_object *object,
                          const struct lwm2m_resource_definition *resource)
{
    return (resource->operations & LWM2M_EXECUTABLE) != 0 && object->operations->execute != NULL;
}

enum lwm2m_status lwm2m_operation_execute(const struct lwm2m_operation_request *request,
                                          struct lwm2m_operation_answer *answer)
{
    enum lwm2m_error error;

    if (!is_executable(request->object, &request->resource)) {
        return LWM2M_STATUS_METHOD_NOT_ALLOWED;
    }
    if (request->content_format != LWM2M_NO_FORMAT &&
        request->content_format != LWM2M_FORMAT_TEXT) {
        return LWM2M_STATUS_UNSUPPORTED_CONTENT_FORMAT;
    }
    answer->event = LWM2M_CLIENT_EXECUTED;
    error = execute(request->object, request->path, request->message->payload);
    return error == LWM2M_OK ? LWM2M_STATUS_CHANGED : lwm2m_status_from_error(error);
}

enum lwm2m_error lwm2m_client_execute(struct lwm2m_client *client, struct lwm2m_path path,
                                      struct lwm2m_bytes arguments)
{
    struct lwm2m_object *object = lwm2m_object_tree_find(&client->objects, path.object);
    struct lwm2m_resource_definition resource;

    if (path.level != LWM2M_LEVEL_RESOURCE || !lwm2m_object_tree_exists(&client->objects, path) ||
        !lwm2m_object_tree_define(&client->objects, path, &resource)) {
        return LWM2M_NOT_FOUND;
    }
    if (!is_executable(object, &resource)) {
        return LWM2M_NOT_ALLOWED;
    }
    return execute(object, path, arguments);
}
