/*
 * The requests to one device: one is under way at a time, the others wait in order; all wait while
 * it sleeps.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/request_queue.h"

#include <string.h>

#include "server/engine.h"
#include "server/presence.h"

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

/* Whether a request without answer may wait for its device to wake, to be sent again then. */
static bool may_wait_again(const struct lwm2m_ticket *ticket)
{
    return ticket->queued && ticket->idempotent && !ticket->ends && !ticket->device->ended &&
           lwm2m_timers_now(timers_of(ticket->device)) < ticket->hold_until_ms;
}

/* True if nothing was heard of a device in queue mode since the request was sent: it sleeps. */
static bool has_lost_device(const struct lwm2m_ticket *ticket, enum lwm2m_error error)
{
    const struct lwm2m_registration *registration = &ticket->device->registration;

    return (error == LWM2M_TIMEOUT || error == LWM2M_UNREACHABLE) && registration->queue_mode &&
           registration->seen_ms <= ticket->sent_ms;
}

static bool is_waiting(const struct lwm2m_ticket *ticket)
{
    return !ticket->exchange && !ticket->send_error;
}

/* The device sleeps: the ticket stays where it is in the queue. */
static void hold(struct lwm2m_ticket *ticket)
{
    ticket->held = true;
    lwm2m_timer_arm_at(timers_of(ticket->device), &ticket->deadline, ticket->hold_until_ms);
}

/* Takes it out of the queue, tells whoever waits for it. */
static void fail(struct lwm2m_ticket *ticket, enum lwm2m_error error)
{
    const struct lwm2m_response response = {.error = error};

    dequeue(ticket);
    cancel_exchange(ticket);
    ticket->finish(ticket, &response, true);
}

/* The exchange of a ticket ended without an answer, or took too long. */
static void handle_silence(struct lwm2m_ticket *ticket, const struct lwm2m_response *response)
{
    struct lwm2m_device *device = ticket->device;
    bool lost = has_lost_device(ticket, response->error);

    if (lost && may_wait_again(ticket)) {
        cancel_exchange(ticket);
        hold(ticket);
    } else {
        dequeue(ticket);
        cancel_exchange(ticket);
        ticket->finish(ticket, response, true);
    }
    if (lost) {
        lwm2m_presence_lose(device);
    }
}

static void handle_answer(struct lwm2m_ticket *ticket, const struct lwm2m_response *response)
{
    struct lwm2m_device *device = ticket->device;
    struct lwm2m_option option;
    bool over = !ticket->observe ||
                !lwm2m_status_is_success(lwm2m_status_from_code(response->message->code)) ||
                !lwm2m_message_find_option(response->message, LWM2M_OPTION_OBSERVE, &option);

    lwm2m_presence_touch(device);
    dequeue(ticket);
    if (over) {
        ticket->exchange = NULL;
        let_go_of_peer(ticket);
    }
    ticket->finish(ticket, response, over);
    lwm2m_presence_announce(device);
}

static void handle_response(void *context, struct lwm2m_exchange *exchange,
                            const struct lwm2m_response *response)
{
    struct lwm2m_ticket *ticket = context;
    struct lwm2m_device *device = ticket->device;

    (void)exchange;
    lwm2m_device_hold(device);
    if (response->error) {
        ticket->exchange = NULL;
        handle_silence(ticket, response);
    } else {
        handle_answer(ticket, response);
    }
    lwm2m_queue_pump(device);
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
    ticket->sent_ms = lwm2m_timers_now(timers_of(device));
    if (ticket->held) {
        lwm2m_timer_arm_in(timers_of(device), &ticket->deadline, ticket->timeout_ms);
    }
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

void lwm2m_queue_pump(struct lwm2m_device *device)
{
    struct lwm2m_list *node = lwm2m_list_first(&device->queue);

    if (!node || device->ended || !device->registration.awake) {
        return;
    }
    struct lwm2m_ticket *ticket = LWM2M_CONTAINER_OF(node, struct lwm2m_ticket, link);
    if (!ticket->exchange && !ticket->send_error) {
        send(ticket);
    }
}

static void handle_deadline(struct lwm2m_timer *timer)
{
    struct lwm2m_ticket *ticket = LWM2M_CONTAINER_OF(timer, struct lwm2m_ticket, deadline);
    struct lwm2m_device *device = ticket->device;
    const struct lwm2m_response response = {.error = LWM2M_TIMEOUT};

    lwm2m_device_hold(device);
    if (ticket->send_error) {
        fail(ticket, (enum lwm2m_error)ticket->send_error);
    } else if (ticket->exchange) {
        handle_silence(ticket, &response);
    } else {
        fail(ticket, LWM2M_TIMEOUT);
    }
    lwm2m_queue_pump(device);
    lwm2m_device_release(device);
}

/* ---- sleep ---- */

/* What was held has at least its timeout from now on, however little was left of its hold. */
static void let_go(struct lwm2m_ticket *ticket)
{
    struct lwm2m_timers *timers = timers_of(ticket->device);
    uint64_t least_ms = lwm2m_timers_now(timers) + ticket->timeout_ms;

    lwm2m_timer_arm_at(timers, &ticket->deadline,
                       least_ms > ticket->hold_until_ms ? least_ms : ticket->hold_until_ms);
}

static void each_waiting(struct lwm2m_device *device, void (*visit)(struct lwm2m_ticket *ticket))
{
    struct lwm2m_list *node, *next;

    LWM2M_LIST_EACH (node, next, &device->queue) {
        struct lwm2m_ticket *ticket = LWM2M_CONTAINER_OF(node, struct lwm2m_ticket, link);
        if (is_waiting(ticket)) {
            visit(ticket);
        }
    }
}

void lwm2m_queue_suspend(struct lwm2m_device *device)
{
    each_waiting(device, hold);
}

void lwm2m_queue_resume(struct lwm2m_device *device)
{
    each_waiting(device, let_go);
}

/* ---- the queue ---- */

void lwm2m_queue_add(struct lwm2m_device *device, struct lwm2m_ticket *ticket, uint32_t timeout_ms)
{
    struct lwm2m_timers *timers = timers_of(device);

    ticket->queued = true;
    ticket->timeout_ms = timeout_ms;
    ticket->hold_until_ms =
        lwm2m_timers_now(timers) + (ticket->hold_ms > timeout_ms ? ticket->hold_ms : timeout_ms);
    device->queue_length++;
    lwm2m_list_append(&device->queue, &ticket->link);
    ticket->deadline.fire = handle_deadline;
    if (device->registration.awake) {
        lwm2m_timer_arm_in(timers, &ticket->deadline, timeout_ms);
    } else {
        hold(ticket);
    }
    lwm2m_queue_pump(device);
}

static bool speak_alike(const struct lwm2m_device *a, const struct lwm2m_device *b)
{
    return a->registration.version.major == b->registration.version.major &&
           a->registration.version.minor == b->registration.version.minor &&
           a->formats == b->formats &&
           lwm2m_bytes_equal(lwm2m_device_root(a), lwm2m_device_root(b));
}

void lwm2m_queue_hand_over(struct lwm2m_device *from, struct lwm2m_device *to)
{
    struct lwm2m_list *node, *next;

    if (!from->registration.queue_mode || !to->registration.queue_mode || !speak_alike(from, to)) {
        return;
    }
    LWM2M_LIST_EACH (node, next, &from->queue) {
        struct lwm2m_ticket *ticket = LWM2M_CONTAINER_OF(node, struct lwm2m_ticket, link);
        if (!is_waiting(ticket) || ticket->observe || ticket->ends) {
            continue;
        }
        lwm2m_list_remove(node);
        from->queue_length--;
        lwm2m_list_append(&to->queue, node);
        to->queue_length++;
        ticket->device = to;
        ticket->held = true;
        let_go(ticket);
    }
}

void lwm2m_ticket_cancel(struct lwm2m_ticket *ticket)
{
    struct lwm2m_device *device = ticket->device;

    dequeue(ticket);
    cancel_exchange(ticket);
    lwm2m_ticket_free(ticket);
    lwm2m_queue_pump(device);
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
    lwm2m_queue_pump(device);
}

size_t lwm2m_server_queue_length(const struct lwm2m_registration *registration)
{
    return lwm2m_device_of_const(registration)->queue_length;
}
