/*
 * Makes events of values.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "service/value_events.h"

#include <stdlib.h>

#include "control/value_json.h"

/* Values are sent one behind: only when the next comes, or none, is it known whether one is the
 * last. */
static void send_held(struct value_events *events, bool more)
{
    cJSON *event = events->held;
    if (event == NULL) {
        return;
    }
    if (more) {
        cJSON_AddTrueToObject(event, "more");
    }
    if (events->listener != NULL) {
        cJSON *copy = cJSON_Duplicate(event, true);
        if (copy != NULL) {
            service_request_send(events->listener, copy, events->held_printed);
        }
    }
    if (events->publishes) {
        service_publish(events->service, events->type, events->endpoint, event,
                        events->held_printed);
    } else {
        cJSON_Delete(event);
    }
    free(events->held_printed);
    events->held = NULL;
    events->held_printed = NULL;
}

static enum lwm2m_error hold_record(void *context, const struct lwm2m_record *record)
{
    struct value_events *events = context;
    const char *format = lwm2m_content_format_name(events->outcome->content_format);
    send_held(events, true);
    cJSON *event = cJSON_CreateObject();
    cJSON_AddNumberToObject(event, "v", 1);
    cJSON_AddStringToObject(event, "event", events->type);
    cJSON_AddStringToObject(event, "ep", events->endpoint);
    service_result_add_path(event, "path", record->path);
    if (events->has_sequence) {
        cJSON_AddNumberToObject(event, "seq", events->outcome->sequence);
    }
    service_result_add_record(event, events->service, events->outcome->registration, record);
    if (format != NULL) {
        cJSON_AddStringToObject(event, "format", format);
    }
    service_result_add_now(event);
    events->held = event;
    events->held_printed = value_text_new(&record->value);
    return LWM2M_OK;
}

enum lwm2m_error value_events_send(struct value_events *events, struct lwm2m_fault *fault)
{
    struct lwm2m_sink sink = {.context = events, .put = hold_record};
    enum lwm2m_error error = lwm2m_outcome_decode(events->outcome, sink, fault);
    if (error == LWM2M_OK && events->held == NULL) {
        /* What is observed may not be there yet: that is told, too. */
        struct lwm2m_record nothing = {
            .path = events->outcome->path, .value = lwm2m_value_none(), .time_ms = LWM2M_NO_TIME};
        error = hold_record(events, &nothing);
    }
    send_held(events, false);
    return error;
}
