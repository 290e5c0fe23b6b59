/*
 * exec: executes a resource, with arguments.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include <lwm2m/object.h>

#include "service/service_internal.h"

/* What a device would refuse as malformed is told before it is sent. */
static bool are_arguments(const char *text)
{
    struct lwm2m_bytes rest = lwm2m_bytes_from_text(text);
    struct lwm2m_execute_argument argument;
    uint16_t seen = 0;
    enum lwm2m_error error;
    do {
        error = lwm2m_execute_argument_next(&rest, &seen, &argument);
    } while (error == LWM2M_OK);
    return error == LWM2M_NOT_FOUND;
}

static bool prepare(struct service_request *request)
{
    const char *arguments = control_text(request->parameters, "arguments");
    if (!service_paths(request, LWM2M_LEVEL_RESOURCE, LWM2M_LEVEL_RESOURCE)) {
        return false;
    }
    if (arguments != NULL && !are_arguments(arguments)) {
        return service_request_fail(
            request, EXIT_CODE_USAGE,
            "arguments look like 0='text',1,2='5': digits 0 to 9, once each",
            "'%.120s' are no arguments of an Execute", arguments);
    }
    return true;
}

static void step(struct service_job *job)
{
    const struct service_request *request = job->request;
    while (job->index < request->path_count) {
        struct lwm2m_operation operation = {
            .kind = LWM2M_OPERATION_EXECUTE,
            .path = request->paths[job->index++],
            .format = LWM2M_NO_FORMAT,
            .arguments = lwm2m_bytes_from_text(control_text(request->parameters, "arguments")),
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

const struct service_operation service_exec = {
    .name = "exec",
    .scope = SERVICE_ON_DEVICES,
    .prepare = prepare,
    .step = step,
    .answered = answered,
};
