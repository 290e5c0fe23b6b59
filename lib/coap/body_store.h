/*
 * Bodies that are not whole yet, or not yet fetched: how much memory they may take, for how long,
 * and where to find them again by peer and request.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COAP_BODY_STORE_H
#define COAP_BODY_STORE_H

#include <stddef.h>
#include <stdint.h>

#include <lwm2m/blockwise.h>
#include <lwm2m/bytes.h>
#include <lwm2m/error.h>
#include <lwm2m/list.h>

#include "base/hash_table.h"

/* Bytes that are added piece by piece. Zeroed memory is an empty body. */
struct lwm2m_body {
    uint8_t *data;
    size_t length;
    size_t capacity;
};

enum lwm2m_body_kind {
    LWM2M_BODY_ARRIVING, /* a request that comes by Block1 */
    LWM2M_BODY_KEPT,     /* an answer or a notification that the peer fetches by Block2 */
    LWM2M_BODY_KINDS
};

/* All that peers made us hold for one of them. */
struct lwm2m_body_holder {
    struct lwm2m_hash_node node;
    struct lwm2m_peer *peer;                    /* retained */
    struct lwm2m_list bodies[LWM2M_BODY_KINDS]; /* by their age, oldest first */
    size_t counts[LWM2M_BODY_KINDS];
};

/* A body of a peer, found by its key. The bytes of key and options lie behind the struct. */
struct lwm2m_stored_body {
    struct lwm2m_hash_node node;
    struct lwm2m_list of_holder;
    struct lwm2m_list by_idle_time;
    struct lwm2m_body_holder *holder;
    enum lwm2m_body_kind kind;
    uint8_t code; /* of the message that it belongs to */
    uint64_t touched_ms;
    struct lwm2m_bytes key;
    struct lwm2m_bytes options; /* that message's */
    struct lwm2m_body body;
    size_t again; /* how far a peer has come that sends the body once more; 0: it does not */
};

struct lwm2m_body_store {
    const struct lwm2m_blockwise_config *config;
    const struct lwm2m_port *port;
    struct lwm2m_hash_table bodies;
    struct lwm2m_hash_table holders;
    struct lwm2m_list idle[LWM2M_BODY_KINDS]; /* the one that was not touched for longest first */
    struct lwm2m_timer timer;
    size_t limited_bytes; /* of bodies that peers made us hold: at most max_total_bytes */
    size_t own_bytes;     /* of requests of ours */
};

/* config is borrowed. LWM2M_NO_MEMORY. */
enum lwm2m_error
lwm2m_body_store_init(struct lwm2m_body_store *store,
                      const struct lwm2m_blockwise_config *config) LWM2M_MUST_CHECK;
/* Frees all stored bodies; accepts zeroed memory. */
void lwm2m_body_store_release(struct lwm2m_body_store *store);

/*
 * Appends to a body that a peer sends. Kept answers make way for it, oldest first. LWM2M_TOO_LARGE
 * above max_body_bytes; LWM2M_NO_MEMORY, also when all bodies together would exceed
 * max_total_bytes.
 */
enum lwm2m_error lwm2m_body_append(struct lwm2m_body_store *store, struct lwm2m_body *body,
                                   struct lwm2m_bytes bytes) LWM2M_MUST_CHECK;
/* Leaves an empty body. */
void lwm2m_body_release(struct lwm2m_body_store *store, struct lwm2m_body *body);
struct lwm2m_bytes lwm2m_body_bytes(const struct lwm2m_body *body);

/* Copies a body that we send; it counts as ours, without limit. */
enum lwm2m_error lwm2m_body_copy_own(struct lwm2m_body_store *store, struct lwm2m_body *body,
                                     struct lwm2m_bytes bytes) LWM2M_MUST_CHECK;
void lwm2m_body_release_own(struct lwm2m_body_store *store, struct lwm2m_body *body);

/* What a body is stored under, and with; all of it is copied. */
struct lwm2m_body_label {
    struct lwm2m_peer *peer;
    enum lwm2m_body_kind kind;
    struct lwm2m_bytes key;
    uint8_t code;
    struct lwm2m_bytes options;
};

/*
 * Stores an empty body in the place of any that has the same key. When the peer has
 * max_bodies_per_peer of the kind, a kept one makes way for it, but LWM2M_BUSY if the kind is
 * arriving. LWM2M_NO_MEMORY as above.
 */
enum lwm2m_error lwm2m_body_store_add(struct lwm2m_body_store *store,
                                      const struct lwm2m_body_label *label,
                                      struct lwm2m_stored_body **stored) LWM2M_MUST_CHECK;
/* A whole body to keep: add and append, but without the limit of one body. */
enum lwm2m_error lwm2m_body_store_keep(struct lwm2m_body_store *store,
                                       const struct lwm2m_body_label *label,
                                       struct lwm2m_bytes bytes,
                                       struct lwm2m_stored_body **stored) LWM2M_MUST_CHECK;
/* NULL if there is none. */
struct lwm2m_stored_body *lwm2m_body_store_find(const struct lwm2m_body_store *store,
                                                struct lwm2m_peer *peer, enum lwm2m_body_kind kind,
                                                struct lwm2m_bytes key);
/* Its idle time begins anew. */
void lwm2m_body_store_touch(struct lwm2m_body_store *store, struct lwm2m_stored_body *stored);
void lwm2m_body_store_remove(struct lwm2m_body_store *store, struct lwm2m_stored_body *stored);
/* The same, but the body lives on: lwm2m_body_release it. */
void lwm2m_body_store_take(struct lwm2m_body_store *store, struct lwm2m_stored_body *stored,
                           struct lwm2m_body *body);

#endif
