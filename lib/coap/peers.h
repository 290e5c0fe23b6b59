/*
 * The remote addresses that an endpoint knows: found by hash, kept while held, and forgotten when
 * they were idle for an exchange's lifetime, or longest of all when there are too many.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COAP_PEERS_H
#define COAP_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/endpoint.h>
#include <lwm2m/error.h>
#include <lwm2m/list.h>
#include <lwm2m/timers.h>
#include <lwm2m/transport.h>

#include "base/hash_table.h"
#include "coap/answers.h"

struct lwm2m_traffic;

#define LWM2M_PEER_IDENTITY_MAX 255

/* There are many of these: what only few peers need hangs behind a pointer. */
struct lwm2m_endpoint_peer {
    struct lwm2m_peer peer; /* first: engines hold this */
    struct lwm2m_hash_node node;
    struct lwm2m_list idle; /* in lwm2m_peers.idle while nothing holds the peer */
    struct lwm2m_address address;
    uint32_t references;
    uint32_t idle_since_ms; /* low 32 bits */
    uint16_t next_message_id;
    uint8_t unanswered; /* its requests that wait for our answer, or that for its acknowledgement */
    uint8_t security;   /* enum lwm2m_security: how it proved who it is */
    struct lwm2m_answers *answers;
    struct lwm2m_traffic *traffic; /* messages of ours: sendings.h; NULL if there are none */
    uint8_t identity[]; /* with security: its length, at most LWM2M_PEER_IDENTITY_MAX, and its bytes */
};

struct lwm2m_peers {
    const struct lwm2m_timers *timers;
    struct lwm2m_answer_store *answers;
    struct lwm2m_hash_table table;
    struct lwm2m_list idle; /* the longest idle first */
    size_t max_count;
    uint32_t lifetime_ms; /* of an idle peer */
};

/* The answers of peers that go are forgotten in `answers`. LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_peers_init(struct lwm2m_peers *peers, const struct lwm2m_timers *timers,
                                  struct lwm2m_answer_store *answers, size_t max_count,
                                  uint32_t lifetime_ms) LWM2M_MUST_CHECK;
/* Frees all peers, held or not, with what is under way with them; accepts zeroed memory. */
void lwm2m_peers_release(struct lwm2m_peers *peers);

/* NULL if the address is not known. */
struct lwm2m_endpoint_peer *lwm2m_peers_find(const struct lwm2m_peers *peers,
                                             const struct lwm2m_address *address);

/* The hint of lwm2m_endpoint_expect. */
void lwm2m_peers_expect(const struct lwm2m_peers *peers, const struct lwm2m_address *addresses,
                        size_t count);

/*
 * Adds an address that is not known yet, with what its link says that it proved; the peer is held. Makes room if need be by forgetting the
 * peer that has been idle for longest; NULL if every one is held, or memory is short.
 */
struct lwm2m_endpoint_peer *lwm2m_peers_add(struct lwm2m_peers *peers,
                                            const struct lwm2m_address *address,
                                            enum lwm2m_security security,
                                            struct lwm2m_bytes identity);

void lwm2m_peers_hold(struct lwm2m_endpoint_peer *peer);
/* True if nothing holds the peer any more. */
bool lwm2m_peers_let_go(struct lwm2m_peers *peers, struct lwm2m_endpoint_peer *peer);

/* Forgets peers idle for too long; in how many ms to ask again, LWM2M_NEVER if none is idle. */
uint64_t lwm2m_peers_step(struct lwm2m_peers *peers, uint64_t now_ms);

#endif
