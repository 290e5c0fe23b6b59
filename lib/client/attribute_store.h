/*
 * What servers attached to paths by Write-Attributes, each for itself.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLIENT_ATTRIBUTE_STORE_H
#define CLIENT_ATTRIBUTE_STORE_H

#include <lwm2m/attributes.h>
#include <lwm2m/path.h>

#include "base/hash_table.h"

struct lwm2m_attribute_store {
    struct lwm2m_hash_table table;
    size_t max_entries; /* of all servers together */
};

/* Zeroed memory is an empty store for lwm2m_attribute_store_release. LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_attribute_store_init(struct lwm2m_attribute_store *store,
                                            const struct lwm2m_port *port,
                                            size_t max_entries) LWM2M_MUST_CHECK;
void lwm2m_attribute_store_release(struct lwm2m_attribute_store *store);

/* Forgets everything at path and below, for all servers. Walks the store, which is bounded. */
void lwm2m_attribute_store_remove(struct lwm2m_attribute_store *store, struct lwm2m_path path);

/* Applies a change to the attributes at path; LWM2M_NO_MEMORY, LWM2M_BUSY (the store is full). */
enum lwm2m_error
lwm2m_attribute_store_change(struct lwm2m_attribute_store *store, uint16_t ssid,
                             struct lwm2m_path path,
                             const struct lwm2m_attributes *change) LWM2M_MUST_CHECK;

/* What is attached to path itself; nothing set if nothing is. */
struct lwm2m_attributes lwm2m_attribute_store_get(const struct lwm2m_attribute_store *store,
                                                  uint16_t ssid, struct lwm2m_path path);

/* What counts at path: its own attributes over those of its resource, instance and object. */
struct lwm2m_attributes lwm2m_attribute_store_effective(const struct lwm2m_attribute_store *store,
                                                        uint16_t ssid, struct lwm2m_path path);

#endif
