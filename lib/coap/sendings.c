/*
 * Messages of ours that wait: the window, retransmission, and finding them again.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coap/sendings.h"

#include <string.h>

/* PROBING_RATE is one byte in a second (RFC 7252 §4.8). */
#define PROBING_MS_PER_BYTE 1000u

/* ---- traffic ---- */

struct lwm2m_traffic *lwm2m_traffic_get(struct lwm2m_endpoint *endpoint,
                                        struct lwm2m_endpoint_peer *peer)
{
    struct lwm2m_traffic *traffic = peer->traffic;

    if (traffic != NULL) {
        return traffic;
    }
    traffic = endpoint->port->allocate(endpoint->port->context, sizeof(*traffic));
    if (traffic == NULL) {
        return NULL;
    }
    memset(traffic, 0, sizeof(*traffic));
    lwm2m_list_init(&traffic->under_way);
    for (size_t i = 0; i < LWM2M_WINDOW_COUNT; i++) {
        lwm2m_list_init(&traffic->waiting[i]);
    }
    peer->traffic = traffic;
    return traffic;
}

static void free_all(struct lwm2m_list *sendings)
{
    struct lwm2m_list *node;

    while ((node = lwm2m_list_first(sendings)) != NULL) {
        struct lwm2m_sending *sending = LWM2M_CONTAINER_OF(node, struct lwm2m_sending, link);

        sending->kind->free(sending);
    }
}

void lwm2m_traffic_free(const struct lwm2m_port *port, struct lwm2m_endpoint_peer *peer)
{
    struct lwm2m_traffic *traffic = peer->traffic;

    if (traffic == NULL) {
        return;
    }
    traffic->sendings++; /* stays until we are through */
    for (size_t i = 0; i < LWM2M_WINDOW_COUNT; i++) {
        free_all(&traffic->waiting[i]);
    }
    free_all(&traffic->under_way);
    port->release(port->context, traffic->unconfirmed);
    port->release(port->context, traffic);
    peer->traffic = NULL;
}

bool lwm2m_traffic_is_full(const struct lwm2m_endpoint *endpoint,
                           const struct lwm2m_endpoint_peer *peer, enum lwm2m_sending_window window)
{
    const struct lwm2m_traffic *traffic = peer->traffic;

    return traffic != NULL && traffic->in_window[window] >= endpoint->config.transmission.nstart &&
           traffic->waiting_count[window] >= endpoint->config.max_waiting;
}

/* Takes those that wait for an acknowledgement or an answer out of `from`. */
static void move_expectant(struct lwm2m_list *from, struct lwm2m_list *to)
{
    struct lwm2m_list *node;
    struct lwm2m_list *next;

    LWM2M_LIST_EACH (node, next, from) {
        if (LWM2M_CONTAINER_OF(node, struct lwm2m_sending, link)->state == LWM2M_SENDING_IDLE) {
            continue;
        }
        lwm2m_list_remove(node);
        lwm2m_list_append(to, node);
    }
}

/* Handlers may cancel any of them and send new ones, so they are taken one by one from a list
 * apart. */
static void fail_all(struct lwm2m_list *failing, enum lwm2m_error error)
{
    struct lwm2m_list *node;

    while ((node = lwm2m_list_first(failing)) != NULL) {
        struct lwm2m_sending *sending = LWM2M_CONTAINER_OF(node, struct lwm2m_sending, link);

        sending->kind->failed(sending, error);
    }
}

void lwm2m_traffic_fail(struct lwm2m_endpoint_peer *peer, enum lwm2m_error error)
{
    struct lwm2m_traffic *traffic = peer->traffic;
    struct lwm2m_list failing;

    if (traffic == NULL) {
        return;
    }
    lwm2m_list_init(&failing);
    move_expectant(&traffic->under_way, &failing);
    for (size_t i = 0; i < LWM2M_WINDOW_COUNT; i++) {
        move_expectant(&traffic->waiting[i], &failing);
    }
    fail_all(&failing, error);
}

/* Fails what waits for a place in the window. */
static void fail_waiting(struct lwm2m_endpoint_peer *peer, enum lwm2m_sending_window window,
                         enum lwm2m_error error)
{
    struct lwm2m_list failing;

    lwm2m_list_init(&failing);
    move_expectant(&peer->traffic->waiting[window], &failing);
    fail_all(&failing, error);
}

/* ---- finding ---- */

struct message_id_key {
    uint64_t peer;
    uint64_t message_id;
};

static uint32_t message_id_hash(const struct lwm2m_endpoint *endpoint,
                                const struct lwm2m_endpoint_peer *peer, uint16_t message_id)
{
    struct message_id_key key = {(uintptr_t)peer, message_id};

    return lwm2m_hash_table_hash(&endpoint->message_ids, &key, sizeof(key));
}

struct lwm2m_sending *lwm2m_sending_find_message_id(const struct lwm2m_endpoint *endpoint,
                                                    const struct lwm2m_endpoint_peer *peer,
                                                    uint16_t message_id)
{
    struct lwm2m_hash_node *node;

    if (peer->traffic == NULL) {
        return NULL;
    }
    node =
        lwm2m_hash_table_first(&endpoint->message_ids, message_id_hash(endpoint, peer, message_id));
    while (node != NULL) {
        struct lwm2m_sending *sending =
            LWM2M_CONTAINER_OF(node, struct lwm2m_sending, by_message_id);

        if (sending->peer == peer && sending->message_id == message_id) {
            return sending;
        }
        node = lwm2m_hash_table_next(node);
    }
    return NULL;
}

static uint32_t token_hash(const struct lwm2m_endpoint *endpoint, const struct lwm2m_token *token)
{
    return lwm2m_hash_table_hash(&endpoint->tokens, token, sizeof(*token));
}

struct lwm2m_sending *lwm2m_sending_find_token(const struct lwm2m_endpoint *endpoint,
                                               const struct lwm2m_endpoint_peer *peer,
                                               const struct lwm2m_sending_kind *kind,
                                               const struct lwm2m_token *token)
{
    struct lwm2m_hash_node *node =
        lwm2m_hash_table_first(&endpoint->tokens, token_hash(endpoint, token));

    while (node != NULL) {
        struct lwm2m_sending *sending = LWM2M_CONTAINER_OF(node, struct lwm2m_sending, by_token);

        if (sending->peer == peer && sending->kind == kind &&
            lwm2m_token_equal(&sending->token, token)) {
            return sending;
        }
        node = lwm2m_hash_table_next(node);
    }
    return NULL;
}

void lwm2m_sending_enter_token(struct lwm2m_sending *sending, const struct lwm2m_token *token)
{
    struct lwm2m_endpoint *endpoint = sending->endpoint;

    sending->token = *token;
    sending->has_token = true;
    lwm2m_hash_table_insert(&endpoint->tokens, &sending->by_token, token_hash(endpoint, token));
}

void lwm2m_sending_leave_token(struct lwm2m_sending *sending)
{
    if (!sending->has_token) {
        return;
    }
    sending->has_token = false;
    lwm2m_hash_table_remove(&sending->endpoint->tokens, &sending->by_token);
}

static void enter_message_id(struct lwm2m_sending *sending, uint16_t message_id)
{
    struct lwm2m_endpoint *endpoint = sending->endpoint;

    sending->message_id = message_id;
    sending->has_message_id = true;
    lwm2m_hash_table_insert(&endpoint->message_ids, &sending->by_message_id,
                            message_id_hash(endpoint, sending->peer, message_id));
}

static void leave_message_id(struct lwm2m_sending *sending)
{
    if (!sending->has_message_id) {
        return;
    }
    sending->has_message_id = false;
    lwm2m_hash_table_remove(&sending->endpoint->message_ids, &sending->by_message_id);
}

/* ---- sending ---- */

static bool is_confirmable(const struct lwm2m_sending *sending)
{
    return (sending->datagram[0] >> 4 & 3) == LWM2M_MESSAGE_CON;
}

static void send_datagram(struct lwm2m_sending *sending)
{
    lwm2m_endpoint_send(sending->endpoint, sending->peer,
                        (struct lwm2m_bytes){sending->datagram, sending->length},
                        sending->retransmissions);
}

/* Gives its place in the window to the one that has waited for longest. */
static void leave_window(struct lwm2m_sending *sending)
{
    struct lwm2m_traffic *traffic = sending->peer->traffic;
    enum lwm2m_sending_window window = sending->kind->window;
    struct lwm2m_list *first;

    if (!sending->in_window) {
        return;
    }
    sending->in_window = false;
    traffic->in_window[window]--;
    first = lwm2m_list_first(&traffic->waiting[window]);
    if (first == NULL) {
        return;
    }
    lwm2m_list_remove(first);
    traffic->waiting_count[window]--;
    lwm2m_sending_start(LWM2M_CONTAINER_OF(first, struct lwm2m_sending, link));
}

/*
 * How long a NON keeps its place in the window: as long as its bytes take at PROBING_RATE, so that
 * a peer that does not answer is sent no more than that on average (RFC 7252 §4.7), but one answer
 * that is lost does not hold up what waits until it is given up for lost.
 */
static uint32_t probing_ms(const struct lwm2m_sending *sending)
{
    uint64_t bytes_ms = (uint64_t)sending->length * PROBING_MS_PER_BYTE;

    return bytes_ms < sending->accepted_timeout_ms ? (uint32_t)bytes_ms
                                                   : sending->accepted_timeout_ms;
}

/* Sends it again after a timeout, or gives up. */
static void timer_fired(struct lwm2m_timer *timer)
{
    struct lwm2m_sending *sending = LWM2M_CONTAINER_OF(timer, struct lwm2m_sending, timer);
    struct lwm2m_endpoint *endpoint = sending->endpoint;

    if (sending->state == LWM2M_SENDING_ACCEPTED && sending->in_window) {
        leave_window(sending);
        lwm2m_timer_arm_in(endpoint->config.timers, timer,
                           sending->accepted_timeout_ms - probing_ms(sending));
        return;
    }
    if (sending->state != LWM2M_SENDING_UNACKNOWLEDGED ||
        sending->retransmissions >= endpoint->config.transmission.max_retransmit) {
        if (sending->kind->time_out_together) {
            fail_waiting(sending->peer, sending->kind->window, LWM2M_TIMEOUT);
        }
        sending->kind->failed(sending, LWM2M_TIMEOUT);
        return;
    }
    if (sending->kind->replaced != NULL && sending->kind->replaced(sending)) {
        return;
    }
    sending->retransmissions++;
    endpoint->statistics.retransmissions++;
    lwm2m_timer_arm_in(endpoint->config.timers, timer,
                       (uint64_t)sending->timeout_ms << sending->retransmissions);
    send_datagram(sending);
}

/* Drawn evenly from ACK_TIMEOUT to ACK_TIMEOUT * ACK_RANDOM_FACTOR (RFC 7252 §4.2). */
static uint32_t draw_timeout_ms(struct lwm2m_endpoint *endpoint)
{
    const struct lwm2m_transmission *transmission = &endpoint->config.transmission;
    uint64_t span = (uint64_t)transmission->ack_timeout_ms *
                    (transmission->ack_random_factor_percent - 100) / 100;
    uint32_t random;

    lwm2m_endpoint_random(endpoint, &random, sizeof(random));
    return transmission->ack_timeout_ms + (uint32_t)(random % (span + 1));
}

enum lwm2m_error lwm2m_sending_new(struct lwm2m_endpoint *endpoint,
                                   struct lwm2m_endpoint_peer *peer,
                                   const struct lwm2m_sending_kind *kind, size_t size,
                                   struct lwm2m_bytes datagram, struct lwm2m_sending **sending)
{
    struct lwm2m_traffic *traffic = lwm2m_traffic_get(endpoint, peer);
    struct lwm2m_sending *made;

    if (traffic == NULL) {
        return LWM2M_NO_MEMORY;
    }
    made = endpoint->port->allocate(endpoint->port->context, size + datagram.length);
    if (made == NULL) {
        return LWM2M_NO_MEMORY;
    }
    memset(made, 0, size);
    made->kind = kind;
    made->endpoint = endpoint;
    made->peer = peer;
    made->datagram = (uint8_t *)made + size;
    made->length = (uint32_t)datagram.length;
    memcpy(made->datagram, datagram.data, datagram.length);
    made->timer.fire = timer_fired;
    made->timeout_ms = draw_timeout_ms(endpoint);
    made->accepted_timeout_ms = endpoint->config.transmission.response_timeout_ms;
    lwm2m_list_init(&made->link);
    traffic->sendings++;
    lwm2m_peers_hold(peer);
    *sending = made;
    return LWM2M_OK;
}

void lwm2m_sending_transmit(struct lwm2m_sending *sending)
{
    struct lwm2m_endpoint *endpoint = sending->endpoint;
    uint64_t timeout_ms = probing_ms(sending);

    leave_message_id(sending);
    enter_message_id(sending, lwm2m_endpoint_next_message_id(endpoint, sending->peer));
    sending->datagram[2] = (uint8_t)(sending->message_id >> 8);
    sending->datagram[3] = (uint8_t)sending->message_id;
    sending->state = LWM2M_SENDING_ACCEPTED;
    if (is_confirmable(sending)) {
        sending->state = LWM2M_SENDING_UNACKNOWLEDGED;
        timeout_ms = (uint64_t)sending->timeout_ms << sending->retransmissions;
    }
    lwm2m_list_remove(&sending->link);
    lwm2m_list_append(&sending->peer->traffic->under_way, &sending->link);
    lwm2m_timer_arm_in(endpoint->config.timers, &sending->timer, timeout_ms);
    send_datagram(sending);
}

void lwm2m_sending_start(struct lwm2m_sending *sending)
{
    struct lwm2m_traffic *traffic = sending->peer->traffic;
    enum lwm2m_sending_window window = sending->kind->window;

    if (window == LWM2M_WINDOW_NONE) {
        lwm2m_sending_transmit(sending);
        return;
    }
    if (traffic->in_window[window] >= sending->endpoint->config.transmission.nstart) {
        traffic->waiting_count[window]++;
        lwm2m_list_append(&traffic->waiting[window], &sending->link);
        return;
    }
    sending->in_window = true;
    traffic->in_window[window]++;
    lwm2m_sending_transmit(sending);
}

void lwm2m_sending_settle(struct lwm2m_sending *sending, enum lwm2m_sending_state state)
{
    lwm2m_timer_disarm(sending->endpoint->config.timers, &sending->timer);
    leave_message_id(sending);
    sending->state = (uint8_t)state;
    leave_window(sending);
}

void lwm2m_sending_acknowledge(struct lwm2m_sending *sending)
{
    if (sending->state != LWM2M_SENDING_UNACKNOWLEDGED) {
        return;
    }
    lwm2m_sending_settle(sending, LWM2M_SENDING_ACCEPTED);
    lwm2m_timer_arm_in(sending->endpoint->config.timers, &sending->timer,
                       sending->accepted_timeout_ms);
    sending->kind->acknowledged(sending);
}

void lwm2m_sending_free(struct lwm2m_sending *sending)
{
    struct lwm2m_endpoint *endpoint = sending->endpoint;
    struct lwm2m_endpoint_peer *peer = sending->peer;
    struct lwm2m_traffic *traffic = peer->traffic;

    if (sending->state == LWM2M_SENDING_WAITING && !lwm2m_list_is_empty(&sending->link)) {
        traffic->waiting_count[sending->kind->window]--;
    }
    lwm2m_list_remove(&sending->link);
    lwm2m_sending_settle(sending, LWM2M_SENDING_IDLE);
    lwm2m_sending_leave_token(sending);
    endpoint->port->release(endpoint->port->context, sending);
    if (--traffic->sendings == 0 && traffic->unconfirmed == NULL) {
        endpoint->port->release(endpoint->port->context, traffic);
        peer->traffic = NULL;
    }
    lwm2m_endpoint_let_go(endpoint, peer);
}
