/*
 * The observations of all devices: shared by their subscriptions, found by device and path in O(1).
 *
 * An observation is in the table from its first subscription to its last. What is left to do on the
 * wire when it is out (a GET with Observe 1) is a ticket of its own, so that a new observation of
 * the same path may begin at once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/observe_table.h"

#include <string.h>

#include "coap/observe.h"
#include "server/engine.h"
#include "server/request_encoding.h"
#include "server/request_queue.h"

/* The last notification is kept for late subscribers up to this size. */
#define KEPT_BYTES_MAX 16384

struct lwm2m_observation {
    struct lwm2m_hash_node by_path; /* in the server's table */
    struct lwm2m_list in_device;
    struct lwm2m_device *device;
    struct lwm2m_path path;
    bool ended;    /* out of the table */
    bool answered; /* there was a first answer */
    bool kept;     /* the members below hold the last notification */
    uint32_t holds;
    uint16_t content_format;
    uint32_t sequence;
    enum lwm2m_status status;
    uint8_t *payload;
    size_t payload_length, payload_capacity;
    struct lwm2m_list subscriptions;
    struct lwm2m_list delivering; /* those that have yet to get the present notification */
    size_t subscription_count;
    struct lwm2m_ticket *ticket; /* NULL once there is nothing on the wire */
    struct lwm2m_observe_order order;
    uint64_t notifications;
};

struct lwm2m_subscription {
    struct lwm2m_list link;
    struct lwm2m_observation *observation;
    struct lwm2m_timer replay; /* armed while it is to get the last notification again */
    void *context;
    void (*on_notification)(void *context, const struct lwm2m_outcome *outcome);
};

/* ---- the table ---- */

/* Zeroed before it is filled: it is hashed as bytes. */
struct key {
    const struct lwm2m_device *device;
    struct lwm2m_path path;
};

static uint32_t hash_of(const struct lwm2m_server *server, const struct lwm2m_device *device,
                        struct lwm2m_path path)
{
    struct key key;

    memset(&key, 0, sizeof key);
    key.device = device;
    key.path = path;
    return lwm2m_hash_table_hash(&server->observations, &key, sizeof key);
}

static struct lwm2m_observation *find(const struct lwm2m_device *device, struct lwm2m_path path)
{
    const struct lwm2m_server *server = device->server;

    for (struct lwm2m_hash_node *node =
             lwm2m_hash_table_first(&server->observations, hash_of(server, device, path));
         node; node = lwm2m_hash_table_next(node)) {
        struct lwm2m_observation *observation =
            LWM2M_CONTAINER_OF(node, struct lwm2m_observation, by_path);
        if (observation->device == device && lwm2m_path_equal(observation->path, path)) {
            return observation;
        }
    }
    return NULL;
}

static struct lwm2m_observation *insert(struct lwm2m_device *device, struct lwm2m_path path)
{
    struct lwm2m_server *server = device->server;
    struct lwm2m_observation *observation =
        server->port->allocate(server->port->context, sizeof *observation);

    if (!observation) {
        return NULL;
    }
    memset(observation, 0, sizeof *observation);
    observation->device = device;
    observation->path = path;
    observation->holds = 1;
    lwm2m_list_init(&observation->subscriptions);
    lwm2m_list_init(&observation->delivering);
    lwm2m_device_hold(device);
    lwm2m_list_append(&device->observations, &observation->in_device);
    device->observation_count++;
    lwm2m_hash_table_insert(&server->observations, &observation->by_path,
                            hash_of(server, device, path));
    return observation;
}

/* Takes it out of the table; the caller still holds it. */
static void detach(struct lwm2m_observation *observation)
{
    lwm2m_hash_table_remove(&observation->device->server->observations, &observation->by_path);
    lwm2m_list_remove(&observation->in_device);
    observation->device->observation_count--;
    observation->ended = true;
}

static void release(struct lwm2m_observation *observation)
{
    const struct lwm2m_port *port = observation->device->server->port;

    if (--observation->holds > 0) {
        return;
    }
    lwm2m_device_release(observation->device);
    port->release(port->context, observation->payload);
    port->release(port->context, observation);
}

/* ---- on the wire ---- */

static void finish_stop(struct lwm2m_ticket *ticket, const struct lwm2m_response *response,
                        bool over)
{
    (void)response;
    if (over) {
        lwm2m_ticket_free(ticket);
    }
}

/* The GET with Observe 1 and otherwise the options of the first (RFC 7641 §3.6); NULL: no memory.
 */
static struct lwm2m_ticket *new_stop(struct lwm2m_ticket *started)
{
    const struct lwm2m_message first = {.options = {started->data, started->options_length}};
    const uint32_t stop = LWM2M_OBSERVE_STOP;
    struct lwm2m_options options;
    uint8_t memory[LWM2M_REQUEST_OPTIONS_MAX + 1];

    lwm2m_options_init(&options, memory, sizeof memory);
    if (lwm2m_options_replace(&options, &first, LWM2M_OPTION_OBSERVE, &stop) != LWM2M_OK) {
        return NULL;
    }
    struct lwm2m_ticket *ticket = lwm2m_ticket_new(started->device, lwm2m_options_bytes(&options),
                                                   (struct lwm2m_bytes){NULL, 0});
    if (!ticket) {
        return NULL;
    }
    ticket->method = LWM2M_METHOD_GET;
    ticket->idempotent = true; /* so that it stands in nobody's way when the device moves */
    ticket->finish = finish_stop;
    ticket->ends = started;
    return ticket;
}

/*
 * Ends what an observation has on the wire. politely: the device is told; otherwise, and where that
 * is not possible, its next notification is answered by a reset.
 */
static void stop(struct lwm2m_observation *observation, bool politely)
{
    struct lwm2m_ticket *ticket = observation->ticket;
    struct lwm2m_device *device = observation->device;

    observation->ticket = NULL;
    if (!ticket) {
        return;
    }
    ticket->context = NULL;
    struct lwm2m_ticket *goodbye =
        politely && !ticket->queued && !device->ended ? new_stop(ticket) : NULL;
    if (goodbye) {
        lwm2m_queue_add(device, goodbye, device->server->config.operation_timeout_ms);
    } else {
        lwm2m_ticket_cancel(ticket);
    }
}

/* ---- subscriptions ---- */

static struct lwm2m_outcome outcome_of(const struct lwm2m_observation *observation)
{
    const struct lwm2m_device *device = observation->device;

    return (struct lwm2m_outcome){
        .content_format = LWM2M_NO_FORMAT,
        .path = observation->path,
        .server = device->server,
        .registration = device->ended ? NULL : &device->registration,
    };
}

static void free_subscription(struct lwm2m_subscription *subscription)
{
    struct lwm2m_observation *observation = subscription->observation;
    struct lwm2m_server *server = observation->device->server;

    lwm2m_list_remove(&subscription->link);
    observation->subscription_count--;
    lwm2m_timer_disarm(server->config.timers, &subscription->replay);
    server->port->release(server->port->context, subscription);
}

/* Hands the outcome to every subscription that was there when it came. */
static void deliver(struct lwm2m_observation *observation, const struct lwm2m_outcome *outcome)
{
    struct lwm2m_timers *timers = observation->device->server->config.timers;
    struct lwm2m_list *node;

    while ((node = lwm2m_list_first(&observation->subscriptions))) {
        lwm2m_list_remove(node);
        lwm2m_list_append(&observation->delivering, node);
    }
    while ((node = lwm2m_list_first(&observation->delivering))) {
        struct lwm2m_subscription *subscription =
            LWM2M_CONTAINER_OF(node, struct lwm2m_subscription, link);
        lwm2m_list_remove(node);
        lwm2m_list_append(&observation->subscriptions, node);
        lwm2m_timer_disarm(timers, &subscription->replay);
        subscription->on_notification(subscription->context, outcome);
    }
}

/* Takes every subscription away, the last thing each hears being the outcome. */
static void close_subscriptions(struct lwm2m_observation *observation,
                                const struct lwm2m_outcome *outcome)
{
    struct lwm2m_list *node;

    while ((node = lwm2m_list_first(&observation->subscriptions)) ||
           (node = lwm2m_list_first(&observation->delivering))) {
        struct lwm2m_subscription *subscription =
            LWM2M_CONTAINER_OF(node, struct lwm2m_subscription, link);
        void *context = subscription->context;
        void (*on_notification)(void *, const struct lwm2m_outcome *) =
            subscription->on_notification;
        free_subscription(subscription);
        on_notification(context, outcome);
    }
}

/* Ends a detached observation, and with it the hold of the table. */
static void finish(struct lwm2m_observation *observation, const struct lwm2m_outcome *outcome)
{
    close_subscriptions(observation, outcome);
    release(observation);
}

/* Keeps a notification for those who subscribe later; without memory, they wait for the next. */
static void keep(struct lwm2m_observation *observation, const struct lwm2m_outcome *outcome)
{
    const struct lwm2m_port *port = observation->device->server->port;
    size_t length = outcome->payload.length;

    observation->kept = false;
    if (length > KEPT_BYTES_MAX) {
        return;
    }
    if (length > observation->payload_capacity) {
        uint8_t *memory = port->allocate(port->context, length);
        if (!memory) {
            return;
        }
        port->release(port->context, observation->payload);
        observation->payload = memory;
        observation->payload_capacity = length;
    }
    if (length > 0) {
        memcpy(observation->payload, outcome->payload.data, length);
    }
    observation->payload_length = length;
    observation->status = outcome->status;
    observation->content_format = outcome->content_format;
    observation->sequence = outcome->sequence;
    observation->kept = true;
}

static void replay(struct lwm2m_timer *timer)
{
    struct lwm2m_subscription *subscription =
        LWM2M_CONTAINER_OF(timer, struct lwm2m_subscription, replay);
    struct lwm2m_observation *observation = subscription->observation;
    struct lwm2m_outcome outcome = outcome_of(observation);

    if (!observation->kept) {
        return;
    }
    outcome.status = observation->status;
    outcome.content_format = observation->content_format;
    outcome.sequence = observation->sequence;
    outcome.payload = (struct lwm2m_bytes){observation->payload, observation->payload_length};
    /* A notification may take the place of the payload only from a receive, never during this call.
     */
    observation->holds++;
    subscription->on_notification(subscription->context, &outcome);
    release(observation);
}

/* ---- what arrives ---- */

/* A success: for those who listen, if it is newer than the last one. */
static void take_value(struct lwm2m_observation *observation, struct lwm2m_outcome *outcome,
                       const struct lwm2m_message *message, bool over)
{
    uint64_t now_ms = lwm2m_timers_now(observation->device->server->config.timers);
    bool first = !observation->answered;

    outcome->status = lwm2m_status_from_code(message->code);
    outcome->payload = message->payload;
    outcome->content_format =
        (uint16_t)lwm2m_message_option_or(message, LWM2M_OPTION_CONTENT_FORMAT, LWM2M_NO_FORMAT);
    outcome->sequence = lwm2m_message_option_or(message, LWM2M_OPTION_OBSERVE, 0);
    if (!over && !lwm2m_observe_order_accept(&observation->order, outcome->sequence, now_ms)) {
        return;
    }
    observation->answered = true;
    observation->notifications += first ? 0 : 1;
    keep(observation, outcome);
    deliver(observation, outcome);
}

static void handle_answer(struct lwm2m_ticket *ticket, const struct lwm2m_response *response,
                          bool over)
{
    struct lwm2m_observation *observation = ticket->context;

    /* Nobody listens any more; the ticket belongs to the one that tells the device so. */
    if (!observation) {
        return;
    }
    struct lwm2m_outcome outcome = outcome_of(observation);
    observation->holds++;
    if (over) {
        observation->ticket = NULL;
        lwm2m_ticket_free(ticket);
    }
    outcome.error = response->error;
    outcome.retransmissions = response->retransmissions;
    if (!response->error) {
        outcome.status = lwm2m_status_from_code(response->message->code);
    }
    bool is_value = !response->error && lwm2m_status_is_success(outcome.status);
    if (is_value) {
        take_value(observation, &outcome, response->message, over);
    }
    if (over && !observation->ended) {
        if (is_value) {
            outcome = outcome_of(observation);
            outcome.error = LWM2M_UNSUPPORTED;
        }
        detach(observation);
        finish(observation, &outcome);
    }
    release(observation);
}

/* ---- for programs ---- */

static enum lwm2m_error start(struct lwm2m_observation *observation,
                              const struct lwm2m_observation_request *request)
{
    struct lwm2m_device *device = observation->device;
    const struct lwm2m_server_config *config = &device->server->config;
    const struct lwm2m_operation read = {
        .kind = LWM2M_OPERATION_READ, .path = request->path, .format = request->format};
    struct lwm2m_built_request built;

    enum lwm2m_error error = lwm2m_request_build(device->server, device, &read, true, &built);
    if (error) {
        return error;
    }
    struct lwm2m_ticket *ticket =
        lwm2m_ticket_new(device, lwm2m_options_bytes(&built.options), built.payload);
    if (ticket) {
        ticket->method = built.method;
        ticket->idempotent = built.idempotent;
        ticket->observe = true;
        ticket->finish = handle_answer;
        ticket->context = observation;
        observation->ticket = ticket;
        lwm2m_queue_add(device, ticket,
                        request->timeout_ms ? request->timeout_ms : config->operation_timeout_ms);
    }
    lwm2m_request_release(&built);
    return ticket ? LWM2M_OK : LWM2M_NO_MEMORY;
}

static enum lwm2m_error find_or_start(struct lwm2m_device *device,
                                      const struct lwm2m_observation_request *request,
                                      struct lwm2m_observation **result)
{
    const struct lwm2m_server_config *config = &device->server->config;
    struct lwm2m_observation *observation = find(device, request->path);

    *result = observation;
    if (observation) {
        return LWM2M_OK;
    }
    if (device->observation_count >= config->max_observations ||
        device->queue_length >= config->max_queued) {
        return LWM2M_BUSY;
    }
    observation = insert(device, request->path);
    if (!observation) {
        return LWM2M_NO_MEMORY;
    }
    enum lwm2m_error error = start(observation, request);
    if (error) {
        detach(observation);
        release(observation);
        return error;
    }
    *result = observation;
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_server_observe(struct lwm2m_server *server,
                                      struct lwm2m_registration *registration,
                                      const struct lwm2m_observation_request *request,
                                      struct lwm2m_subscription **result)
{
    struct lwm2m_device *device = lwm2m_device_of(registration);
    struct lwm2m_observation *observation;

    if (!request->on_notification) {
        return LWM2M_ARGUMENT;
    }
    if (device->ended) {
        return LWM2M_GONE;
    }
    struct lwm2m_subscription *subscription =
        server->port->allocate(server->port->context, sizeof *subscription);
    if (!subscription) {
        return LWM2M_NO_MEMORY;
    }
    enum lwm2m_error error = find_or_start(device, request, &observation);
    if (error) {
        server->port->release(server->port->context, subscription);
        return error;
    }
    *subscription = (struct lwm2m_subscription){
        .observation = observation,
        .replay.fire = replay,
        .context = request->context,
        .on_notification = request->on_notification,
    };
    lwm2m_list_append(&observation->subscriptions, &subscription->link);
    observation->subscription_count++;
    if (observation->kept) {
        lwm2m_timer_arm_in(server->config.timers, &subscription->replay, 0);
    }
    if (result) {
        *result = subscription;
    }
    return LWM2M_OK;
}

void lwm2m_server_unsubscribe(struct lwm2m_server *server, struct lwm2m_subscription *subscription)
{
    struct lwm2m_observation *observation = subscription->observation;

    (void)server;
    free_subscription(subscription);
    if (observation->subscription_count > 0 || observation->ended) {
        return;
    }
    detach(observation);
    stop(observation, true);
    release(observation);
}

/*
 * Ends all observations in a list of detached ones. Whoever hears of it may observe the same path
 * again: that is why they were detached first.
 */
static size_t finish_all(struct lwm2m_list *detached, enum lwm2m_error error, bool politely)
{
    struct lwm2m_list *node;
    size_t count = 0;

    while ((node = lwm2m_list_first(detached))) {
        struct lwm2m_observation *observation =
            LWM2M_CONTAINER_OF(node, struct lwm2m_observation, in_device);
        struct lwm2m_outcome outcome = outcome_of(observation);
        outcome.error = error;
        lwm2m_list_remove(node);
        stop(observation, politely);
        finish(observation, &outcome);
        count++;
    }
    return count;
}

static void detach_all(struct lwm2m_device *device, struct lwm2m_list *detached)
{
    struct lwm2m_list *node;

    while ((node = lwm2m_list_first(&device->observations))) {
        detach(LWM2M_CONTAINER_OF(node, struct lwm2m_observation, in_device));
        lwm2m_list_append(detached, node);
    }
}

void lwm2m_observations_end(struct lwm2m_device *device, enum lwm2m_error error)
{
    struct lwm2m_list detached;

    lwm2m_list_init(&detached);
    detach_all(device, &detached);
    finish_all(&detached, error, false);
}

size_t lwm2m_server_cancel_path(struct lwm2m_server *server,
                                struct lwm2m_registration *registration, struct lwm2m_path path,
                                bool passive)
{
    struct lwm2m_device *device = lwm2m_device_of(registration);
    struct lwm2m_observation *observation;
    struct lwm2m_list detached;

    (void)server;
    lwm2m_list_init(&detached);
    if (path.level == LWM2M_LEVEL_ROOT) {
        detach_all(device, &detached);
    } else if ((observation = find(device, path))) {
        detach(observation);
        lwm2m_list_append(&detached, &observation->in_device);
    }
    lwm2m_device_hold(device);
    size_t count = finish_all(&detached, LWM2M_CANCELLED, !passive);
    lwm2m_device_release(device);
    return count;
}

void lwm2m_server_visit_observations(const struct lwm2m_server *server,
                                     const struct lwm2m_registration *registration,
                                     bool (*visit)(void *context, struct lwm2m_path path,
                                                   size_t subscriptions, uint64_t notifications),
                                     void *context)
{
    const struct lwm2m_device *device = lwm2m_device_of_const(registration);
    struct lwm2m_list *node, *next;

    (void)server;
    LWM2M_LIST_EACH (node, next, &device->observations) {
        const struct lwm2m_observation *observation =
            LWM2M_CONTAINER_OF(node, struct lwm2m_observation, in_device);
        if (!visit(context, observation->path, observation->subscription_count,
                   observation->notifications)) {
            return;
        }
    }
}
