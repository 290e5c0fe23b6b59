/*
 * The last events of a server, numbered, for those who come later.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVICE_EVENT_LOG_H
#define SERVICE_EVENT_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "service/registration_snapshot.h"

#define EVENT_LOG_CAPACITY 10000

/* "<epoch ms>-<n>", and a NUL. n counts the events of one millisecond. */
#define EVENT_ID_TEXT_MAX 48

struct event_id {
    int64_t time_ms;
    uint32_t count;
};

/* One event, as little of it as is needed to show it: most are never asked for. */
struct logged_event {
    struct event_id id;
    int64_t time_ms;    /* since 1970; not always that of the id, which never goes back */
    const char *type;   /* static text */
    const char *reason; /* static text, or NULL */
    char *endpoint;     /* NULL if it is about none, or the snapshot names it */
    char *printed;      /* NULL if it holds no value */
    char *old_address;  /* or NULL */
    /* Exactly one of the two is set: */
    char *text;                             /* its JSON */
    struct registration_snapshot *snapshot; /* what its JSON is made of */
};

struct event_log;

/* NULL if there is no memory. */
struct event_log *event_log_new(void);
void event_log_free(struct event_log *log);

/* The id of an event that happens now: above every one before, also when the clock went back. */
struct event_id event_log_next_id(struct event_log *log, int64_t now_ms);

/* Whom it is about; NULL if nobody. */
const char *logged_event_endpoint(const struct logged_event *event);
/* The event as JSON, of which the printed form is exact; NULL if there is no memory. */
cJSON *logged_event_json(const struct logged_event *event);

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
