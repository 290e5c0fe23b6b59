/*
 * The table of an endpoint's peers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coap/peers.h"

#include <string.h>

#include "base/log.h"
#include "coap/sendings.h"

/* What tells one peer from another: without our own address, and without padding. */
struct peer_key {
    uint8_t address[16];
    uint32_t scope;
    uint32_t association;
    uint32_t port;
};

static uint32_t address_hash(const struct lwm2m_peers *peers, const struct lwm2m_address *address)
{
    struct peer_key key = {
        .scope = address->scope,
        .association = address->association,
        .port = address->port,
    };

    memcpy(key.address, address->address, sizeof(key.address));
    return lwm2m_hash_table_hash(&peers->table, &key, sizeof(key));
}

static bool is_same_peer(const struct lwm2m_address *a, const struct lwm2m_address *b)
{
    return a->port == b->port && a->scope == b->scope && a->association == b->association &&
           memcmp(a->address, b->address, sizeof(a->address)) == 0;
}

enum lwm2m_error lwm2m_peers_init(struct lwm2m_peers *peers, const struct lwm2m_timers *timers,
                                  struct lwm2m_answer_store *answers, size_t max_count,
                                  uint32_t lifetime_ms)
{
    memset(peers, 0, sizeof(*peers));
    lwm2m_list_init(&peers->idle);
    peers->answers = answers;
    peers->max_count = max_count;
    peers->lifetime_ms = lifetime_ms;
    peers->timers = timers;
    return lwm2m_hash_table_init(&peers->table, timers->port);
}

static void forget(struct lwm2m_peers *peers, struct lwm2m_endpoint_peer *peer)
{
    lwm2m_traffic_free(peers->timers->port, peer);
    lwm2m_answers_forget(peers->answers, &peer->answers);
    lwm2m_list_remove(&peer->idle);
    lwm2m_hash_table_remove(&peers->table, &peer->node);
    peers->timers->port->release(peers->timers->port->context, peer);
}

void lwm2m_peers_release(struct lwm2m_peers *peers)
{
    struct lwm2m_hash_node *node;

    if (peers->timers == NULL) {
        return;
    }
    node = lwm2m_hash_table_walk(&peers->table, NULL);
    while (node != NULL) {
        struct lwm2m_hash_node *next = lwm2m_hash_table_walk(&peers->table, node);

        forget(peers, LWM2M_CONTAINER_OF(node, struct lwm2m_endpoint_peer, node));
        node = next;
    }
    lwm2m_hash_table_release(&peers->table);
}

struct lwm2m_endpoint_peer *lwm2m_peers_find(const struct lwm2m_peers *peers,
                                             const struct lwm2m_address *address)
{
    struct lwm2m_hash_node *node =
        lwm2m_hash_table_first(&peers->table, address_hash(peers, address));

    while (node != NULL) {
        struct lwm2m_endpoint_peer *peer =
            LWM2M_CONTAINER_OF(node, struct lwm2m_endpoint_peer, node);

        if (is_same_peer(&peer->address, address)) {
            return peer;
        }
        node = lwm2m_hash_table_next(node);
    }
    return NULL;
}

/* As many as a link hands over at a time. */
#define EXPECTED_MAX 64

/* What a message of the peer will touch first. */
static void prefetch_belongings(const struct lwm2m_endpoint_peer *peer)
{
    __builtin_prefetch(peer->answers);
    if (peer->peer.owner != NULL) {
        __builtin_prefetch(peer->peer.owner);
        __builtin_prefetch((const char *)peer->peer.owner + 64);
        __builtin_prefetch((const char *)peer->peer.owner + 128);
    }
}

/* In three rounds, so that what one waits for in memory comes while the others are looked up. */
void lwm2m_peers_expect(const struct lwm2m_peers *peers, const struct lwm2m_address *addresses,
                        size_t count)
{
    uint32_t hashes[EXPECTED_MAX];

    if (count > EXPECTED_MAX) {
        count = EXPECTED_MAX;
    }
    for (size_t i = 0; i < count; i++) {
        hashes[i] = address_hash(peers, &addresses[i]);
        lwm2m_hash_table_prefetch_bucket(&peers->table, hashes[i]);
    }
    for (size_t i = 0; i < count; i++) {
        lwm2m_hash_table_prefetch_node(&peers->table, hashes[i]);
    }
    for (size_t i = 0; i < count; i++) {
        struct lwm2m_hash_node *node = lwm2m_hash_table_first(&peers->table, hashes[i]);

        if (node != NULL) {
            prefetch_belongings(LWM2M_CONTAINER_OF(node, struct lwm2m_endpoint_peer, node));
        }
    }
}

/* Forgets the peer that has been idle for longest; false if there is none. */
static bool make_room(struct lwm2m_peers *peers)
{
    struct lwm2m_list *longest = lwm2m_list_first(&peers->idle);

    if (longest == NULL) {
        return false;
    }
    forget(peers, LWM2M_CONTAINER_OF(longest, struct lwm2m_endpoint_peer, idle));
    return true;
}

struct lwm2m_endpoint_peer *lwm2m_peers_add(struct lwm2m_peers *peers,
                                            const struct lwm2m_address *address,
                                            enum lwm2m_security security,
                                            struct lwm2m_bytes identity)
{
    size_t identity_bytes = security != LWM2M_SECURITY_NONE ? 1 + identity.length : 0;
    struct lwm2m_endpoint_peer *peer;

    if (identity.length > LWM2M_PEER_IDENTITY_MAX) {
        return NULL;
    }
    if (peers->table.count >= peers->max_count && !make_room(peers)) {
        return NULL;
    }
    peer =
        peers->timers->port->allocate(peers->timers->port->context, sizeof(*peer) + identity_bytes);
    if (peer == NULL) {
        return NULL;
    }
    memset(peer, 0, sizeof(*peer));
    peer->address = *address;
    peer->references = 1;
    peer->security = (uint8_t)security;
    if (identity_bytes > 0) {
        peer->identity[0] = (uint8_t)identity.length;
    }
    if (identity_bytes > 1) {
        memcpy(peer->identity + 1, identity.data, identity.length);
    }
    lwm2m_list_init(&peer->idle);
    lwm2m_hash_table_insert(&peers->table, &peer->node, address_hash(peers, address));
    return peer;
}

void lwm2m_peers_hold(struct lwm2m_endpoint_peer *peer)
{
    if (peer->references++ == 0) {
        lwm2m_list_remove(&peer->idle);
    }
}

bool lwm2m_peers_let_go(struct lwm2m_peers *peers, struct lwm2m_endpoint_peer *peer)
{
    LWM2M_ASSERT(peers->timers->port, peer->references > 0);
    if (--peer->references > 0) {
        return false;
    }
    peer->idle_since_ms = (uint32_t)lwm2m_timers_now(peers->timers);
    lwm2m_list_append(&peers->idle, &peer->idle);
    return true;
}

uint64_t lwm2m_peers_step(struct lwm2m_peers *peers, uint64_t now_ms)
{
    struct lwm2m_list *node;

    while ((node = lwm2m_list_first(&peers->idle)) != NULL) {
        struct lwm2m_endpoint_peer *peer =
            LWM2M_CONTAINER_OF(node, struct lwm2m_endpoint_peer, idle);
        uint32_t idle_ms = (uint32_t)now_ms - peer->idle_since_ms;

        if (idle_ms < peers->lifetime_ms) {
            return peers->lifetime_ms - idle_ms;
        }
        forget(peers, peer);
    }
    return LWM2M_NEVER;
}
