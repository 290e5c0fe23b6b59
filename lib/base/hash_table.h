/*
 * A hash table of nodes that lie inside the things they index. Insertion, look-up and removal are
 * O(1); the array of buckets doubles when it is full.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BASE_HASH_TABLE_H
#define BASE_HASH_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/error.h>
#include <lwm2m/port.h>

#include "base/hash.h"

struct lwm2m_hash_node {
    struct lwm2m_hash_node *next;
    uint32_t hash;
};

struct lwm2m_hash_table {
    const struct lwm2m_port *port;
    struct lwm2m_hash_node **buckets;
    size_t bucket_count; /* a power of two */
    size_t count;
    struct lwm2m_hash_key key; /* random; for lwm2m_hash */
};

/* Draws the key and allocates the first buckets; LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_hash_table_init(struct lwm2m_hash_table *table,
                                       const struct lwm2m_port *port) LWM2M_MUST_CHECK;
/* Frees the buckets, not the nodes; accepts zeroed memory. */
void lwm2m_hash_table_release(struct lwm2m_hash_table *table);

/* The hash of a key as this table wants it. */
uint32_t lwm2m_hash_table_hash(const struct lwm2m_hash_table *table, const void *data,
                               size_t length);

/* Cannot fail: when the array cannot grow, chains do. Equal keys are the caller's business. */
void lwm2m_hash_table_insert(struct lwm2m_hash_table *table, struct lwm2m_hash_node *node,
                             uint32_t hash);
/* The node must be in the table. */
void lwm2m_hash_table_remove(struct lwm2m_hash_table *table, struct lwm2m_hash_node *node);

/* The first node with that hash, and the next one after a node; NULL if none. The caller compares
 * keys. */
struct lwm2m_hash_node *lwm2m_hash_table_first(const struct lwm2m_hash_table *table, uint32_t hash);
struct lwm2m_hash_node *lwm2m_hash_table_next(const struct lwm2m_hash_node *node);

/*
 * Ask the processor to fetch, while it does other work, the bucket of a hash; and, once that is there, the first
 * node in it. Hints for who looks up many keys: they change nothing.
 */
void lwm2m_hash_table_prefetch_bucket(const struct lwm2m_hash_table *table, uint32_t hash);
void lwm2m_hash_table_prefetch_node(const struct lwm2m_hash_table *table, uint32_t hash);

/* Walks the whole table in no order: NULL gives the first, NULL is returned behind the last. The
 * node just returned may be removed once its successor was fetched. */
struct lwm2m_hash_node *lwm2m_hash_table_walk(const struct lwm2m_hash_table *table,
                                              const struct lwm2m_hash_node *node);

#endif
