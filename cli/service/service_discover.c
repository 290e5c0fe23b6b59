/*
 * discover: what a device has below a path, with its notification attributes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "service/link_text.h"
#include "service/service_internal.h"

/* From an object to its resource instances (LwM2M Core 1.2 §6.3.2). */
#define DEPTH_MAX 3

static bool prepare(struct service_request *request)
{
    const cJSON *depth = cJSON_GetObjectItemCaseSensitive(request->parameters, "depth");
    if (depth != NULL &&
        !(cJSON_IsNumber(depth) && depth->valuedouble >= 0 && depth->valuedouble <= DEPTH_MAX &&
          depth->valuedouble == depth->valueint)) {
        return service_request_fail(request, EXIT_CODE_USAGE, NULL,
                                    "discover: \"depth\" must be from 0 to %d", DEPTH_MAX);
    }
    return service_paths(request, LWM2M_LEVEL_OBJECT, LWM2M_LEVEL_RESOURCE);
}

/* Says what the device's version of LwM2M has not. */
static void fail(struct service_job *job, enum lwm2m_error error, bool has_depth)
{
    const struct lwm2m_registration *registration = service_job_registration(job);
    if (error == LWM2M_UNSUPPORTED && has_depth && registration != NULL) {
        service_job_fail(job, EXIT_CODE_UNSUPPORTED, "leave --depth out",
                         "the device has LwM2M %u.%u, and a depth came with 1.2",
                         registration->version.major, registration->version.minor);
    } else {
        service_job_fail_error(job, error);
    }
}

static void step(struct service_job *job)
{
    const struct service_request *request = job->request;
    double depth = control_number(request->parameters, "depth", -1);
    while (job->index < request->path_count) {
        struct lwm2m_operation operation = {
            .kind = LWM2M_OPERATION_DISCOVER,
            .path = request->paths[job->index++],
            .format = LWM2M_NO_FORMAT,
            .has_depth = depth >= 0,
            .depth = depth >= 0 ? (uint8_t)depth : 0,
        };
        enum lwm2m_error error = service_job_try(job, &operation);
        if (error == LWM2M_OK) {
            return;
        }
        fail(job, error, operation.has_depth);
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
