/*
 * cached: what devices said last, without asking them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "control/value_json.h"
#include "service/service_internal.h"

/* What was reported at one path; the values stay where they are, in the engine. */
struct reports {
    struct lwm2m_reported_value *list;
    size_t count, capacity;
    bool short_of_memory;
};

static bool prepare(struct service_request *request)
{
    return service_paths(request, LWM2M_LEVEL_OBJECT, LWM2M_LEVEL_RESOURCE_INSTANCE);
}

static bool add_report(void *context, const struct lwm2m_reported_value *reported)
{
    struct reports *reports = context;
    if (reports->count == reports->capacity) {
        size_t capacity = reports->capacity == 0 ? 16 : reports->capacity * 2;
        struct lwm2m_reported_value *grown =
            realloc(reports->list, capacity * sizeof(*reports->list));
        if (grown == NULL) {
            reports->short_of_memory = true;
            return false;
        }
        reports->list = grown;
        reports->capacity = capacity;
    }
    reports->list[reports->count++] = *reported;
    return true;
}

static int compare(const void *a, const void *b)
{
    const struct lwm2m_reported_value *first = a, *second = b;
    return lwm2m_path_compare(first->path, second->path);
}

static void send_report(struct service_job *job, const struct lwm2m_reported_value *reported)
{
    const struct service *service = service_of(job->request);
    const struct lwm2m_record record = {reported->path, reported->value, reported->time_ms};
    cJSON *result = service_result_new(job, &reported->path);
    char *printed = value_text_new(&reported->value);
    cJSON_AddBoolToObject(result, "ok", true);
    cJSON_AddTrueToObject(result, "cached");
    cJSON_AddNumberToObject(result, "age_ms",
                            (double)(lwm2m_timers_now(service->timers) - reported->seen_ms));
    service_result_add_record(result, service, service_job_registration(job), &record);
    service_result_add_now(result);
    service_request_send(job->request, result, printed);
    free(printed);
}

static void send_reports(struct service_job *job, struct lwm2m_path path)
{
    struct reports reports = {0};
    job->path = path;
    lwm2m_server_visit_reported(service_of(job->request)->server,
                                lwm2m_bytes_from_text(job->endpoint), path, add_report, &reports);
    if (reports.short_of_memory) {
        service_job_fail_error(job, LWM2M_NO_MEMORY);
    } else if (reports.count == 0) {
        service_job_fail(job, EXIT_CODE_REGISTRATION,
                         "it is kept when it is read, observed or sent: leave --cached out",
                         "no value is known");
    } else {
        qsort(reports.list, reports.count, sizeof(*reports.list), compare);
    }
    for (size_t i = 0; !reports.short_of_memory && i < reports.count; i++) {
        send_report(job, &reports.list[i]);
    }
    free(reports.list);
}

static void step(struct service_job *job)
{
    const struct service_request *request = job->request;
    if (service_job_registration(job) == NULL &&
        !lwm2m_server_has_state(service_of(request)->server,
                                lwm2m_bytes_from_text(job->endpoint))) {
        service_job_fail_unregistered(job);
    } else {
        for (size_t i = 0; i < request->path_count; i++) {
            send_reports(job, request->paths[i]);
        }
    }
    service_job_finish(job);
}

const struct service_operation service_cached = {
    .name = "cached",
    .verb = "read",
    .away = true,
    .scope = SERVICE_ON_DEVICES,
    .prepare = prepare,
    .step = step,
};
