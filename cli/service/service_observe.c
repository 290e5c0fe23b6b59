/*
 * observe: a stream of the notifications of paths.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "control/value_json.h"
#include "service/service_internal.h"

/* One path of one device that is listened to. */
struct listening {
    struct lwm2m_list node; /* in the service */
    struct service *service;
    struct service_job *job; /* NULL: kept on after its request ended */
    struct lwm2m_subscription *subscription;
    char *endpoint;
    struct lwm2m_path path;
    bool publishes; /* of several that listen to one path, the one that makes events of it */
};

/* The listenings of one job, at the places of the request's paths; NULL where one has ended. */
struct listenings {
    size_t open;
    struct listening *items[];
};

static bool hears_the_same(const struct listening *a, const struct listening *b)
{
    return lwm2m_path_equal(a->path, b->path) && strcmp(a->endpoint, b->endpoint) == 0;
}

static struct listening *find_same(const struct listening *listening, bool publishes)
{
    struct lwm2m_list *node, *next;
    LWM2M_LIST_EACH (node, next, &listening->service->observations) {
        struct listening *other = LWM2M_CONTAINER_OF(node, struct listening, node);
        if (other != listening && other->publishes == publishes &&
            hears_the_same(other, listening)) {
            return other;
        }
    }
    return NULL;
}

/* Forgets a listening whose subscription has ended. */
static void listening_free(struct listening *listening)
{
    if (listening->publishes) {
        struct listening *heir = find_same(listening, false);
        if (heir != NULL) {
            heir->publishes = true;
        }
    }
    lwm2m_list_remove(&listening->node);
    free(listening->endpoint);
    free(listening);
}

static bool prepare(struct service_request *request)
{
    return service_paths(request, LWM2M_LEVEL_OBJECT, LWM2M_LEVEL_RESOURCE_INSTANCE);
}

/* ---- notifications ---- */

/* Values are sent one behind: only when the next comes, or none, is it known whether one is the
 * last. */
struct notification {
    struct listening *listening;
    const struct lwm2m_outcome *outcome;
    cJSON *held;
    char *held_printed;
};

static void send_held(struct notification *notification, bool more)
{
    struct listening *listening = notification->listening;
    cJSON *event = notification->held;
    if (event == NULL) {
        return;
    }
    if (more) {
        cJSON_AddTrueToObject(event, "more");
    }
    if (listening->job != NULL) {
        cJSON *copy = cJSON_Duplicate(event, true);
        if (copy != NULL) {
            service_request_send(listening->job->request, copy, notification->held_printed);
        }
    }
    if (listening->publishes) {
        service_publish(listening->service, "notify", listening->endpoint, event,
                        notification->held_printed);
    } else {
        cJSON_Delete(event);
    }
    free(notification->held_printed);
    notification->held = NULL;
    notification->held_printed = NULL;
}

static enum lwm2m_error hold_record(void *context, const struct lwm2m_record *record)
{
    struct notification *notification = context;
    struct listening *listening = notification->listening;
    const char *format = lwm2m_content_format_name(notification->outcome->content_format);
    send_held(notification, true);
    cJSON *event = cJSON_CreateObject();
    cJSON_AddNumberToObject(event, "v", 1);
    cJSON_AddStringToObject(event, "event", "notify");
    cJSON_AddStringToObject(event, "ep", listening->endpoint);
    service_result_add_path(event, "path", record->path);
    cJSON_AddNumberToObject(event, "seq", notification->outcome->sequence);
    service_result_add_record(event, listening->service, notification->outcome->registration,
                              record);
    if (format != NULL) {
        cJSON_AddStringToObject(event, "format", format);
    }
    service_result_add_now(event);
    notification->held = event;
    notification->held_printed = value_text_new(&record->value);
    return LWM2M_OK;
}

static void take_values(struct listening *listening, const struct lwm2m_outcome *outcome)
{
    struct notification notification = {.listening = listening, .outcome = outcome};
    struct lwm2m_sink sink = {.context = &notification, .put = hold_record};
    struct lwm2m_fault fault = {0};
    enum lwm2m_error error = lwm2m_outcome_decode(outcome, sink, &fault);
    send_held(&notification, false);
    if (error != LWM2M_OK && listening->job != NULL) {
        listening->job->path = listening->path;
        service_job_fail(listening->job, EXIT_CODE_DECODE, NULL,
                         "a notification cannot be decoded: offset %zu: %s", fault.offset,
                         fault.reason != NULL ? fault.reason : lwm2m_error_text(error));
    }
}

static void note_end(struct service_job *job, const struct lwm2m_outcome *outcome)
{
    if (outcome->error == LWM2M_UNSUPPORTED) {
        service_job_fail(job, EXIT_CODE_UNSUPPORTED, "'lwm2m read' reads it",
                         "the device answered, but does not observe this path");
    } else if (outcome->error != LWM2M_CANCELLED) { /* by 'lwm2m cancel': nothing failed */
        (void)service_job_check(job, outcome);
    }
}

static void on_notification(void *context, const struct lwm2m_outcome *outcome)
{
    struct listening *listening = context;
    if (outcome->error == LWM2M_OK && lwm2m_status_is_success(outcome->status)) {
        take_values(listening, outcome);
        return;
    }
    struct service_job *job = listening->job;
    if (job == NULL) {
        listening_free(listening);
        return;
    }
    struct listenings *listenings = job->state;
    for (size_t i = 0; i < job->request->path_count; i++) {
        if (listenings->items[i] == listening) {
            listenings->items[i] = NULL;
        }
    }
    job->path = listening->path;
    listening_free(listening);
    note_end(job, outcome);
    if (--listenings->open == 0) {
        service_job_finish(job);
    }
}

/* ---- the operation ---- */

static enum lwm2m_error subscribe(struct service_job *job, struct lwm2m_path path,
                                  struct listening **listening)
{
    const struct service_request *request = job->request;
    struct service *service = service_of(request);
    struct listening *made = calloc(1, sizeof(*made));
    if (made == NULL || (made->endpoint = strdup(job->endpoint)) == NULL) {
        free(made);
        return LWM2M_NO_MEMORY;
    }
    made->service = service;
    made->job = job;
    made->path = path;
    lwm2m_list_append(&service->observations, &made->node);
    made->publishes = find_same(made, true) == NULL;
    struct lwm2m_observation_request observation = {
        .path = path,
        .format = request->format,
        .timeout_ms = request->timeout_ms,
        .hold_ms = request->hold_ms,
        .context = made,
        .on_notification = on_notification,
    };
    struct lwm2m_registration *registration = service_job_registration(job);
    enum lwm2m_error error = registration == NULL
                                 ? LWM2M_GONE
                                 : lwm2m_server_observe(service->server, registration, &observation,
                                                        &made->subscription);
    if (error != LWM2M_OK) {
        listening_free(made);
        return error;
    }
    *listening = made;
    return LWM2M_OK;
}

static void step(struct service_job *job)
{
    const struct service_request *request = job->request;
    struct listenings *listenings =
        calloc(1, sizeof(*listenings) + request->path_count * sizeof(listenings->items[0]));
    job->state = listenings;
    if (listenings == NULL) {
        service_job_fail_error(job, LWM2M_NO_MEMORY);
        service_job_finish(job);
        return;
    }
    for (size_t i = 0; i < request->path_count; i++) {
        enum lwm2m_error error = subscribe(job, request->paths[i], &listenings->items[i]);
        if (error == LWM2M_OK) {
            listenings->open++;
        } else {
            job->path = request->paths[i];
            service_job_fail_error(job, error);
        }
    }
    if (listenings->open == 0) {
        service_job_finish(job);
    }
}

static void release_job(struct service_job *job)
{
    const struct service_request *request = job->request;
    struct listenings *listenings = job->state;
    bool keep = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(request->parameters, "keep"));
    for (size_t i = 0; listenings != NULL && i < request->path_count; i++) {
        struct listening *listening = listenings->items[i];
        if (listening != NULL && keep) {
            listening->job = NULL;
        } else if (listening != NULL) {
            lwm2m_server_unsubscribe(service_of(request)->server, listening->subscription);
            listening_free(listening);
        }
    }
    free(listenings);
    job->state = NULL;
}

void service_observe_release_all(struct service *service)
{
    struct lwm2m_list *node;
    while ((node = lwm2m_list_first(&service->observations)) != NULL) {
        struct listening *listening = LWM2M_CONTAINER_OF(node, struct listening, node);
        lwm2m_server_unsubscribe(service->server, listening->subscription);
        listening_free(listening);
    }
}

const struct service_operation service_observe = {
    .name = "observe",
    .scope = SERVICE_ON_DEVICES,
    .stream = true,
    .prepare = prepare,
    .step = step,
    .release_job = release_job,
};
