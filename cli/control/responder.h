/*
 * What answers the requests of the control protocol: a server's service, or a simulated device. The
 * control socket and the session in this process talk to both through this.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONTROL_RESPONDER_H
#define CONTROL_RESPONDER_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "output/exit_code.h"

/* Where the lines for one client go. */
struct responder_output {
    void *context;
    /* Takes one line as JSON, borrowed. Must not close the connection before it has returned to the
     * loop. */
    void (*line)(void *context, const cJSON *line);
    /* True while the client is behind with reading: who has much more to say waits. NULL: never. */
    bool (*is_congested)(void *context);
};

/* How long to wait then. */
#define RESPONDER_PAUSE_MS 5

struct responder {
    const char *role; /* "server" or "client", as the greeting says */
    void *context;
    /* Begins to serve one client; output is copied. NULL if there is no memory. */
    void *(*open)(void *context, const struct responder_output *output);
    /* One request, borrowed; whatever is wrong with it is answered. Its last line is "done", now or
     * later. */
    void (*request)(void *connection, const cJSON *request);
    /* The client is gone: what it had under way ends without a word. */
    void (*close)(void *connection);
};

/* Requests of one client that may be under way at a time. */
#define RESPONDER_REQUESTS_MAX 256

/*
 * Reads one line of the protocol: a JSON object in UTF-8, without NUL, not nested deeper than 16.
 * NULL with a message that says what is wrong with it.
 */
cJSON *control_line_parse(const char *line, size_t length, const char **message);

/* The greeting of a daemon. NULL if there is no memory. */
cJSON *control_greeting_new(const char *role);

/* {"id":…,"result":…}: sends it and frees result. printed may be NULL. */
void control_send_result(const struct responder_output *output, int id, cJSON *result,
                         const char *printed);

/* {"id":…,"done":…}: message and hint may be NULL or empty. */
void control_send_done(const struct responder_output *output, int id, enum exit_code exit,
                       const char *message, const char *hint);

/* The id of a request; 0 if it has none from 1 to 2^31-1. */
int control_request_id(const cJSON *request);

/* Members of a request: NULL or the fallback if they are missing or of another type. */
const char *control_text(const cJSON *request, const char *name);
double control_number(const cJSON *request, const char *name, double fallback);

#endif
