/*
 * Builds the results of operations.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <string.h>

#include <lwm2m/number.h>

#include "control/value_json.h"
#include "output/time_text.h"
#include "service/service_internal.h"

bool service_find_object(const struct service *service,
                         const struct lwm2m_registration *registration, uint16_t object,
                         struct lwm2m_object_definition *definition)
{
    struct lwm2m_version version = LWM2M_NO_VERSION;
    if (registration == NULL ||
        !lwm2m_registration_object_version(registration, object, &version)) {
        version = LWM2M_NO_VERSION;
    }
    return lwm2m_definitions_find_object(service->definitions, object, version, definition);
}

bool service_find_resource(const struct service *service,
                           const struct lwm2m_registration *registration, struct lwm2m_path path,
                           struct lwm2m_resource_definition *definition)
{
    struct lwm2m_version version = LWM2M_NO_VERSION;
    if (registration == NULL ||
        !lwm2m_registration_object_version(registration, path.object, &version)) {
        version = LWM2M_NO_VERSION;
    }
    return path.level >= LWM2M_LEVEL_RESOURCE &&
           lwm2m_definitions_find_resource(service->definitions, path.object, version,
                                           path.resource, definition);
}

void service_result_add_path(cJSON *result, const char *key, struct lwm2m_path path)
{
    char text[LWM2M_PATH_TEXT_MAX];
    lwm2m_path_print(path, text);
    cJSON_AddStringToObject(result, key, text);
}

cJSON *service_result_new(const struct service_job *job, const struct lwm2m_path *path)
{
    cJSON *result = cJSON_CreateObject();
    cJSON_AddNumberToObject(result, "v", 1);
    cJSON_AddStringToObject(result, "op", service_verb(job->request->operation));
    cJSON_AddStringToObject(result, "op_id", job->request->op_id);
    cJSON_AddStringToObject(result, "ep", job->endpoint);
    if (path != NULL) {
        service_result_add_path(result, "path", *path);
    }
    return result;
}

void service_result_add_status(cJSON *result, enum lwm2m_status status)
{
    char code[LWM2M_STATUS_TEXT_MAX];
    cJSON_AddStringToObject(result, "code", lwm2m_status_print(status, code));
    cJSON_AddBoolToObject(result, "ok", lwm2m_status_is_success(status));
}

void service_result_add_now(cJSON *result)
{
    char text[TIME_TEXT_MAX];
    time_print_ms(time_now_ms(), text);
    cJSON_AddStringToObject(result, "ts", text);
}

void service_result_add_outcome(cJSON *result, const struct service_job *job,
                                const struct lwm2m_outcome *outcome)
{
    const char *format = lwm2m_content_format_name(outcome->content_format);
    uint64_t rtt_us = job->answered_us - job->sent_us;
    char rtt[32];
    if (format != NULL) {
        cJSON_AddStringToObject(result, "format", format);
    }
    snprintf(rtt, sizeof(rtt), "%llu.%03u", (unsigned long long)(rtt_us / 1000),
             (unsigned)(rtt_us % 1000));
    cJSON_AddRawToObject(result, "rtt_ms", rtt);
    cJSON_AddNumberToObject(result, "retx", outcome->retransmissions);
    service_result_add_now(result);
}

void service_result_add_record(cJSON *result, const struct service *service,
                               const struct lwm2m_registration *registration,
                               const struct lwm2m_record *record)
{
    struct lwm2m_resource_definition definition;
    value_json_add(result, &record->value);
    if (service_find_resource(service, registration, record->path, &definition)) {
        if (definition.units[0] != '\0') {
            cJSON_AddStringToObject(result, "unit", value_unit_text(definition.units));
        }
        cJSON_AddStringToObject(result, "name", definition.name);
    }
    if (record->time_ms != LWM2M_NO_TIME) {
        char text[TIME_TEXT_MAX];
        time_print_ms(record->time_ms, text);
        cJSON_AddStringToObject(result, "t_dev", text);
    }
}

void service_result_add_name(cJSON *result, const struct service *service,
                             const struct lwm2m_registration *registration, struct lwm2m_path path)
{
    struct lwm2m_object_definition object;
    struct lwm2m_resource_definition resource;
    if (service_find_resource(service, registration, path, &resource)) {
        cJSON_AddStringToObject(result, "name", resource.name);
    } else if (path.level < LWM2M_LEVEL_RESOURCE &&
               service_find_object(service, registration, path.object, &object)) {
        cJSON_AddStringToObject(result, "name", object.name);
    }
}

void service_job_send_status(struct service_job *job, const struct lwm2m_outcome *outcome)
{
    if (service_job_check(job, outcome)) {
        cJSON *result = service_result_new(job, &job->path);
        service_result_add_status(result, outcome->status);
        service_result_add_outcome(result, job, outcome);
        service_request_send(job->request, result, NULL);
    }
}
