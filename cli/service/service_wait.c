/*
 * wait: ends when a device has registered, updated, deregistered, woken or gone to sleep, or when a
 * value fulfils a condition.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/value_json.h"
#include "service/condition.h"
#include "service/service_internal.h"

/* How often a value is read that cannot be observed. */
#define POLL_MS 1000

enum wait_kind {
    WAIT_REGISTERED,
    WAIT_UPDATED,
    WAIT_DEREGISTERED,
    WAIT_AWAKE,
    WAIT_ASLEEP,
    WAIT_CONDITION,
};

/* One name or glob of "ep"; each of them must be fulfilled once. */
struct goal {
    const char *pattern; /* borrowed from the request */
    bool met;
};

struct waiting {
    struct lwm2m_list node; /* in the service */
    struct service_request *request;
    enum wait_kind kind;
    struct condition condition;
    struct lwm2m_path path;
    struct goal *goals;
    size_t goal_count, goals_met;
    struct lwm2m_list probes;
    /* The time is over; or, when all goals are met, the end of it outside the callback that met the
     * last. */
    struct lwm2m_timer timer;
    char last[80]; /* the last value seen, for the message */
};

/* A device whose value is looked at. */
struct probe {
    struct lwm2m_list node; /* in the waiting */
    struct waiting *waiting;
    char *endpoint;
    struct lwm2m_subscription *subscription;
    struct lwm2m_ticket *ticket;
    struct lwm2m_timer poll;
};

static struct service *service_of_waiting(const struct waiting *waiting)
{
    return service_of(waiting->request);
}

static const char *for_text(const struct waiting *waiting)
{
    const char *text = control_text(waiting->request->parameters, "for");
    return text != NULL ? text : "registered";
}

static bool goal_matches(const struct goal *goal, const char *name)
{
    return service_name_matches(&goal->pattern, 1, name);
}

/* The device has what is waited for. Sends a result, and ends the wait if it was the last. */
static void meet(struct waiting *waiting, const char *endpoint)
{
    bool new = false;
    for (size_t i = 0; i < waiting->goal_count; i++) {
        if (!waiting->goals[i].met && goal_matches(&waiting->goals[i], endpoint)) {
            waiting->goals[i].met = true;
            waiting->goals_met++;
            new = true;
        }
    }
    if (!new) {
        return;
    }
    cJSON *result = cJSON_CreateObject();
    cJSON_AddNumberToObject(result, "v", 1);
    cJSON_AddStringToObject(result, "op", "wait");
    cJSON_AddStringToObject(result, "op_id", waiting->request->op_id);
    cJSON_AddStringToObject(result, "ep", endpoint);
    cJSON_AddStringToObject(result, "for", for_text(waiting));
    cJSON_AddBoolToObject(result, "ok", true);
    service_result_add_now(result);
    service_request_send(waiting->request, result, NULL);
    if (waiting->goals_met == waiting->goal_count) {
        lwm2m_timer_arm_in(service_of_waiting(waiting)->timers, &waiting->timer, 0);
    }
}

static bool is_wanted(const struct waiting *waiting, const char *endpoint)
{
    for (size_t i = 0; i < waiting->goal_count; i++) {
        if (!waiting->goals[i].met && goal_matches(&waiting->goals[i], endpoint)) {
            return true;
        }
    }
    return false;
}

/* ---- conditions on values ---- */

static void probe_stop(struct probe *probe)
{
    struct service *service = service_of_waiting(probe->waiting);
    if (probe->subscription != NULL) {
        lwm2m_server_unsubscribe(service->server, probe->subscription);
    }
    if (probe->ticket != NULL) {
        lwm2m_server_cancel(service->server, probe->ticket);
    }
    lwm2m_timer_disarm(service->timers, &probe->poll);
    probe->subscription = NULL;
    probe->ticket = NULL;
}

static void look_at_value(struct waiting *waiting, const char *endpoint,
                          const struct lwm2m_value *value)
{
    char *text = value_text_new(value);
    snprintf(waiting->last, sizeof(waiting->last), "%.79s", text != NULL ? text : "no text");
    free(text);
    if (condition_holds(&waiting->condition, value)) {
        meet(waiting, endpoint);
    }
}

static enum lwm2m_error look_at_record(void *context, const struct lwm2m_record *record)
{
    const struct probe *probe = context;
    look_at_value(probe->waiting, probe->endpoint, &record->value);
    return LWM2M_OK;
}

static bool look_at(struct probe *probe, const struct lwm2m_outcome *outcome)
{
    struct lwm2m_sink sink = {.context = probe, .put = look_at_record};
    return outcome->error == LWM2M_OK && lwm2m_status_is_success(outcome->status) &&
           lwm2m_outcome_decode(outcome, sink, NULL) == LWM2M_OK;
}

static void poll_again(struct probe *probe)
{
    lwm2m_timer_arm_in(service_of_waiting(probe->waiting)->timers, &probe->poll, POLL_MS);
}

static void note_failure(struct probe *probe, const struct lwm2m_outcome *outcome)
{
    char code[LWM2M_STATUS_TEXT_MAX];
    if (outcome->error != LWM2M_OK) {
        snprintf(probe->waiting->last, sizeof(probe->waiting->last), "not readable: %s",
                 lwm2m_error_text(outcome->error));
    } else {
        snprintf(probe->waiting->last, sizeof(probe->waiting->last), "not readable: %s %s",
                 lwm2m_status_print(outcome->status, code), lwm2m_status_text(outcome->status));
    }
}

static void on_polled(void *context, const struct lwm2m_outcome *outcome)
{
    struct probe *probe = context;
    probe->ticket = NULL;
    if (!look_at(probe, outcome)) {
        note_failure(probe, outcome);
    }
    poll_again(probe);
}

static void poll(struct lwm2m_timer *timer)
{
    struct probe *probe = LWM2M_CONTAINER_OF(timer, struct probe, poll);
    const struct waiting *waiting = probe->waiting;
    struct service *service = service_of_waiting(waiting);
    struct lwm2m_operation operation = {
        .kind = LWM2M_OPERATION_READ,
        .path = waiting->path,
        .format = LWM2M_NO_FORMAT,
        .timeout_ms = waiting->request->timeout_ms,
        .context = probe,
        .done = on_polled,
    };
    struct lwm2m_registration *registration =
        lwm2m_server_find(service->server, lwm2m_bytes_from_text(probe->endpoint));
    /* When it is gone, its next registration starts the probe anew. */
    if (registration != NULL && lwm2m_server_submit(service->server, registration, &operation,
                                                    &probe->ticket) != LWM2M_OK) {
        poll_again(probe);
    }
}

static void on_notification(void *context, const struct lwm2m_outcome *outcome)
{
    struct probe *probe = context;
    if (outcome->error == LWM2M_OK && lwm2m_status_is_success(outcome->status)) {
        look_at(probe, outcome);
        return;
    }
    probe->subscription = NULL;
    if (outcome->error != LWM2M_GONE) {
        if (outcome->error != LWM2M_UNSUPPORTED) {
            note_failure(probe, outcome);
        }
        poll_again(probe);
    }
}

static void probe_start(struct probe *probe, struct lwm2m_registration *registration)
{
    const struct waiting *waiting = probe->waiting;
    struct lwm2m_observation_request observation = {
        .path = waiting->path,
        .format = LWM2M_NO_FORMAT,
        .timeout_ms = waiting->request->timeout_ms,
        .context = probe,
        .on_notification = on_notification,
    };
    probe_stop(probe);
    if (lwm2m_server_observe(service_of_waiting(waiting)->server, registration, &observation,
                             &probe->subscription) != LWM2M_OK) {
        poll_again(probe);
    }
}

static void look_at_device(struct waiting *waiting, struct lwm2m_registration *registration)
{
    struct lwm2m_list *node, *next;
    LWM2M_LIST_EACH (node, next, &waiting->probes) {
        struct probe *probe = LWM2M_CONTAINER_OF(node, struct probe, node);
        if (strcmp(probe->endpoint, registration->endpoint_name) == 0) {
            probe_start(probe, registration);
            return;
        }
    }
    struct probe *probe = calloc(1, sizeof(*probe));
    if (probe == NULL || (probe->endpoint = strdup(registration->endpoint_name)) == NULL) {
        free(probe);
        return;
    }
    probe->waiting = waiting;
    probe->poll.fire = poll;
    lwm2m_list_append(&waiting->probes, &probe->node);
    probe_start(probe, registration);
}

/* ---- events ---- */

/* What a device sends by itself may be what is waited for. */
struct sending {
    struct waiting *waiting;
    const char *endpoint;
};

static enum lwm2m_error look_at_sent_record(void *context, const struct lwm2m_record *record)
{
    const struct sending *sending = context;
    if (lwm2m_path_contains(sending->waiting->path, record->path)) {
        look_at_value(sending->waiting, sending->endpoint, &record->value);
    }
    return LWM2M_OK;
}

static void look_at_sent(struct waiting *waiting, const struct lwm2m_server_event *event)
{
    struct sending sending = {waiting, event->registration->endpoint_name};
    struct lwm2m_sink sink = {.context = &sending, .put = look_at_sent_record};
    if (is_wanted(waiting, sending.endpoint)) {
        (void)!lwm2m_outcome_decode(event->content, sink, NULL);
    }
}

static void take_event(struct waiting *waiting, const struct lwm2m_server_event *event)
{
    struct lwm2m_registration *registration = event->registration;
    bool registered = event->type == LWM2M_SERVER_REGISTERED;
    bool updated = event->type == LWM2M_SERVER_UPDATED;
    bool met = false;
    switch (waiting->kind) {
    case WAIT_REGISTERED:
        met = registered;
        break;
    case WAIT_UPDATED:
        met = updated;
        break;
    case WAIT_AWAKE:
        met = registration->awake && (registered || event->type == LWM2M_SERVER_AWAKE);
        break;
    case WAIT_ASLEEP:
        met = event->type == LWM2M_SERVER_ASLEEP;
        break;
    case WAIT_DEREGISTERED:
        met = event->type == LWM2M_SERVER_DEREGISTERED;
        break;
    case WAIT_CONDITION:
        if (registered && is_wanted(waiting, registration->endpoint_name)) {
            look_at_device(waiting, registration);
        } else if (event->type == LWM2M_SERVER_SENT) {
            look_at_sent(waiting, event);
        }
        break;
    }
    if (met) {
        meet(waiting, registration->endpoint_name);
    }
}

void service_wait_on_event(struct service *service, const struct lwm2m_server_event *event)
{
    struct lwm2m_list *node, *next;
    if (event->registration == NULL) {
        return;
    }
    LWM2M_LIST_EACH (node, next, &service->waits) {
        take_event(LWM2M_CONTAINER_OF(node, struct waiting, node), event);
    }
}

/* ---- the operation ---- */

static void wait_over(struct waiting *waiting)
{
    struct service_request *request = waiting->request;
    double seconds = request->timeout_ms / 1000.0;
    bool condition = waiting->kind == WAIT_CONDITION;
    const char *name = condition ? "any device" : NULL;
    char hint[256];
    for (size_t i = 0; i < waiting->goal_count; i++) {
        if (!waiting->goals[i].met && strcmp(waiting->goals[i].pattern, "*") != 0) {
            name = waiting->goals[i].pattern;
            break;
        }
    }
    snprintf(hint, sizeof(hint),
             "'lwm2m list' shows what is registered, 'lwm2m events' what arrives");
    if (!condition) {
        service_request_fail(request, EXIT_CODE_TIMEOUT, hint, "%.160s was %s%s within %g s",
                             name != NULL ? name : "no device", name != NULL ? "not " : "",
                             for_text(waiting), seconds);
    } else if (lwm2m_list_is_empty(&waiting->probes)) {
        service_request_fail(request, EXIT_CODE_TIMEOUT, hint,
                             "%.160s: %.120s was not true within %g s: it was not registered", name,
                             for_text(waiting), seconds);
    } else {
        service_request_fail(request, EXIT_CODE_TIMEOUT, NULL,
                             "%.160s: %.120s was not true within %g s; last: %s", name,
                             for_text(waiting), seconds,
                             waiting->last[0] != '\0' ? waiting->last : "no answer");
    }
}

static void fire(struct lwm2m_timer *timer)
{
    struct waiting *waiting = LWM2M_CONTAINER_OF(timer, struct waiting, timer);
    if (waiting->goals_met == waiting->goal_count) {
        service_request_finish(waiting->request, EXIT_CODE_OK, NULL, NULL);
    } else {
        wait_over(waiting);
    }
}

static bool read_kind(struct service_request *request, struct waiting *waiting)
{
    static const char *const words[] = {"registered", "updated", "deregistered", "awake", "asleep"};
    const char *text = for_text(waiting);
    char message[256];
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(text, words[i]) == 0) {
            waiting->kind = (enum wait_kind)i;
            return true;
        }
    }
    waiting->kind = WAIT_CONDITION;
    if (!condition_parse(text, &waiting->condition, message, sizeof(message))) {
        return service_request_fail(request, EXIT_CODE_USAGE, NULL, "wait: %s", message);
    }
    if (!service_path(request, waiting->condition.path, &waiting->path)) {
        return false;
    }
    if (waiting->path.level < LWM2M_LEVEL_RESOURCE) {
        return service_request_fail(request, EXIT_CODE_USAGE, NULL,
                                    "wait: %.120s is not the path of a resource",
                                    waiting->condition.path);
    }
    return true;
}

static bool read_goals(struct service_request *request, struct waiting *waiting)
{
    const char **patterns;
    size_t count;
    if (!service_texts(request, "ep", &patterns, &count)) {
        return false;
    }
    waiting->goals = calloc(count + 1, sizeof(*waiting->goals));
    if (waiting->goals == NULL) {
        free(patterns);
        return service_request_fail(request, EXIT_CODE_IO, NULL, "out of memory");
    }
    for (size_t i = 0; i < count; i++) {
        waiting->goals[i].pattern = patterns[i];
    }
    waiting->goal_count = count;
    if (count == 0) {
        waiting->goals[waiting->goal_count++].pattern = "*";
    }
    free(patterns);
    return true;
}

static bool prepare(struct service_request *request)
{
    struct waiting *waiting = calloc(1, sizeof(*waiting));
    if (waiting == NULL) {
        return service_request_fail(request, EXIT_CODE_IO, NULL, "out of memory");
    }
    waiting->request = request;
    waiting->timer.fire = fire;
    lwm2m_list_init(&waiting->node);
    lwm2m_list_init(&waiting->probes);
    request->state = waiting;
    return read_goals(request, waiting) && read_kind(request, waiting);
}

/* What is so already. */
static void look_now(struct waiting *waiting, struct lwm2m_registration *registration)
{
    if (!is_wanted(waiting, registration->endpoint_name)) {
        return;
    }
    if (waiting->kind == WAIT_REGISTERED || (waiting->kind == WAIT_AWAKE && registration->awake) ||
        (waiting->kind == WAIT_ASLEEP && !registration->awake)) {
        meet(waiting, registration->endpoint_name);
    } else if (waiting->kind == WAIT_CONDITION) {
        look_at_device(waiting, registration);
    }
}

static void begin(struct service_request *request)
{
    struct waiting *waiting = request->state;
    struct service *service = service_of(request);
    lwm2m_list_append(&service->waits, &waiting->node);
    lwm2m_timer_arm_in(service->timers, &waiting->timer, request->timeout_ms);
    for (size_t i = 0; i < waiting->goal_count; i++) {
        const char *pattern = waiting->goals[i].pattern;
        struct lwm2m_registration *registration =
            lwm2m_server_find(service->server, lwm2m_bytes_from_text(pattern));
        if (registration != NULL) {
            look_now(waiting, registration);
        } else if (service_is_glob(pattern)) {
            registration = lwm2m_server_next(service->server, NULL);
            for (; registration != NULL;
                 registration = lwm2m_server_next(service->server, registration)) {
                look_now(waiting, registration);
            }
        } else if (waiting->kind == WAIT_DEREGISTERED) {
            meet(waiting, pattern);
        }
    }
}

static void release(struct service_request *request)
{
    struct waiting *waiting = request->state;
    if (waiting == NULL) {
        return;
    }
    struct lwm2m_list *node;
    while ((node = lwm2m_list_first(&waiting->probes)) != NULL) {
        struct probe *probe = LWM2M_CONTAINER_OF(node, struct probe, node);
        probe_stop(probe);
        lwm2m_list_remove(&probe->node);
        free(probe->endpoint);
        free(probe);
    }
    lwm2m_timer_disarm(service_of(request)->timers, &waiting->timer);
    lwm2m_list_remove(&waiting->node);
    condition_release(&waiting->condition);
    free(waiting->goals);
    free(waiting);
}

const struct service_operation service_wait = {
    .name = "wait",
    .scope = SERVICE_ON_SERVER,
    .prepare = prepare,
    .begin = begin,
    .release = release,
};
