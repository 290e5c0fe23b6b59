/*
 * Operations on devices: submit, cancel, and what became of them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/server.h>

#include <lwm2m/number.h>

#include "server/engine.h"
#include "server/reported_state.h"
#include "server/request_encoding.h"
#include "server/request_queue.h"

/* The path of a created instance, from an answer's Location-Path: its last segment, behind the
 * object's. */
static struct lwm2m_path location_of(const struct lwm2m_message *message, struct lwm2m_path object)
{
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;
    uint64_t number = LWM2M_NO_ID, before = LWM2M_NO_ID;

    lwm2m_option_reader_init(&reader, message);
    while (lwm2m_option_reader_next(&reader, &option)) {
        if (option.number != LWM2M_OPTION_LOCATION_PATH) {
            continue;
        }
        before = number;
        if (lwm2m_number_parse_unsigned(option.value, &number) != LWM2M_OK) {
            number = LWM2M_NO_ID;
        }
    }
    if (before != object.object || number >= LWM2M_NO_ID) {
        return object;
    }
    return lwm2m_path_instance(object.object, (uint16_t)number);
}

static void fill_answer(struct lwm2m_outcome *outcome, const struct lwm2m_ticket *ticket,
                        const struct lwm2m_message *message)
{
    outcome->status = lwm2m_status_from_code(message->code);
    outcome->content_format =
        (uint16_t)lwm2m_message_option_or(message, LWM2M_OPTION_CONTENT_FORMAT, LWM2M_NO_FORMAT);
    outcome->payload = message->payload;
    if (ticket->kind == LWM2M_OPERATION_CREATE && ticket->path.level == LWM2M_LEVEL_OBJECT &&
        outcome->status == LWM2M_STATUS_CREATED) {
        outcome->path = location_of(message, ticket->path);
    }
}

/* Lets the state of the device follow from what it answered. */
static void learn(const struct lwm2m_ticket *ticket, const struct lwm2m_outcome *outcome)
{
    struct lwm2m_server *server = ticket->device->server;
    bool reads =
        ticket->kind == LWM2M_OPERATION_READ || ticket->kind == LWM2M_OPERATION_READ_COMPOSITE;

    if (reads && outcome->status == LWM2M_STATUS_CONTENT) {
        lwm2m_reported_learn(server, outcome, lwm2m_timers_now(server->config.timers));
    } else if ((ticket->kind == LWM2M_OPERATION_READ &&
                outcome->status == LWM2M_STATUS_NOT_FOUND) ||
               (ticket->kind == LWM2M_OPERATION_DELETE &&
                outcome->status == LWM2M_STATUS_DELETED)) {
        lwm2m_reported_forget(server, outcome);
    }
}

static void finish_operation(struct lwm2m_ticket *ticket, const struct lwm2m_response *response,
                             bool over)
{
    const struct lwm2m_device *device = ticket->device;
    struct lwm2m_outcome outcome = {
        .error = response->error,
        .content_format = LWM2M_NO_FORMAT,
        .path = ticket->path,
        .retransmissions = response->retransmissions,
        .server = device->server,
        .registration = device->ended ? NULL : &device->registration,
    };
    void *context = ticket->context;
    void (*done)(void *, const struct lwm2m_outcome *) = ticket->done;

    (void)over; /* always: an operation does not observe */
    if (!response->error) {
        fill_answer(&outcome, ticket, response->message);
        learn(ticket, &outcome);
    }
    lwm2m_ticket_free(ticket);
    if (done) {
        done(context, &outcome);
    }
}

enum lwm2m_error lwm2m_server_submit(struct lwm2m_server *server,
                                     struct lwm2m_registration *registration,
                                     const struct lwm2m_operation *operation,
                                     struct lwm2m_ticket **result)
{
    struct lwm2m_device *device = lwm2m_device_of(registration);
    struct lwm2m_built_request built;

    if (device->ended) {
        return LWM2M_GONE;
    }
    enum lwm2m_error error = lwm2m_request_build(server, device, operation, false, &built);
    if (error) {
        return error;
    }
    struct lwm2m_ticket *ticket = NULL;
    error = device->queue_length >= server->config.max_queued ? LWM2M_BUSY : LWM2M_NO_MEMORY;
    if (error != LWM2M_BUSY) {
        ticket = lwm2m_ticket_new(device, lwm2m_options_bytes(&built.options), built.payload);
    }
    if (ticket) {
        ticket->kind = (uint8_t)operation->kind;
        ticket->method = built.method;
        ticket->idempotent = built.idempotent;
        ticket->path = operation->path;
        ticket->context = operation->context;
        ticket->done = operation->done;
        ticket->hold_ms = operation->hold_ms;
        ticket->finish = finish_operation;
        lwm2m_queue_add(device, ticket,
                        operation->timeout_ms ? operation->timeout_ms
                                              : server->config.operation_timeout_ms);
        if (result) {
            *result = ticket;
        }
        error = LWM2M_OK;
    }
    lwm2m_request_release(&built);
    return error;
}

void lwm2m_server_cancel(struct lwm2m_server *server, struct lwm2m_ticket *ticket)
{
    (void)server;
    lwm2m_ticket_cancel(ticket);
}

enum lwm2m_error lwm2m_server_encode(const struct lwm2m_server *server,
                                     const struct lwm2m_registration *registration,
                                     const struct lwm2m_operation *operation,
                                     struct lwm2m_buffer *out)
{
    struct lwm2m_built_request built;

    enum lwm2m_error error =
        lwm2m_request_build(server, registration ? lwm2m_device_of_const(registration) : NULL,
                            operation, false, &built);
    if (error) {
        return error;
    }
    const struct lwm2m_message message = {
        .type = LWM2M_MESSAGE_CON,
        .code = built.method,
        .options = lwm2m_options_bytes(&built.options),
        .payload = built.payload,
    };
    error = lwm2m_message_encode(&message, out);
    lwm2m_request_release(&built);
    return error;
}
