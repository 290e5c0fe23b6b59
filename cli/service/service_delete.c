/*
 * delete: removes object instances, or resource instances of a 1.2 device.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "service/service_internal.h"

static bool prepare(struct service_request *request)
{
    if (!service_paths(request, LWM2M_LEVEL_INSTANCE, LWM2M_LEVEL_RESOURCE_INSTANCE)) {
        return false;
    }
    for (size_t i = 0; i < request->path_count; i++) {
        if (request->paths[i].level == LWM2M_LEVEL_RESOURCE) {
            char path[LWM2M_PATH_TEXT_MAX];
            lwm2m_path_print(request->paths[i], path);
            return service_request_fail(
                request, EXIT_CODE_USAGE,
                "only object instances (/3303/1) and resource instances (/3/0/11/0) can be deleted",
                "delete %s: a resource cannot be deleted", path);
        }
    }
    return true;
}

static void step(struct service_job *job)
{
    const struct service_request *request = job->request;
    while (job->index < request->path_count) {
        struct lwm2m_operation operation = {
            .kind = LWM2M_OPERATION_DELETE,
            .path = request->paths[job->index++],
            .format = LWM2M_NO_FORMAT,
        };
        if (service_job_submit(job, &operation)) {
            return;
        }
    }
    service_job_finish(job);
}

static void answered(struct service_job *job, const struct lwm2m_outcome *outcome)
{
    service_job_send_status(job, outcome);
    step(job);
}

const struct service_operation service_delete = {
    .name = "delete",
    .scope = SERVICE_ON_DEVICES,
    .prepare = prepare,
    .step = step,
    .answered = answered,
};
