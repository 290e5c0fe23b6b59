/*
 * Requests of ours: sending them, matching answers by token and peer (RFC 7252 §5.3.2, RFC 7641
 * §3).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coap/exchanges.h"

#include <lwm2m/status.h>

struct lwm2m_exchange {
    struct lwm2m_sending sending; /* first */
    void *context;
    void (*on_response)(void *context, struct lwm2m_exchange *exchange,
                        const struct lwm2m_response *response);
    bool observe;
    bool in_handler; /* the handler runs: freed when it has returned */
    bool cancelled;  /* by its own handler */
};

static void exchange_acknowledged(struct lwm2m_sending *sending)
{
    (void)sending; /* the answer comes later, in a message of its own */
}

static void exchange_free(struct lwm2m_sending *sending)
{
    sending->endpoint->exchanges--;
    lwm2m_sending_free(sending);
}

/* Calls the handler; afterwards the exchange is gone if it ends or was cancelled. */
static void call_handler(struct lwm2m_exchange *exchange, const struct lwm2m_response *response,
                         bool ends)
{
    exchange->in_handler = true;
    exchange->on_response(exchange->context, exchange, response);
    exchange->in_handler = false;
    if (ends || exchange->cancelled) {
        exchange_free(&exchange->sending);
    }
}

static void exchange_failed(struct lwm2m_sending *sending, enum lwm2m_error error)
{
    struct lwm2m_exchange *exchange = (struct lwm2m_exchange *)sending;
    struct lwm2m_response response = {
        .error = error,
        .retransmissions = sending->retransmissions,
    };

    lwm2m_timer_disarm(sending->endpoint->config.timers, &sending->timer);
    lwm2m_sending_leave_token(sending);
    call_handler(exchange, &response, true);
}

static const struct lwm2m_sending_kind exchange_kind = {
    .window = LWM2M_WINDOW_REQUESTS,
    .acknowledged = exchange_acknowledged,
    .failed = exchange_failed,
    .free = exchange_free,
};

enum lwm2m_error lwm2m_exchanges_request(struct lwm2m_transport *self, struct lwm2m_peer *peer,
                                         const struct lwm2m_request *request,
                                         struct lwm2m_exchange **exchange)
{
    struct lwm2m_endpoint *endpoint = (struct lwm2m_endpoint *)self;
    struct lwm2m_message message = {
        .type = request->non_confirmable ? LWM2M_MESSAGE_NON : LWM2M_MESSAGE_CON,
        .code = request->method,
        .token.length = LWM2M_TOKEN_MAX,
        .options = request->options,
        .payload = request->payload,
    };
    struct lwm2m_endpoint_peer *to = (struct lwm2m_endpoint_peer *)peer;
    struct lwm2m_sending *sending;
    struct lwm2m_exchange *made;
    struct lwm2m_bytes datagram;
    enum lwm2m_error error;

    if (lwm2m_traffic_is_full(endpoint, to, LWM2M_WINDOW_REQUESTS)) {
        return LWM2M_BUSY;
    }
    if (request->ends) {
        message.token = request->ends->sending.token;
    } else {
        lwm2m_endpoint_random(endpoint, message.token.bytes, LWM2M_TOKEN_MAX);
    }
    error = lwm2m_endpoint_encode(endpoint, &message, &datagram);
    if (error != LWM2M_OK) {
        return error;
    }
    error = lwm2m_sending_new(endpoint, to, &exchange_kind, sizeof(*made), datagram, &sending);
    if (error != LWM2M_OK) {
        return error;
    }
    made = (struct lwm2m_exchange *)sending;
    made->context = request->context;
    made->on_response = request->on_response;
    made->observe = request->observe;
    endpoint->exchanges++;
    /* Two must not share a token: what still arrives under it is an answer to this request. */
    if (request->ends) {
        lwm2m_exchanges_cancel(self, request->ends);
    }
    lwm2m_sending_enter_token(sending, &message.token);
    if (exchange != NULL) {
        *exchange = made;
    }
    lwm2m_sending_start(sending);
    return LWM2M_OK;
}

void lwm2m_exchanges_cancel(struct lwm2m_transport *self, struct lwm2m_exchange *exchange)
{
    (void)self;
    if (!exchange->in_handler) {
        exchange_free(&exchange->sending);
        return;
    }
    exchange->cancelled = true;
    lwm2m_sending_leave_token(&exchange->sending);
}

struct lwm2m_exchange *lwm2m_exchanges_find(const struct lwm2m_endpoint *endpoint,
                                            const struct lwm2m_endpoint_peer *peer,
                                            const struct lwm2m_message *response)
{
    struct lwm2m_sending *sending =
        lwm2m_sending_find_token(endpoint, peer, &exchange_kind, &response->token);

    if (sending == NULL || sending->state == LWM2M_SENDING_WAITING) {
        return NULL;
    }
    /* What answers inside an acknowledgement must acknowledge the request itself, and only once: a
     * late copy of it is no notification. */
    if (response->type == LWM2M_MESSAGE_ACK &&
        (sending->message_id != response->message_id || sending->state == LWM2M_SENDING_IDLE)) {
        return NULL;
    }
    return (struct lwm2m_exchange *)sending;
}

void lwm2m_exchange_answer(struct lwm2m_exchange *exchange, const struct lwm2m_message *response)
{
    struct lwm2m_sending *sending = &exchange->sending;
    struct lwm2m_response answer = {
        .error = LWM2M_OK,
        .message = response,
        .retransmissions = sending->retransmissions,
    };
    struct lwm2m_option option;
    bool goes_on = exchange->observe &&
                   lwm2m_status_is_success(lwm2m_status_from_code(response->code)) &&
                   lwm2m_message_find_option(response, LWM2M_OPTION_OBSERVE, &option);

    if (!goes_on) {
        lwm2m_sending_leave_token(sending);
    }
    lwm2m_sending_settle(sending, LWM2M_SENDING_IDLE);
    call_handler(exchange, &answer, !goes_on);
}

void lwm2m_exchange_reject(struct lwm2m_exchange *exchange)
{
    lwm2m_sending_settle(&exchange->sending, LWM2M_SENDING_IDLE);
    exchange_failed(&exchange->sending, LWM2M_UNSUPPORTED);
}
