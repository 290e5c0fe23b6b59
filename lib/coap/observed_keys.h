/*
 * Which request each of our observers' tokens stands for: a notification names only its token, but
 * its further blocks are fetched by a request.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COAP_OBSERVED_KEYS_H
#define COAP_OBSERVED_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include <lwm2m/list.h>
#include <lwm2m/message.h>
#include <lwm2m/transport.h>

#include "base/hash_table.h"

/*
 * Nobody says when an observation ends, so the table forgets the one unused for longest when it is
 * full: what is forgotten is fetched from the engine instead. For the same reason it does not
 * retain the peer; one that took the address of another can at worst find a key that its requests
 * do not have.
 */
struct lwm2m_observed_keys {
    const struct lwm2m_port *port;
    struct lwm2m_hash_table table;
    struct lwm2m_list by_use; /* the one unused for longest first */
    size_t max_keys;
};

struct lwm2m_observed_key {
    struct lwm2m_hash_node node;
    struct lwm2m_list by_use;
    struct lwm2m_peer *peer;
    struct lwm2m_token token;
    uint8_t exponent;       /* of the blocks that the observer asked for */
    struct lwm2m_bytes key; /* behind the struct */
};

/* LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_observed_keys_init(struct lwm2m_observed_keys *keys,
                                          const struct lwm2m_port *port,
                                          size_t max_keys) LWM2M_MUST_CHECK;
/* Accepts zeroed memory. */
void lwm2m_observed_keys_release(struct lwm2m_observed_keys *keys);

/* Puts a copy of key in the place of what the token stood for. Without memory it stands for
 * nothing. */
void lwm2m_observed_keys_put(struct lwm2m_observed_keys *keys,
                             const struct lwm2m_observed_key *observed);
/* NULL if the token stands for nothing. */
const struct lwm2m_observed_key *lwm2m_observed_keys_find(struct lwm2m_observed_keys *keys,
                                                          struct lwm2m_peer *peer,
                                                          const struct lwm2m_token *token);
void lwm2m_observed_keys_remove(struct lwm2m_observed_keys *keys, struct lwm2m_peer *peer,
                                const struct lwm2m_token *token);

#endif
