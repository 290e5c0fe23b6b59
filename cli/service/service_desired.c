/*
 * desired: what devices are to hold, set and cleared; and what becomes of it, as events and in
 * info.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/value_json.h"
#include "control/values.h"
#include "service/service_internal.h"

static bool prepare(struct service_request *request)
{
    const cJSON *values = cJSON_GetObjectItemCaseSensitive(request->parameters, "values");
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(request->parameters, "clear"))) {
        return service_paths(request, LWM2M_LEVEL_ROOT, LWM2M_LEVEL_RESOURCE_INSTANCE);
    }
    return (cJSON_IsArray(values) && cJSON_GetArraySize(values) > 0) ||
           service_request_fail(request, EXIT_CODE_USAGE, "lwm2m write --desired -e EP PATH=VALUE…",
                                "write needs \"values\"");
}

static const char *status_name(enum lwm2m_desired_status status)
{
    static const char *const names[] = {
        [LWM2M_DESIRED_PENDING] = "pending",
        [LWM2M_DESIRED_APPLIED] = "applied",
        [LWM2M_DESIRED_REFUSED] = "refused",
    };
    return names[status];
}

static void send_taken(struct service_job *job, struct lwm2m_path path, const char *state)
{
    cJSON *result = service_result_new(job, &path);
    cJSON_AddBoolToObject(result, "ok", true);
    cJSON_AddStringToObject(result, "desired", state);
    service_result_add_now(result);
    service_request_send(job->request, result, NULL);
}

static void clear(struct service_job *job)
{
    const struct service_request *request = job->request;
    for (size_t i = 0; i < request->path_count; i++) {
        size_t cleared = lwm2m_server_clear_desired(
            service_of(request)->server, lwm2m_bytes_from_text(job->endpoint), request->paths[i]);
        job->path = request->paths[i];
        if (cleared > 0) {
            send_taken(job, request->paths[i], "cleared");
        } else {
            service_job_fail(job, EXIT_CODE_REGISTRATION,
                             "'lwm2m info' shows what is desired of a device",
                             "nothing is desired there");
        }
    }
}

static void fail(struct service_job *job, enum lwm2m_error error)
{
    switch (error) {
    case LWM2M_ARGUMENT:
        service_job_fail(job, EXIT_CODE_USAGE, NULL,
                         "a desired value needs the path of a resource");
        break;
    case LWM2M_TOO_LARGE:
        service_job_fail(job, EXIT_CODE_USAGE, NULL, "a desired value has at most %d bytes",
                         LWM2M_STATE_VALUE_MAX);
        break;
    case LWM2M_BUSY:
        service_job_fail(job, EXIT_CODE_DEVICE, "--clear takes back what is not wanted any more",
                         "too many desired values are pending");
        break;
    default:
        service_job_fail_error(job, error);
    }
}

static void set(struct service_job *job)
{
    struct value_list values = {0};
    if (!service_values_read(job, lwm2m_path_root(), &values)) {
        return;
    }
    for (size_t i = 0; i < values.count; i++) {
        enum lwm2m_error error =
            lwm2m_server_set_desired(service_of(job->request)->server,
                                     lwm2m_bytes_from_text(job->endpoint), &values.records[i], 1);
        job->path = values.records[i].path;
        if (error == LWM2M_OK) {
            send_taken(job, values.records[i].path, status_name(LWM2M_DESIRED_PENDING));
        } else {
            fail(job, error);
        }
    }
    value_list_release(&values);
}

static void step(struct service_job *job)
{
    if (job->request->path_count > 0) {
        clear(job);
    } else {
        set(job);
    }
    service_job_finish(job);
}

const struct service_operation service_desired = {
    .name = "desired",
    .verb = "write",
    .away = true,
    .scope = SERVICE_ON_DEVICES,
    .prepare = prepare,
    .step = step,
};

/* ---- what becomes of it ---- */

static void add_value(cJSON *json, const struct service *service,
                      const struct lwm2m_registration *registration,
                      const struct lwm2m_desired_value *desired)
{
    const struct lwm2m_record record = {desired->path, desired->value, LWM2M_NO_TIME};
    char code[LWM2M_STATUS_TEXT_MAX];
    service_result_add_path(json, "path", desired->path);
    cJSON_AddStringToObject(json, "desired", status_name(desired->status));
    service_result_add_record(json, service, registration, &record);
    if (desired->attempts > 0) {
        cJSON_AddNumberToObject(json, "attempts", desired->attempts);
    }
    if (desired->answer != LWM2M_STATUS_NONE) {
        cJSON_AddStringToObject(json, "code", lwm2m_status_print(desired->answer, code));
    }
    if (desired->error != LWM2M_OK) {
        cJSON_AddStringToObject(json, "msg", lwm2m_error_text(desired->error));
    }
}

void service_publish_desired(struct service *service, const struct lwm2m_server_event *event)
{
    char *name = strndup((const char *)event->endpoint_name.data, event->endpoint_name.length);
    char *printed = value_text_new(&event->desired->value);
    cJSON *json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "v", 1);
    cJSON_AddStringToObject(json, "event", "desired");
    json_add_bytes(json, "ep", event->endpoint_name);
    add_value(json, service, event->registration, event->desired);
    service_result_add_now(json);
    service_publish(service, "desired", name, json, printed);
    free(printed);
    free(name);
}

struct desired_list {
    const struct service *service;
    const struct lwm2m_registration *registration;
    cJSON *array;
};

static bool add_item(void *context, const struct lwm2m_desired_value *desired)
{
    struct desired_list *list = context;
    cJSON *item = cJSON_CreateObject();
    char *text = value_text_new(&desired->value);
    add_value(item, list->service, list->registration, desired);
    if (text != NULL) {
        cJSON_AddStringToObject(item, "printed", text);
    }
    cJSON_AddNumberToObject(
        item, "since_s",
        (double)((lwm2m_timers_now(list->service->timers) - desired->since_ms) / 1000));
    cJSON_AddItemToArray(list->array, item);
    free(text);
    return true;
}

void service_result_add_desired(cJSON *result, const struct service *service, const char *endpoint)
{
    struct lwm2m_bytes name = lwm2m_bytes_from_text(endpoint);
    struct desired_list list = {
        .service = service,
        .registration = lwm2m_server_find(service->server, name),
        .array = cJSON_AddArrayToObject(result, "desired"),
    };
    lwm2m_server_visit_desired(service->server, name, lwm2m_path_root(), add_item, &list);
}
