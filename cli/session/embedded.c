/*
 * A session with a server inside this process: what --serve gives a command.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <lwm2m/list.h>

#include "output/time_text.h"
#include "service/running_server.h"
#include "session/session.h"

#define DEFAULT_LISTEN "127.0.0.1:5683"

struct embedded {
    struct session session;
    struct running_server *server;
    struct responder responder;
    void *connection;
    int next_id;
    struct lwm2m_signal_watch interrupt, terminate;
    int signal;                /* that came, or 0 */
    struct lwm2m_watch output; /* standard output, while a stream is printed */
    bool unread;               /* by anybody, any more */
    /* The request under way: */
    int id;
    bool done;
    bool stop_wanted; /* by the taker of results, or a signal */
    session_result *on_result;
    void *context;
    struct control_outcome *outcome;
};

static void take_done(struct embedded *embedded, const cJSON *done)
{
    const char *message = control_text(done, "msg");
    embedded->done = true;
    control_fail(embedded->outcome, (enum exit_code)control_number(done, "exit", EXIT_CODE_IO),
                 control_text(done, "hint"), "%s", message != NULL ? message : "");
}

/* Commands read results as they come from a daemon, so numbers take the way through text here, too.
 */
static void take_result(struct embedded *embedded, const cJSON *line)
{
    char *text = cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(line, "result"));
    cJSON *result = text != NULL ? cJSON_Parse(text) : NULL;
    if (result != NULL && embedded->on_result != NULL && !embedded->stop_wanted) {
        embedded->stop_wanted =
            !embedded->on_result(embedded->context, result, control_text(line, "printed"));
    }
    cJSON_Delete(result);
    cJSON_free(text);
}

static void take_line(void *context, const cJSON *line)
{
    struct embedded *embedded = context;
    const cJSON *done = cJSON_GetObjectItemCaseSensitive(line, "done");
    if (control_request_id(line) != embedded->id || embedded->done) {
        return;
    }
    if (done != NULL) {
        take_done(embedded, done);
    } else {
        take_result(embedded, line);
    }
}

static void on_signal(struct lwm2m_signal_watch *watch, int number)
{
    struct embedded *embedded = number == SIGINT
                                    ? LWM2M_CONTAINER_OF(watch, struct embedded, interrupt)
                                    : LWM2M_CONTAINER_OF(watch, struct embedded, terminate);
    embedded->signal = number;
    embedded->stop_wanted = true;
}

static void on_unread(struct lwm2m_watch *watch, unsigned events)
{
    struct embedded *embedded = LWM2M_CONTAINER_OF(watch, struct embedded, output);
    (void)events;
    embedded->unread = true;
    embedded->stop_wanted = true;
}

static void send_stop(struct embedded *embedded)
{
    int target = embedded->id;
    cJSON *stop = cJSON_CreateObject();
    cJSON_AddNumberToObject(stop, "id", embedded->next_id++);
    cJSON_AddStringToObject(stop, "op", "stop");
    cJSON_AddNumberToObject(stop, "target", target);
    embedded->responder.request(embedded->connection, stop);
    cJSON_Delete(stop);
    embedded->done = true;
}

/* Turns the loop until the request is done, stopped, or deadline_ms has come (negative: never). */
static void run(struct embedded *embedded, int64_t deadline_ms)
{
    struct lwm2m_loop *loop = running_server_loop(embedded->server);
    while (!embedded->done) {
        int64_t left = deadline_ms < 0 ? 0 : deadline_ms - time_boot_ms();
        if (embedded->stop_wanted || left < 0) {
            send_stop(embedded);
            *embedded->outcome =
                (struct control_outcome){.exit = embedded->unread ? EXIT_CODE_IO : EXIT_CODE_OK};
        } else if (lwm2m_loop_turn(loop, deadline_ms < 0 ? LWM2M_NEVER : (uint64_t)left) !=
                   LWM2M_OK) {
            control_fail(embedded->outcome, EXIT_CODE_IO, NULL, "the event loop failed");
            return;
        }
    }
    if (embedded->signal != 0) {
        bool terminated = embedded->signal == SIGTERM;
        control_fail(embedded->outcome, terminated ? EXIT_CODE_TERMINATED : EXIT_CODE_INTERRUPTED,
                     NULL, "%s", terminated ? "terminated" : "interrupted");
    }
}

static void run_request(struct embedded *embedded, cJSON *request, int64_t deadline_ms,
                        struct control_outcome *outcome)
{
    embedded->id = embedded->next_id++;
    embedded->done = false;
    embedded->stop_wanted = false;
    embedded->outcome = outcome;
    cJSON_DeleteItemFromObjectCaseSensitive(request, "id");
    if (cJSON_AddNumberToObject(request, "id", embedded->id) == NULL) {
        control_fail(outcome, EXIT_CODE_IO, NULL, "out of memory");
        return;
    }
    embedded->responder.request(embedded->connection, request);
    run(embedded, deadline_ms);
}

static void embedded_request(struct session *session, cJSON *request, int64_t deadline_ms,
                             session_result *on_result, void *context,
                             struct control_outcome *outcome)
{
    struct embedded *embedded = (struct embedded *)session;
    struct lwm2m_loop *loop = running_server_loop(embedded->server);
    embedded->signal = 0;
    if (lwm2m_loop_add_signal(loop, &embedded->interrupt) != LWM2M_OK ||
        lwm2m_loop_add_signal(loop, &embedded->terminate) != LWM2M_OK) {
        control_fail(outcome, EXIT_CODE_IO, NULL, "cannot wait for signals");
        return;
    }
    embedded->on_result = on_result;
    embedded->context = context;
    bool watched =
        session_is_stream(request) && lwm2m_loop_add(loop, &embedded->output, 0) == LWM2M_OK;
    run_request(embedded, request, deadline_ms, outcome);
    if (watched) {
        lwm2m_loop_remove(loop, &embedded->output);
    }
    lwm2m_loop_remove_signal(loop, &embedded->interrupt);
    lwm2m_loop_remove_signal(loop, &embedded->terminate);
}

static void embedded_close(struct session *session)
{
    struct embedded *embedded = (struct embedded *)session;
    if (embedded->connection != NULL) {
        embedded->responder.close(embedded->connection);
    }
    running_server_free(embedded->server);
    free(embedded);
}

static const struct session_operations embedded_operations = {
    .request = embedded_request,
    .close = embedded_close,
};

/* Whoever wants to connect a device must know where to; a script that chose the port knows. */
static void tell_address(const struct embedded *embedded, const struct printer *printer)
{
    char uri[LISTENER_URI_MAX];
    running_server_print_uri(embedded->server, 0, true, uri);
    print_note(printer, isatty(STDERR_FILENO) ? 0 : 1, "listening on %s", uri);
}

struct session *session_open_embedded(const char *uri, enum lwm2m_stack stack,
                                      const struct printer *printer,
                                      struct control_outcome *outcome)
{
    struct embedded *embedded = calloc(1, sizeof(*embedded));
    const char *listen = uri != NULL && uri[0] != '\0' ? uri : DEFAULT_LISTEN;
    struct running_server_config config;
    struct responder_output output = {.context = embedded, .line = take_line};
    if (embedded == NULL) {
        control_fail(outcome, EXIT_CODE_IO, NULL, "out of memory");
        return NULL;
    }
    running_server_config_init(&config);
    config.listen = &listen;
    config.listen_count = 1;
    config.printer = printer;
    config.stack = stack;
    embedded->session.operations = &embedded_operations;
    embedded->next_id = 1;
    embedded->output = (struct lwm2m_watch){.fd = STDOUT_FILENO, .ready = on_unread};
    embedded->interrupt = (struct lwm2m_signal_watch){.received = on_signal, .number = SIGINT};
    embedded->terminate = (struct lwm2m_signal_watch){.received = on_signal, .number = SIGTERM};
    embedded->server = running_server_new(&config, outcome);
    if (embedded->server == NULL) {
        embedded_close(&embedded->session);
        return NULL;
    }
    embedded->responder = service_responder(running_server_service(embedded->server));
    embedded->connection = embedded->responder.open(embedded->responder.context, &output);
    if (embedded->connection == NULL) {
        control_fail(outcome, EXIT_CODE_IO, NULL, "out of memory");
        embedded_close(&embedded->session);
        return NULL;
    }
    tell_address(embedded, printer);
    return &embedded->session;
}
