/*
 * The registry: all registrations by endpoint name, by id, and in the order of registering. All
 * O(1).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_REGISTRY_H
#define SERVER_REGISTRY_H

#include <stddef.h>

#include <lwm2m/bytes.h>
#include <lwm2m/error.h>
#include <lwm2m/list.h>
#include <lwm2m/port.h>

#include "base/hash_table.h"

struct lwm2m_device;

struct lwm2m_registry {
    struct lwm2m_hash_table by_name;
    struct lwm2m_hash_table by_id;
    struct lwm2m_list in_order;
    size_t pending; /* registrations that a store is still saving: they count, but are not in it */
};

/* LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_registry_init(struct lwm2m_registry *registry,
                                     const struct lwm2m_port *port) LWM2M_MUST_CHECK;
/* Frees the indexes, not the devices; accepts zeroed memory. */
void lwm2m_registry_release(struct lwm2m_registry *registry);

size_t lwm2m_registry_count(const struct lwm2m_registry *registry);

/* Neither name nor id may be in it yet. */
void lwm2m_registry_insert(struct lwm2m_registry *registry, struct lwm2m_device *device);
void lwm2m_registry_remove(struct lwm2m_registry *registry, struct lwm2m_device *device);

/* NULL if there is none. */
struct lwm2m_device *lwm2m_registry_find_name(const struct lwm2m_registry *registry,
                                              struct lwm2m_bytes endpoint_name);
struct lwm2m_device *lwm2m_registry_find_id(const struct lwm2m_registry *registry,
                                            struct lwm2m_bytes id);
/* NULL gives the first, NULL is returned behind the last. */
struct lwm2m_device *lwm2m_registry_next(const struct lwm2m_registry *registry,
                                         const struct lwm2m_device *device);

#endif
