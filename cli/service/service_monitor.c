/*
 * monitor: the CoAP messages of the server, as they come and go, and the handshakes before them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lwm2m/codec.h>

#include "control/message_filter.h"
#include "control/message_text.h"
#include "control/round_trips.h"
#include "control/value_json.h"
#include "output/time_text.h"
#include "service/handshake_json.h"
#include "service/message_values.h"
#include "service/service_internal.h"

/* The largest message that is shown as bytes; of a longer one, nothing. */
#define SHOWN_BYTES_MAX 2048

/* A client that watches. */
struct monitor {
    struct lwm2m_list node; /* the service's */
    struct trace_subscriber subscriber;
    struct service_request *request;
    const char **patterns; /* borrowed texts */
    size_t pattern_count;
    struct message_filter filter;
    bool filtered; /* then only messages are wanted */
    struct round_trips *trips;
    bool bytes;
    uint64_t dropped;         /* since the last line */
    struct lwm2m_timer timer; /* tells of them when nothing follows */
};

/* One message while it is shown. */
struct shown_message {
    const struct lwm2m_message *message;
    bool outgoing;
    unsigned again;
    char address[LWM2M_ADDRESS_TEXT_MAX];
    struct lwm2m_registration *registration; /* NULL: none is there */
    struct round_trip trip;
};

static void add_number_option(cJSON *result, const struct lwm2m_message *message, uint16_t number,
                              const char *key)
{
    struct lwm2m_option option;
    uint32_t value;
    if (!lwm2m_message_find_option(message, number, &option) ||
        lwm2m_option_number_value(&option, &value) != LWM2M_OK) {
        return;
    }
    if (number == LWM2M_OPTION_CONTENT_FORMAT || number == LWM2M_OPTION_ACCEPT) {
        char code[16];
        const char *name = lwm2m_content_format_name((uint16_t)value);
        snprintf(code, sizeof(code), "%u", value);
        cJSON_AddStringToObject(result, key, name != NULL ? name : code);
    } else if (number == LWM2M_OPTION_BLOCK1 || number == LWM2M_OPTION_BLOCK2) {
        cJSON *block = cJSON_AddObjectToObject(result, key);
        cJSON_AddNumberToObject(block, "num", value >> 4);
        cJSON_AddBoolToObject(block, "more", (value >> 3 & 1) != 0);
        cJSON_AddNumberToObject(block, "size", 16u << (value & 7));
    } else {
        cJSON_AddNumberToObject(result, key, value);
    }
}

static void add_message(cJSON *result, const struct lwm2m_message *message)
{
    static const struct {
        uint16_t number;
        const char *key;
    } options[] = {
        {LWM2M_OPTION_OBSERVE, "observe"}, {LWM2M_OPTION_CONTENT_FORMAT, "format"},
        {LWM2M_OPTION_ACCEPT, "accept"},   {LWM2M_OPTION_BLOCK1, "block1"},
        {LWM2M_OPTION_BLOCK2, "block2"},
    };
    char code[MESSAGE_CODE_TEXT_MAX];
    char token[2 * LWM2M_TOKEN_MAX + 1];
    char summary[512];
    message_print_code(message, code);
    message_print_summary(message, summary, sizeof(summary));
    hex_print((struct lwm2m_bytes){message->token.bytes, message->token.length}, token,
              sizeof(token));
    cJSON_AddStringToObject(result, "type", message_type_name(message));
    cJSON_AddStringToObject(result, "code", code);
    cJSON_AddNumberToObject(result, "mid", message->message_id);
    cJSON_AddStringToObject(result, "token", token);
    cJSON_AddNumberToObject(result, "size", (double)message->payload.length);
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        add_number_option(result, message, options[i].number, options[i].key);
    }
    cJSON_AddStringToObject(result, "summary", summary);
}

static void add_bytes(cJSON *result, const struct lwm2m_message *message)
{
    uint8_t memory[SHOWN_BYTES_MAX];
    char hex[2 * SHOWN_BYTES_MAX + 1];
    struct lwm2m_buffer buffer;
    lwm2m_buffer_init(&buffer, memory, sizeof(memory));
    if (lwm2m_message_encode(message, &buffer) == LWM2M_OK) {
        hex_print(lwm2m_buffer_bytes(&buffer), hex, sizeof(hex));
        cJSON_AddStringToObject(result, "hex", hex);
    }
}

static cJSON *result_new(void)
{
    cJSON *result = cJSON_CreateObject();
    cJSON_AddNumberToObject(result, "v", 1);
    cJSON_AddStringToObject(result, "op", "monitor");
    service_result_add_now(result);
    return result;
}

static void send_dropped(struct monitor *monitor)
{
    cJSON *result = result_new();
    cJSON_AddNumberToObject(result, "dropped", (double)monitor->dropped);
    monitor->dropped = 0;
    service_request_send(monitor->request, result, NULL);
}

/* Once the client has read what it was behind with. */
static void tell_dropped(struct lwm2m_timer *timer)
{
    struct monitor *monitor = LWM2M_CONTAINER_OF(timer, struct monitor, timer);
    if (monitor->dropped == 0) {
        return;
    }
    if (service_request_is_congested(monitor->request)) {
        lwm2m_timer_arm_in(service_of(monitor->request)->timers, timer, RESPONDER_PAUSE_MS);
        return;
    }
    send_dropped(monitor);
}

static void send_message(const struct monitor *monitor, const struct shown_message *shown)
{
    cJSON *result = result_new();
    cJSON_AddStringToObject(result, "dir", shown->outgoing ? "out" : "in");
    if (shown->registration != NULL) {
        cJSON_AddStringToObject(result, "ep", shown->registration->endpoint_name);
    }
    cJSON_AddStringToObject(result, "addr", shown->address);
    add_message(result, shown->message);
    if (shown->trip.path[0] != '\0') {
        cJSON_AddStringToObject(result, "path", shown->trip.path);
    }
    if (shown->trip.us >= 0) {
        cJSON_AddNumberToObject(result, "rtt_ms", (double)shown->trip.us / 1000);
    }
    if (shown->again > 0) {
        cJSON_AddNumberToObject(result, "again", shown->again);
    }
    const struct valued_message valued = {
        .message = shown->message,
        .path = shown->trip.path,
        .server = service_of(monitor->request)->server,
        .registration = shown->registration,
    };
    message_values_add(result, &valued);
    if (monitor->bytes) {
        add_bytes(result, shown->message);
    }
    service_request_send(monitor->request, result, NULL);
}

static bool is_wanted(const struct monitor *monitor, const struct shown_message *shown)
{
    const char *who =
        shown->registration != NULL ? shown->registration->endpoint_name : shown->address;
    const struct message_facts facts = {
        .message = shown->message,
        .outgoing = shown->outgoing,
        .endpoint = who,
        .path = shown->trip.path,
        .rtt_us = shown->trip.us,
    };
    return service_name_matches(monitor->patterns, monitor->pattern_count, who) &&
           message_filter_holds(&monitor->filter, &facts);
}

/* False, and counted, if the client is behind. */
static bool has_room(struct monitor *monitor)
{
    if (service_request_is_congested(monitor->request)) {
        if (monitor->dropped++ == 0) {
            lwm2m_timer_arm_in(service_of(monitor->request)->timers, &monitor->timer,
                               RESPONDER_PAUSE_MS);
        }
        return false;
    }
    if (monitor->dropped > 0) {
        send_dropped(monitor);
    }
    return true;
}

static void take_message(void *context, bool outgoing, const struct lwm2m_peer *peer,
                         const struct lwm2m_message *message, unsigned retransmission)
{
    struct monitor *monitor = context;
    struct shown_message shown = {.message = message, .outgoing = outgoing, .address = "?"};
    const struct sighting sighting = {
        .peer = peer,
        .outgoing = outgoing,
        .message = message,
        .now_us = time_monotonic_us(),
    };
    round_trips_take(monitor->trips, &sighting, &shown.trip);
    shown.again = retransmission > shown.trip.again ? retransmission : shown.trip.again;
    if (peer != NULL) {
        shown.registration = lwm2m_server_find_peer(peer);
        lwm2m_peer_print_address(peer, shown.address);
    }
    if (!is_wanted(monitor, &shown)) {
        return;
    }
    if (has_room(monitor)) {
        send_message(monitor, &shown);
    }
}

/* ---- handshakes ---- */

static bool is_handshake_wanted(const struct monitor *monitor, const cJSON *handshake)
{
    const char *identity = control_text(handshake, "identity");
    const char *address = control_text(handshake, "addr");
    const char **patterns = monitor->patterns;
    return !monitor->filtered &&
           (service_name_matches(patterns, monitor->pattern_count, address) ||
            (identity != NULL && service_name_matches(patterns, monitor->pattern_count, identity)));
}

static const char *state_of(const struct lwm2m_dtls_event *event)
{
    return event->type == LWM2M_DTLS_ESTABLISHED ? "established"
           : event->type == LWM2M_DTLS_FAILED    ? "failed"
                                                 : "closed";
}

void service_monitor_handshake(struct service *service, const struct lwm2m_dtls_event *event)
{
    struct lwm2m_list *node, *next;
    LWM2M_LIST_EACH (node, next, &service->monitors) {
        struct monitor *monitor = LWM2M_CONTAINER_OF(node, struct monitor, node);
        cJSON *result = result_new();
        cJSON_AddStringToObject(result, "handshake", state_of(event));
        handshake_json_add(result, event);
        if (is_handshake_wanted(monitor, result) && has_room(monitor)) {
            service_request_send(monitor->request, result, NULL);
        } else {
            cJSON_Delete(result);
        }
    }
}

/* ---- requests ---- */

static void release(struct service_request *request)
{
    struct monitor *monitor = request->state;
    if (monitor != NULL) {
        lwm2m_timer_disarm(service_of(request)->timers, &monitor->timer);
        lwm2m_list_remove(&monitor->node);
        if (service_of(request)->trace != NULL) {
            trace_unsubscribe(service_of(request)->trace, &monitor->subscriber);
        }
        round_trips_free(monitor->trips);
        free(monitor->patterns);
        free(monitor);
    }
}

static bool prepare(struct service_request *request)
{
    char message[160];
    const char *filter = control_text(request->parameters, "filter");
    struct monitor *monitor = calloc(1, sizeof(*monitor));
    request->state = monitor;
    if (monitor == NULL) {
        return service_request_fail(request, EXIT_CODE_IO, NULL, "out of memory");
    }
    lwm2m_list_init(&monitor->node);
    monitor->trips = round_trips_new();
    if (monitor->trips == NULL) {
        return service_request_fail(request, EXIT_CODE_IO, NULL, "out of memory");
    }
    monitor->request = request;
    monitor->filtered = filter != NULL;
    monitor->timer.fire = tell_dropped;
    monitor->bytes = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(request->parameters, "bytes"));
    if (filter != NULL &&
        !message_filter_parse(filter, &monitor->filter, message, sizeof(message))) {
        return service_request_fail(request, EXIT_CODE_USAGE, NULL, "filter: %s", message);
    }
    return service_texts(request, "ep", &monitor->patterns, &monitor->pattern_count);
}

static void begin(struct service_request *request)
{
    struct monitor *monitor = request->state;
    monitor->subscriber.trace = (struct lwm2m_trace){.context = monitor, .message = take_message};
    if (service_of(request)->trace == NULL) {
        service_request_fail(request, EXIT_CODE_UNSUPPORTED, NULL,
                             "this server does not show its messages");
        return;
    }
    trace_subscribe(service_of(request)->trace, &monitor->subscriber);
    lwm2m_list_append(&service_of(request)->monitors, &monitor->node);
}

const struct service_operation service_monitor = {
    .name = "monitor",
    .scope = SERVICE_ON_SERVER,
    .stream = true,
    .prepare = prepare,
    .begin = begin,
    .release = release,
};
