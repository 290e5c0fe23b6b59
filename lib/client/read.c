/*
 * Read and Observe.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/operations.h"

#define OBSERVE_REGISTER 0
#define OBSERVE_DEREGISTER 1

static void observe(const struct lwm2m_operation_request *request,
                    struct lwm2m_operation_answer *answer)
{
    struct lwm2m_observation_start start = {
        .account = request->account,
        .peer = request->peer,
        .token = request->message->token,
        .path = request->path,
        .accept = request->accept,
        .content = &answer->content,
    };

    /* Where there is no room, the answer without Observe option says so (RFC 7641 §4.1). */
    if (lwm2m_client_observations_add(request->client, &start, &answer->observe) == LWM2M_OK) {
        answer->event = LWM2M_CLIENT_OBSERVED;
    } else {
        answer->observe = LWM2M_NO_OBSERVE;
    }
}

enum lwm2m_status lwm2m_operation_read(const struct lwm2m_operation_request *request,
                                       struct lwm2m_operation_answer *answer)
{
    enum lwm2m_error error;

    /* Ended first: whatever becomes of the Read, the server does not want notifications any more.
     */
    if (request->observe == OBSERVE_DEREGISTER) {
        (void)lwm2m_client_observations_end(request->client, request->peer,
                                            &request->message->token, LWM2M_CANCELLED);
    }
    if (request->path.level >= LWM2M_LEVEL_RESOURCE &&
        (request->resource.operations & LWM2M_READABLE) == 0) {
        return LWM2M_STATUS_METHOD_NOT_ALLOWED;
    }
    error = lwm2m_content_read(request->client, request->path, request->accept,
                               request->account->version, &answer->content);
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
    if (request->observe == OBSERVE_REGISTER) {
        observe(request, answer);
    }
    return LWM2M_STATUS_CONTENT;
}

enum lwm2m_error lwm2m_client_read(struct lwm2m_client *client, struct lwm2m_path path,
                                   struct lwm2m_sink sink)
{
    if (!lwm2m_object_tree_exists(&client->objects, path)) {
        return LWM2M_NOT_FOUND;
    }
    return lwm2m_object_tree_read(&client->objects, path, true, sink);
}
