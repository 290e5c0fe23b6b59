/*
 * cancel: ends observations for everyone who listens to them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "service/service_internal.h"

static bool prepare(struct service_request *request)
{
    /* "all" may be about paths or about devices: without a path it is both. */
    const cJSON *parameters = request->parameters;
    if (cJSON_GetObjectItemCaseSensitive(parameters, "path") == NULL &&
        cJSON_GetObjectItemCaseSensitive(parameters, "paths") == NULL) {
        return true;
    }
    return service_paths(request, LWM2M_LEVEL_OBJECT, LWM2M_LEVEL_RESOURCE_INSTANCE);
}

static void cancel_path(struct service_job *job, struct lwm2m_path path)
{
    const struct service_request *request = job->request;
    bool passive = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(request->parameters, "passive"));
    size_t ended = lwm2m_server_cancel_path(service_of(request)->server,
                                            service_job_registration(job), path, passive);
    if (ended == 0 && path.level > LWM2M_LEVEL_ROOT) {
        job->path = path;
        service_job_fail(job, EXIT_CODE_USAGE, "'lwm2m info' shows what is observed",
                         "it is not observed");
        return;
    }
    cJSON *result = service_result_new(job, &path);
    cJSON_AddBoolToObject(result, "ok", true);
    cJSON_AddNumberToObject(result, "ended", (double)ended);
    service_result_add_now(result);
    service_request_send(job->request, result, NULL);
}

static void step(struct service_job *job)
{
    const struct service_request *request = job->request;
    if (request->path_count == 0) {
        cancel_path(job, lwm2m_path_root());
    }
    for (size_t i = 0; i < request->path_count; i++) {
        cancel_path(job, request->paths[i]);
    }
    service_job_finish(job);
}

const struct service_operation service_cancel = {
    .name = "cancel",
    .scope = SERVICE_ON_DEVICES,
    .prepare = prepare,
    .step = step,
};
