/*
 * Takes requests, starts the operation that each names, and ends them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "service/service.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "argv/nearest.h"
#include "output/time_text.h"
#include "service/service_internal.h"

static const struct service_operation *const operations[] = {
    &service_status,
    &service_list,
    &service_info,
    &service_tree,
    &service_wait,
    &service_read,
    &service_write,
    &service_exec,
    &service_create,
    &service_delete,
    &service_discover,
    &service_attr,
    &service_observe,
    &service_cancel,
    &service_events,
    &service_cached,
    &service_desired,
    &service_monitor,
    NULL,
};

const char *service_verb(const struct service_operation *operation)
{
    return operation->verb != NULL ? operation->verb : operation->name;
}

struct service *service_of(const struct service_request *request)
{
    return request->connection->service;
}

struct service *service_new(const struct lwm2m_definitions *definitions,
                            struct lwm2m_timers *timers)
{
    struct service *service = calloc(1, sizeof(*service));
    if (service == NULL) {
        return NULL;
    }
    service->definitions = definitions;
    service->timers = timers;
    service->started_ms = lwm2m_timers_now(timers);
    /* Drawn at random, so that the ids of two servers are not taken for each other. */
    timers->port->random(timers->port->context, &service->next_number,
                         sizeof(service->next_number));
    lwm2m_list_init(&service->connections);
    lwm2m_list_init(&service->waits);
    lwm2m_list_init(&service->event_streams);
    lwm2m_list_init(&service->monitors);
    lwm2m_list_init(&service->observations);
    service->events = event_log_new();
    if (service->events == NULL) {
        free(service);
        return NULL;
    }
    return service;
}

void service_set_server(struct service *service, struct lwm2m_server *server)
{
    service->server = server;
}

void service_set_trace(struct service *service, struct trace *trace)
{
    service->trace = trace;
}

bool service_add_listener(struct service *service, const char *uri)
{
    char **grown =
        realloc(service->listeners, (service->listener_count + 1) * sizeof(*service->listeners));
    if (grown == NULL) {
        return false;
    }
    service->listeners = grown;
    service->listeners[service->listener_count] = strdup(uri);
    return service->listeners[service->listener_count++] != NULL;
}

static void request_free(struct service_request *request)
{
    lwm2m_list_remove(&request->node);
    request->connection->request_count--;
    service_jobs_release(request);
    if (request->operation != NULL && request->operation->release != NULL) {
        request->operation->release(request);
    }
    free(request->paths);
    cJSON_Delete(request->parameters);
    free(request);
}

void service_request_finish(struct service_request *request, enum exit_code exit,
                            const char *message, const char *hint)
{
    struct responder_output output = request->connection->output;
    int id = request->id;
    /* What it held goes first: the caller may start the next thing when it reads "done". */
    request_free(request);
    control_send_done(&output, id, exit, message, hint);
}

bool service_request_fail(struct service_request *request, enum exit_code exit, const char *hint,
                          const char *format, ...)
{
    struct control_outcome outcome;
    va_list list;
    va_start(list, format);
    vsnprintf(outcome.message, sizeof(outcome.message), format, list);
    va_end(list);
    service_request_finish(request, exit, outcome.message, hint);
    return false;
}

void service_request_send(struct service_request *request, cJSON *result, const char *printed)
{
    control_send_result(&request->connection->output, request->id, result, printed);
}

bool service_request_is_congested(const struct service_request *request)
{
    const struct responder_output *output = &request->connection->output;
    return output->is_congested != NULL && output->is_congested(output->context);
}

void service_request_stop(struct service_request *request)
{
    if (request->operation->stream) {
        service_request_finish(request, EXIT_CODE_OK, NULL, NULL);
    } else {
        service_request_finish(request, EXIT_CODE_INTERRUPTED, "interrupted", NULL);
    }
}

static struct service_request *find_request(const struct service_connection *connection, int id)
{
    struct lwm2m_list *node, *next;
    LWM2M_LIST_EACH (node, next, &connection->requests) {
        struct service_request *request = LWM2M_CONTAINER_OF(node, struct service_request, node);
        if (request->id == id) {
            return request;
        }
    }
    return NULL;
}

/* "stop" ends another request, so it is none of the operations. */
static void stop(struct service_connection *connection, int id, const cJSON *parameters)
{
    const cJSON *target = cJSON_GetObjectItemCaseSensitive(parameters, "target");
    if (!cJSON_IsNumber(target)) {
        control_send_done(&connection->output, id, EXIT_CODE_USAGE,
                          "stop: \"target\" must be the id of a request", NULL);
        return;
    }
    /* One that has ended by itself meanwhile needs no stop. */
    struct service_request *request = find_request(connection, target->valueint);
    if (request != NULL) {
        service_request_stop(request);
    }
    control_send_done(&connection->output, id, EXIT_CODE_OK, NULL, NULL);
}

static const struct service_operation *find_operation(const char *name, struct nearest *nearest)
{
    for (size_t i = 0; operations[i] != NULL; i++) {
        if (strcmp(operations[i]->name, name) == 0) {
            return operations[i];
        }
        nearest_offer(nearest, operations[i]->name);
    }
    return NULL;
}

static void start(struct service_request *request)
{
    const struct service_operation *operation = request->operation;
    if (!service_common_parameters(request) ||
        (operation->prepare != NULL && !operation->prepare(request))) {
        return;
    }
    if (operation->scope == SERVICE_ON_SERVER) {
        operation->begin(request);
    } else if (service_select(request)) {
        service_jobs_advance(request);
    }
}

static void begin_request(struct service_connection *connection, int id, const cJSON *parameters,
                          const struct service_operation *operation)
{
    struct service_request *request = calloc(1, sizeof(*request));
    cJSON *copy = cJSON_Duplicate(parameters, true);
    if (request == NULL || copy == NULL) {
        free(request);
        cJSON_Delete(copy);
        control_send_done(&connection->output, id, EXIT_CODE_IO, "out of memory", NULL);
        return;
    }
    request->connection = connection;
    request->operation = operation;
    request->parameters = copy;
    request->id = id;
    request->number = connection->service->next_number++;
    snprintf(request->op_id, sizeof(request->op_id), "%016llx",
             (unsigned long long)request->number);
    lwm2m_list_append(&connection->requests, &request->node);
    connection->request_count++;
    start(request);
}

static void take_request(void *context, const cJSON *parameters)
{
    struct service_connection *connection = context;
    const struct responder_output *output = &connection->output;
    int id = control_request_id(parameters);
    const char *op = control_text(parameters, "op");
    if (id == 0) {
        control_send_done(output, 0, EXIT_CODE_USAGE,
                          "a request needs an \"id\" from 1 to 2147483647", NULL);
        return;
    }
    if (op == NULL) {
        control_send_done(output, id, EXIT_CODE_USAGE, "a request needs an \"op\"", NULL);
        return;
    }
    if (strcmp(op, "stop") == 0) {
        stop(connection, id, parameters);
        return;
    }
    struct nearest nearest;
    nearest_init(&nearest, op);
    const struct service_operation *operation = find_operation(op, &nearest);
    if (operation == NULL) {
        char message[160];
        snprintf(message, sizeof(message), "unknown operation '%.40s'%s%s%s", op,
                 nearest.best != NULL ? "; did you mean '" : "",
                 nearest.best != NULL ? nearest.best : "", nearest.best != NULL ? "'?" : "");
        control_send_done(output, id, EXIT_CODE_USAGE, message, NULL);
    } else if (find_request(connection, id) != NULL) {
        control_send_done(output, id, EXIT_CODE_USAGE,
                          "a request with this id is under way already", NULL);
    } else if (connection->request_count >= RESPONDER_REQUESTS_MAX) {
        control_send_done(output, id, EXIT_CODE_IO, "256 requests are under way already",
                          "wait for one to end, or stop it");
    } else {
        begin_request(connection, id, parameters, operation);
    }
}

static void *open_connection(void *context, const struct responder_output *output)
{
    struct service *service = context;
    struct service_connection *connection = calloc(1, sizeof(*connection));
    if (connection != NULL) {
        connection->service = service;
        connection->output = *output;
        lwm2m_list_init(&connection->requests);
        lwm2m_list_append(&service->connections, &connection->node);
    }
    return connection;
}

static void close_connection(void *context)
{
    struct service_connection *connection = context;
    struct lwm2m_list *node;
    while ((node = lwm2m_list_first(&connection->requests)) != NULL) {
        request_free(LWM2M_CONTAINER_OF(node, struct service_request, node));
    }
    lwm2m_list_remove(&connection->node);
    free(connection);
}

struct responder service_responder(struct service *service)
{
    return (struct responder){
        .role = "server",
        .context = service,
        .open = open_connection,
        .request = take_request,
        .close = close_connection,
    };
}

void service_free(struct service *service)
{
    if (service == NULL) {
        return;
    }
    struct lwm2m_list *node;
    while ((node = lwm2m_list_first(&service->connections)) != NULL) {
        close_connection(LWM2M_CONTAINER_OF(node, struct service_connection, node));
    }
    service_observe_release_all(service);
    event_log_free(service->events);
    for (size_t i = 0; i < service->listener_count; i++) {
        free(service->listeners[i]);
    }
    free(service->listeners);
    free(service);
}
