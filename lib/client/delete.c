/*
 * Delete: of an object instance, or of an instance of a multiple resource.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/operations.h"

/* A device cannot do without the only instance of an object that it must have (objects 1 and 3,
 * say). */
static bool may_delete(struct lwm2m_object *object, uint16_t instance)
{
    uint16_t first = object->operations->next_instance(object, 0);
    bool is_only = first == instance && object->operations->next_instance(
                                            object, (uint16_t)(instance + 1)) == LWM2M_NO_ID;

    return object->operations->remove != NULL && !(object->definition.mandatory && is_only);
}

enum lwm2m_status lwm2m_operation_delete(const struct lwm2m_operation_request *request,
                                         struct lwm2m_operation_answer *answer)
{
    struct lwm2m_client *client = request->client;
    struct lwm2m_object *object = request->object;
    enum lwm2m_error error;

    answer->event = LWM2M_CLIENT_DELETED;
    if (!may_delete(object, request->path.instance)) {
        return LWM2M_STATUS_METHOD_NOT_ALLOWED;
    }
    error = object->operations->remove(object, request->path.instance);
    if (error != LWM2M_OK) {
        return lwm2m_status_from_error(error);
    }
    lwm2m_attribute_store_remove(&client->attributes, request->path);
    lwm2m_client_changed(client, lwm2m_path_object(request->path.object));
    return LWM2M_STATUS_DELETED;
}

enum lwm2m_status
lwm2m_operation_delete_resource_instance(const struct lwm2m_operation_request *request,
                                         struct lwm2m_operation_answer *answer)
{
    struct lwm2m_path resource = lwm2m_path_ancestor(request->path, LWM2M_LEVEL_RESOURCE);
    struct lwm2m_object *object = request->object;
    enum lwm2m_error error;

    answer->event = LWM2M_CLIENT_DELETED;
    if ((request->resource.operations & LWM2M_WRITABLE) == 0) {
        return LWM2M_STATUS_METHOD_NOT_ALLOWED;
    }
    error = lwm2m_resource_instance_remove(request->client, request->path);
    if (error != LWM2M_OK) {
        return lwm2m_status_from_error(error);
    }
    if (object->operations->written != NULL) {
        object->operations->written(object, resource);
    }
    return LWM2M_STATUS_DELETED;
}
