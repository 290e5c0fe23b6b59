/*
 * Dry runs: the message that an operation would send, as a result.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "control/message_text.h"
#include "service/service_internal.h"

static bool is_dry_run(const struct service_request *request)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(request->parameters, "dry_run"));
}

static enum lwm2m_error show(struct service_job *job, const struct lwm2m_operation *operation)
{
    uint8_t *memory = malloc(MESSAGE_SHOWN_BYTES_MAX);
    struct lwm2m_buffer buffer;
    lwm2m_buffer_init(&buffer, memory, memory != NULL ? MESSAGE_SHOWN_BYTES_MAX : 0);
    enum lwm2m_error error = lwm2m_server_encode(service_of(job->request)->server,
                                                 service_job_registration(job), operation, &buffer);
    job->path = operation->path;
    if (error == LWM2M_OK) {
        cJSON *result = service_result_new(job, &operation->path);
        cJSON_AddBoolToObject(result, "dry_run", true);
        message_add_description(result, lwm2m_buffer_bytes(&buffer));
        service_request_send(job->request, result, NULL);
    }
    free(memory);
    return error;
}

enum lwm2m_error service_job_try_or_show(struct service_job *job, struct lwm2m_operation *operation,
                                         bool *awaits)
{
    bool shows = is_dry_run(job->request);
    enum lwm2m_error error = shows ? show(job, operation) : service_job_try(job, operation);
    *awaits = error == LWM2M_OK && !shows;
    return error;
}

bool service_job_send_or_show(struct service_job *job, struct lwm2m_operation *operation)
{
    bool awaits;
    enum lwm2m_error error = service_job_try_or_show(job, operation, &awaits);
    if (error != LWM2M_OK) {
        service_job_fail_error(job, error);
    }
    return awaits;
}
