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
    const struct service *service = service_of(job->request);
    struct lwm2m_object_definition object;
    struct lwm2m_resource_definition resource;
    cJSON *result = service_result_new(job, &path);
    service_result_add_status(result, outcome->status);
    if (service_find_resource(service, outcome->registration, path, &resource)) {
        cJSON_AddStringToObject(result, "name", resource.name);
    } else if (path.level < LWM2M_LEVEL_RESOURCE &&
               service_find_object(service, outcome->registration, path.object, &object)) {
        cJSON_AddStringToObject(result, "name", object.name);
    }
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
        service_job_fail(job, EXIT_CODE_DECODE, NULL,
                         "the answer is no valid link-format: offset %zu: %s", fault.offset,
                         fault.reason != NULL ? fault.reason : "not well formed");
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
