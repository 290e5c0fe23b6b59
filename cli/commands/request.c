/*
 * Builds and runs requests of the control protocol for commands.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <time.h>

#include "command/stack.h"
#include "control/socket_path.h"
#include "output/environment.h"

#define DEFAULT_TIMEOUT_MS 30000

int64_t request_timeout_ms(const struct invocation *invocation)
{
    if (invocation->global.timeout.given) {
        return invocation->global.timeout.value;
    }
    const char *text = environment("LWM2M_TIMEOUT");
    int64_t timeout_ms = DEFAULT_TIMEOUT_MS;
    if (text != NULL && !duration_parse(text, &timeout_ms)) {
        print_warning(invocation->printer,
                      "LWM2M_TIMEOUT='%s' is not a duration such as 30s; using 30s", text);
        return DEFAULT_TIMEOUT_MS;
    }
    return timeout_ms;
}

static void add_endpoints(const struct invocation *invocation, cJSON *request)
{
    const struct text_list *given = &invocation->device.endpoints;
    bool selects = (invocation->command->flags & COMMAND_SELECTS) != 0;
    const char *fallback = selects ? NULL : environment("LWM2M_ENDPOINT");
    if (invocation->device.all && given->count == 0) {
        request_add_flag(request, "all", true);
        return;
    }
    if (given->count == 0 && fallback == NULL) {
        return;
    }
    cJSON *endpoints = cJSON_AddArrayToObject(request, "ep");
    for (size_t i = 0; i < given->count; i++) {
        cJSON_AddItemToArray(endpoints, cJSON_CreateString(given->texts[i]));
    }
    if (given->count == 0) {
        cJSON_AddItemToArray(endpoints, cJSON_CreateString(fallback));
    }
}

cJSON *request_new(const struct invocation *invocation, const char *op)
{
    cJSON *request = cJSON_CreateObject();
    if (request == NULL || cJSON_AddStringToObject(request, "op", op) == NULL) {
        print_errorf(invocation->printer, "out of memory");
        cJSON_Delete(request);
        return NULL;
    }
    if ((invocation->command->flags & COMMAND_ON_DEVICE) != 0) {
        add_endpoints(invocation, request);
    }
    cJSON_AddNumberToObject(request, "timeout_ms", (double)request_timeout_ms(invocation));
    if (invocation->device.hold.given) {
        cJSON_AddNumberToObject(request, "hold_ms", (double)invocation->device.hold.value);
    }
    return request;
}

void request_add_text(cJSON *request, const char *name, const char *text)
{
    if (text != NULL) {
        cJSON_AddStringToObject(request, name, text);
    }
}

void request_add_flag(cJSON *request, const char *name, bool flag)
{
    if (flag) {
        cJSON_AddTrueToObject(request, name);
    }
}

void request_add_no_composite(cJSON *request, bool no_composite)
{
    if (no_composite) {
        cJSON_AddFalseToObject(request, "composite");
    }
}

void request_add_texts(cJSON *request, const char *name, char *const *texts, int count)
{
    cJSON *list = cJSON_AddArrayToObject(request, name);
    for (int i = 0; i < count; i++) {
        cJSON_AddItemToArray(list, cJSON_CreateString(texts[i]));
    }
}

void request_add_list(cJSON *request, const char *name, const struct text_list *list)
{
    cJSON *array = cJSON_AddArrayToObject(request, name);
    for (size_t i = 0; i < list->count; i++) {
        cJSON_AddItemToArray(array, cJSON_CreateString(list->texts[i]));
    }
}

static int print_outcome(const struct invocation *invocation, const struct control_outcome *outcome)
{
    if (outcome->message[0] != '\0' && outcome->exit != EXIT_CODE_OK) {
        print_error(invocation->printer, outcome->message, outcome->hint);
    }
    return (int)outcome->exit;
}

/* What a repeated request needs to know of the last attempt. */
struct attempt {
    session_result *on_result;
    void *context;
    const struct result_listener *listener;
    bool unavailable; /* 5.03 came back */
    bool failed;      /* a result told of a failure */
};

static bool watch_result(void *context, const cJSON *result, const char *printed)
{
    struct attempt *attempt = context;
    if (strcmp(result_text(result, "code"), "5.03") == 0) {
        attempt->unavailable = true;
    }
    if (cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(result, "ok"))) {
        attempt->failed = true;
    }
    if (attempt->listener != NULL) {
        attempt->listener->result(attempt->listener->context, result_text(result, "code"), printed);
    }
    return attempt->on_result == NULL || attempt->on_result(attempt->context, result, printed);
}

static bool may_retry(const struct invocation *invocation, const struct attempt *attempt,
                      const struct control_outcome *outcome, int64_t tries_left)
{
    if (tries_left <= 0) {
        return false;
    }
    if (strcmp(invocation->command->name, "exec") == 0 && !invocation->device.retry_exec) {
        return false;
    }
    return outcome->exit == EXIT_CODE_TIMEOUT ||
           (outcome->exit == EXIT_CODE_DEVICE && attempt->unavailable);
}

int request_run_on(struct session *session, const struct invocation *invocation, cJSON *request,
                   int64_t wait_ms, session_result *on_result, void *context)
{
    int64_t tries_left = invocation->device.retry.given ? invocation->device.retry.value : 0;
    int64_t delay_ms =
        invocation->device.retry_delay.given ? invocation->device.retry_delay.value : 1000;
    struct control_outcome outcome;
    for (;;) {
        struct attempt attempt = {
            .on_result = on_result, .context = context, .listener = invocation->setting->listener};
        session_request(session, request, wait_ms, watch_result, &attempt, &outcome);
        if (!may_retry(invocation, &attempt, &outcome, tries_left)) {
            /* What results told, handlers have printed; of a group, the sum is still to be told. */
            bool told = attempt.failed && invocation->printer->form != OUTPUT_JSON &&
                        outcome.exit != EXIT_CODE_GROUP;
            return told ? (int)outcome.exit : print_outcome(invocation, &outcome);
        }
        tries_left--;
        print_note(invocation->printer, 1, "%s; trying again in %lld ms", outcome.message,
                   (long long)delay_ms);
        struct timespec pause = {.tv_sec = delay_ms / 1000, .tv_nsec = delay_ms % 1000 * 1000000};
        nanosleep(&pause, NULL);
    }
}

static struct session *open_session(const struct invocation *invocation, const char *role,
                                    struct control_outcome *outcome)
{
    const char *given = invocation->global.socket;
    char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
    char message[256];
    const char *endpoint = invocation->device.endpoints.count > 0
                               ? invocation->device.endpoints.texts[0]
                               : environment("LWM2M_ENDPOINT");
    if (given == NULL) {
        bool found =
            strcmp(role, "client") == 0
                ? client_socket_path(endpoint, path, sizeof(path), false, message, sizeof(message))
                : server_socket_path(path, sizeof(path), false, message, sizeof(message));
        if (!found) {
            control_fail(outcome, EXIT_CODE_DAEMON, NULL, "%s", message);
            return NULL;
        }
        given = path;
    }
    return session_open_remote(given, role, outcome);
}

/* A server inside this process has to wait for its device before it can do anything with it. */
static int wait_for_device(struct session *session, const struct invocation *invocation)
{
    cJSON *request = request_new(invocation, "wait");
    request_add_text(request, "for", "registered");
    struct control_outcome outcome;
    session_request(session, request, -1, NULL, NULL, &outcome);
    cJSON_Delete(request);
    return print_outcome(invocation, &outcome);
}

static bool needs_device(const char *command)
{
    return strcmp(command, "wait") != 0 && strcmp(command, "events") != 0 &&
           strcmp(command, "list") != 0 && strcmp(command, "monitor") != 0;
}

static int run_served(const struct invocation *invocation, cJSON *request, int64_t wait_ms,
                      session_result *on_result, void *context)
{
    struct control_outcome outcome = {.exit = EXIT_CODE_OK};
    enum lwm2m_stack stack = stack_parse(invocation->device.stack, LWM2M_STACK_ENDPOINT);
    struct session *session =
        session_open_embedded(invocation->device.serve, stack, invocation->printer, &outcome);
    if (session == NULL) {
        return print_outcome(invocation, &outcome);
    }
    int exit = EXIT_CODE_OK;
    if (needs_device(invocation->command->name)) {
        exit = wait_for_device(session, invocation);
    }
    if (exit == EXIT_CODE_OK) {
        exit = request_run_on(session, invocation, request, wait_ms, on_result, context);
    }
    session_close(session);
    return exit;
}

static int run_remote(const struct invocation *invocation, const char *role, cJSON *request,
                      int64_t wait_ms, session_result *on_result, void *context)
{
    struct control_outcome outcome = {.exit = EXIT_CODE_OK};
    struct session *session = open_session(invocation, role, &outcome);
    if (session == NULL) {
        return print_outcome(invocation, &outcome);
    }
    int exit = request_run_on(session, invocation, request, wait_ms, on_result, context);
    session_close(session);
    return exit;
}

int request_run(const struct invocation *invocation, cJSON *request, int64_t wait_ms,
                session_result *on_result, void *context)
{
    if (request == NULL) {
        return EXIT_CODE_IO;
    }
    if (invocation->device.stack != NULL && invocation->device.serve == NULL) {
        print_error(invocation->printer, "--stack is for the server of --serve",
                    "a running server was given its own when it was started");
        cJSON_Delete(request);
        return EXIT_CODE_USAGE;
    }
    int exit = invocation->device.serve != NULL
                   ? run_served(invocation, request, wait_ms, on_result, context)
                   : run_remote(invocation, "server", request, wait_ms, on_result, context);
    cJSON_Delete(request);
    return exit;
}

int request_run_client(const struct invocation *invocation, cJSON *request,
                       session_result *on_result, void *context)
{
    if (request == NULL) {
        return EXIT_CODE_IO;
    }
    int exit = run_remote(invocation, "client", request, -1, on_result, context);
    cJSON_Delete(request);
    return exit;
}
