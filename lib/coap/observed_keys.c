/*
 * Which request each of our observers' tokens stands for: a notification names only its token, but
 * its further blocks are fetched by a request.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coap/observed_keys.h"

#include <string.h>

enum lwm2m_error lwm2m_observed_keys_init(struct lwm2m_observed_keys *keys,
                                          const struct lwm2m_port *port, size_t max_keys)
{
    memset(keys, 0, sizeof(*keys));
    keys->port = port;
    keys->max_keys = max_keys;
    lwm2m_list_init(&keys->by_use);
    return lwm2m_hash_table_init(&keys->table, port);
}

static void remove_key(struct lwm2m_observed_keys *keys, struct lwm2m_observed_key *observed)
{
    lwm2m_hash_table_remove(&keys->table, &observed->node);
    lwm2m_list_remove(&observed->by_use);
    keys->port->release(keys->port->context, observed);
}

static void remove_oldest(struct lwm2m_observed_keys *keys)
{
    remove_key(keys, LWM2M_CONTAINER_OF(lwm2m_list_first(&keys->by_use), struct lwm2m_observed_key,
                                        by_use));
}

void lwm2m_observed_keys_release(struct lwm2m_observed_keys *keys)
{
    if (keys->port == NULL) {
        return;
    }
    while (!lwm2m_list_is_empty(&keys->by_use)) {
        remove_oldest(keys);
    }
    lwm2m_hash_table_release(&keys->table);
}

static uint32_t hash_of(const struct lwm2m_observed_keys *keys, struct lwm2m_peer *peer,
                        const struct lwm2m_token *token)
{
    return lwm2m_hash_table_hash(&keys->table, &peer, sizeof(peer)) ^
           lwm2m_hash_table_hash(&keys->table, token->bytes, token->length);
}

static struct lwm2m_observed_key *find_key(struct lwm2m_observed_keys *keys,
                                           struct lwm2m_peer *peer, const struct lwm2m_token *token)
{
    struct lwm2m_hash_node *node = lwm2m_hash_table_first(&keys->table, hash_of(keys, peer, token));

    for (; node != NULL; node = lwm2m_hash_table_next(node)) {
        struct lwm2m_observed_key *observed =
            LWM2M_CONTAINER_OF(node, struct lwm2m_observed_key, node);
        if (observed->peer == peer && lwm2m_token_equal(&observed->token, token)) {
            return observed;
        }
    }
    return NULL;
}

void lwm2m_observed_keys_put(struct lwm2m_observed_keys *keys,
                             const struct lwm2m_observed_key *observed)
{
    const struct lwm2m_port *port = keys->port;
    struct lwm2m_observed_key *added;

    lwm2m_observed_keys_remove(keys, observed->peer, &observed->token);
    if (keys->max_keys == 0) {
        return;
    }
    if (keys->table.count >= keys->max_keys) {
        remove_oldest(keys);
    }
    added = port->allocate(port->context, sizeof(*added) + observed->key.length);
    if (added == NULL) {
        return;
    }

    *added = *observed;
    added->key.data = (uint8_t *)(added + 1);
    memcpy(added + 1, observed->key.data, observed->key.length);
    lwm2m_list_append(&keys->by_use, &added->by_use);
    lwm2m_hash_table_insert(&keys->table, &added->node, hash_of(keys, added->peer, &added->token));
}

const struct lwm2m_observed_key *lwm2m_observed_keys_find(struct lwm2m_observed_keys *keys,
                                                          struct lwm2m_peer *peer,
                                                          const struct lwm2m_token *token)
{
    struct lwm2m_observed_key *observed = find_key(keys, peer, token);

    if (observed != NULL) {
        lwm2m_list_remove(&observed->by_use);
        lwm2m_list_append(&keys->by_use, &observed->by_use);
    }
    return observed;
}

void lwm2m_observed_keys_remove(struct lwm2m_observed_keys *keys, struct lwm2m_peer *peer,
                                const struct lwm2m_token *token)
{
    struct lwm2m_observed_key *observed = find_key(keys, peer, token);

    if (observed != NULL) {
        remove_key(keys, observed);
    }
}
