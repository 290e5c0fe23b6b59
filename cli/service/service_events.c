/*
 * events: what happens on the server, as a stream with ids, and the events that the engine tells
 * of.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lwm2m/resolve.h>

#include "argv/options.h"
#include "control/event_types.h"
#include "control/value_json.h"
#include "output/time_text.h"
#include "service/handshake_json.h"
#include "service/service_internal.h"
#include "service/value_events.h"

/* A client that listens. */
struct event_stream {
    struct lwm2m_list node; /* in the service */
    struct service_request *request;
    const char **patterns; /* borrowed texts */
    size_t pattern_count;
    const char **types;
    size_t type_count;
    /* While it is being sent what was before, it gets nothing else: cursor is what it has got. */
    bool catching_up;
    struct event_id cursor;
    struct lwm2m_timer timer;
};

static bool wants(const struct event_stream *stream, const struct logged_event *event)
{
    bool type = stream->type_count == 0;
    for (size_t i = 0; !type && i < stream->type_count; i++) {
        type = strcmp(stream->types[i], event->type) == 0;
    }
    if (!type || stream->pattern_count == 0) {
        return type;
    }
    const char *endpoint = logged_event_endpoint(event);
    return endpoint != NULL &&
           service_name_matches(stream->patterns, stream->pattern_count, endpoint);
}

static void send_event(struct event_stream *stream, const struct logged_event *event)
{
    cJSON *json = wants(stream, event) ? logged_event_json(event) : NULL;
    if (json != NULL) {
        service_request_send(stream->request, json, event->printed);
    }
}

/* Keeps an event, which it takes, and sends it to whoever listens. */
static void keep_event(struct service *service, const struct logged_event *event)
{
    const struct logged_event *kept = event_log_append(service->events, event);
    struct lwm2m_list *node, *next;
    LWM2M_LIST_EACH (node, next, &service->event_streams) {
        send_event(LWM2M_CONTAINER_OF(node, struct event_stream, node), kept);
    }
}

void service_publish(struct service *service, const char *type, const char *ep, cJSON *event,
                     const char *printed)
{
    int64_t now_ms = time_now_ms();
    struct logged_event logged = {
        .id = event_log_next_id(service->events, now_ms),
        .time_ms = now_ms,
        .type = type,
        .endpoint = ep != NULL ? strdup(ep) : NULL,
        .printed = printed != NULL ? strdup(printed) : NULL,
    };
    char id[EVENT_ID_TEXT_MAX];
    event_id_print(logged.id, id);
    cJSON_AddStringToObject(event, "id", id);
    logged.text = cJSON_PrintUnformatted(event);
    cJSON_Delete(event);
    keep_event(service, &logged);
}

/* ---- the operation ---- */

/* Sends what was before, as fast as the client reads. */
static void catch_up(struct lwm2m_timer *timer)
{
    struct event_stream *stream = LWM2M_CONTAINER_OF(timer, struct event_stream, timer);
    struct service *service = service_of(stream->request);
    const struct logged_event *event;
    while ((event = event_log_find_after(service->events, stream->cursor)) != NULL) {
        if (service_request_is_congested(stream->request)) {
            lwm2m_timer_arm_in(service->timers, timer, RESPONDER_PAUSE_MS);
            return;
        }
        send_event(stream, event);
        stream->cursor = event->id;
    }
    stream->catching_up = false;
}

static void release(struct service_request *request)
{
    struct event_stream *stream = request->state;
    if (stream != NULL) {
        lwm2m_timer_disarm(service_of(request)->timers, &stream->timer);
        lwm2m_list_remove(&stream->node);
        free(stream->patterns);
        free(stream->types);
        free(stream);
    }
}

static bool prepare(struct service_request *request)
{
    struct event_stream *stream = calloc(1, sizeof(*stream));
    if (stream == NULL) {
        return service_request_fail(request, EXIT_CODE_IO, NULL, "out of memory");
    }
    stream->request = request;
    stream->timer.fire = catch_up;
    lwm2m_list_init(&stream->node);
    request->state = stream;
    if (!service_texts(request, "ep", &stream->patterns, &stream->pattern_count) ||
        !service_texts(request, "types", &stream->types, &stream->type_count)) {
        return false;
    }
    for (size_t i = 0; i < stream->type_count; i++) {
        if (!options_is_choice(EVENT_TYPES, stream->types[i])) {
            return service_request_fail(request, EXIT_CODE_USAGE, "types: " EVENT_TYPES,
                                        "unknown type of event '%.40s'", stream->types[i]);
        }
    }
    return true;
}

static void begin(struct service_request *request)
{
    struct event_stream *stream = request->state;
    const char *since = control_text(request->parameters, "since");
    if (since != NULL && !event_id_parse(since, &stream->cursor)) {
        service_request_fail(request, EXIT_CODE_USAGE,
                             "ids are printed with every event: 1732342262123-0",
                             "'%.60s' is no id of an event", since);
        return;
    }
    lwm2m_list_append(&service_of(request)->event_streams, &stream->node);
    if (since != NULL) {
        stream->catching_up = true;
        catch_up(&stream->timer);
    }
}

const struct service_operation service_events = {
    .name = "events",
    .scope = SERVICE_ON_SERVER,
    .stream = true,
    .prepare = prepare,
    .begin = begin,
    .release = release,
};

/* ---- what the engine tells ---- */

static const char *reason_name(enum lwm2m_deregistration_reason reason)
{
    static const char *const names[] = {
        [LWM2M_DEREGISTERED_BY_DEVICE] = "device",
        [LWM2M_DEREGISTERED_EXPIRED] = "expired",
        [LWM2M_DEREGISTERED_BY_OPERATOR] = "operator",
    };
    return names[reason];
}

static char *address_text(const struct lwm2m_peer *peer)
{
    char address[LWM2M_ADDRESS_TEXT_MAX];
    if (peer == NULL) {
        return NULL;
    }
    lwm2m_peer_print_address(peer, address);
    return strdup(address);
}

static void publish_denied(struct service *service, const struct lwm2m_server_event *event)
{
    char code[LWM2M_STATUS_TEXT_MAX];
    char address[LWM2M_ADDRESS_TEXT_MAX];
    cJSON *json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "v", 1);
    cJSON_AddStringToObject(json, "event", event_type_name(event->type));
    json_add_bytes(json, "ep", event->endpoint_name);
    if (event->peer != NULL) {
        lwm2m_peer_print_address(event->peer, address);
        cJSON_AddStringToObject(json, "addr", address);
    }
    cJSON_AddStringToObject(json, "code", lwm2m_status_print(event->status, code));
    cJSON_AddStringToObject(json, "msg", event->detail != NULL ? event->detail : "");
    service_result_add_now(json);
    service_publish(service, event_type_name(event->type), NULL, json, NULL);
}

static void publish_registration(struct service *service, const struct lwm2m_server_event *event)
{
    int64_t now_ms = time_now_ms();
    bool ended = event->type == LWM2M_SERVER_DEREGISTERED;
    struct logged_event logged = {
        .id = event_log_next_id(service->events, now_ms),
        .time_ms = now_ms,
        .type = event_type_name(event->type),
        .reason = ended ? reason_name(event->reason) : NULL,
        .old_address = address_text(event->old_peer),
        .snapshot = service_snapshot(service, event->registration),
    };
    keep_event(service, &logged);
}

static void publish_sent(struct service *service, const struct lwm2m_server_event *event)
{
    struct value_events events = {
        .service = service,
        .type = event_type_name(event->type),
        .endpoint = event->registration->endpoint_name,
        .outcome = event->content,
        .publishes = true,
    };
    /* The engine has read it to its end before it told of it. */
    (void)!value_events_send(&events, NULL);
}

void service_on_security(void *context, const struct lwm2m_dtls_event *event)
{
    service_monitor_handshake(context, event);
    if (event->type != LWM2M_DTLS_FAILED) {
        return; /* what follows it is told: a registration */
    }
    cJSON *json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "v", 1);
    cJSON_AddStringToObject(json, "event", "handshake");
    handshake_json_add(json, event);
    service_result_add_now(json);
    service_publish(context, "handshake", NULL, json, NULL);
}

void service_on_event(void *context, const struct lwm2m_server_event *event)
{
    struct service *service = context;
    if (event->type == LWM2M_SERVER_DESIRED) {
        service_publish_desired(service, event);
    } else if (event->registration == NULL) {
        publish_denied(service, event);
    } else if (event->type == LWM2M_SERVER_SENT) {
        publish_sent(service, event);
    } else {
        publish_registration(service, event);
    }
    service_wait_on_event(service, event);
}
