/*
 * status and info: what the server knows without asking its devices.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lwm2m/corelink.h>
#include <lwm2m/version.h>

#include "control/contradictions.h"
#include "service/attribute_text.h"
#include "service/object_links.h"
#include "service/service_internal.h"

#define LINKS_MAX 100000

/* What the device said of its root; empty if registration is NULL. */
static struct lwm2m_registration_links service_root(const struct lwm2m_registration *registration)
{
    struct lwm2m_registration_links links = {0};
    if (registration == NULL ||
        lwm2m_registration_links_decode(registration->links, LINKS_MAX, &links, NULL, NULL, NULL) !=
            LWM2M_OK) {
        links = (struct lwm2m_registration_links){0};
    }
    return links;
}

struct lwm2m_bytes service_root_path(const struct lwm2m_registration *registration)
{
    return service_root(registration).root;
}

struct registration_snapshot *service_snapshot(const struct service *service,
                                               const struct lwm2m_registration *registration)
{
    return registration_snapshot_new(service->server, registration,
                                     lwm2m_timers_now(service->timers));
}

static cJSON *head_new(const char *op)
{
    cJSON *result = cJSON_CreateObject();
    cJSON_AddNumberToObject(result, "v", 1);
    cJSON_AddStringToObject(result, "op", op);
    return result;
}

/* ---- status ---- */

static void begin_status(struct service_request *request)
{
    const struct service *service = service_of(request);
    cJSON *result = head_new("status");
    cJSON_AddNumberToObject(
        result, "uptime_s",
        (double)((lwm2m_timers_now(service->timers) - service->started_ms) / 1000));
    cJSON_AddNumberToObject(result, "endpoints",
                            (double)lwm2m_server_registration_count(service->server));
    cJSON *listen = cJSON_AddArrayToObject(result, "listen");
    for (size_t i = 0; i < service->listener_count; i++) {
        cJSON_AddItemToArray(listen, cJSON_CreateString(service->listeners[i]));
    }
    cJSON_AddStringToObject(result, "version", LWM2M_VERSION);
    service_request_send(request, result, NULL);
    service_request_finish(request, EXIT_CODE_OK, NULL, NULL);
}

const struct service_operation service_status = {
    .name = "status",
    .scope = SERVICE_ON_SERVER,
    .begin = begin_status,
};

/* ---- info ---- */

struct link_list {
    const struct service *service;
    const struct lwm2m_registration *registration;
    cJSON *array;
    struct lwm2m_path *paths; /* the same again; NULL if there is no memory */
    size_t path_count, path_capacity;
};

static bool add_link_path(struct link_list *list, struct lwm2m_path path)
{
    if (list->path_count == list->path_capacity) {
        size_t capacity = list->path_capacity == 0 ? 32 : list->path_capacity * 2;
        struct lwm2m_path *grown = realloc(list->paths, capacity * sizeof(*grown));
        if (grown == NULL) {
            return false;
        }
        list->paths = grown;
        list->path_capacity = capacity;
    }
    list->paths[list->path_count++] = path;
    return true;
}

static enum lwm2m_error add_link(void *context, const struct lwm2m_registered_object *object)
{
    struct link_list *list = context;
    struct lwm2m_object_definition definition;
    struct lwm2m_version version;
    cJSON *link = cJSON_CreateObject();
    service_result_add_path(link, "path", object->path);
    if (service_find_object(list->service, list->registration, object->path.object, &definition)) {
        cJSON_AddStringToObject(link, "name", definition.name);
    }
    if (lwm2m_registration_object_version(list->registration, object->path.object, &version)) {
        char text[LWM2M_VERSION_TEXT_MAX];
        lwm2m_version_print(version, text);
        cJSON_AddStringToObject(link, "ver", text);
    }
    cJSON_AddItemToArray(list->array, link);
    return add_link_path(list, object->path) ? LWM2M_OK : LWM2M_NO_MEMORY;
}

static void add_contradiction(void *context, struct lwm2m_path path, const char *text)
{
    cJSON *contradiction = cJSON_CreateObject();
    service_result_add_path(contradiction, "path", path);
    cJSON_AddStringToObject(contradiction, "msg", text);
    cJSON_AddItemToArray(context, contradiction);
}

static int compare_paths(const void *a, const void *b)
{
    return lwm2m_path_compare(*(const struct lwm2m_path *)a, *(const struct lwm2m_path *)b);
}

/* What the device registered against the definitions, object by object; sorts the list. */
static void add_contradictions(cJSON *array, struct link_list *list)
{
    struct lwm2m_version version;
    size_t end;
    if (list->path_count > 1) {
        qsort(list->paths, list->path_count, sizeof(*list->paths), compare_paths);
    }
    for (size_t begin = 0; begin < list->path_count; begin = end) {
        uint16_t object = list->paths[begin].object;
        for (end = begin; end < list->path_count && list->paths[end].object == object;) {
            end++;
        }
        if (!lwm2m_registration_object_version(list->registration, object, &version)) {
            version = LWM2M_NO_VERSION;
        }
        contradictions_find(list->service->definitions, version, list->paths + begin, end - begin,
                            add_contradiction, array);
    }
}

/* "60 110 112" as numbers. */
static void add_formats(cJSON *array, struct lwm2m_bytes formats)
{
    int number = -1;
    for (size_t i = 0; i <= formats.length; i++) {
        bool digit = i < formats.length && formats.data[i] >= '0' && formats.data[i] <= '9';
        if (digit && number < 65536) {
            number = (number < 0 ? 0 : number) * 10 + (formats.data[i] - '0');
        } else if (!digit && number >= 0) {
            cJSON_AddItemToArray(array, cJSON_CreateNumber(number));
            number = -1;
        }
    }
}

static bool add_observation(void *context, const struct lwm2m_observation_view *view)
{
    cJSON *observation = cJSON_CreateObject();
    service_result_add_path(observation, "path", view->path);
    if (view->paths != NULL) {
        cJSON *paths = cJSON_AddArrayToObject(observation, "paths");
        for (size_t i = 0; i < view->path_count; i++) {
            char text[LWM2M_PATH_TEXT_MAX];
            lwm2m_path_print(view->paths[i], text);
            cJSON_AddItemToArray(paths, cJSON_CreateString(text));
        }
    }
    if (view->attributes != NULL) {
        attribute_text_add(cJSON_AddObjectToObject(observation, "attributes"), view->attributes);
    }
    cJSON_AddNumberToObject(observation, "subscriptions", (double)view->subscriptions);
    cJSON_AddNumberToObject(observation, "notifications", (double)view->notifications);
    cJSON_AddItemToArray(context, observation);
    return true;
}

static bool count_reported(void *context, const struct lwm2m_reported_value *reported)
{
    (void)reported;
    (*(size_t *)context)++;
    return true;
}

/* What is known of the device, registered or not. */
static void add_state(cJSON *result, const struct service *service, const char *endpoint)
{
    size_t count = 0;
    lwm2m_server_visit_reported(service->server, lwm2m_bytes_from_text(endpoint), lwm2m_path_root(),
                                count_reported, &count);
    cJSON_AddNumberToObject(result, "reported", (double)count);
    service_result_add_desired(result, service, endpoint);
}

static void send_away(struct service_job *job)
{
    const struct service *service = service_of(job->request);
    if (!lwm2m_server_has_state(service->server, lwm2m_bytes_from_text(job->endpoint))) {
        service_job_fail_unregistered(job);
        return;
    }
    cJSON *result = head_new("info");
    cJSON_AddStringToObject(result, "ep", job->endpoint);
    cJSON_AddStringToObject(result, "state", "away");
    add_state(result, service, job->endpoint);
    service_request_send(job->request, result, NULL);
}

static void step_info(struct service_job *job)
{
    const struct service *service = service_of(job->request);
    const struct lwm2m_registration *registration = service_job_registration(job);
    if (registration == NULL) {
        send_away(job);
        service_job_finish(job);
        return;
    }
    cJSON *result = head_new("info");
    struct registration_snapshot *snapshot = service_snapshot(service, registration);
    registration_snapshot_add(result, snapshot);
    free(snapshot);
    struct link_list list = {
        .service = service,
        .registration = registration,
        .array = cJSON_AddArrayToObject(result, "links"),
    };
    object_links_visit(registration->links, add_link, &list);
    add_contradictions(cJSON_AddArrayToObject(result, "contradictions"), &list);
    free(list.paths);
    if (lwm2m_registration_profile_id(registration) != NULL) {
        cJSON_AddStringToObject(result, "profile_id", lwm2m_registration_profile_id(registration));
    }
    add_formats(cJSON_AddArrayToObject(result, "formats"),
                service_root(registration).content_formats);
    lwm2m_server_visit_observations(service->server, registration, add_observation,
                                    cJSON_AddArrayToObject(result, "observations"));
    cJSON_AddBoolToObject(result, "queue_mode", registration->queue_mode);
    cJSON_AddNumberToObject(result, "queued", (double)lwm2m_server_queue_length(registration));
    add_state(result, service, job->endpoint);
    service_request_send(job->request, result, NULL);
    service_job_finish(job);
}

const struct service_operation service_info = {
    .name = "info",
    .away = true,
    .scope = SERVICE_ON_DEVICES,
    .step = step_info,
};
