/*
 * The notifications that the handlers of a script (`on notify`) wait for: they come in while it does something else, and
 * stand in a queue until there is time for them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SCRIPT_NOTIFICATIONS_H
#define SCRIPT_NOTIFICATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/outcome.h"

#define HANDLERS_MAX 16
/* What waits for its handler; further ones are dropped, and counted. */
#define NOTIFICATIONS_MAX 1000

struct notifications;

/* One value that came, or the end of an observation. Its texts are the taker's. */
struct notification {
    size_t handler; /* what the observation was begun with */
    char *value;    /* NULL: the observation has ended, by outcome */
    char *path, *endpoint;
    struct control_outcome outcome;
};

/* NULL if there is no memory. */
struct notifications *notifications_new(void);
/* Ends the observations. NULL is allowed. */
void notifications_free(struct notifications *notifications);

/*
 * Observes a path of the device in use ($LWM2M_ENDPOINT) and waits, until deadline_ms (boot time), for the device to agree.
 * The value that it agrees with is no notification. False with *outcome filled.
 */
bool notifications_observe(struct notifications *notifications, size_t handler, const char *path,
                           int64_t deadline_ms, struct control_outcome *outcome);

/* To be polled for reading; negative while nothing is observed. */
int notifications_socket(const struct notifications *notifications);
/* Takes in what has come, without waiting. */
void notifications_read(struct notifications *notifications);
/* Takes the one that has waited for longest; false if there is none. */
bool notifications_next(struct notifications *notifications, struct notification *notification);
void notification_release(struct notification *notification);

/* How many found the queue full. */
size_t notifications_dropped(const struct notifications *notifications);

#endif
