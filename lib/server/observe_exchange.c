/*
 * An observation on the wire: how it is started, what the device says, how it is stopped.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/observe_exchange.h"

#include "server/engine.h"
#include "server/request_encoding.h"
#include "server/request_queue.h"

/* ---- stopping ---- */

static void finish_stop(struct lwm2m_ticket *ticket, const struct lwm2m_response *response,
                        bool over)
{
    (void)response;
    if (over) {
        lwm2m_ticket_free(ticket);
    }
}

/* The first request with Observe 1 and otherwise the same (RFC 7641 §3.6); NULL: no memory. */
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
    struct lwm2m_ticket *ticket = lwm2m_ticket_new(
        started->device, lwm2m_options_bytes(&options),
        (struct lwm2m_bytes){started->data + started->options_length, started->payload_length});
    if (!ticket) {
        return NULL;
    }
    ticket->method = started->method;
    ticket->idempotent = true; /* so that it stands in nobody's way when the device moves */
    ticket->finish = finish_stop;
    ticket->ends = started;
    return ticket;
}

void lwm2m_observe_stop(struct lwm2m_observation *observation, bool politely)
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

void lwm2m_observe_finish(struct lwm2m_observation *observation,
                          const struct lwm2m_outcome *outcome)
{
    lwm2m_subscriptions_close(observation, outcome);
    lwm2m_observation_release(observation);
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
    lwm2m_subscriptions_deliver(observation, outcome);
}

static void handle_answer(struct lwm2m_ticket *ticket, const struct lwm2m_response *response,
                          bool over)
{
    struct lwm2m_observation *observation = ticket->context;

    /* Nobody listens any more; the ticket belongs to the one that tells the device so. */
    if (!observation) {
        return;
    }
    struct lwm2m_outcome outcome = lwm2m_observation_outcome(observation);
    lwm2m_observation_hold(observation);
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
            outcome = lwm2m_observation_outcome(observation);
            outcome.error = LWM2M_UNSUPPORTED;
        }
        lwm2m_observe_table_remove(observation);
        lwm2m_observe_finish(observation, &outcome);
    }
    lwm2m_observation_release(observation);
}

/* ---- starting ---- */

enum lwm2m_error lwm2m_observe_start(struct lwm2m_observation *observation, uint16_t format,
                                     uint32_t timeout_ms, uint32_t hold_ms)
{
    struct lwm2m_device *device = observation->device;
    const struct lwm2m_server_config *config = &device->server->config;
    const struct lwm2m_operation read = {
        .kind = observation->paths ? LWM2M_OPERATION_READ_COMPOSITE : LWM2M_OPERATION_READ,
        .path = observation->path,
        .paths = observation->paths,
        .path_count = observation->path_count,
        .attributes = observation->attributes,
        .format = format,
    };
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
        ticket->hold_ms = hold_ms;
        ticket->finish = handle_answer;
        ticket->context = observation;
        observation->ticket = ticket;
        lwm2m_queue_add(device, ticket, timeout_ms ? timeout_ms : config->operation_timeout_ms);
    }
    lwm2m_request_release(&built);
    return ticket ? LWM2M_OK : LWM2M_NO_MEMORY;
}
