/*
 * Read and Observe.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/operations.h"

static void observe(const struct lwm2m_operation_request *request,
                    const struct lwm2m_selection *selection,
                    const struct lwm2m_attributes *attributes,
                    struct lwm2m_operation_answer *answer)
{
    struct lwm2m_observation_start start = {
        .account = request->account,
        .peer = request->peer,
        .token = request->message->token,
        .paths = selection->paths,
        .path_count = selection->path_count,
        .composite = selection->composite,
        .accept = selection->accept,
        .attributes = attributes,
        .content = &answer->content,
    };

    /* Where there is no room, the answer without Observe option says so (RFC 7641 §4.1). */
    if (lwm2m_client_observations_add(request->client, &start, &answer->observe) == LWM2M_OK) {
        answer->event = LWM2M_CLIENT_OBSERVED;
    } else {
        answer->observe = LWM2M_NO_OBSERVE;
    }
}

/* The attributes of an Observe request; they may not contradict those that they stand beside. */
static enum lwm2m_error read_attributes(const struct lwm2m_operation_request *request,
                                        const struct lwm2m_selection *selection,
                                        struct lwm2m_attributes *attributes)
{
    enum lwm2m_error error = lwm2m_request_attributes_read(request, attributes);
    size_t i;

    for (i = 0; i < selection->path_count && error == LWM2M_OK; i++) {
        struct lwm2m_attributes attached = lwm2m_attribute_store_effective(
            &request->client->attributes, request->account->ssid, selection->paths[i]);
        struct lwm2m_attributes effective = lwm2m_attributes_inherit(&attached, attributes);

        error = lwm2m_attributes_check(&effective);
    }
    return error;
}

void lwm2m_operation_end_observation(const struct lwm2m_operation_request *request)
{
    (void)lwm2m_client_observations_end(request->client, request->peer, &request->message->token,
                                        LWM2M_CANCELLED);
}

enum lwm2m_status lwm2m_operation_answer_content(const struct lwm2m_operation_request *request,
                                                 const struct lwm2m_selection *selection,
                                                 struct lwm2m_operation_answer *answer)
{
    struct lwm2m_attributes attributes = {0};
    enum lwm2m_error error;

    if (read_attributes(request, selection, &attributes) != LWM2M_OK) {
        return LWM2M_STATUS_BAD_REQUEST;
    }
    error = lwm2m_content_read(request->client, selection, &answer->content);
    if (error != LWM2M_OK) {
        answer->content.format = LWM2M_NO_FORMAT;
    }
    if (error == LWM2M_FORMAT) {
        return LWM2M_STATUS_NOT_ACCEPTABLE;
    }
    /* 4.13 is for what a server sends; our own answer is our own trouble. */
    if (error == LWM2M_TOO_LARGE) {
        return LWM2M_STATUS_INTERNAL_SERVER_ERROR;
    }
    if (error != LWM2M_OK) {
        return lwm2m_status_from_error(error);
    }
    answer->event = LWM2M_CLIENT_READ;
    if (request->observe == LWM2M_OBSERVE_REGISTER) {
        observe(request, selection, &attributes, answer);
    }
    return LWM2M_STATUS_CONTENT;
}

enum lwm2m_status lwm2m_operation_read(const struct lwm2m_operation_request *request,
                                       struct lwm2m_operation_answer *answer)
{
    const struct lwm2m_selection selection = {
        .paths = &request->path,
        .path_count = 1,
        .accept = request->accept,
        .version = request->account->version,
    };

    /* Ended first: whatever becomes of the Read, the server does not want notifications any more.
     */
    if (request->observe == LWM2M_OBSERVE_DEREGISTER) {
        lwm2m_operation_end_observation(request);
    }
    if (request->path.level >= LWM2M_LEVEL_RESOURCE &&
        (request->resource.operations & LWM2M_READABLE) == 0) {
        return LWM2M_STATUS_METHOD_NOT_ALLOWED;
    }
    return lwm2m_operation_answer_content(request, &selection, answer);
}

enum lwm2m_error lwm2m_client_read(struct lwm2m_client *client, struct lwm2m_path path,
                                   struct lwm2m_sink sink)
{
    if (!lwm2m_object_tree_exists(&client->objects, path)) {
        return LWM2M_NOT_FOUND;
    }
    return lwm2m_object_tree_read(&client->objects, path, true, sink);
}
