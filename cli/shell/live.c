/*
 * Follows a server beside the prompt, by a connection of its own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "shell/live.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/socket_path.h"
#include "output/environment.h"
#include "output/time_text.h"
#include "session/channel.h"
#include "session/subscription.h"
#include "shell/notice.h"

/* Requests of a connection are bounded (lwm2m-control(7)). */
#define WATCHES_MAX 64

/* Of events that are shown; more would leave no time to read or type. */
#define EVENTS_PER_SECOND_MAX 20

#define RECONNECT_MS 1000

struct watch {
    char *endpoint; /* NULL: the only device */
    char *path;
    int id; /* of its request; 0: there is none */
};

struct live {
    const struct printer *printer;
    struct live_listener listener;
    struct subscription *subscription;
    bool was_lost; /* there was a connection before */
    int list_id, events_id;
    char *endpoint; /* in use; NULL: none */
    enum presence presence;
    bool shows_events;
    int64_t second_began_ms; /* in which events are counted */
    unsigned shown, left_out;
    struct watch watches[WATCHES_MAX];
    size_t watch_count;
};

static void say(struct live *live, const char *text)
{
    live->listener.line(live->listener.context, text);
}

/* ---- the connection ---- */

static void lose(struct live *live, const struct control_outcome *outcome)
{
    subscription_close(live->subscription);
    live->subscription = NULL;
    live->was_lost = true;
    live->list_id = live->events_id = 0;
    for (size_t i = 0; i < live->watch_count; i++) {
        live->watches[i].id = 0;
    }
    say(live, outcome->message);
}

static int start(struct live *live, cJSON *request)
{
    struct control_outcome outcome;
    int id = 0;
    if (live->subscription != NULL && request != NULL) {
        id = subscription_start(live->subscription, request, &outcome);
        if (id == 0) {
            lose(live, &outcome);
        }
    }
    cJSON_Delete(request);
    return id;
}

static cJSON *request_new(const char *op, const char *endpoint)
{
    cJSON *request = cJSON_CreateObject();
    cJSON_AddStringToObject(request, "op", op);
    if (endpoint != NULL) {
        cJSON_AddStringToObject(request, "ep", endpoint);
    }
    return request;
}

static void ask_for_events(struct live *live)
{
    static const char *const types[] = {"registered", "replaced", "deregistered",
                                        "awake",      "asleep",   "denied"};
    cJSON *request = request_new("events", NULL);
    cJSON_AddItemToObject(request, "types",
                          cJSON_CreateStringArray(types, sizeof(types) / sizeof(types[0])));
    live->events_id = start(live, request);
}

static void ask_for_device(struct live *live)
{
    live->presence = PRESENCE_UNKNOWN;
    live->list_id = live->endpoint != NULL ? start(live, request_new("list", live->endpoint)) : 0;
}

static void start_watch(struct live *live, struct watch *watch)
{
    cJSON *request = request_new("observe", watch->endpoint);
    cJSON_AddItemToObject(request, "paths",
                          cJSON_CreateStringArray((const char *const[]){watch->path}, 1));
    watch->id = start(live, request);
}

/* ---- what comes ---- */

static bool is_device_in_use(const struct live *live, const cJSON *result)
{
    return live->endpoint != NULL && strcmp(notice_member(result, "ep"), live->endpoint) == 0;
}

static void note_presence(struct live *live, const cJSON *result)
{
    if (!is_device_in_use(live, result)) {
        return;
    }
    if (strcmp(notice_member(result, "event"), "deregistered") == 0) {
        live->presence = PRESENCE_GONE;
    } else if (strcmp(notice_member(result, "event"), "denied") != 0) {
        bool asleep = strcmp(notice_member(result, "event"), "asleep") == 0 ||
                      strcmp(notice_member(result, "state"), "sleep") == 0;
        live->presence = asleep ? PRESENCE_ASLEEP : PRESENCE_UP;
    }
}

/* A new second has its own bound; what was left out of the last one is told in one line. */
static void begin_second(struct live *live, int64_t now_ms)
{
    if (now_ms - live->second_began_ms < 1000) {
        return;
    }
    if (live->left_out > 0) {
        char text[64];
        snprintf(text, sizeof(text), "(%u more events)", live->left_out);
        say(live, text);
    }
    live->second_began_ms = now_ms;
    live->shown = live->left_out = 0;
}

static bool may_show_event(struct live *live, const cJSON *result)
{
    const char *type = notice_member(result, "event");
    bool of_sleep = strcmp(type, "awake") == 0 || strcmp(type, "asleep") == 0;
    if (!live->shows_events || (of_sleep && !is_device_in_use(live, result))) {
        return false;
    }
    begin_second(live, time_boot_ms());
    if (live->shown >= EVENTS_PER_SECOND_MAX) {
        live->left_out++;
        return false;
    }
    live->shown++;
    return true;
}

/* NULL for a request that was none, or that was given up meanwhile. */
static struct watch *find_watch(struct live *live, int id)
{
    for (size_t i = 0; i < live->watch_count; i++) {
        if (live->watches[i].id == id) {
            return &live->watches[i];
        }
    }
    return NULL;
}

static void take_result(void *context, int id, const cJSON *result, const char *printed)
{
    struct live *live = context;
    if (id == live->list_id || id == live->events_id) {
        note_presence(live, result);
    }
    bool shown =
        id == live->events_id ? may_show_event(live, result) : find_watch(live, id) != NULL;
    if (!shown) {
        return;
    }
    char *text = notice_text_new(live->printer, result, printed);
    if (text != NULL) {
        say(live, text);
    }
    free(text);
}

static void remove_watch(struct live *live, struct watch *watch)
{
    size_t index = (size_t)(watch - live->watches);
    free(watch->endpoint);
    free(watch->path);
    live->watch_count--;
    memmove(watch, watch + 1, (live->watch_count - index) * sizeof(*watch));
}

static void take_done(void *context, int id, const struct control_outcome *outcome)
{
    struct live *live = context;
    if (id == live->list_id) {
        live->list_id = 0;
        live->presence = live->presence == PRESENCE_UNKNOWN ? PRESENCE_GONE : live->presence;
    }
    struct watch *watch = find_watch(live, id);
    if (watch == NULL) {
        return;
    }
    char text[sizeof(outcome->message) + 128];
    snprintf(text, sizeof(text), "the watch of %.100s has ended%s%s", watch->path,
             outcome->message[0] != '\0' ? ": " : "", outcome->message);
    char *safe = text_escape(text);
    remove_watch(live, watch);
    say(live, safe != NULL ? safe : "a watch has ended");
    free(safe);
}

/* ---- for the shell ---- */

struct live *live_new(const struct printer *printer, const struct live_listener *listener)
{
    struct live *live = calloc(1, sizeof(*live));
    if (live != NULL) {
        live->printer = printer;
        live->listener = *listener;
        live->shows_events = true;
    }
    return live;
}

void live_free(struct live *live)
{
    if (live == NULL) {
        return;
    }
    while (live->watch_count > 0) {
        remove_watch(live, &live->watches[live->watch_count - 1]);
    }
    subscription_close(live->subscription);
    free(live->endpoint);
    free(live);
}

void live_connect(struct live *live)
{
    char path[CHANNEL_PATH_MAX];
    char message[256];
    struct control_outcome outcome;
    const struct subscription_listener listener = {live, take_result, take_done};
    if (live->subscription != NULL ||
        !server_socket_path(path, sizeof(path), false, message, sizeof(message))) {
        return;
    }
    live->subscription = subscription_open(path, &listener, &outcome);
    if (live->subscription == NULL) {
        return;
    }
    if (live->was_lost) {
        say(live, "the server is back");
    }
    ask_for_events(live);
    ask_for_device(live);
    for (size_t i = 0; i < live->watch_count; i++) {
        start_watch(live, &live->watches[i]);
    }
}

int live_socket(const struct live *live)
{
    return live->subscription != NULL ? subscription_socket(live->subscription) : -1;
}

int live_wait_ms(const struct live *live)
{
    return live->subscription == NULL || live->left_out > 0 ? RECONNECT_MS : -1;
}

void live_step(struct live *live)
{
    struct control_outcome outcome;
    if (live->left_out > 0) {
        begin_second(live, time_boot_ms());
    }
    live_connect(live);
    if (live->subscription == NULL) {
        return;
    }
    struct pollfd wait = {.fd = live_socket(live), .events = POLLIN};
    if (poll(&wait, 1, 0) > 0 && !subscription_read(live->subscription, &outcome)) {
        lose(live, &outcome);
    }
}

void live_look_at_device(struct live *live)
{
    const char *endpoint = environment("LWM2M_ENDPOINT");
    bool same = endpoint == NULL || live->endpoint == NULL ? endpoint == live->endpoint
                                                           : strcmp(endpoint, live->endpoint) == 0;
    if (!same) {
        free(live->endpoint);
        live->endpoint = endpoint != NULL ? strdup(endpoint) : NULL;
        ask_for_device(live);
    }
}

enum presence live_presence(const struct live *live)
{
    return live->subscription != NULL ? live->presence : PRESENCE_NO_SERVER;
}

void live_show_events(struct live *live, bool shown)
{
    live->shows_events = shown;
}

bool live_shows_events(const struct live *live)
{
    return live->shows_events;
}

bool live_watch(struct live *live, const char *path)
{
    if (live->watch_count == WATCHES_MAX) {
        print_errorf(live->printer, "no more than %d paths are watched at a time", WATCHES_MAX);
        return false;
    }
    const char *endpoint = environment("LWM2M_ENDPOINT");
    struct watch watch = {.path = strdup(path)};
    watch.endpoint = endpoint != NULL ? strdup(endpoint) : NULL;
    if (watch.path == NULL || (endpoint != NULL && watch.endpoint == NULL)) {
        free(watch.path);
        free(watch.endpoint);
        print_errorf(live->printer, "out of memory");
        return false;
    }
    live->watches[live->watch_count] = watch;
    start_watch(live, &live->watches[live->watch_count++]);
    return true;
}

size_t live_unwatch(struct live *live, const char *path)
{
    struct control_outcome outcome;
    size_t removed = 0;
    for (size_t i = live->watch_count; i-- > 0;) {
        struct watch *watch = &live->watches[i];
        if (path != NULL && strcmp(watch->path, path) != 0) {
            continue;
        }
        int id = watch->id;
        remove_watch(live, watch);
        removed++;
        if (live->subscription != NULL && id != 0 &&
            !subscription_stop(live->subscription, id, &outcome)) {
            lose(live, &outcome);
        }
    }
    return removed;
}

bool live_watch_at(const struct live *live, size_t index, const char **endpoint, const char **path)
{
    if (index >= live->watch_count) {
        return false;
    }
    *endpoint = live->watches[index].endpoint;
    *path = live->watches[index].path;
    return true;
}
