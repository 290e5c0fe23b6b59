/*
 * What a command acts on: a daemon behind a control socket, or a server inside this process. Both
 * take the requests of the control protocol (lwm2m-control(7)), so that a command does not know
 * which it has.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SESSION_SESSION_H
#define SESSION_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include <lwm2m/host.h>

#include "control/outcome.h"

struct printer;
struct session;

/* True for an operation that goes on until it is stopped: it also ends when nobody reads standard
 * output any more, with EXIT_CODE_IO and no message. */
bool session_is_stream(const cJSON *request);

/*
 * Takes one result: `result` is the object that --json prints, `printed` the value as text or NULL.
 * Both are borrowed. Returns false to stop the stream: the request then ends with EXIT_CODE_OK.
 */
typedef bool session_result(void *context, const cJSON *result, const char *printed);

struct session_operations {
    /* Runs one request to its end. See session_request. */
    void (*request)(struct session *session, cJSON *request, int64_t deadline_ms,
                    session_result *on_result, void *context, struct control_outcome *outcome);
    void (*close)(struct session *session);
};

/* Embedded as first member by each kind of session. */
struct session {
    const struct session_operations *operations;
};

/* Connects to the daemon at a socket path (NULL: the default of `role`, "server" or "client"). */
struct session *session_open_remote(const char *socket_path, const char *role,
                                    struct control_outcome *outcome);

/* Starts a server in this process, listening at uri ("": the default). printer is borrowed, for its
 * log. */
struct session *session_open_embedded(const char *uri, enum lwm2m_stack stack,
                                      const struct printer *printer,
                                      struct control_outcome *outcome);

/*
 * Sends a request (op and its parameters; the id is added) and hands on its results until it is
 * done. wait_ms, if not negative, is a bound of the caller's: when it is over the request is
 * stopped, and the outcome is EXIT_CODE_OK with an empty message. SIGINT stops the request
 * (EXIT_CODE_INTERRUPTED); a second one does so at once. The request is not taken.
 */
void session_request(struct session *session, cJSON *request, int64_t wait_ms,
                     session_result *on_result, void *context, struct control_outcome *outcome);

/* NULL is allowed. */
void session_close(struct session *session);

#endif
