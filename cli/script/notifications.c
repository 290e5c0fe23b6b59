/*
 * Keeps observations beside a script, by one connection to the server.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "script/notifications.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <time.h>

#include "control/socket_path.h"
#include "output/environment.h"
#include "output/time_text.h"
#include "session/interrupt.h"
#include "session/subscription.h"

/*
 *   IDLE --- observe ---> ASKED --- first value ---> OBSERVED
 *                           |                           |
 *                           +---- done ----> ENDED <----+
 */
enum observation_state { OBSERVATION_IDLE, OBSERVATION_ASKED, OBSERVATION_RUNS, OBSERVATION_ENDED };

struct observation {
    int id; /* of the request */
    size_t handler;
    enum observation_state state;
    struct control_outcome outcome;
};

struct notifications {
    struct subscription
        *subscription; /* NULL until something is observed, and when the server is gone */
    struct observation observations[HANDLERS_MAX];
    size_t count;
    struct notification queue[NOTIFICATIONS_MAX]; /* a ring */
    size_t first, queued;
    size_t dropped;
};

static struct notification *append(struct notifications *notifications, size_t handler)
{
    if (notifications->queued == NOTIFICATIONS_MAX) {
        notifications->dropped++;
        return NULL;
    }
    struct notification *added =
        &notifications->queue[(notifications->first + notifications->queued++) % NOTIFICATIONS_MAX];
    *added = (struct notification){.handler = handler};
    return added;
}

/* ---- what comes ---- */

static struct observation *find(struct notifications *notifications, int id)
{
    for (size_t i = 0; i < notifications->count; i++) {
        if (notifications->observations[i].id == id) {
            return &notifications->observations[i];
        }
    }
    return NULL;
}

static char *text_of(const cJSON *result, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(result, name));
    return strdup(text != NULL ? text : "");
}

static void take_result(void *context, int id, const cJSON *result, const char *printed)
{
    struct notifications *notifications = context;
    struct observation *observation = find(notifications, id);
    if (observation == NULL) {
        return;
    }
    const cJSON *sequence = cJSON_GetObjectItemCaseSensitive(result, "seq");
    observation->state = OBSERVATION_RUNS;
    if (printed == NULL || !cJSON_IsNumber(sequence) || sequence->valuedouble == 0) {
        return; /* how it was when the observation began, or nothing that has a value */
    }
    struct notification *added = append(notifications, observation->handler);
    if (added != NULL) {
        added->value = strdup(printed);
        added->path = text_of(result, "path");
        added->endpoint = text_of(result, "ep");
    }
}

static void end(struct notifications *notifications, struct observation *observation,
                const struct control_outcome *outcome)
{
    bool ran = observation->state == OBSERVATION_RUNS;
    observation->state = OBSERVATION_ENDED;
    observation->outcome = *outcome;
    struct notification *added = ran ? append(notifications, observation->handler) : NULL;
    if (added != NULL) {
        added->outcome = *outcome;
    }
}

static void take_done(void *context, int id, const struct control_outcome *outcome)
{
    struct observation *observation = find(context, id);
    if (observation != NULL) {
        end(context, observation, outcome);
    }
}

/* ---- observing ---- */

static bool connect_to_server(struct notifications *notifications, struct control_outcome *outcome)
{
    const struct subscription_listener listener = {notifications, take_result, take_done};
    char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
    if (notifications->subscription != NULL) {
        return true;
    }
    outcome->exit = EXIT_CODE_DAEMON;
    if (!server_socket_path(path, sizeof(path), false, outcome->message,
                            sizeof(outcome->message))) {
        return false;
    }
    notifications->subscription = subscription_open(path, &listener, outcome);
    return notifications->subscription != NULL;
}

static bool ask(struct notifications *notifications, struct observation *observation,
                const char *path, struct control_outcome *outcome)
{
    const char *endpoint = environment("LWM2M_ENDPOINT");
    cJSON *request = cJSON_CreateObject();
    cJSON_AddStringToObject(request, "op", "observe");
    cJSON_AddItemToObject(request, "paths",
                          cJSON_CreateStringArray((const char *const[]){path}, 1));
    if (endpoint != NULL) {
        cJSON_AddItemToObject(request, "ep",
                              cJSON_CreateStringArray((const char *const[]){endpoint}, 1));
    }
    observation->id = subscription_start(notifications->subscription, request, outcome);
    cJSON_Delete(request);
    return observation->id != 0;
}

/* Until the device has agreed, or has not. */
static bool await(struct notifications *notifications, const struct observation *observation,
                  int64_t deadline_ms, struct control_outcome *outcome)
{
    interrupt_begin();
    while (observation->state == OBSERVATION_ASKED) {
        int64_t left_ms = deadline_ms - time_boot_ms();
        left_ms = left_ms < 0 ? 0 : left_ms;
        struct timespec left = {.tv_sec = left_ms / 1000, .tv_nsec = left_ms % 1000 * 1000000};
        struct pollfd wait = {.fd = notifications_socket(notifications), .events = POLLIN};
        int ready = interrupt_poll(&wait, 1, &left);
        if (interrupt_taken()) {
            control_fail(outcome,
                         interrupt_was_terminate() ? EXIT_CODE_TERMINATED : EXIT_CODE_INTERRUPTED,
                         NULL, "interrupted");
            break;
        }
        if (ready == 0 && left_ms == 0) {
            control_fail(outcome, EXIT_CODE_TIMEOUT, NULL, "no answer in time");
            break;
        }
        notifications_read(notifications);
    }
    interrupt_end();
    if (observation->state == OBSERVATION_ENDED) {
        *outcome = observation->outcome;
    }
    return observation->state == OBSERVATION_RUNS;
}

bool notifications_observe(struct notifications *notifications, size_t handler, const char *path,
                           int64_t deadline_ms, struct control_outcome *outcome)
{
    if (notifications->count == HANDLERS_MAX) {
        control_fail(outcome, EXIT_CODE_USAGE, NULL, "more than %d handlers", HANDLERS_MAX);
        return false;
    }
    if (!connect_to_server(notifications, outcome)) {
        return false;
    }
    struct observation *observation = &notifications->observations[notifications->count++];
    *observation = (struct observation){.handler = handler, .state = OBSERVATION_ASKED};
    if (ask(notifications, observation, path, outcome) &&
        await(notifications, observation, deadline_ms, outcome)) {
        return true;
    }
    observation->id = 0; /* what still comes of it is nobody's */
    notifications->count--;
    return false;
}

/* ---- the queue ---- */

int notifications_socket(const struct notifications *notifications)
{
    return notifications->subscription != NULL ? subscription_socket(notifications->subscription)
                                               : -1;
}

void notifications_read(struct notifications *notifications)
{
    struct pollfd wait = {.fd = notifications_socket(notifications), .events = POLLIN};
    struct control_outcome outcome;
    if (wait.fd < 0 || poll(&wait, 1, 0) <= 0 ||
        subscription_read(notifications->subscription, &outcome)) {
        return;
    }
    for (size_t i = 0; i < notifications->count; i++) {
        if (notifications->observations[i].state != OBSERVATION_ENDED) {
            end(notifications, &notifications->observations[i], &outcome);
        }
    }
    subscription_close(notifications->subscription);
    notifications->subscription = NULL;
}

bool notifications_next(struct notifications *notifications, struct notification *notification)
{
    if (notifications->queued == 0) {
        return false;
    }
    *notification = notifications->queue[notifications->first];
    notifications->first = (notifications->first + 1) % NOTIFICATIONS_MAX;
    notifications->queued--;
    return true;
}

void notification_release(struct notification *notification)
{
    free(notification->value);
    free(notification->path);
    free(notification->endpoint);
}

size_t notifications_dropped(const struct notifications *notifications)
{
    return notifications->dropped;
}

struct notifications *notifications_new(void)
{
    return calloc(1, sizeof(struct notifications));
}

void notifications_free(struct notifications *notifications)
{
    struct notification waiting;
    if (notifications == NULL) {
        return;
    }
    while (notifications_next(notifications, &waiting)) {
        notification_release(&waiting);
    }
    subscription_close(notifications->subscription);
    free(notifications);
}
