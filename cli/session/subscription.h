/*
 * Requests to a daemon that go on beside everything else: nothing here waits, what comes is handed
 * on when the socket can be read.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SESSION_SUBSCRIPTION_H
#define SESSION_SUBSCRIPTION_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "control/outcome.h"

struct subscription;

/* Who hears of what comes; everything is borrowed. */
struct subscription_listener {
    void *context;
    /* As session_result, of the request of that id. */
    void (*result)(void *context, int id, const cJSON *result, const char *printed);
    /* The request of that id has ended; its id is free again. */
    void (*done)(void *context, int id, const struct control_outcome *outcome);
};

/* Connects to a server's control socket; NULL with *outcome filled if none answers there. */
struct subscription *subscription_open(const char *path,
                                       const struct subscription_listener *listener,
                                       struct control_outcome *outcome);
/* Ends all requests; they are not told to be done. NULL is allowed. */
void subscription_close(struct subscription *subscription);

/* To be polled for reading. */
int subscription_socket(const struct subscription *subscription);

/* Takes in what has come. False with *outcome filled when the daemon is gone: close it then. */
bool subscription_read(struct subscription *subscription, struct control_outcome *outcome);

/* Sends a request, which is not taken. Returns its id, or 0 with *outcome filled. */
int subscription_start(struct subscription *subscription, cJSON *request,
                       struct control_outcome *outcome);
/* Asks for the end of a request, which is told by done. */
bool subscription_stop(struct subscription *subscription, int id, struct control_outcome *outcome);

#endif
