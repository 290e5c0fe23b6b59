/*
 * Hands on what a daemon tells, without waiting.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "session/subscription.h"

#include <fcntl.h>
#include <stdlib.h>

#include "session/channel.h"

/* A daemon that runs takes a connection at once. */
#define CONNECT_MS 100

struct subscription {
    struct channel channel;
    struct subscription_listener listener;
    bool greeted;
};

struct subscription *subscription_open(const char *path,
                                       const struct subscription_listener *listener,
                                       struct control_outcome *outcome)
{
    struct subscription *subscription = calloc(1, sizeof(*subscription));
    if (subscription == NULL) {
        control_fail(outcome, EXIT_CODE_IO, NULL, "out of memory");
        return NULL;
    }
    subscription->listener = *listener;
    if (!channel_open_within(&subscription->channel, path, "server", CONNECT_MS, outcome) ||
        fcntl(subscription->channel.socket, F_SETFL, O_NONBLOCK) != 0) {
        subscription_close(subscription);
        return NULL;
    }
    return subscription;
}

void subscription_close(struct subscription *subscription)
{
    if (subscription != NULL) {
        channel_close(&subscription->channel);
        free(subscription);
    }
}

int subscription_socket(const struct subscription *subscription)
{
    return subscription->channel.socket;
}

/* Handles one line; false when the connection is of no use any more. */
static bool handle_line(struct subscription *subscription, const cJSON *line,
                        struct control_outcome *outcome)
{
    const struct subscription_listener *listener = &subscription->listener;
    if (!subscription->greeted) {
        subscription->greeted = true;
        return channel_check_greeting(&subscription->channel, line, "server", outcome);
    }
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(line, "id");
    const cJSON *result = cJSON_GetObjectItemCaseSensitive(line, "result");
    const cJSON *done = cJSON_GetObjectItemCaseSensitive(line, "done");
    if (!cJSON_IsNumber(id)) {
        return channel_gone(&subscription->channel, outcome);
    }
    if (cJSON_IsObject(result)) {
        listener->result(listener->context, id->valueint, result,
                         cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(line, "printed")));
    } else if (cJSON_IsObject(done)) {
        struct control_outcome ended;
        channel_read_done(done, &ended);
        listener->done(listener->context, id->valueint, &ended);
    }
    return true;
}

bool subscription_read(struct subscription *subscription, struct control_outcome *outcome)
{
    cJSON *line;
    if (!channel_receive(&subscription->channel, outcome)) {
        return false;
    }
    for (;;) {
        if (!channel_next(&subscription->channel, &line, outcome)) {
            return false;
        }
        if (line == NULL) {
            return true;
        }
        bool good = handle_line(subscription, line, outcome);
        cJSON_Delete(line);
        if (!good) {
            return false;
        }
    }
}

int subscription_start(struct subscription *subscription, cJSON *request,
                       struct control_outcome *outcome)
{
    int id = subscription->channel.next_id++;
    return channel_send(&subscription->channel, request, id, outcome) ? id : 0;
}

bool subscription_stop(struct subscription *subscription, int id, struct control_outcome *outcome)
{
    return channel_send_stop(&subscription->channel, id, outcome);
}
