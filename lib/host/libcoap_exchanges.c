/*
 * Requests of ours over libcoap, and their answers, matched by token (RFC 7252 §5.3.2, RFC 7641
 * §3).
 *
 *   state     event                            next      what is done
 *   WAITING   a place in the window            SENT      libcoap sends it, and sends it again
 *   SENT      nothing of libcoap's is          ACCEPTED  leaves the window, final timeout runs
 *             unacknowledged any more
 *   SENT      libcoap gives up, reset          gone      failed
 *   SENT      too long without answer          gone      failed(TIMEOUT)
 *   ACCEPTED  too long without answer          gone      failed(TIMEOUT)
 *   any       answer with Observe              IDLE      the exchange stays for notifications
 *   any       answer, unreachable, cancelled   gone
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include <lwm2m/status.h>

#include "host/libcoap_state.h"

/* libcoap counts timeouts in 64ths of a second. */
#define TIMEOUT_TOLERANCE_MS 32

enum state { WAITING, SENT, ACCEPTED, IDLE };

struct lwm2m_exchange {
    struct lwm2m_list link; /* of the peer's exchanges */
    struct lwm2m_list turn; /* WAITING: of those that wait; SENT: of those not acknowledged */
    struct lwm2m_hash_node by_token;
    struct lwm2m_libcoap_peer *peer; /* held */
    struct lwm2m_timer timer;
    struct lwm2m_token token;
    coap_pdu_t *pdu; /* WAITING: what is to be sent; then it is libcoap's */
    void *context;
    void (*on_response)(void *context, struct lwm2m_exchange *exchange,
                        const struct lwm2m_response *response);
    uint64_t sent_ms;
    struct lwm2m_libcoap_sent sent;
    uint8_t retransmissions; /* once it is settled */
    enum state state;
    bool confirmable;
    bool observe;
    bool has_token;
    bool in_handler; /* the handler runs: freed when it has returned */
    bool cancelled;  /* by its own handler */
};

static struct lwm2m_exchange *find(const struct lwm2m_libcoap_peer *peer,
                                   const struct lwm2m_token *token)
{
    struct lwm2m_hash_node *node = lwm2m_hash_table_first(
        &peer->libcoap->tokens, lwm2m_libcoap_hash_token(&peer->libcoap->tokens, peer, token));

    for (; node != NULL; node = lwm2m_hash_table_next(node)) {
        struct lwm2m_exchange *exchange = LWM2M_CONTAINER_OF(node, struct lwm2m_exchange, by_token);
        if (exchange->peer == peer && lwm2m_token_equal(&exchange->token, token)) {
            return exchange;
        }
    }
    return NULL;
}

static void enter_token(struct lwm2m_exchange *exchange)
{
    lwm2m_hash_table_insert(&exchange->peer->libcoap->tokens, &exchange->by_token,
                            lwm2m_libcoap_hash_token(&exchange->peer->libcoap->tokens,
                                                     exchange->peer, &exchange->token));
    exchange->has_token = true;
}

static void leave_token(struct lwm2m_exchange *exchange)
{
    if (exchange->has_token) {
        lwm2m_hash_table_remove(&exchange->peer->libcoap->tokens, &exchange->by_token);
        exchange->has_token = false;
    }
}

/* How often libcoap has sent it again, which it does not say: the first timeout is known, and
 * doubled every time. */
static uint8_t count_retransmissions(const struct lwm2m_exchange *exchange)
{
    const struct lwm2m_libcoap *libcoap = exchange->peer->libcoap;
    uint64_t elapsed_ms =
        lwm2m_timers_now(libcoap->timers) - exchange->sent_ms + TIMEOUT_TOLERANCE_MS;
    uint64_t due_ms = exchange->sent.timeout_ms;
    uint8_t count = 0;

    while (exchange->confirmable && count < libcoap->config.transmission.max_retransmit &&
           elapsed_ms >= due_ms) {
        count++;
        due_ms = (uint64_t)exchange->sent.timeout_ms * ((UINT64_C(2) << count) - 1);
    }
    return count;
}

static void start_next(struct lwm2m_libcoap_peer *peer);

/* Takes it out of the queue or the window. */
static void leave_turn(struct lwm2m_exchange *exchange)
{
    struct lwm2m_libcoap_peer *peer = exchange->peer;

    if (exchange->state == WAITING) {
        peer->waiting_count--;
    } else if (exchange->state == SENT) {
        exchange->retransmissions = count_retransmissions(exchange);
        peer->in_window--;
        if (peer->is_littered) {
            lwm2m_libcoap_peer_litter(peer); /* perhaps now */
        }
    }
    lwm2m_list_remove(&exchange->turn);
}

static void exchange_free(struct lwm2m_exchange *exchange)
{
    struct lwm2m_libcoap_peer *peer = exchange->peer;
    struct lwm2m_libcoap *libcoap = peer->libcoap;

    lwm2m_timer_disarm(libcoap->timers, &exchange->timer);
    leave_token(exchange);
    leave_turn(exchange);
    lwm2m_list_remove(&exchange->link);
    if (exchange->pdu != NULL) {
        coap_delete_pdu(exchange->pdu);
    }
    libcoap->statistics.exchanges--;
    libcoap->port->release(libcoap->port->context, exchange);
}

/* Frees it, and lets the next one have its place. */
static void end(struct lwm2m_exchange *exchange)
{
    struct lwm2m_libcoap_peer *peer = exchange->peer;

    exchange_free(exchange);
    start_next(peer);
    lwm2m_libcoap_peer_let_go(peer);
}

/* Calls the handler; afterwards the exchange is gone if it ends or was cancelled. */
static void call_handler(struct lwm2m_exchange *exchange, const struct lwm2m_response *response,
                         bool ends)
{
    exchange->in_handler = true;
    exchange->on_response(exchange->context, exchange, response);
    exchange->in_handler = false;
    if (ends || exchange->cancelled) {
        end(exchange);
    }
}

static void settle(struct lwm2m_exchange *exchange, enum state state)
{
    lwm2m_timer_disarm(exchange->peer->libcoap->timers, &exchange->timer);
    leave_turn(exchange);
    exchange->state = state;
    start_next(exchange->peer);
}

static void fail(struct lwm2m_exchange *exchange, enum lwm2m_error error)
{
    struct lwm2m_response response = {.error = error};

    leave_token(exchange);
    settle(exchange, IDLE);
    response.retransmissions = exchange->retransmissions;
    call_handler(exchange, &response, true);
}

static void timed_out(struct lwm2m_timer *timer)
{
    fail(LWM2M_CONTAINER_OF(timer, struct lwm2m_exchange, timer), LWM2M_TIMEOUT);
}

static void start(struct lwm2m_exchange *exchange)
{
    struct lwm2m_libcoap_peer *peer = exchange->peer;
    struct lwm2m_libcoap *libcoap = peer->libcoap;
    coap_pdu_t *pdu = exchange->pdu;
    uint64_t wait_ms = libcoap->config.transmission.response_timeout_ms;

    exchange->sent_ms = lwm2m_timers_now(libcoap->timers);
    exchange->state = SENT;
    peer->in_window++;
    lwm2m_list_append(&libcoap->unacknowledged, &exchange->turn);
    exchange->pdu = NULL;
    lwm2m_libcoap_peer_send(peer, pdu, &exchange->sent);
    if (exchange->confirmable) {
        wait_ms += lwm2m_libcoap_give_up_ms(libcoap, exchange->sent.timeout_ms);
    }
    lwm2m_timer_arm_in(libcoap->timers, &exchange->timer, wait_ms);
}

static void start_next(struct lwm2m_libcoap_peer *peer)
{
    struct lwm2m_list *node;

    while (peer->in_window < peer->libcoap->config.transmission.nstart &&
           (node = lwm2m_list_first(&peer->waiting)) != NULL) {
        struct lwm2m_exchange *exchange = LWM2M_CONTAINER_OF(node, struct lwm2m_exchange, turn);
        lwm2m_list_remove(node);
        peer->waiting_count--;
        start(exchange);
    }
}

static struct lwm2m_exchange *new_exchange(struct lwm2m_libcoap_peer *peer, coap_pdu_t *pdu,
                                           const struct lwm2m_token *token)
{
    const struct lwm2m_port *port = peer->libcoap->port;
    struct lwm2m_exchange *made = port->allocate(port->context, sizeof(*made));

    if (made == NULL) {
        return NULL;
    }
    memset(made, 0, sizeof(*made));
    made->peer = peer;
    made->pdu = pdu;
    made->token = *token;
    made->timer.fire = timed_out;
    lwm2m_list_init(&made->turn);
    lwm2m_list_append(&peer->exchanges, &made->link);
    lwm2m_libcoap_peer_hold(peer);
    peer->libcoap->statistics.exchanges++;
    return made;
}

enum lwm2m_error lwm2m_libcoap_exchanges_request(struct lwm2m_transport *self,
                                                 struct lwm2m_peer *to,
                                                 const struct lwm2m_request *request,
                                                 struct lwm2m_exchange **exchange)
{
    struct lwm2m_libcoap *libcoap = (struct lwm2m_libcoap *)self;
    struct lwm2m_libcoap_peer *peer = (struct lwm2m_libcoap_peer *)to;
    struct lwm2m_message message = {
        .type = request->non_confirmable ? LWM2M_MESSAGE_NON : LWM2M_MESSAGE_CON,
        .code = request->method,
        .token.length = LWM2M_TOKEN_MAX,
        .options = request->options,
        .payload = request->payload,
    };
    struct lwm2m_exchange *made;
    coap_pdu_t *pdu;
    enum lwm2m_error error;

    if (peer->waiting_count >= libcoap->config.max_waiting) {
        return LWM2M_BUSY;
    }
    if (request->ends != NULL) {
        message.token = request->ends->token;
    } else {
        libcoap->port->random(libcoap->port->context, message.token.bytes, LWM2M_TOKEN_MAX);
    }
    error = lwm2m_libcoap_message_new(&message, &pdu);
    if (error != LWM2M_OK) {
        return error;
    }
    made = new_exchange(peer, pdu, &message.token);
    if (made == NULL) {
        coap_delete_pdu(pdu);
        return LWM2M_NO_MEMORY;
    }
    made->context = request->context;
    made->on_response = request->on_response;
    made->confirmable = !request->non_confirmable;
    made->observe = request->observe;
    /* Two must not share a token: what still arrives under it is an answer to this request. */
    if (request->ends != NULL) {
        lwm2m_libcoap_exchanges_cancel(self, request->ends);
    }
    enter_token(made);
    if (exchange != NULL) {
        *exchange = made;
    }
    lwm2m_list_append(&peer->waiting, &made->turn);
    peer->waiting_count++;
    start_next(peer);
    return LWM2M_OK;
}

void lwm2m_libcoap_exchanges_cancel(struct lwm2m_transport *self, struct lwm2m_exchange *exchange)
{
    (void)self;
    if (exchange->state == SENT) {
        lwm2m_libcoap_peer_litter(exchange->peer);
    }
    if (!exchange->in_handler) {
        end(exchange);
        return;
    }
    exchange->cancelled = true;
    leave_token(exchange);
}

/* ---- what arrives ---- */

static void answer(struct lwm2m_exchange *exchange, const struct lwm2m_message *message)
{
    struct lwm2m_response response = {.error = LWM2M_OK, .message = message};
    struct lwm2m_option option;
    bool goes_on = exchange->observe &&
                   lwm2m_status_is_success(lwm2m_status_from_code(message->code)) &&
                   lwm2m_message_find_option(message, LWM2M_OPTION_OBSERVE, &option);

    if (!goes_on) {
        leave_token(exchange);
    }
    if (exchange->state == IDLE) {
        exchange->retransmissions = 0;
    }
    settle(exchange, IDLE);
    response.retransmissions = exchange->retransmissions;
    call_handler(exchange, &response, !goes_on);
}

/* An answer inside an acknowledgement acknowledges the request itself, and only once: a late copy
 * is no notification. */
static bool is_answer_to(const struct lwm2m_exchange *exchange, const struct lwm2m_message *message)
{
    if (exchange == NULL || exchange->state == WAITING) {
        return false;
    }
    return message->type != LWM2M_MESSAGE_ACK ||
           (message->message_id == exchange->sent.message_id && exchange->state != IDLE);
}

static coap_response_t receive(struct lwm2m_libcoap_peer *peer, const struct lwm2m_message *message)
{
    struct lwm2m_libcoap *libcoap = peer->libcoap;
    bool separate = message->type != LWM2M_MESSAGE_ACK;
    struct lwm2m_exchange *exchange;
    struct lwm2m_bytes unused;

    lwm2m_libcoap_trace(libcoap, peer, false, message);
    if (separate &&
        lwm2m_answers_find(peer->answers, message->message_id, libcoap->received_ms, &unused)) {
        libcoap->statistics.duplicates++;
        return COAP_RESPONSE_OK;
    }
    exchange = find(peer, &message->token);
    if (!is_answer_to(exchange, message)) {
        return separate ? COAP_RESPONSE_FAIL : COAP_RESPONSE_OK;
    }
    if (separate) {
        /* Without memory a repetition is reset, since its exchange is over; nothing runs twice. */
        (void)lwm2m_libcoap_remember(peer, message);
    }
    answer(exchange, message);
    return COAP_RESPONSE_OK;
}

coap_response_t lwm2m_libcoap_exchanges_answered(coap_session_t *session, const coap_pdu_t *sent,
                                                 const coap_pdu_t *received, const coap_mid_t mid)
{
    struct lwm2m_libcoap_peer *peer = coap_session_get_app_data(session);
    bool is_acknowledgement = coap_pdu_get_type(received) == COAP_MESSAGE_ACK;
    coap_response_t result = is_acknowledgement ? COAP_RESPONSE_OK : COAP_RESPONSE_FAIL;
    struct lwm2m_libcoap *libcoap;
    struct lwm2m_message message;

    (void)sent;
    (void)mid;
    if (peer == NULL) {
        return result;
    }
    libcoap = peer->libcoap;
    libcoap->received_ms = lwm2m_timers_now(libcoap->timers);
    libcoap->statistics.received++;
    if (lwm2m_libcoap_message_read(received, libcoap->options_in, sizeof(libcoap->options_in),
                                   &message) != LWM2M_OK) {
        return result;
    }
    lwm2m_libcoap_peer_hold(peer);
    result = receive(peer, &message);
    lwm2m_libcoap_peer_let_go(peer);
    return result;
}

void lwm2m_libcoap_exchanges_refused(struct lwm2m_libcoap_peer *peer, const coap_pdu_t *sent,
                                     enum lwm2m_error error)
{
    struct lwm2m_exchange *exchange;
    struct lwm2m_token token;

    lwm2m_libcoap_message_token(sent, &token);
    exchange = find(peer, &token);
    if (exchange != NULL && exchange->state == SENT &&
        exchange->sent.message_id == (uint16_t)coap_pdu_get_mid(sent)) {
        fail(exchange, error);
    }
}

void lwm2m_libcoap_exchanges_settle(struct lwm2m_libcoap *libcoap)
{
    struct lwm2m_list acknowledged;
    struct lwm2m_list *node;

    lwm2m_list_init(&acknowledged);
    /* Those that are started meanwhile go back to the list of the transport. */
    while ((node = lwm2m_list_first(&libcoap->unacknowledged)) != NULL) {
        lwm2m_list_remove(node);
        lwm2m_list_append(&acknowledged, node);
    }
    while ((node = lwm2m_list_first(&acknowledged)) != NULL) {
        struct lwm2m_exchange *exchange = LWM2M_CONTAINER_OF(node, struct lwm2m_exchange, turn);
        settle(exchange, ACCEPTED);
        lwm2m_timer_arm_in(libcoap->timers, &exchange->timer,
                           libcoap->config.transmission.response_timeout_ms);
    }
}

/* ---- the peer fails, or goes ---- */

void lwm2m_libcoap_exchanges_fail(struct lwm2m_libcoap_peer *peer, enum lwm2m_error error)
{
    struct lwm2m_list failing;
    struct lwm2m_list *node;
    struct lwm2m_list *next;

    lwm2m_list_init(&failing);
    LWM2M_LIST_EACH (node, next, &peer->exchanges) {
        struct lwm2m_exchange *exchange = LWM2M_CONTAINER_OF(node, struct lwm2m_exchange, link);
        if (exchange->state != IDLE) {
            /* None of them may take the place of another that fails. */
            leave_turn(exchange);
            exchange->state = ACCEPTED;
            lwm2m_list_remove(node);
            lwm2m_list_append(&failing, node);
        }
    }
    while ((node = lwm2m_list_first(&failing)) != NULL) {
        fail(LWM2M_CONTAINER_OF(node, struct lwm2m_exchange, link), error);
    }
}

void lwm2m_libcoap_exchanges_free(struct lwm2m_libcoap_peer *peer)
{
    struct lwm2m_list *node;

    while ((node = lwm2m_list_first(&peer->exchanges)) != NULL) {
        exchange_free(LWM2M_CONTAINER_OF(node, struct lwm2m_exchange, link));
    }
}
