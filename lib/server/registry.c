/*
 * The registry: all registrations by endpoint name, by id, and in the order of registering.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/registry.h"

#include "server/device.h"

enum lwm2m_error lwm2m_registry_init(struct lwm2m_registry *registry, const struct lwm2m_port *port)
{
    *registry = (struct lwm2m_registry){0};
    lwm2m_list_init(&registry->in_order);
    enum lwm2m_error error = lwm2m_hash_table_init(&registry->by_name, port);
    if (error) {
        return error;
    }
    error = lwm2m_hash_table_init(&registry->by_id, port);
    if (error) {
        lwm2m_hash_table_release(&registry->by_name);
    }
    return error;
}

void lwm2m_registry_release(struct lwm2m_registry *registry)
{
    lwm2m_hash_table_release(&registry->by_name);
    lwm2m_hash_table_release(&registry->by_id);
}

size_t lwm2m_registry_count(const struct lwm2m_registry *registry)
{
    return registry->by_name.count;
}

void lwm2m_registry_insert(struct lwm2m_registry *registry, struct lwm2m_device *device)
{
    struct lwm2m_bytes name = lwm2m_bytes_from_text(device->registration.endpoint_name);
    struct lwm2m_bytes id = lwm2m_bytes_from_text(device->registration.id);

    lwm2m_hash_table_insert(&registry->by_name, &device->by_name,
                            lwm2m_hash_table_hash(&registry->by_name, name.data, name.length));
    lwm2m_hash_table_insert(&registry->by_id, &device->by_id,
                            lwm2m_hash_table_hash(&registry->by_id, id.data, id.length));
    lwm2m_list_append(&registry->in_order, &device->in_order);
}

void lwm2m_registry_remove(struct lwm2m_registry *registry, struct lwm2m_device *device)
{
    lwm2m_hash_table_remove(&registry->by_name, &device->by_name);
    lwm2m_hash_table_remove(&registry->by_id, &device->by_id);
    lwm2m_list_remove(&device->in_order);
}

struct lwm2m_device *lwm2m_registry_find_name(const struct lwm2m_registry *registry,
                                              struct lwm2m_bytes endpoint_name)
{
    uint32_t hash =
        lwm2m_hash_table_hash(&registry->by_name, endpoint_name.data, endpoint_name.length);

    for (struct lwm2m_hash_node *node = lwm2m_hash_table_first(&registry->by_name, hash); node;
         node = lwm2m_hash_table_next(node)) {
        struct lwm2m_device *device = LWM2M_CONTAINER_OF(node, struct lwm2m_device, by_name);
        if (lwm2m_bytes_equal_text(endpoint_name, device->registration.endpoint_name)) {
            return device;
        }
    }
    return NULL;
}

struct lwm2m_device *lwm2m_registry_find_id(const struct lwm2m_registry *registry,
                                            struct lwm2m_bytes id)
{
    uint32_t hash = lwm2m_hash_table_hash(&registry->by_id, id.data, id.length);

    for (struct lwm2m_hash_node *node = lwm2m_hash_table_first(&registry->by_id, hash); node;
         node = lwm2m_hash_table_next(node)) {
        struct lwm2m_device *device = LWM2M_CONTAINER_OF(node, struct lwm2m_device, by_id);
        if (lwm2m_bytes_equal_text(id, device->registration.id)) {
            return device;
        }
    }
    return NULL;
}

struct lwm2m_device *lwm2m_registry_next(const struct lwm2m_registry *registry,
                                         const struct lwm2m_device *device)
{
    const struct lwm2m_list *node = device ? &device->in_order : &registry->in_order;

    if (node->next == &registry->in_order) {
        return NULL;
    }
    return LWM2M_CONTAINER_OF(node->next, struct lwm2m_device, in_order);
}
