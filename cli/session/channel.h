/*
 * A connection to a daemon's control socket: requests go out and lines come in (lwm2m-control(7)).
 * Who waits, and how long, is the caller's matter.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SESSION_CHANNEL_H
#define SESSION_CHANNEL_H

#include <stdbool.h>
#include <sys/un.h>

#include <cjson/cJSON.h>

#include "control/line_buffer.h"
#include "control/outcome.h"

#define CHANNEL_PATH_MAX sizeof(((struct sockaddr_un *)0)->sun_path)

struct channel {
    int socket; /* -1: closed */
    int next_id;
    struct line_buffer lines;
    char path[CHANNEL_PATH_MAX];
};

/*
 * Connects to the daemon of a role ("server", "client") at a path. All of these return false with
 * *outcome filled, whose exit is EXIT_CODE_DAEMON where nothing answers or the daemon is gone. A
 * channel is to be closed in any case.
 */
bool channel_open(struct channel *channel, const char *path, const char *role,
                  struct control_outcome *outcome);
/* The same, without waiting longer for a daemon that hangs, now or when something is sent; 0: as
 * long as it takes. */
bool channel_open_within(struct channel *channel, const char *path, const char *role, int wait_ms,
                         struct control_outcome *outcome);
void channel_close(struct channel *channel);

/* Sends a request under an id of channel->next_id; the id is put into it. */
bool channel_send(struct channel *channel, cJSON *request, int id,
                  struct control_outcome *outcome);
/* Asks for the end of the request of that id. */
bool channel_send_stop(struct channel *channel, int target, struct control_outcome *outcome);

/* Takes in what has arrived; waits for it unless the socket does not block. */
bool channel_receive(struct channel *channel, struct control_outcome *outcome);
/* The next whole line of what was taken in, which the caller deletes; *line is NULL if there is
 * none yet. */
bool channel_next(struct channel *channel, cJSON **line, struct control_outcome *outcome);

/* Looks at a daemon's first line: does it speak our version, and is it of that role? */
bool channel_check_greeting(const struct channel *channel, const cJSON *line, const char *role,
                            struct control_outcome *outcome);

/* The outcome of a request whose "done" is this. */
void channel_read_done(const cJSON *done, struct control_outcome *outcome);

/* "The daemon … closed the connection"; returns false. */
bool channel_gone(const struct channel *channel, struct control_outcome *outcome);

#endif
