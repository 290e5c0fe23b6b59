/*
 * Requests of peers over libcoap, and our answers to them (RFC 7252 §5.2). libcoap hands a request
 * over as often as it arrives: what was answered is remembered here, and a repetition gets the same
 * answer.
 *
 *   state         event            next          what is sent
 *   IN_HANDLER    answered         gone          CON: answer in the ACK; NON: answer as NON
 *   IN_HANDLER    dropped          gone          nothing, also to repetitions
 *   IN_HANDLER    handler returns  ACKNOWLEDGED  CON: an empty ACK, by libcoap; NON: nothing
 *   ACKNOWLEDGED  answered         gone          CON: answer as CON of its own; NON: as NON
 *   ACKNOWLEDGED  dropped          gone          nothing
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include <lwm2m/status.h>

#include "base/log.h"
#include "host/libcoap_state.h"

/* What a peer makes us hold is bounded: for more requests than these it gets 5.03. */
#define UNANSWERED_MAX 64

struct lwm2m_incoming {
    struct lwm2m_list link;          /* of the transport's incomings */
    struct lwm2m_libcoap_peer *peer; /* held */
    struct lwm2m_token token;
    uint16_t message_id;
    bool confirmable;
    coap_pdu_t *response; /* IN_HANDLER: libcoap's, sent when the handler has returned; then NULL */
    bool done;            /* answered by its handler: freed when it has returned */
    bool dropped;
};

bool lwm2m_libcoap_remember(struct lwm2m_libcoap_peer *peer, const struct lwm2m_message *message)
{
    struct lwm2m_libcoap *libcoap = peer->libcoap;
    const struct lwm2m_transmission *transmission = &libcoap->config.transmission;
    uint32_t lifetime_ms = message->type == LWM2M_MESSAGE_CON ? transmission->exchange_lifetime_ms
                                                              : transmission->non_lifetime_ms;

    if (!lwm2m_timer_is_armed(&libcoap->housekeeping)) {
        lwm2m_timer_arm_in(libcoap->timers, &libcoap->housekeeping, lifetime_ms);
    }
    return lwm2m_answers_remember(&libcoap->answers, &peer->answers, message->message_id,
                                  libcoap->received_ms, lifetime_ms) == LWM2M_OK;
}

/* With type NON and no code, libcoap sends nothing. */
static void send_nothing(coap_pdu_t *response)
{
    coap_pdu_set_type(response, COAP_MESSAGE_NON);
}

static void keep(const struct lwm2m_incoming *incoming, const struct lwm2m_message *answer)
{
    struct lwm2m_libcoap *libcoap = incoming->peer->libcoap;
    struct lwm2m_buffer buffer;

    lwm2m_buffer_init(&buffer, libcoap->scratch, sizeof(libcoap->scratch));
    if (lwm2m_message_encode(answer, &buffer) == LWM2M_OK) {
        lwm2m_answers_keep(&libcoap->answers, &incoming->peer->answers, incoming->message_id,
                           libcoap->received_ms, lwm2m_buffer_bytes(&buffer));
    }
}

static enum lwm2m_error send_answer(const struct lwm2m_incoming *incoming,
                                    const struct lwm2m_message *message)
{
    struct lwm2m_libcoap *libcoap = incoming->peer->libcoap;
    struct lwm2m_message answer = {
        .type = incoming->confirmable ? LWM2M_MESSAGE_CON : LWM2M_MESSAGE_NON,
        .code = message->code,
        .token = incoming->token,
        .options = message->options,
        .payload = message->payload,
    };
    struct lwm2m_libcoap_sent sent;
    coap_pdu_t *pdu;
    enum lwm2m_error error;

    if (incoming->response != NULL) {
        error = lwm2m_libcoap_message_write(&answer, incoming->response);
        if (error == LWM2M_OK) {
            answer.type = (uint8_t)coap_pdu_get_type(incoming->response);
            answer.message_id = incoming->message_id;
            keep(incoming, &answer);
            lwm2m_libcoap_trace(libcoap, incoming->peer, true, &answer);
        }
        return error;
    }
    error = lwm2m_libcoap_message_new(&answer, &pdu);
    if (error == LWM2M_OK) {
        lwm2m_libcoap_peer_send(incoming->peer, pdu, &sent);
    }
    return error;
}

static void free_incoming(struct lwm2m_incoming *incoming)
{
    struct lwm2m_libcoap_peer *peer = incoming->peer;
    const struct lwm2m_port *port = peer->libcoap->port;

    lwm2m_list_remove(&incoming->link);
    port->release(port->context, incoming);
    peer->unanswered--;
    lwm2m_libcoap_peer_let_go(peer);
}

void lwm2m_libcoap_incomings_free_all(struct lwm2m_libcoap *libcoap)
{
    struct lwm2m_list *node;

    while ((node = lwm2m_list_first(&libcoap->incomings)) != NULL) {
        free_incoming(LWM2M_CONTAINER_OF(node, struct lwm2m_incoming, link));
    }
}

/* Answers without remembering the request: when the peer repeats it, there may be room. */
static void refuse(coap_pdu_t *response)
{
    coap_pdu_set_code(response,
                      (coap_pdu_code_t)lwm2m_status_code(LWM2M_STATUS_SERVICE_UNAVAILABLE));
}

static struct lwm2m_incoming *new_incoming(struct lwm2m_libcoap_peer *peer,
                                           const struct lwm2m_message *request,
                                           coap_pdu_t *response)
{
    struct lwm2m_libcoap *libcoap = peer->libcoap;
    struct lwm2m_incoming *incoming =
        libcoap->port->allocate(libcoap->port->context, sizeof(*incoming));

    if (incoming == NULL) {
        return NULL;
    }
    memset(incoming, 0, sizeof(*incoming));
    incoming->peer = peer;
    incoming->token = request->token;
    incoming->message_id = request->message_id;
    incoming->confirmable = request->type == LWM2M_MESSAGE_CON;
    incoming->response = response;
    lwm2m_list_append(&libcoap->incomings, &incoming->link);
    lwm2m_libcoap_peer_hold(peer);
    peer->unanswered++;
    return incoming;
}

static void receive(struct lwm2m_libcoap_peer *peer, const struct lwm2m_message *request,
                    coap_pdu_t *response)
{
    const struct lwm2m_transport *transport = &peer->libcoap->transport;
    struct lwm2m_incoming *incoming;

    if (transport->receiver == NULL || transport->receiver->request == NULL) {
        send_nothing(response);
        return;
    }
    if (peer->unanswered >= UNANSWERED_MAX) {
        refuse(response);
        return;
    }
    /* What cannot be remembered could run twice: the peer asks again when there is memory. */
    incoming = new_incoming(peer, request, response);
    if (incoming == NULL || !lwm2m_libcoap_remember(peer, request)) {
        if (incoming != NULL) {
            free_incoming(incoming);
        }
        send_nothing(response);
        return;
    }
    transport->receiver->request(transport->receiver_context, incoming, &peer->peer, request);
    if (incoming->dropped) {
        send_nothing(response);
    }
    if (incoming->done) {
        free_incoming(incoming);
        return;
    }
    incoming->response = NULL;
    keep(incoming,
         &(struct lwm2m_message){.type = LWM2M_MESSAGE_ACK, .message_id = incoming->message_id});
}

/* True if the message came before: then it is answered as it was then. */
static bool is_repeated(struct lwm2m_libcoap_peer *peer, const struct lwm2m_message *request,
                        coap_pdu_t *response)
{
    struct lwm2m_libcoap *libcoap = peer->libcoap;
    struct lwm2m_message answer;
    struct lwm2m_bytes kept;

    if (!lwm2m_answers_find(peer->answers, request->message_id, libcoap->received_ms, &kept)) {
        return false;
    }
    libcoap->statistics.duplicates++;
    if (kept.length == 0 || lwm2m_message_decode(kept, &answer, NULL) != LWM2M_OK) {
        send_nothing(response);
    } else if (answer.code != 0 && lwm2m_libcoap_message_write(&answer, response) == LWM2M_OK) {
        lwm2m_libcoap_trace(libcoap, peer, true, &answer);
    }
    return true;
}

void lwm2m_libcoap_incomings_requested(coap_resource_t *resource, coap_session_t *session,
                                       const coap_pdu_t *request, const coap_string_t *query,
                                       coap_pdu_t *response)
{
    struct lwm2m_libcoap *libcoap = coap_resource_get_userdata(resource);
    struct lwm2m_libcoap_peer *peer = lwm2m_libcoap_peer_of(libcoap, session);
    struct lwm2m_message message;

    (void)query;
    libcoap->received_ms = lwm2m_timers_now(libcoap->timers);
    libcoap->statistics.received++;
    if (peer == NULL ||
        lwm2m_libcoap_message_read(request, libcoap->options_in, sizeof(libcoap->options_in),
                                   &message) != LWM2M_OK) {
        send_nothing(response);
        return;
    }
    lwm2m_libcoap_trace(libcoap, peer, false, &message);
    lwm2m_libcoap_peer_hold(peer);
    if (!is_repeated(peer, &message, response)) {
        receive(peer, &message, response);
    }
    lwm2m_libcoap_peer_let_go(peer);
}

enum lwm2m_error lwm2m_libcoap_incomings_answer(struct lwm2m_transport *self,
                                                struct lwm2m_incoming *incoming,
                                                const struct lwm2m_message *message)
{
    struct lwm2m_libcoap *libcoap = (struct lwm2m_libcoap *)self;
    struct lwm2m_message excuse = {.code = lwm2m_status_code(LWM2M_STATUS_INTERNAL_SERVER_ERROR)};
    enum lwm2m_error error = LWM2M_OK;

    LWM2M_ASSERT(libcoap->port, !incoming->done);
    incoming->dropped = message == NULL;
    if (message != NULL) {
        error = send_answer(incoming, message);
    }
    if (error != LWM2M_OK) {
        LWM2M_LOG(libcoap->port, LWM2M_LOG_WARNING,
                  "an answer could not be sent: ", lwm2m_error_text(error));
        /* The peer must not go on asking for what it will not get. */
        if (send_answer(incoming, &excuse) != LWM2M_OK) {
            incoming->dropped = true;
        }
    }
    if (incoming->response == NULL) {
        free_incoming(incoming);
    } else {
        incoming->done = true;
    }
    return error;
}
