/*
 * The last events of a server, numbered, for those who come later.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SESSION_EVENT_LOG_H
#define SESSION_EVENT_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#define EVENT_LOG_CAPACITY 10000

/* "<epoch ms>-<n>", and a NUL. n counts the events of one millisecond. */
#define EVENT_ID_TEXT_MAX 48

struct event_id {
    int64_t time_ms;
    uint32_t count;
};

struct logged_event {
    struct event_id id;
    const char *type; /* static text */
    char *endpoint;   /* NULL if it is about none */
    char *printed;    /* NULL if it holds no value */
    cJSON *json;
};

struct event_log;

/* NULL if there is no memory. */
struct event_log *event_log_new(void);
void event_log_free(struct event_log *log);

/* The id of an event that happens now: above every one before, also when the clock went back. */
struct event_id event_log_next_id(struct event_log *log, int64_t now_ms);

/* Takes the event with all that it points to; the oldest one goes when the log is full. */
const struct logged_event *event_log_append(struct event_log *log,
                                            const struct logged_event *event);

/* The oldest event that is newer than `after`; NULL behind the last. */
const struct logged_event *event_log_find_after(const struct event_log *log, struct event_id after);

int event_id_compare(struct event_id a, struct event_id b);
void event_id_print(struct event_id id, char text[EVENT_ID_TEXT_MAX]);
/* Reads "1732342262123-0", or the milliseconds alone. */
bool event_id_parse(const char *text, struct event_id *id);

#endif
