/*
 * The requests to one device: one is under way at a time, the others wait in order.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/request_queue.h"

#include <string.h>

#include "server/engine.h"

static struct lwm2m_timers *timers_of(const struct lwm2m_device *device)
{
    return device->server->config.timers;
}

struct lwm2m_ticket *lwm2m_ticket_new(struct lwm2m_device *device, struct lwm2m_bytes options,
                                      struct lwm2m_bytes payload)
{
    const struct lwm2m_port *port = device->server->port;
    struct lwm2m_ticket *ticket =
        port->allocate(port->context, sizeof *ticket + options.length + payload.length);

    if (!ticket) {
        return NULL;
    }
    memset(ticket, 0, sizeof *ticket);
    lwm2m_list_init(&ticket->link);
    ticket->device = device;
    ticket->options_length = options.length;
    ticket->payload_length = payload.length;
    if (options.length > 0) {
        memcpy(ticket->data, options.data, options.length);
    }
    if (payload.length > 0) {
        memcpy(ticket->data + options.length, payload.data, payload.length);
    }
    return ticket;
}

static void let_go_of_peer(struct lwm2m_ticket *ticket)
{
    if (ticket->peer) {
        lwm2m_peer_release(ticket->peer);
    }
    ticket->peer = NULL;
}

static void cancel_exchange(struct lwm2m_ticket *ticket)
{
    if (ticket->exchange) {
        lwm2m_exchange_cancel(ticket->peer, ticket->exchange);
    }
    ticket->exchange = NULL;
    let_go_of_peer(ticket);
}

void lwm2m_ticket_free(struct lwm2m_ticket *ticket)
{
    const struct lwm2m_port *port = ticket->device->server->port;

    if (ticket->ends) {
        cancel_exchange(ticket->ends);
        port->release(port->context, ticket->ends);
    }
    let_go_of_peer(ticket);
    port->release(port->context, ticket);
}

static void dequeue(struct lwm2m_ticket *ticket)
{
    if (!ticket->queued) {
        return;
    }
    ticket->queued = false;
    ticket->device->queue_length--;
    lwm2m_list_remove(&ticket->link);
    lwm2m_timer_disarm(timers_of(ticket->device), &ticket->deadline);
}

static void pump(struct lwm2m_device *device);

static void handle_response(void *context, struct lwm2m_exchange *exchange,
                            const struct lwm2m_response *response)
{
    struct lwm2m_ticket *ticket = context;
    struct lwm2m_device *device = ticket->device;
    struct lwm2m_option option;

    (void)exchange;
    bool over = !ticket->observe || response->error ||
                !lwm2m_status_is_success(lwm2m_status_from_code(response->message->code)) ||
                !lwm2m_message_find_option(response->message, LWM2M_OPTION_OBSERVE, &option);

    lwm2m_device_hold(device);
    if (!response->error) {
        device->registration.seen_ms = lwm2m_timers_now(timers_of(device));
    }
    dequeue(ticket);
    if (over) {
        ticket->exchange = NULL;
        let_go_of_peer(ticket);
    }
    ticket->finish(ticket, response, over);
    pump(device);
    lwm2m_device_release(device);
}

/* True if the observation that the ticket is to end has ended by itself, or its device has moved
 * away. */
static bool is_obsolete(const struct lwm2m_ticket *ticket)
{
    return ticket->ends &&
           (!ticket->ends->exchange || ticket->ends->peer != ticket->device->registration.peer);
}

static void send(struct lwm2m_ticket *ticket)
{
    struct lwm2m_device *device = ticket->device;
    const struct lwm2m_request request = {
        .method = ticket->method,
        .options = {ticket->data, ticket->options_length},
        .payload = {ticket->data + ticket->options_length, ticket->payload_length},
        .observe = ticket->observe,
        .ends = ticket->ends ? ticket->ends->exchange : NULL,
        .context = ticket,
        .on_response = handle_response,
    };

    ticket->peer = device->registration.peer;
    lwm2m_peer_retain(ticket->peer);
    enum lwm2m_error error = LWM2M_GONE;
    if (!is_obsolete(ticket)) {
        error = lwm2m_peer_request(ticket->peer, &request, &ticket->exchange);
    }
    if (error) {
        ticket->send_error = (uint8_t)error;
        ticket->exchange = NULL;
        lwm2m_timer_arm_in(timers_of(device), &ticket->deadline, 0);
    } else if (ticket->ends) {
        ticket->ends->exchange = NULL;
    }
}

/* Sends what is in front, unless it is under way. */
static void pump(struct lwm2m_device *device)
{
    struct lwm2m_list *node = lwm2m_list_first(&device->queue);

    if (!node || device->ended) {
        return;
    }
    struct lwm2m_ticket *ticket = LWM2M_CONTAINER_OF(node, struct lwm2m_ticket, link);
    if (!ticket->exchange && !ticket->send_error) {
        send(ticket);
    }
}

/* Takes it out of the queue, tells whoever waits for it. */
static void fail(struct lwm2m_ticket *ticket, enum lwm2m_error error)
{
    const struct lwm2m_response response = {.error = error};

    dequeue(ticket);
    cancel_exchange(ticket);
    ticket->finish(ticket, &response, true);
}

static void handle_deadline(struct lwm2m_timer *timer)
{
    struct lwm2m_ticket *ticket = LWM2M_CONTAINER_OF(timer, struct lwm2m_ticket, deadline);
    struct lwm2m_device *device = ticket->device;

    lwm2m_device_hold(device);
    fail(ticket, ticket->send_error ? (enum lwm2m_error)ticket->send_error : LWM2M_TIMEOUT);
    pump(device);
    lwm2m_device_release(device);
}

void lwm2m_queue_add(struct lwm2m_device *device, struct lwm2m_ticket *ticket, uint32_t timeout_ms)
{
    ticket->queued = true;
    device->queue_length++;
    lwm2m_list_append(&device->queue, &ticket->link);
    ticket->deadline.fire = handle_deadline;
    lwm2m_timer_arm_in(timers_of(device), &ticket->deadline, timeout_ms);
    pump(device);
}

void lwm2m_ticket_cancel(struct lwm2m_ticket *ticket)
{
    struct lwm2m_device *device = ticket->device;

    dequeue(ticket);
    cancel_exchange(ticket);
    lwm2m_ticket_free(ticket);
    pump(device);
}

void lwm2m_queue_drain(struct lwm2m_device *device, enum lwm2m_error error)
{
    struct lwm2m_list *node;

    while ((node = lwm2m_list_first(&device->queue))) {
        fail(LWM2M_CONTAINER_OF(node, struct lwm2m_ticket, link), error);
    }
}

void lwm2m_queue_move(struct lwm2m_device *device)
{
    struct lwm2m_list *node = lwm2m_list_first(&device->queue);

    if (!node) {
        return;
    }
    struct lwm2m_ticket *ticket = LWM2M_CONTAINER_OF(node, struct lwm2m_ticket, link);
    if (ticket->exchange && ticket->idempotent && ticket->peer != device->registration.peer) {
        cancel_exchange(ticket);
    }
    pump(device);
}

size_t lwm2m_server_queue_length(const struct lwm2m_registration *registration)
{
    return lwm2m_device_of_const(registration)->queue_length;
}
