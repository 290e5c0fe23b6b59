/*
 * A ring of the last events.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "service/event_log.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lwm2m/number.h>

#include "output/time_text.h"

struct event_log {
    struct logged_event ring[EVENT_LOG_CAPACITY];
    size_t first, count;
    struct event_id last;
};

struct event_log *event_log_new(void)
{
    return calloc(1, sizeof(struct event_log));
}

static void event_release(struct logged_event *event)
{
    free(event->endpoint);
    free(event->printed);
    free(event->old_address);
    cJSON_free(event->text);
    free(event->snapshot);
}

static struct logged_event *at(const struct event_log *log, size_t position)
{
    const struct logged_event *event = &log->ring[(log->first + position) % EVENT_LOG_CAPACITY];
    return (struct logged_event *)(uintptr_t)event;
}

void event_log_free(struct event_log *log)
{
    if (log == NULL) {
        return;
    }
    for (size_t i = 0; i < log->count; i++) {
        event_release(at(log, i));
    }
    free(log);
}

struct event_id event_log_next_id(struct event_log *log, int64_t now_ms)
{
    if (now_ms > log->last.time_ms) {
        log->last = (struct event_id){.time_ms = now_ms};
    } else {
        log->last.count++;
    }
    return log->last;
}

const struct logged_event *event_log_append(struct event_log *log, const struct logged_event *event)
{
    if (log->count == EVENT_LOG_CAPACITY) {
        event_release(at(log, 0));
        log->first = (log->first + 1) % EVENT_LOG_CAPACITY;
        log->count--;
    }
    struct logged_event *place = at(log, log->count++);
    *place = *event;
    return place;
}

const struct logged_event *event_log_find_after(const struct event_log *log, struct event_id after)
{
    size_t low = 0;
    size_t high = log->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (event_id_compare(at(log, middle)->id, after) > 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low < log->count ? at(log, low) : NULL;
}

const char *logged_event_endpoint(const struct logged_event *event)
{
    return event->snapshot != NULL ? event->snapshot->endpoint : event->endpoint;
}

cJSON *logged_event_json(const struct logged_event *event)
{
    if (event->text != NULL) {
        return cJSON_CreateRaw(event->text);
    }
    char text[TIME_TEXT_MAX > EVENT_ID_TEXT_MAX ? TIME_TEXT_MAX : EVENT_ID_TEXT_MAX];
    cJSON *json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "v", 1);
    cJSON_AddStringToObject(json, "event", event->type);
    event_id_print(event->id, text);
    cJSON_AddStringToObject(json, "id", text);
    registration_snapshot_add(json, event->snapshot);
    if (event->reason != NULL) {
        cJSON_AddStringToObject(json, "reason", event->reason);
    }
    if (event->old_address != NULL) {
        cJSON_AddStringToObject(json, "old_addr", event->old_address);
    }
    time_print_ms(event->time_ms, text);
    cJSON_AddStringToObject(json, "ts", text);
    return json;
}

int event_id_compare(struct event_id a, struct event_id b)
{
    if (a.time_ms != b.time_ms) {
        return a.time_ms < b.time_ms ? -1 : 1;
    }
    return (a.count > b.count) - (a.count < b.count);
}

void event_id_print(struct event_id id, char text[EVENT_ID_TEXT_MAX])
{
    snprintf(text, EVENT_ID_TEXT_MAX, "%" PRId64 "-%" PRIu32, id.time_ms, id.count);
}

bool event_id_parse(const char *text, struct event_id *id)
{
    const char *dash = strchr(text, '-');
    uint64_t time_ms;
    uint64_t count = 0;
    struct lwm2m_bytes head = lwm2m_bytes_from_text(text);
    if (dash != NULL) {
        head.length = (size_t)(dash - text);
        if (lwm2m_number_parse_unsigned(lwm2m_bytes_from_text(dash + 1), &count) != LWM2M_OK) {
            return false;
        }
    }
    if (lwm2m_number_parse_unsigned(head, &time_ms) != LWM2M_OK || time_ms > INT64_MAX ||
        count > UINT32_MAX) {
        return false;
    }
    *id = (struct event_id){.time_ms = (int64_t)time_ms, .count = (uint32_t)count};
    return true;
}
