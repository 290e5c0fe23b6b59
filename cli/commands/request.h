/*
 * What commands that talk to a server share: building a request, running it, printing results.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMANDS_REQUEST_H
#define COMMANDS_REQUEST_H

#include <cjson/cJSON.h>

#include "command/command.h"
#include "session/session.h"

/* The operation's timeout: --timeout, else $LWM2M_TIMEOUT, else 30 s. */
int64_t request_timeout_ms(const struct invocation *invocation);

/*
 * A request of the control protocol with the devices and the timeout that the invocation names.
 * NULL after a message if that is not possible (no memory, a bad $LWM2M_TIMEOUT).
 */
cJSON *request_new(const struct invocation *invocation, const char *op);

/* Add a member; a failure shows when the request is run. */
void request_add_text(cJSON *request, const char *name, const char *text); /* NULL: nothing */
void request_add_flag(cJSON *request, const char *name, bool flag);        /* false: nothing */
void request_add_no_composite(cJSON *request, bool no_composite);
void request_add_texts(cJSON *request, const char *name, char *const *texts, int count);
void request_add_list(cJSON *request, const char *name, const struct text_list *list);

/*
 * Opens the session that the invocation asks for, runs the request, prints what failed, and closes.
 * Takes the request (NULL: EXIT_CODE_IO). wait_ms as in session_request. Returns the exit code.
 */
int request_run(const struct invocation *invocation, cJSON *request, int64_t wait_ms,
                session_result *on_result, void *context);

/* The same on an open session, without the session's opening and closing. */
int request_run_on(struct session *session, const struct invocation *invocation, cJSON *request,
                   int64_t wait_ms, session_result *on_result, void *context);

/* The same for a daemon of the role "client": the device command. */
int request_run_client(const struct invocation *invocation, cJSON *request,
                       session_result *on_result, void *context);

/* A result as JSON, safe to show, 64-bit integers exact. The caller frees it; NULL: no memory. */
char *result_json(const cJSON *result);
/* A result as one line of JSON on stdout, 64-bit integers exact; false when stdout takes no more.
 */
bool print_json_line(const struct printer *printer, const cJSON *result);

/* Prints "ep: op path: 4.04 Not Found (…)" for a result that is not ok; true if it was one. */
bool print_failed_result(const struct printer *printer, const cJSON *result);

/* Members of a result; "" or the fallback where they are missing. */
const char *result_text(const cJSON *result, const char *name);
double result_number(const cJSON *result, const char *name, double fallback);
bool result_flag(const cJSON *result, const char *name);

/* The value of a result: for people strings in quotes and units behind numbers, in plain and CSV
 * form the value alone. The caller frees it. */
char *result_value(const struct printer *printer, const cJSON *result, const char *printed);

/* When the value of an event was: by the device if it said so, else when it arrived. */
const char *event_time(const cJSON *event);
/* The same for people: "14:02:11", with the date before it if that is another than the event's. */
#define EVENT_TIME_MAX 24
void event_time_print(const cJSON *event, char text[EVENT_TIME_MAX]);

/* A lifetime that never ends. */
#define FOREVER_S 4294967295.0

/* "24h", "23h41m", "1m02s", "12s"; in memory of the caller. */
#define DURATION_TEXT_MAX 24
const char *duration_print(double seconds, char text[DURATION_TEXT_MAX]);

/* A handler for commands that print nothing when all went well: --json lines, failures, and the
 * messages of a dry run. */
bool print_quiet_result(void *context, const cJSON *result, const char *printed);

/*
 * Splits "PATH=VALUE" words into the `values` of a request: {"path","value"} or, for @file and @-,
 * {"path","b64"}. False after a message; *exit tells why.
 */
bool request_add_values(cJSON *request, const struct printer *printer, char *const *words,
                        int count, const char *type, int *exit);

#endif
