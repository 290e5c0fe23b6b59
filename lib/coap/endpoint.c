/*
 * The endpoint: its life, what its parts share, and its face as a transport.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/endpoint.h>

#include <string.h>

#include "coap/endpoint_state.h"
#include "coap/exchanges.h"
#include "coap/incoming.h"
#include "coap/notifications.h"
#include "coap/pings.h"
#include "coap/reception.h"
#include "coap/sendings.h"

/* What precedes the options and the payload, and the marker between them. */
#define HEADER_AND_TOKEN_BYTES 13
#define DATAGRAM_MIN_BYTES 64
#define DATAGRAM_MAX_BYTES 65507
#define RETRANSMIT_MAX 20
/* Remembered times are compared in 32 bits. */
#define LIFETIME_MAX_MS INT32_MAX

/* ---- what the parts share ---- */

void lwm2m_endpoint_random(struct lwm2m_endpoint *endpoint, void *memory, size_t length)
{
    if (endpoint->random_left < length) {
        endpoint->port->random(endpoint->port->context, endpoint->random, sizeof(endpoint->random));
        endpoint->random_left = sizeof(endpoint->random);
    }
    endpoint->random_left -= length;
    memcpy(memory, endpoint->random + endpoint->random_left, length);
}

enum lwm2m_error lwm2m_endpoint_encode(struct lwm2m_endpoint *endpoint,
                                       const struct lwm2m_message *message,
                                       struct lwm2m_bytes *datagram)
{
    struct lwm2m_buffer buffer;
    enum lwm2m_error error;

    lwm2m_buffer_init(&buffer, endpoint->scratch, endpoint->config.link->max_datagram);
    error = lwm2m_message_encode(message, &buffer);
    if (error == LWM2M_NO_SPACE) {
        return LWM2M_TOO_LARGE;
    }
    *datagram = lwm2m_buffer_bytes(&buffer);
    return error;
}

static void trace_outgoing(const struct lwm2m_endpoint *endpoint,
                           const struct lwm2m_endpoint_peer *peer, struct lwm2m_bytes datagram,
                           unsigned retransmission)
{
    const struct lwm2m_trace *trace = endpoint->config.trace;
    struct lwm2m_message message;

    if (lwm2m_message_decode(datagram, &message, NULL) == LWM2M_OK) {
        trace->message(trace->context, true, &peer->peer, &message, retransmission);
    }
}

void lwm2m_endpoint_send(struct lwm2m_endpoint *endpoint, const struct lwm2m_endpoint_peer *peer,
                         struct lwm2m_bytes datagram, unsigned retransmission)
{
    const struct lwm2m_datagram_link *link = endpoint->config.link;

    if (endpoint->config.trace != NULL && endpoint->config.trace->message != NULL) {
        trace_outgoing(endpoint, peer, datagram, retransmission);
    }
    endpoint->statistics.sent++;
    if (link->send(link->context, &peer->address, datagram) != LWM2M_OK) {
        endpoint->statistics.link_failures++;
    }
}

void lwm2m_endpoint_print_empty(enum lwm2m_message_type type, uint16_t message_id,
                                uint8_t bytes[LWM2M_EMPTY_MESSAGE_BYTES])
{
    bytes[0] = (uint8_t)(0x40u | (unsigned)type << 4);
    bytes[1] = 0;
    bytes[2] = (uint8_t)(message_id >> 8);
    bytes[3] = (uint8_t)message_id;
}

void lwm2m_endpoint_send_empty(struct lwm2m_endpoint *endpoint,
                               const struct lwm2m_endpoint_peer *peer, enum lwm2m_message_type type,
                               uint16_t message_id)
{
    uint8_t bytes[LWM2M_EMPTY_MESSAGE_BYTES];

    lwm2m_endpoint_print_empty(type, message_id, bytes);
    lwm2m_endpoint_send(endpoint, peer, (struct lwm2m_bytes){bytes, sizeof(bytes)}, 0);
}

uint16_t lwm2m_endpoint_next_message_id(struct lwm2m_endpoint *endpoint,
                                        struct lwm2m_endpoint_peer *peer)
{
    uint16_t message_id = peer->next_message_id++;

    /* Far fewer than 65536 can be under way with one peer. */
    while (lwm2m_sending_find_message_id(endpoint, peer, message_id) != NULL) {
        message_id = peer->next_message_id++;
    }
    return message_id;
}

/* The lists that it looks after are in order of time: armed for their first, it need not be moved.
 */
static void arm_housekeeping(struct lwm2m_endpoint *endpoint)
{
    if (!lwm2m_timer_is_armed(&endpoint->housekeeping)) {
        lwm2m_timer_arm_in(endpoint->config.timers, &endpoint->housekeeping,
                           endpoint->peers.lifetime_ms);
    }
}

static void housekeeping_fired(struct lwm2m_timer *timer)
{
    struct lwm2m_endpoint *endpoint =
        LWM2M_CONTAINER_OF(timer, struct lwm2m_endpoint, housekeeping);
    uint64_t now_ms = lwm2m_timers_now(endpoint->config.timers);
    uint64_t answers_ms = lwm2m_answer_store_step(&endpoint->answers, now_ms);
    uint64_t peers_ms = lwm2m_peers_step(&endpoint->peers, now_ms);

    lwm2m_timer_arm_in(endpoint->config.timers, timer,
                       answers_ms < peers_ms ? answers_ms : peers_ms);
}

bool lwm2m_endpoint_remember(struct lwm2m_endpoint *endpoint, struct lwm2m_endpoint_peer *peer,
                             const struct lwm2m_message *message)
{
    const struct lwm2m_transmission *transmission = &endpoint->config.transmission;
    uint32_t lifetime_ms = message->type == LWM2M_MESSAGE_CON ? transmission->exchange_lifetime_ms
                                                              : transmission->non_lifetime_ms;

    arm_housekeeping(endpoint);
    return lwm2m_answers_remember(&endpoint->answers, &peer->answers, message->message_id,
                                  endpoint->received_ms, lifetime_ms) == LWM2M_OK;
}

void lwm2m_endpoint_let_go(struct lwm2m_endpoint *endpoint, struct lwm2m_endpoint_peer *peer)
{
    if (lwm2m_peers_let_go(&endpoint->peers, peer)) {
        arm_housekeeping(endpoint);
    }
}

struct lwm2m_endpoint_peer *lwm2m_endpoint_hold_peer(struct lwm2m_endpoint *endpoint,
                                                     const struct lwm2m_address *address)
{
    const struct lwm2m_datagram_link *link = endpoint->config.link;
    struct lwm2m_endpoint_peer *peer = lwm2m_peers_find(&endpoint->peers, address);

    if (peer != NULL) {
        lwm2m_peers_hold(peer);
        return peer;
    }
    /* What the link knows now is kept: the association may be over before the peer is. */
    struct lwm2m_bytes proved = {NULL, 0};
    enum lwm2m_security security = link->identity != NULL
                                       ? link->identity(link->context, address, &proved)
                                       : LWM2M_SECURITY_NONE;
    peer = lwm2m_peers_add(&endpoint->peers, address, security, proved);
    if (peer == NULL) {
        return NULL;
    }
    peer->peer.transport = endpoint->transport.top;
    lwm2m_endpoint_random(endpoint, &peer->next_message_id, sizeof(peer->next_message_id));
    return peer;
}

/* ---- the face as a transport ---- */

static void retain(struct lwm2m_transport *self, struct lwm2m_peer *peer)
{
    (void)self;
    lwm2m_peers_hold((struct lwm2m_endpoint_peer *)peer);
}

static void release(struct lwm2m_transport *self, struct lwm2m_peer *peer)
{
    lwm2m_endpoint_let_go((struct lwm2m_endpoint *)self, (struct lwm2m_endpoint_peer *)peer);
}

static void print_address(struct lwm2m_transport *self, const struct lwm2m_peer *peer,
                          char text[LWM2M_ADDRESS_TEXT_MAX])
{
    const struct lwm2m_datagram_link *link = ((struct lwm2m_endpoint *)self)->config.link;

    text[0] = '\0';
    if (link->print_address != NULL) {
        link->print_address(link->context, &((const struct lwm2m_endpoint_peer *)peer)->address,
                            text);
    }
}

static enum lwm2m_security identity(struct lwm2m_transport *self, const struct lwm2m_peer *peer,
                                    struct lwm2m_bytes *proved)
{
    const struct lwm2m_endpoint_peer *asked = (const struct lwm2m_endpoint_peer *)peer;

    (void)self;
    *proved = asked->security == LWM2M_SECURITY_NONE
                  ? (struct lwm2m_bytes){NULL, 0}
                  : (struct lwm2m_bytes){asked->identity + 1, asked->identity[0]};
    return (enum lwm2m_security)asked->security;
}

static size_t max_payload(struct lwm2m_transport *self, const struct lwm2m_peer *peer)
{
    (void)peer;
    return ((struct lwm2m_endpoint *)self)->config.link->max_datagram - HEADER_AND_TOKEN_BYTES;
}

static const struct lwm2m_transport_operations operations = {
    .request = lwm2m_exchanges_request,
    .cancel = lwm2m_exchanges_cancel,
    .respond = lwm2m_incoming_answer,
    .notify = lwm2m_notifications_notify,
    .retain = retain,
    .release = release,
    .print_address = print_address,
    .identity = identity,
    .max_payload = max_payload,
};

/* ---- life ---- */

void lwm2m_endpoint_config_init(struct lwm2m_endpoint_config *config)
{
    *config = (struct lwm2m_endpoint_config){
        .size = sizeof(*config),
        .transmission =
            {
                .ack_timeout_ms = 2000,
                .ack_random_factor_percent = 150,
                .max_retransmit = 4,
                .nstart = 1,
                .exchange_lifetime_ms = 247000,
                .non_lifetime_ms = 145000,
                .response_timeout_ms = 93000,
            },
        .max_peers = 200000,
        .max_waiting = 100,
        .answers_per_peer = 8,
        .max_answer_bytes = (size_t)64 << 20,
    };
}

static bool is_config_valid(const struct lwm2m_endpoint_config *config)
{
    const struct lwm2m_transmission *transmission = &config->transmission;

    return config->timers != NULL && config->link != NULL && config->link->send != NULL &&
           config->link->max_datagram >= DATAGRAM_MIN_BYTES &&
           config->link->max_datagram <= DATAGRAM_MAX_BYTES && transmission->ack_timeout_ms > 0 &&
           transmission->ack_random_factor_percent >= 100 &&
           transmission->ack_random_factor_percent <= 1000 &&
           transmission->max_retransmit <= RETRANSMIT_MAX && transmission->nstart > 0 &&
           transmission->exchange_lifetime_ms <= LIFETIME_MAX_MS &&
           transmission->non_lifetime_ms <= LIFETIME_MAX_MS && config->max_peers > 0 &&
           config->answers_per_peer > 0 && config->answers_per_peer <= 1000;
}

static enum lwm2m_error endpoint_init(struct lwm2m_endpoint *endpoint)
{
    const struct lwm2m_endpoint_config *config = &endpoint->config;
    const struct lwm2m_transmission *transmission = &config->transmission;
    const struct lwm2m_port *port = endpoint->port;
    uint32_t lifetime_ms = transmission->exchange_lifetime_ms > transmission->non_lifetime_ms
                               ? transmission->exchange_lifetime_ms
                               : transmission->non_lifetime_ms;

    endpoint->transport.operations = &operations;
    endpoint->transport.capabilities =
        LWM2M_TRANSPORT_REPORTS_DELIVERY | LWM2M_TRANSPORT_REPORTS_RESET_OF_NON;
    endpoint->transport.top = &endpoint->transport;
    endpoint->housekeeping.fire = housekeeping_fired;
    lwm2m_list_init(&endpoint->incomings);
    lwm2m_list_init(&endpoint->spare_incomings);
    lwm2m_answer_store_init(&endpoint->answers, port, config->answers_per_peer,
                            config->max_answer_bytes, lifetime_ms);
    endpoint->scratch = port->allocate(port->context, config->link->max_datagram);
    if (endpoint->scratch == NULL ||
        lwm2m_hash_table_init(&endpoint->message_ids, port) != LWM2M_OK ||
        lwm2m_hash_table_init(&endpoint->tokens, port) != LWM2M_OK) {
        return LWM2M_NO_MEMORY;
    }
    return lwm2m_peers_init(&endpoint->peers, config->timers, &endpoint->answers, config->max_peers,
                            lifetime_ms);
}

enum lwm2m_error lwm2m_endpoint_new(const struct lwm2m_endpoint_config *config,
                                    struct lwm2m_endpoint **endpoint)
{
    const struct lwm2m_port *port;
    struct lwm2m_endpoint *made;
    enum lwm2m_error error;

    if (config->size != sizeof(*config) || !is_config_valid(config)) {
        return LWM2M_ARGUMENT;
    }
    port = config->timers->port;
    made = port->allocate(port->context, sizeof(*made));
    if (made == NULL) {
        return LWM2M_NO_MEMORY;
    }
    memset(made, 0, sizeof(*made));
    made->config = *config;
    made->port = port;
    error = endpoint_init(made);
    if (error != LWM2M_OK) {
        lwm2m_endpoint_free(made);
        return error;
    }
    *endpoint = made;
    return LWM2M_OK;
}

void lwm2m_endpoint_free(struct lwm2m_endpoint *endpoint)
{
    if (endpoint == NULL) {
        return;
    }
    lwm2m_incoming_free_all(endpoint);
    lwm2m_peers_release(&endpoint->peers);
    lwm2m_timer_disarm(endpoint->config.timers, &endpoint->housekeeping);
    lwm2m_hash_table_release(&endpoint->message_ids);
    lwm2m_hash_table_release(&endpoint->tokens);
    endpoint->port->release(endpoint->port->context, endpoint->scratch);
    endpoint->port->release(endpoint->port->context, endpoint);
}

struct lwm2m_transport *lwm2m_endpoint_transport(struct lwm2m_endpoint *endpoint)
{
    return &endpoint->transport;
}

/* ---- entry ---- */

void lwm2m_endpoint_receive(struct lwm2m_endpoint *endpoint, const struct lwm2m_address *from,
                            struct lwm2m_bytes datagram)
{
    lwm2m_reception_datagram(endpoint, from, datagram);
}

void lwm2m_endpoint_expect(struct lwm2m_endpoint *endpoint, const struct lwm2m_address *addresses,
                           size_t count)
{
    lwm2m_peers_expect(&endpoint->peers, addresses, count);
}

void lwm2m_endpoint_fail(struct lwm2m_endpoint *endpoint, const struct lwm2m_address *to,
                         enum lwm2m_error error)
{
    struct lwm2m_endpoint_peer *peer = lwm2m_peers_find(&endpoint->peers, to);

    if (peer == NULL) {
        return;
    }
    lwm2m_peers_hold(peer);
    lwm2m_traffic_fail(peer, error);
    lwm2m_endpoint_let_go(endpoint, peer);
}

static void receiver_receive(void *context, const struct lwm2m_address *from,
                             struct lwm2m_bytes datagram)
{
    lwm2m_endpoint_receive(context, from, datagram);
}

static void receiver_fail(void *context, const struct lwm2m_address *to, enum lwm2m_error error)
{
    lwm2m_endpoint_fail(context, to, error);
}

static void receiver_expect(void *context, const struct lwm2m_address *from, size_t count)
{
    lwm2m_endpoint_expect(context, from, count);
}

struct lwm2m_datagram_receiver lwm2m_endpoint_receiver(struct lwm2m_endpoint *endpoint)
{
    return (struct lwm2m_datagram_receiver){
        .context = endpoint,
        .receive = receiver_receive,
        .fail = receiver_fail,
        .expect = receiver_expect,
    };
}

enum lwm2m_error lwm2m_endpoint_peer(struct lwm2m_endpoint *endpoint,
                                     const struct lwm2m_address *address, struct lwm2m_peer **peer)
{
    struct lwm2m_endpoint_peer *found = lwm2m_endpoint_hold_peer(endpoint, address);

    if (found == NULL) {
        return LWM2M_NO_MEMORY;
    }
    *peer = &found->peer;
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_endpoint_ping(struct lwm2m_endpoint *endpoint, struct lwm2m_peer *peer,
                                     void (*on_pong)(void *context, enum lwm2m_error error),
                                     void *context)
{
    return lwm2m_ping_send(endpoint, (struct lwm2m_endpoint_peer *)peer, on_pong, context);
}

void lwm2m_endpoint_statistics_get(const struct lwm2m_endpoint *endpoint,
                                   struct lwm2m_endpoint_statistics *statistics)
{
    *statistics = endpoint->statistics;
    statistics->peers = endpoint->peers.table.count;
    statistics->exchanges = endpoint->exchanges;
    statistics->kept_answers = endpoint->answers.count;
    statistics->kept_answer_bytes = endpoint->answers.bytes;
}
