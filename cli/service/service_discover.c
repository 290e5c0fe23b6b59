/*
 * discover: what a device has below a path, with its notification attributes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "service/link_text.h"
#include "service/service_internal.h"

static bool prepare(struct service_request *request)
{
    return service_paths(request, LWM2M_LEVEL_OBJECT, LWM2M_LEVEL_RESOURCE);
}

static void step(struct service_job *job)
{
    const struct service_request *request = job->request;
    while (job->index < request->path_count) {
        struct lwm2m_operation operation = {
            .kind = LWM2M_OPERATION_DISCOVER,
            .path = request->paths[job->index++],
            .format = LWM2M_NO_FORMAT,
        };
        if (service_job_submit(job, &operation)) {
            return;
        }
    }
    service_job_finish(job);
}

static void send_link(struct service_job *job, const struct lwm2m_outcome *outcome,
                      const struct lwm2m_link *link, struct lwm2m_path path)
{
    cJSON *result = service_result_new(job, &path);
    service_result_add_status(result, outcome->status);
    service_result_add_name(result, service_of(job->request), outcome->registration, path);
    link_add_attributes(cJSON_AddObjectToObject(result, "attributes"), link);
    service_result_add_outcome(result, job, outcome);
    service_request_send(job->request, result, NULL);
}

static void send_links(struct service_job *job, const struct lwm2m_outcome *outcome)
{
    struct lwm2m_bytes alternate = service_root_path(outcome->registration);
    struct lwm2m_link_reader reader;
    struct lwm2m_link link;
    struct lwm2m_path path;
    struct lwm2m_fault fault = {0};
    lwm2m_link_reader_init(&reader, outcome->payload);
    enum lwm2m_error error;
    while ((error = lwm2m_link_reader_next(&reader, &link, &fault)) == LWM2M_OK) {
        if (link_path(&link, alternate, &path)) {
            send_link(job, outcome, &link, path);
        }
    }
    if (error != LWM2M_NOT_FOUND) {
        service_job_fail_links(job, &fault);
    }
}

static void answered(struct service_job *job, const struct lwm2m_outcome *outcome)
{
    if (service_job_check(job, outcome)) {
        send_links(job, outcome);
    }
    step(job);
}

const struct service_operation service_discover = {
    .name = "discover",
    .scope = SERVICE_ON_DEVICES,
    .prepare = prepare,
    .step = step,
    .answered = answered,
};
