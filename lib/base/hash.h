/*
 * Keyed hashing for tables whose keys come from the network: SipHash-1-3.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Drawn at random once per table, so that nobody outside can choose keys that collide. */
struct lwm2m_hash_key {
    uint64_t words[2];
};

uint32_t lwm2m_hash(const struct lwm2m_hash_key *key, const void *data, size_t length);

#endif
