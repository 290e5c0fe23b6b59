/*
 * read: the values at one or more paths, one path after the other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "control/value_json.h"
#include "service/service_internal.h"

static bool prepare(struct service_request *request)
{
    return service_paths(request, LWM2M_LEVEL_OBJECT, LWM2M_LEVEL_RESOURCE_INSTANCE);
}

static void step(struct service_job *job)
{
    const struct service_request *request = job->request;
    while (job->index < request->path_count) {
        struct lwm2m_operation operation = {
            .kind = LWM2M_OPERATION_READ,
            .path = request->paths[job->index++],
            .format = request->format,
        };
        if (service_job_submit(job, &operation)) {
            return;
        }
    }
    service_job_finish(job);
}

struct reading {
    struct service_job *job;
    const struct lwm2m_outcome *outcome;
    size_t count;
};

static enum lwm2m_error send_record(void *context, const struct lwm2m_record *record)
{
    struct reading *reading = context;
    struct service_job *job = reading->job;
    cJSON *result = service_result_new(job, &record->path);
    service_result_add_status(result, reading->outcome->status);
    service_result_add_record(result, service_of(job->request), reading->outcome->registration,
                              record);
    service_result_add_outcome(result, job, reading->outcome);
    char *printed = value_text_new(&record->value);
    service_request_send(job->request, result, printed);
    free(printed);
    reading->count++;
    return LWM2M_OK;
}

/* An instance or object that exists and holds nothing is an answer too. */
static void send_empty(struct service_job *job, const struct lwm2m_outcome *outcome)
{
    struct lwm2m_record record = {
        .path = job->path, .value = lwm2m_value_none(), .time_ms = LWM2M_NO_TIME};
    struct reading reading = {.job = job, .outcome = outcome};
    (void)send_record(&reading, &record);
}

static void fail_undecodable(struct service_job *job, enum lwm2m_error error,
                             const struct lwm2m_outcome *outcome, const struct lwm2m_fault *fault)
{
    static const char hint[] = "ask for another format, such as -f tlv";
    const char *format = lwm2m_content_format_name(outcome->content_format);
    if (error == LWM2M_FORMAT && outcome->content_format == LWM2M_NO_FORMAT) {
        service_job_fail(job, EXIT_CODE_DECODE, hint,
                         "the device answered without a content format");
    } else if (error == LWM2M_FORMAT) {
        service_job_fail(job, EXIT_CODE_DECODE, hint,
                         "the device answered in content format %u, which is not known here",
                         outcome->content_format);
    } else {
        service_job_fail(job, EXIT_CODE_DECODE, hint, "the answer is no valid %s: offset %zu: %s",
                         format != NULL ? format : "payload", fault->offset,
                         fault->reason != NULL ? fault->reason : lwm2m_error_text(error));
    }
}

static void answered(struct service_job *job, const struct lwm2m_outcome *outcome)
{
    struct reading reading = {.job = job, .outcome = outcome};
    struct lwm2m_sink sink = {.context = &reading, .put = send_record};
    struct lwm2m_fault fault = {0};
    if (service_job_check(job, outcome)) {
        enum lwm2m_error error = lwm2m_outcome_decode(outcome, sink, &fault);
        if (error != LWM2M_OK) {
            fail_undecodable(job, error, outcome, &fault);
        } else if (reading.count == 0) {
            send_empty(job, outcome);
        }
    }
    step(job);
}

const struct service_operation service_read = {
    .name = "read",
    .scope = SERVICE_ON_DEVICES,
    .prepare = prepare,
    .step = step,
    .answered = answered,
};
