/*
 * The peers of the libcoap transport: one session of libcoap's each, that of whoever called us, or
 * one of our own.
 *
 * libcoap must not lose a session, nor what it waits to send again, while it calls us: both wait
 * until it has returned.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "host/address.h"
#include "host/libcoap_state.h"

/* Beside the window of requests: one message each of notifications and of separate answers. */
#define OTHER_WINDOWS 2

static uint32_t hash_address(const struct lwm2m_libcoap *libcoap,
                             const struct lwm2m_address *address)
{
    struct lwm2m_address_key key = lwm2m_address_key_of(address);

    return lwm2m_hash_table_hash(&libcoap->addresses, &key, sizeof(key));
}

static struct lwm2m_libcoap_peer *find(const struct lwm2m_libcoap *libcoap,
                                       const struct lwm2m_address *address)
{
    uint32_t hash = hash_address(libcoap, address);
    struct lwm2m_hash_node *node = lwm2m_hash_table_first(&libcoap->addresses, hash);

    for (; node != NULL; node = lwm2m_hash_table_next(node)) {
        struct lwm2m_libcoap_peer *peer =
            LWM2M_CONTAINER_OF(node, struct lwm2m_libcoap_peer, by_address);
        if (lwm2m_address_is_same_place(&peer->address, address)) {
            return peer;
        }
    }
    return NULL;
}

static void set_transmission(const struct lwm2m_libcoap *libcoap, coap_session_t *session)
{
    const struct lwm2m_transmission *transmission = &libcoap->config.transmission;
    coap_fixed_point_t one = {1, 0};

    /* Each first timeout is random already: see lwm2m_libcoap_peer_send. */
    coap_session_set_ack_random_factor(session, one);
    coap_session_set_max_retransmit(session, (uint16_t)transmission->max_retransmit);
    coap_session_set_nstart(session, (uint16_t)(transmission->nstart + OTHER_WINDOWS));
    coap_session_set_mtu(session, LWM2M_LIBCOAP_RECEIVED_MAX);
}

static struct lwm2m_libcoap_peer *new_peer(struct lwm2m_libcoap *libcoap, coap_session_t *session,
                                           const struct lwm2m_address *address)
{
    const struct lwm2m_port *port = libcoap->port;
    struct lwm2m_libcoap_peer *peer = port->allocate(port->context, sizeof(*peer));

    if (peer == NULL) {
        return NULL;
    }
    memset(peer, 0, sizeof(*peer));
    peer->peer.transport = libcoap->transport.top;
    peer->libcoap = libcoap;
    peer->address = *address;
    peer->shown = *address;
    if (libcoap->relay != NULL) {
        (void)lwm2m_chaos_relay_outside(libcoap->relay, address, &peer->shown);
    }
    peer->session = session;
    lwm2m_list_init(&peer->exchanges);
    lwm2m_list_init(&peer->waiting);
    lwm2m_list_init(&peer->untidy);
    lwm2m_list_append(&libcoap->peers, &peer->link);
    lwm2m_hash_table_insert(&libcoap->addresses, &peer->by_address, hash_address(libcoap, address));
    libcoap->statistics.peers++;
    coap_session_set_app_data(session, peer);
    set_transmission(libcoap, session);
    return peer;
}

struct lwm2m_libcoap_peer *lwm2m_libcoap_peer_of(struct lwm2m_libcoap *libcoap,
                                                 coap_session_t *session)
{
    const coap_address_t *remote = coap_session_get_addr_remote(session);
    struct lwm2m_libcoap_peer *peer = coap_session_get_app_data(session);
    struct lwm2m_address address;

    if (peer != NULL) {
        return peer;
    }
    if (remote == NULL || !lwm2m_address_from_socket(&remote->addr.sa, &address)) {
        return NULL;
    }
    return new_peer(libcoap, session, &address);
}

void lwm2m_libcoap_peer_free(struct lwm2m_libcoap_peer *peer)
{
    struct lwm2m_libcoap *libcoap = peer->libcoap;

    lwm2m_libcoap_exchanges_free(peer);
    lwm2m_libcoap_notifications_free(peer);
    lwm2m_answers_forget(&libcoap->answers, &peer->answers);
    coap_session_set_app_data(peer->session, NULL);
    lwm2m_hash_table_remove(&libcoap->addresses, &peer->by_address);
    lwm2m_list_remove(&peer->link);
    lwm2m_list_remove(&peer->untidy);
    libcoap->statistics.peers--;
    libcoap->port->release(libcoap->port->context, peer);
}

static void defer(struct lwm2m_libcoap_peer *peer)
{
    struct lwm2m_libcoap *libcoap = peer->libcoap;

    lwm2m_list_remove(&peer->untidy);
    lwm2m_list_append(&libcoap->untidy, &peer->untidy);
    if (!lwm2m_timer_is_armed(&libcoap->deferred)) {
        lwm2m_timer_arm_in(libcoap->timers, &libcoap->deferred, 0);
    }
}

uint32_t lwm2m_libcoap_hash_token(const struct lwm2m_hash_table *table,
                                  const struct lwm2m_libcoap_peer *peer,
                                  const struct lwm2m_token *token)
{
    struct {
        const struct lwm2m_libcoap_peer *peer;
        struct lwm2m_token token;
    } key;

    memset(&key, 0, sizeof(key));
    key.peer = peer;
    key.token = *token;
    return lwm2m_hash_table_hash(table, &key, sizeof(key));
}

void lwm2m_libcoap_peer_hold(struct lwm2m_libcoap_peer *peer)
{
    if (peer->references++ == 0 && !peer->is_client) {
        coap_session_reference(peer->session);
    }
}

/* libcoap keeps the session of a caller until it has been idle for long; one of our own goes at
 * once. */
void lwm2m_libcoap_peer_let_go(struct lwm2m_libcoap_peer *peer)
{
    if (--peer->references > 0) {
        return;
    }
    if (peer->is_client) {
        defer(peer);
    } else {
        coap_session_release(peer->session);
    }
}

void lwm2m_libcoap_peer_fail(struct lwm2m_libcoap_peer *peer, enum lwm2m_error error)
{
    peer->has_failed = true;
    peer->failure = error;
    defer(peer);
}

void lwm2m_libcoap_unreachable(struct lwm2m_libcoap *libcoap, const struct lwm2m_address *address)
{
    struct lwm2m_libcoap_peer *peer = find(libcoap, address);

    if (peer != NULL) {
        lwm2m_libcoap_peer_fail(peer, LWM2M_UNREACHABLE);
    }
}

void lwm2m_libcoap_set_relay(struct lwm2m_libcoap *libcoap, const struct lwm2m_chaos_relay *relay)
{
    libcoap->relay = relay;
}

/* Makes libcoap forget what it waits to send again; its calls of our handler for that are ignored.
 */
static void sweep(struct lwm2m_libcoap_peer *peer)
{
    peer->is_littered = false;
    coap_session_disconnected(peer->session, COAP_NACK_NOT_DELIVERABLE);
}

static void tidy(struct lwm2m_libcoap_peer *peer)
{
    bool has_failed = peer->has_failed;
    bool is_idle = peer->in_window == 0 && peer->notifications == 0 && peer->unanswered == 0;

    peer->has_failed = false;
    if (has_failed || (peer->is_littered && is_idle) ||
        (peer->is_client && peer->references == 0)) {
        sweep(peer);
    }
    if (has_failed) {
        lwm2m_libcoap_peer_hold(peer);
        lwm2m_libcoap_exchanges_fail(peer, peer->failure);
        lwm2m_libcoap_notifications_fail(peer, peer->failure);
        lwm2m_libcoap_peer_let_go(peer);
    }
    if (peer->is_client && peer->references == 0) {
        coap_session_t *session = peer->session;
        lwm2m_libcoap_peer_free(peer);
        coap_session_release(session);
    }
}

void lwm2m_libcoap_peer_litter(struct lwm2m_libcoap_peer *peer)
{
    peer->is_littered = true;
    defer(peer);
}

void lwm2m_libcoap_peers_tidy(struct lwm2m_libcoap *libcoap)
{
    struct lwm2m_list untidy;
    struct lwm2m_list *node;

    lwm2m_list_init(&untidy);
    while ((node = lwm2m_list_first(&libcoap->untidy)) != NULL) {
        lwm2m_list_remove(node);
        lwm2m_list_append(&untidy, node);
    }
    while ((node = lwm2m_list_first(&untidy)) != NULL) {
        lwm2m_list_remove(node);
        tidy(LWM2M_CONTAINER_OF(node, struct lwm2m_libcoap_peer, untidy));
    }
}

/* ---- sending ---- */

uint64_t lwm2m_libcoap_give_up_ms(const struct lwm2m_libcoap *libcoap, uint32_t timeout_ms)
{
    return (uint64_t)timeout_ms *
           ((UINT64_C(2) << libcoap->config.transmission.max_retransmit) - 1);
}

static uint32_t draw_timeout_ms(const struct lwm2m_libcoap *libcoap)
{
    const struct lwm2m_transmission *transmission = &libcoap->config.transmission;
    uint32_t least_ms = transmission->ack_timeout_ms;
    uint64_t spread_ms = (uint64_t)least_ms * (transmission->ack_random_factor_percent - 100) / 100;
    uint32_t random;

    libcoap->port->random(libcoap->port->context, &random, sizeof(random));
    return least_ms + (uint32_t)(random % (spread_ms + 1));
}

static void trace_outgoing(struct lwm2m_libcoap_peer *peer, const coap_pdu_t *pdu)
{
    struct lwm2m_libcoap *libcoap = peer->libcoap;
    struct lwm2m_message message;

    if (libcoap->config.trace != NULL && libcoap->config.trace->message != NULL &&
        lwm2m_libcoap_message_read(pdu, libcoap->scratch, sizeof(libcoap->scratch), &message) ==
            LWM2M_OK) {
        lwm2m_libcoap_trace(libcoap, peer, true, &message);
    }
}

void lwm2m_libcoap_peer_send(struct lwm2m_libcoap_peer *peer, coap_pdu_t *pdu,
                             struct lwm2m_libcoap_sent *sent)
{
    coap_fixed_point_t timeout;

    sent->timeout_ms = draw_timeout_ms(peer->libcoap);
    sent->message_id = coap_new_message_id(peer->session);
    timeout.integer_part = (uint16_t)(sent->timeout_ms / 1000);
    timeout.fractional_part = (uint16_t)(sent->timeout_ms % 1000);
    coap_session_set_ack_timeout(peer->session, timeout);
    coap_pdu_set_mid(pdu, sent->message_id);
    trace_outgoing(peer, pdu);
    if (coap_send(peer->session, pdu) == COAP_INVALID_MID) {
        lwm2m_libcoap_peer_fail(peer, LWM2M_UNREACHABLE);
    }
}

/* ---- calling ---- */

static void to_libcoap(const struct lwm2m_address *address, int family, coap_address_t *to)
{
    struct sockaddr_storage storage;
    socklen_t length = lwm2m_address_to_socket(address, family, &storage);

    coap_address_init(to);
    to->size = length;
    memcpy(&to->addr, &storage, length);
}

/* From the port that we listen on: the kernel gives its socket what comes from there, the others'
 * what is left. */
static coap_session_t *call(struct lwm2m_libcoap *libcoap, const struct lwm2m_address *address)
{
    int family = lwm2m_address_is_ipv4(address->address) ? AF_INET : AF_INET6;
    struct lwm2m_address from = libcoap->bound;
    coap_address_t local, remote;

    if (family == AF_INET && !lwm2m_address_is_ipv4(from.address)) {
        memset(from.address, 0, sizeof(from.address));
    }
    to_libcoap(&from, family, &local);
    to_libcoap(address, family, &remote);
    errno = 0;
    return coap_new_client_session(libcoap->context, &local, &remote, COAP_PROTO_UDP);
}

enum lwm2m_error lwm2m_libcoap_peer(struct lwm2m_libcoap *libcoap,
                                    const struct lwm2m_address *address, struct lwm2m_peer **peer)
{
    struct lwm2m_libcoap_peer *found = find(libcoap, address);
    coap_session_t *session;

    if (found == NULL) {
        session = call(libcoap, address);
        if (session == NULL) {
            return LWM2M_IO;
        }
        found = new_peer(libcoap, session, address);
        if (found == NULL) {
            coap_session_release(session);
            return LWM2M_NO_MEMORY;
        }
        found->is_client = true;
    }
    lwm2m_libcoap_peer_hold(found);
    *peer = &found->peer;
    return LWM2M_OK;
}
