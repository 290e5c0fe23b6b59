/*
 * Bodies that are not whole yet, or not yet fetched: how much memory they may take, for how long,
 * and where to find them again by peer and request.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coap/body_store.h"

#include <string.h>

/* ---- memory ---- */

static struct lwm2m_stored_body *oldest(const struct lwm2m_list *idle)
{
    struct lwm2m_list *first = lwm2m_list_first(idle);

    return first == NULL ? NULL : LWM2M_CONTAINER_OF(first, struct lwm2m_stored_body, by_idle_time);
}

/* Sees to it that so many bytes may be taken; kept answers can be made again, so they go first. */
static bool make_room(struct lwm2m_body_store *store, size_t bytes)
{
    size_t limit = store->config->max_total_bytes;
    struct lwm2m_stored_body *kept;

    if (bytes > limit) {
        return false;
    }
    while (store->limited_bytes > limit - bytes) {
        kept = oldest(&store->idle[LWM2M_BODY_KEPT]);
        if (kept == NULL) {
            return false;
        }
        lwm2m_body_store_remove(store, kept);
    }
    return true;
}

static void *take_memory(struct lwm2m_body_store *store, size_t bytes)
{
    void *memory;

    if (!make_room(store, bytes)) {
        return NULL;
    }
    memory = store->port->allocate(store->port->context, bytes);
    if (memory != NULL) {
        store->limited_bytes += bytes;
    }
    return memory;
}

static void give_memory(struct lwm2m_body_store *store, void *memory, size_t bytes)
{
    if (memory == NULL) {
        return;
    }
    store->limited_bytes -= bytes;
    store->port->release(store->port->context, memory);
}

/* Doubles, so that a body is copied O(1) times per byte, but never past what it may have. */
static enum lwm2m_error grow(struct lwm2m_body_store *store, struct lwm2m_body *body, size_t needed,
                             size_t most)
{
    size_t capacity = body->capacity > most / 2 ? most : body->capacity * 2;
    uint8_t *data;

    if (capacity < needed) {
        capacity = needed;
    }
    data = take_memory(store, capacity);
    if (data == NULL && capacity > needed) {
        capacity = needed;
        data = take_memory(store, capacity);
    }
    if (data == NULL) {
        return LWM2M_NO_MEMORY;
    }
    if (body->length > 0) {
        memcpy(data, body->data, body->length);
    }
    give_memory(store, body->data, body->capacity);
    body->data = data;
    body->capacity = capacity;
    return LWM2M_OK;
}

static enum lwm2m_error append_up_to(struct lwm2m_body_store *store, struct lwm2m_body *body,
                                     struct lwm2m_bytes bytes, size_t most)
{
    enum lwm2m_error error = LWM2M_OK;

    if (body->length > most || bytes.length > most - body->length) {
        return LWM2M_TOO_LARGE;
    }
    if (bytes.length > body->capacity - body->length) {
        error = grow(store, body, body->length + bytes.length, most);
    }
    if (error == LWM2M_OK && bytes.length > 0) {
        memcpy(body->data + body->length, bytes.data, bytes.length);
        body->length += bytes.length;
    }
    return error;
}

enum lwm2m_error lwm2m_body_append(struct lwm2m_body_store *store, struct lwm2m_body *body,
                                   struct lwm2m_bytes bytes)
{
    return append_up_to(store, body, bytes, store->config->max_body_bytes);
}

void lwm2m_body_release(struct lwm2m_body_store *store, struct lwm2m_body *body)
{
    give_memory(store, body->data, body->capacity);
    memset(body, 0, sizeof(*body));
}

struct lwm2m_bytes lwm2m_body_bytes(const struct lwm2m_body *body)
{
    return (struct lwm2m_bytes){body->data, body->length};
}

enum lwm2m_error lwm2m_body_copy_own(struct lwm2m_body_store *store, struct lwm2m_body *body,
                                     struct lwm2m_bytes bytes)
{
    if (bytes.length == 0) {
        return LWM2M_OK;
    }
    body->data = store->port->allocate(store->port->context, bytes.length);
    if (body->data == NULL) {
        return LWM2M_NO_MEMORY;
    }
    memcpy(body->data, bytes.data, bytes.length);
    body->length = bytes.length;
    body->capacity = bytes.length;
    store->own_bytes += bytes.length;
    return LWM2M_OK;
}

void lwm2m_body_release_own(struct lwm2m_body_store *store, struct lwm2m_body *body)
{
    store->own_bytes -= body->capacity;
    store->port->release(store->port->context, body->data);
    memset(body, 0, sizeof(*body));
}

/* ---- who holds what ---- */

static struct lwm2m_body_holder *find_holder(const struct lwm2m_body_store *store,
                                             struct lwm2m_peer *peer)
{
    uint32_t hash = lwm2m_hash_table_hash(&store->holders, &peer, sizeof(peer));
    struct lwm2m_hash_node *node = lwm2m_hash_table_first(&store->holders, hash);

    for (; node != NULL; node = lwm2m_hash_table_next(node)) {
        struct lwm2m_body_holder *holder = LWM2M_CONTAINER_OF(node, struct lwm2m_body_holder, node);
        if (holder->peer == peer) {
            return holder;
        }
    }
    return NULL;
}

static struct lwm2m_body_holder *make_holder(struct lwm2m_body_store *store,
                                             struct lwm2m_peer *peer)
{
    struct lwm2m_transport *below = store->config->below;
    struct lwm2m_body_holder *holder = take_memory(store, sizeof(*holder));

    if (holder == NULL) {
        return NULL;
    }
    memset(holder, 0, sizeof(*holder));
    for (size_t kind = 0; kind < LWM2M_BODY_KINDS; kind++) {
        lwm2m_list_init(&holder->bodies[kind]);
    }
    holder->peer = peer;
    below->operations->retain(below, peer);
    lwm2m_hash_table_insert(&store->holders, &holder->node,
                            lwm2m_hash_table_hash(&store->holders, &peer, sizeof(peer)));
    return holder;
}

static void free_unused_holder(struct lwm2m_body_store *store, struct lwm2m_body_holder *holder)
{
    struct lwm2m_transport *below = store->config->below;

    for (size_t kind = 0; kind < LWM2M_BODY_KINDS; kind++) {
        if (holder->counts[kind] > 0) {
            return;
        }
    }
    lwm2m_hash_table_remove(&store->holders, &holder->node);
    below->operations->release(below, holder->peer);
    give_memory(store, holder, sizeof(*holder));
}

/* ---- the store ---- */

static void arm_timer(struct lwm2m_body_store *store)
{
    uint64_t deadline_ms = LWM2M_NEVER;

    for (size_t kind = 0; kind < LWM2M_BODY_KINDS; kind++) {
        struct lwm2m_stored_body *stored = oldest(&store->idle[kind]);
        if (stored != NULL && stored->touched_ms + store->config->idle_timeout_ms < deadline_ms) {
            deadline_ms = stored->touched_ms + store->config->idle_timeout_ms;
        }
    }
    lwm2m_timer_arm_at(store->config->timers, &store->timer, deadline_ms);
}

static void drop_idle(struct lwm2m_timer *timer)
{
    struct lwm2m_body_store *store = LWM2M_CONTAINER_OF(timer, struct lwm2m_body_store, timer);
    uint64_t now_ms = lwm2m_timers_now(store->config->timers);
    struct lwm2m_stored_body *stored;

    for (size_t kind = 0; kind < LWM2M_BODY_KINDS; kind++) {
        while ((stored = oldest(&store->idle[kind])) != NULL &&
               now_ms - stored->touched_ms >= store->config->idle_timeout_ms) {
            lwm2m_body_store_remove(store, stored);
        }
    }
    arm_timer(store);
}

enum lwm2m_error lwm2m_body_store_init(struct lwm2m_body_store *store,
                                       const struct lwm2m_blockwise_config *config)
{
    enum lwm2m_error error;

    memset(store, 0, sizeof(*store));
    store->config = config;
    store->port = config->timers->port;
    store->timer.fire = drop_idle;
    for (size_t kind = 0; kind < LWM2M_BODY_KINDS; kind++) {
        lwm2m_list_init(&store->idle[kind]);
    }
    error = lwm2m_hash_table_init(&store->bodies, store->port);
    if (error == LWM2M_OK) {
        error = lwm2m_hash_table_init(&store->holders, store->port);
    }
    return error;
}

void lwm2m_body_store_release(struct lwm2m_body_store *store)
{
    struct lwm2m_stored_body *stored;

    if (store->config == NULL) {
        return;
    }
    for (size_t kind = 0; kind < LWM2M_BODY_KINDS; kind++) {
        while ((stored = oldest(&store->idle[kind])) != NULL) {
            lwm2m_body_store_remove(store, stored);
        }
    }
    lwm2m_timer_disarm(store->config->timers, &store->timer);
    lwm2m_hash_table_release(&store->bodies);
    lwm2m_hash_table_release(&store->holders);
}

static uint32_t hash_of(const struct lwm2m_body_store *store, struct lwm2m_peer *peer,
                        struct lwm2m_bytes key)
{
    return lwm2m_hash_table_hash(&store->bodies, key.data, key.length) ^
           lwm2m_hash_table_hash(&store->bodies, &peer, sizeof(peer));
}

static size_t size_of(const struct lwm2m_stored_body *stored)
{
    return sizeof(*stored) + stored->key.length + stored->options.length;
}

static struct lwm2m_bytes copy_behind(uint8_t *memory, struct lwm2m_bytes bytes)
{
    if (bytes.length > 0) {
        memcpy(memory, bytes.data, bytes.length);
    }
    return (struct lwm2m_bytes){memory, bytes.length};
}

static struct lwm2m_stored_body *new_stored(struct lwm2m_body_store *store,
                                            const struct lwm2m_body_label *label)
{
    struct lwm2m_stored_body *stored =
        take_memory(store, sizeof(*stored) + label->key.length + label->options.length);

    if (stored == NULL) {
        return NULL;
    }
    memset(stored, 0, sizeof(*stored));
    stored->kind = label->kind;
    stored->code = label->code;
    stored->touched_ms = lwm2m_timers_now(store->config->timers);
    stored->key = copy_behind((uint8_t *)(stored + 1), label->key);
    stored->options = copy_behind((uint8_t *)(stored + 1) + label->key.length, label->options);
    return stored;
}

/* Sees to it that the peer may have one more body of the kind. */
static enum lwm2m_error make_way(struct lwm2m_body_store *store,
                                 const struct lwm2m_body_label *label)
{
    struct lwm2m_stored_body *stored =
        lwm2m_body_store_find(store, label->peer, label->kind, label->key);
    struct lwm2m_body_holder *holder;
    struct lwm2m_list *first;

    if (stored != NULL) {
        lwm2m_body_store_remove(store, stored);
        return LWM2M_OK;
    }
    holder = find_holder(store, label->peer);
    if (holder == NULL || holder->counts[label->kind] < store->config->max_bodies_per_peer) {
        return LWM2M_OK;
    }
    first = lwm2m_list_first(&holder->bodies[label->kind]);
    if (label->kind == LWM2M_BODY_ARRIVING || first == NULL) {
        return LWM2M_BUSY;
    }
    stored = LWM2M_CONTAINER_OF(first, struct lwm2m_stored_body, of_holder);
    lwm2m_body_store_remove(store, stored);
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_body_store_add(struct lwm2m_body_store *store,
                                      const struct lwm2m_body_label *label,
                                      struct lwm2m_stored_body **stored)
{
    enum lwm2m_error error = make_way(store, label);
    struct lwm2m_stored_body *added;
    struct lwm2m_body_holder *holder;

    if (error != LWM2M_OK) {
        return error;
    }
    /* Only now may the holder be looked up: making room can free it. */
    added = new_stored(store, label);
    if (added == NULL) {
        return LWM2M_NO_MEMORY;
    }
    holder = find_holder(store, label->peer);
    if (holder == NULL) {
        holder = make_holder(store, label->peer);
    }
    if (holder == NULL) {
        give_memory(store, added, size_of(added));
        return LWM2M_NO_MEMORY;
    }

    added->holder = holder;
    holder->counts[label->kind]++;
    lwm2m_list_append(&holder->bodies[label->kind], &added->of_holder);
    lwm2m_list_append(&store->idle[label->kind], &added->by_idle_time);
    lwm2m_hash_table_insert(&store->bodies, &added->node, hash_of(store, label->peer, label->key));
    if (!lwm2m_timer_is_armed(&store->timer)) {
        arm_timer(store);
    }
    *stored = added;
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_body_store_keep(struct lwm2m_body_store *store,
                                       const struct lwm2m_body_label *label,
                                       struct lwm2m_bytes bytes, struct lwm2m_stored_body **stored)
{
    struct lwm2m_body body = {0};
    enum lwm2m_error error = append_up_to(store, &body, bytes, SIZE_MAX);

    if (error == LWM2M_OK) {
        error = lwm2m_body_store_add(store, label, stored);
    }
    if (error == LWM2M_OK) {
        (*stored)->body = body;
    } else {
        lwm2m_body_release(store, &body);
    }
    return error;
}

struct lwm2m_stored_body *lwm2m_body_store_find(const struct lwm2m_body_store *store,
                                                struct lwm2m_peer *peer, enum lwm2m_body_kind kind,
                                                struct lwm2m_bytes key)
{
    struct lwm2m_hash_node *node =
        lwm2m_hash_table_first(&store->bodies, hash_of(store, peer, key));

    for (; node != NULL; node = lwm2m_hash_table_next(node)) {
        struct lwm2m_stored_body *stored = LWM2M_CONTAINER_OF(node, struct lwm2m_stored_body, node);
        if (stored->kind == kind && stored->holder->peer == peer &&
            lwm2m_bytes_equal(stored->key, key)) {
            return stored;
        }
    }
    return NULL;
}

void lwm2m_body_store_touch(struct lwm2m_body_store *store, struct lwm2m_stored_body *stored)
{
    stored->touched_ms = lwm2m_timers_now(store->config->timers);
    lwm2m_list_remove(&stored->by_idle_time);
    lwm2m_list_append(&store->idle[stored->kind], &stored->by_idle_time);
}

void lwm2m_body_store_take(struct lwm2m_body_store *store, struct lwm2m_stored_body *stored,
                           struct lwm2m_body *body)
{
    *body = stored->body;
    memset(&stored->body, 0, sizeof(stored->body));
    lwm2m_body_store_remove(store, stored);
}

void lwm2m_body_store_remove(struct lwm2m_body_store *store, struct lwm2m_stored_body *stored)
{
    struct lwm2m_body_holder *holder = stored->holder;

    lwm2m_hash_table_remove(&store->bodies, &stored->node);
    lwm2m_list_remove(&stored->by_idle_time);
    lwm2m_list_remove(&stored->of_holder);
    holder->counts[stored->kind]--;
    lwm2m_body_release(store, &stored->body);
    give_memory(store, stored, size_of(stored));
    free_unused_holder(store, holder);
}
