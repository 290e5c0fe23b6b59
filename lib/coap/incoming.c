/*
 * Requests of peers, and our answers to them (RFC 7252 §5.2).
 *
 *   state         event            next          what is sent
 *   IN_HANDLER    answered         gone          CON: answer in the ACK; NON: answer as NON
 *   IN_HANDLER    dropped          gone          nothing, also to repetitions
 *   IN_HANDLER    handler returns  ACKNOWLEDGED  CON: an empty ACK; NON: nothing
 *   ACKNOWLEDGED  answered         gone          CON: answer as CON of its own; NON: as NON
 *   ACKNOWLEDGED  dropped          gone          nothing
 *
 * What a peer makes us hold is bounded: of its requests, and of answers that it does not
 * acknowledge, so many are under way at most; for more it gets 5.03 and nobody hears of them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coap/incoming.h"

#include <string.h>

#include <lwm2m/status.h>

#include "base/log.h"
#include "coap/sendings.h"

/* Far fewer than message ids, so that one that is free is found at once. */
#define UNANSWERED_MAX 64

struct lwm2m_incoming {
    struct lwm2m_list link;           /* of the endpoint's incomings, or of its spare ones */
    struct lwm2m_endpoint_peer *peer; /* held */
    struct lwm2m_token token;
    uint16_t message_id;
    bool confirmable;
    bool in_handler;
    bool done; /* answered by its handler: reused when it has returned */
};

static void response_free(struct lwm2m_sending *sending)
{
    sending->peer->unanswered--;
    lwm2m_sending_free(sending);
}

static void response_failed(struct lwm2m_sending *sending, enum lwm2m_error error)
{
    LWM2M_LOG(sending->endpoint->port, LWM2M_LOG_INFO,
              "a separate answer was not delivered: ", lwm2m_error_text(error));
    response_free(sending);
}

/* A separate answer is not reported to anybody: whoever lacks it asks again. */
static const struct lwm2m_sending_kind response_kind = {
    .window = LWM2M_WINDOW_NONE,
    .acknowledged = response_free,
    .failed = response_failed,
    .free = response_free,
};

static struct lwm2m_incoming *new_incoming(struct lwm2m_endpoint *endpoint)
{
    struct lwm2m_list *spare = lwm2m_list_first(&endpoint->spare_incomings);

    if (spare == NULL) {
        return endpoint->port->allocate(endpoint->port->context, sizeof(struct lwm2m_incoming));
    }
    lwm2m_list_remove(spare);
    return LWM2M_CONTAINER_OF(spare, struct lwm2m_incoming, link);
}

/* One is kept for the next request: most are answered before it comes. */
static void free_incoming(struct lwm2m_endpoint *endpoint, struct lwm2m_incoming *incoming)
{
    lwm2m_list_remove(&incoming->link);
    incoming->peer->unanswered--;
    lwm2m_endpoint_let_go(endpoint, incoming->peer);
    if (lwm2m_list_is_empty(&endpoint->spare_incomings)) {
        lwm2m_list_append(&endpoint->spare_incomings, &incoming->link);
    } else {
        endpoint->port->release(endpoint->port->context, incoming);
    }
}

void lwm2m_incoming_free_all(struct lwm2m_endpoint *endpoint)
{
    struct lwm2m_list *node;

    while ((node = lwm2m_list_first(&endpoint->incomings)) != NULL) {
        free_incoming(endpoint, LWM2M_CONTAINER_OF(node, struct lwm2m_incoming, link));
    }
    while ((node = lwm2m_list_first(&endpoint->spare_incomings)) != NULL) {
        lwm2m_list_remove(node);
        endpoint->port->release(endpoint->port->context,
                                LWM2M_CONTAINER_OF(node, struct lwm2m_incoming, link));
    }
}

static void keep_answer(struct lwm2m_endpoint *endpoint, const struct lwm2m_incoming *incoming,
                        struct lwm2m_bytes answer)
{
    /* Only what is answered while it is being handled is kept, so the time is still that. */
    lwm2m_answers_keep(&endpoint->answers, &incoming->peer->answers, incoming->message_id,
                       endpoint->received_ms, answer);
}

static void send_acknowledgement(struct lwm2m_endpoint *endpoint,
                                 const struct lwm2m_incoming *incoming)
{
    uint8_t empty[LWM2M_EMPTY_MESSAGE_BYTES];
    struct lwm2m_bytes answer = {empty, sizeof(empty)};

    lwm2m_endpoint_print_empty(LWM2M_MESSAGE_ACK, incoming->message_id, empty);
    keep_answer(endpoint, incoming, answer);
    lwm2m_endpoint_send(endpoint, incoming->peer, answer, 0);
}

/* Sends the answer as a CON that is sent again until it is acknowledged; without memory, as a NON.
 */
static void send_separately(struct lwm2m_endpoint *endpoint, struct lwm2m_endpoint_peer *peer,
                            struct lwm2m_message *answer, struct lwm2m_bytes datagram)
{
    struct lwm2m_sending *sending;

    if (lwm2m_sending_new(endpoint, peer, &response_kind, sizeof(*sending), datagram, &sending) ==
        LWM2M_OK) {
        peer->unanswered++;
        lwm2m_sending_start(sending);
        return;
    }
    answer->type = LWM2M_MESSAGE_NON;
    answer->message_id = lwm2m_endpoint_next_message_id(endpoint, peer);
    if (lwm2m_endpoint_encode(endpoint, answer, &datagram) == LWM2M_OK) {
        lwm2m_endpoint_send(endpoint, peer, datagram, 0);
    }
}

static enum lwm2m_error send_answer(struct lwm2m_endpoint *endpoint,
                                    const struct lwm2m_incoming *incoming,
                                    const struct lwm2m_message *message)
{
    struct lwm2m_message answer = {
        .code = message->code,
        .token = incoming->token,
        .options = message->options,
        .payload = message->payload,
    };
    bool separate = incoming->confirmable && !incoming->in_handler;
    struct lwm2m_bytes datagram;
    enum lwm2m_error error;

    answer.type = LWM2M_MESSAGE_CON; /* separate: the message id comes when it is sent */
    if (!incoming->confirmable) {
        answer.type = LWM2M_MESSAGE_NON;
        answer.message_id = lwm2m_endpoint_next_message_id(endpoint, incoming->peer);
    } else if (!separate) {
        answer.type = LWM2M_MESSAGE_ACK;
        answer.message_id = incoming->message_id;
    }
    error = lwm2m_endpoint_encode(endpoint, &answer, &datagram);
    if (error != LWM2M_OK) {
        return error;
    }
    if (separate) {
        send_separately(endpoint, incoming->peer, &answer, datagram);
        return LWM2M_OK;
    }
    if (incoming->confirmable) {
        keep_answer(endpoint, incoming, datagram);
    }
    lwm2m_endpoint_send(endpoint, incoming->peer, datagram, 0);
    return LWM2M_OK;
}

/* Answers without remembering the request: when the peer repeats it, there may be room. */
static void refuse(struct lwm2m_endpoint *endpoint, struct lwm2m_endpoint_peer *peer,
                   const struct lwm2m_message *request)
{
    struct lwm2m_incoming refused = {
        .peer = peer,
        .token = request->token,
        .message_id = request->message_id,
        .confirmable = request->type == LWM2M_MESSAGE_CON,
        .in_handler = true,
    };
    struct lwm2m_message message = {.code = lwm2m_status_code(LWM2M_STATUS_SERVICE_UNAVAILABLE)};

    if (send_answer(endpoint, &refused, &message) != LWM2M_OK) {
        return;
    }
}

void lwm2m_incoming_receive(struct lwm2m_endpoint *endpoint, struct lwm2m_endpoint_peer *peer,
                            const struct lwm2m_message *request)
{
    const struct lwm2m_receiver *receiver = endpoint->transport.receiver;
    struct lwm2m_incoming *incoming;

    if (receiver == NULL || receiver->request == NULL) {
        return;
    }
    if (peer->unanswered >= UNANSWERED_MAX) {
        refuse(endpoint, peer, request);
        return;
    }
    /* What cannot be remembered could run twice: the peer asks again when there is memory. */
    incoming = new_incoming(endpoint);
    if (incoming == NULL) {
        return;
    }
    memset(incoming, 0, sizeof(*incoming));
    incoming->peer = peer;
    incoming->message_id = request->message_id;
    incoming->token = request->token;
    incoming->confirmable = request->type == LWM2M_MESSAGE_CON;
    incoming->in_handler = true;
    lwm2m_list_append(&endpoint->incomings, &incoming->link);
    lwm2m_peers_hold(peer);
    peer->unanswered++;
    if (!lwm2m_endpoint_remember(endpoint, peer, request)) {
        free_incoming(endpoint, incoming);
        return;
    }
    receiver->request(endpoint->transport.receiver_context, incoming, &peer->peer, request);
    incoming->in_handler = false;
    if (incoming->done) {
        free_incoming(endpoint, incoming);
    } else if (incoming->confirmable) {
        send_acknowledgement(endpoint, incoming);
    }
}

enum lwm2m_error lwm2m_incoming_answer(struct lwm2m_transport *self,
                                       struct lwm2m_incoming *incoming,
                                       const struct lwm2m_message *message)
{
    struct lwm2m_endpoint *endpoint = (struct lwm2m_endpoint *)self;
    struct lwm2m_message excuse = {.code = lwm2m_status_code(LWM2M_STATUS_INTERNAL_SERVER_ERROR)};
    enum lwm2m_error error = LWM2M_OK;

    LWM2M_ASSERT(endpoint->port, !incoming->done);
    if (message != NULL) {
        error = send_answer(endpoint, incoming, message);
    }
    if (error != LWM2M_OK) {
        LWM2M_LOG(endpoint->port, LWM2M_LOG_WARNING,
                  "an answer could not be sent: ", lwm2m_error_text(error));
        /* The peer must not go on asking for what it will not get. */
        if (send_answer(endpoint, incoming, &excuse) != LWM2M_OK) {
            error = LWM2M_IO;
        }
    }
    if (incoming->in_handler) {
        incoming->done = true;
    } else {
        free_incoming(endpoint, incoming);
    }
    return error;
}
