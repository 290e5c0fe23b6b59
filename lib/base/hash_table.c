/*
 * A hash table of intrusive nodes: chains in an array of buckets whose size is a power of two.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/hash_table.h"

#include <string.h>

enum { FIRST_BUCKET_COUNT = 16 };

static struct lwm2m_hash_node **new_buckets(const struct lwm2m_port *port, size_t count)
{
    if (count > SIZE_MAX / sizeof(struct lwm2m_hash_node *)) {
        return NULL;
    }
    struct lwm2m_hash_node **buckets =
        port->allocate(port->context, count * sizeof(struct lwm2m_hash_node *));
    for (size_t i = 0; buckets && i < count; i++) {
        buckets[i] = NULL;
    }
    return buckets;
}

static struct lwm2m_hash_node **bucket_of(const struct lwm2m_hash_table *table, uint32_t hash)
{
    return &table->buckets[hash & (table->bucket_count - 1)];
}

enum lwm2m_error lwm2m_hash_table_init(struct lwm2m_hash_table *table,
                                       const struct lwm2m_port *port)
{
    *table = (struct lwm2m_hash_table){.port = port};
    table->buckets = new_buckets(port, FIRST_BUCKET_COUNT);
    if (!table->buckets) {
        return LWM2M_NO_MEMORY;
    }
    table->bucket_count = FIRST_BUCKET_COUNT;
    port->random(port->context, &table->key, sizeof table->key);
    return LWM2M_OK;
}

void lwm2m_hash_table_release(struct lwm2m_hash_table *table)
{
    if (table->buckets) {
        table->port->release(table->port->context, table->buckets);
    }
    memset(table, 0, sizeof *table);
}

uint32_t lwm2m_hash_table_hash(const struct lwm2m_hash_table *table, const void *data,
                               size_t length)
{
    return lwm2m_hash(&table->key, data, length);
}

static void push(struct lwm2m_hash_table *table, struct lwm2m_hash_node *node)
{
    struct lwm2m_hash_node **bucket = bucket_of(table, node->hash);
    node->next = *bucket;
    *bucket = node;
}

static void grow(struct lwm2m_hash_table *table)
{
    struct lwm2m_hash_node **old_buckets = table->buckets;
    size_t old_count = table->bucket_count;
    if (old_count > SIZE_MAX / 2) {
        return;
    }
    struct lwm2m_hash_node **buckets = new_buckets(table->port, old_count * 2);
    if (!buckets) {
        return;
    }

    table->buckets = buckets;
    table->bucket_count = old_count * 2;
    for (size_t i = 0; i < old_count; i++) {
        struct lwm2m_hash_node *node = old_buckets[i];
        while (node) {
            struct lwm2m_hash_node *next = node->next;
            push(table, node);
            node = next;
        }
    }
    table->port->release(table->port->context, old_buckets);
}

void lwm2m_hash_table_insert(struct lwm2m_hash_table *table, struct lwm2m_hash_node *node,
                             uint32_t hash)
{
    if (table->count >= table->bucket_count) {
        grow(table);
    }
    node->hash = hash;
    push(table, node);
    table->count++;
}

void lwm2m_hash_table_remove(struct lwm2m_hash_table *table, struct lwm2m_hash_node *node)
{
    struct lwm2m_hash_node **link = bucket_of(table, node->hash);
    while (*link != node) {
        link = &(*link)->next;
    }
    *link = node->next;
    node->next = NULL;
    table->count--;
}

static struct lwm2m_hash_node *skip_to_hash(struct lwm2m_hash_node *node, uint32_t hash)
{
    while (node && node->hash != hash) {
        node = node->next;
    }
    return node;
}

void lwm2m_hash_table_prefetch_bucket(const struct lwm2m_hash_table *table, uint32_t hash)
{
    __builtin_prefetch(bucket_of(table, hash));
}

/* A node lies inside something larger, most often before and behind a line of the cache. */
void lwm2m_hash_table_prefetch_node(const struct lwm2m_hash_table *table, uint32_t hash)
{
    const char *node = (const char *)*bucket_of(table, hash);
    if (node) {
        __builtin_prefetch(node);
        __builtin_prefetch(node + 64);
    }
}

struct lwm2m_hash_node *lwm2m_hash_table_first(const struct lwm2m_hash_table *table, uint32_t hash)
{
    return skip_to_hash(*bucket_of(table, hash), hash);
}

struct lwm2m_hash_node *lwm2m_hash_table_next(const struct lwm2m_hash_node *node)
{
    return skip_to_hash(node->next, node->hash);
}

struct lwm2m_hash_node *lwm2m_hash_table_walk(const struct lwm2m_hash_table *table,
                                              const struct lwm2m_hash_node *node)
{
    size_t index = 0;
    if (node) {
        if (node->next) {
            return node->next;
        }
        index = (node->hash & (table->bucket_count - 1)) + 1;
    }
    while (index < table->bucket_count && !table->buckets[index]) {
        index++;
    }
    return index < table->bucket_count ? table->buckets[index] : NULL;
}
