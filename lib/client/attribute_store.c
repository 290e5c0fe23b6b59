/*
 * What servers attached to paths by Write-Attributes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/attribute_store.h"

#include <string.h>

#include <lwm2m/list.h>

/* Six 16-bit numbers without padding, so that equal keys are equal bytes. */
struct key {
    struct lwm2m_path path;
    uint16_t ssid;
};

struct entry {
    struct lwm2m_hash_node node;
    struct key key;
    struct lwm2m_attributes attributes;
};

static struct entry *entry_of(struct lwm2m_hash_node *node)
{
    return LWM2M_CONTAINER_OF(node, struct entry, node);
}

enum lwm2m_error lwm2m_attribute_store_init(struct lwm2m_attribute_store *store,
                                            const struct lwm2m_port *port, size_t max_entries)
{
    store->max_entries = max_entries;
    return lwm2m_hash_table_init(&store->table, port);
}

static void remove_entry(struct lwm2m_attribute_store *store, struct entry *entry)
{
    const struct lwm2m_port *port = store->table.port;

    lwm2m_hash_table_remove(&store->table, &entry->node);
    port->release(port->context, entry);
}

void lwm2m_attribute_store_remove(struct lwm2m_attribute_store *store, struct lwm2m_path path)
{
    struct lwm2m_hash_node *node = lwm2m_hash_table_walk(&store->table, NULL);

    while (node != NULL) {
        struct lwm2m_hash_node *next = lwm2m_hash_table_walk(&store->table, node);

        if (lwm2m_path_contains(path, entry_of(node)->key.path)) {
            remove_entry(store, entry_of(node));
        }
        node = next;
    }
}

void lwm2m_attribute_store_release(struct lwm2m_attribute_store *store)
{
    if (store->table.buckets != NULL) {
        lwm2m_attribute_store_remove(store, lwm2m_path_root());
    }
    lwm2m_hash_table_release(&store->table);
}

static struct entry *find_entry(const struct lwm2m_attribute_store *store, const struct key *key,
                                uint32_t hash)
{
    struct lwm2m_hash_node *node = lwm2m_hash_table_first(&store->table, hash);

    while (node != NULL && memcmp(&entry_of(node)->key, key, sizeof(*key)) != 0) {
        node = lwm2m_hash_table_next(node);
    }
    return node == NULL ? NULL : entry_of(node);
}

enum lwm2m_error lwm2m_attribute_store_change(struct lwm2m_attribute_store *store, uint16_t ssid,
                                              struct lwm2m_path path,
                                              const struct lwm2m_attributes *change)
{
    const struct lwm2m_port *port = store->table.port;
    struct key key = {path, ssid};
    uint32_t hash = lwm2m_hash_table_hash(&store->table, &key, sizeof(key));
    struct entry *entry = find_entry(store, &key, hash);

    if (entry == NULL) {
        if (change->set == 0) {
            return LWM2M_OK;
        }
        if (store->table.count >= store->max_entries) {
            return LWM2M_BUSY;
        }
        entry = port->allocate(port->context, sizeof(*entry));
        if (entry == NULL) {
            return LWM2M_NO_MEMORY;
        }
        memset(entry, 0, sizeof(*entry));
        entry->key = key;
        lwm2m_hash_table_insert(&store->table, &entry->node, hash);
    }
    lwm2m_attributes_apply(&entry->attributes, change);
    if (entry->attributes.set == 0) {
        remove_entry(store, entry);
    }
    return LWM2M_OK;
}

struct lwm2m_attributes lwm2m_attribute_store_get(const struct lwm2m_attribute_store *store,
                                                  uint16_t ssid, struct lwm2m_path path)
{
    struct key key = {path, ssid};
    struct entry *entry =
        find_entry(store, &key, lwm2m_hash_table_hash(&store->table, &key, sizeof(key)));

    return entry == NULL ? (struct lwm2m_attributes){0} : entry->attributes;
}

struct lwm2m_attributes lwm2m_attribute_store_effective(const struct lwm2m_attribute_store *store,
                                                        uint16_t ssid, struct lwm2m_path path)
{
    struct lwm2m_attributes effective = {0};
    int level;

    /* As most devices have it, and it is asked for every notification. */
    if (store->table.count == 0) {
        return effective;
    }
    for (level = LWM2M_LEVEL_OBJECT; level <= path.level; level++) {
        struct lwm2m_attributes own = lwm2m_attribute_store_get(
            store, ssid, lwm2m_path_ancestor(path, (enum lwm2m_path_level)level));

        effective = lwm2m_attributes_inherit(&effective, &own);
    }
    return effective;
}
