/*
 * The observations of all devices: found by device and by what is observed in O(1).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/observe_table.h"

#include <stdlib.h>
#include <string.h>

#include "server/engine.h"

/* ---- one observation ---- */

static int compare_paths(const void *a, const void *b)
{
    const struct lwm2m_path *first = a, *second = b;

    return lwm2m_path_compare(*first, *second);
}

/* The same paths in another order, or one of them twice, are the same observation. */
static size_t copy_paths(struct lwm2m_path *to, const struct lwm2m_path *from, size_t count)
{
    size_t kept = 0;

    if (count == 0) {
        return 0;
    }
    memcpy(to, from, count * sizeof *to);
    qsort(to, count, sizeof *to, compare_paths);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || !lwm2m_path_equal(to[kept - 1], to[i])) {
            to[kept++] = to[i];
        }
    }
    return kept;
}

/* Zeroed but for what is given, so that equal ones are equal bytes. */
static void copy_attributes(struct lwm2m_attributes *to, const struct lwm2m_attributes *from)
{
    memset(to, 0, sizeof *to);
    lwm2m_attributes_apply(to, from);
    to->cleared = from->cleared;
}

enum lwm2m_error lwm2m_observation_new(struct lwm2m_device *device,
                                       const struct lwm2m_observation_request *request,
                                       struct lwm2m_observation **result)
{
    const struct lwm2m_port *port = device->server->port;
    const struct lwm2m_attributes *given = request->attributes;
    bool has_attributes = given && (given->set | given->cleared);
    size_t count = request->paths ? request->path_count : 0;

    uint8_t *memory =
        port->allocate(port->context, sizeof(struct lwm2m_observation) +
                                          (has_attributes ? sizeof(struct lwm2m_attributes) : 0) +
                                          count * sizeof(struct lwm2m_path));
    if (!memory) {
        return LWM2M_NO_MEMORY;
    }
    struct lwm2m_observation *observation = (void *)memory;
    memset(observation, 0, sizeof *observation);
    memory += sizeof *observation;
    if (has_attributes) {
        copy_attributes((void *)memory, given);
        observation->attributes = (void *)memory;
        memory += sizeof *observation->attributes;
    }
    if (request->paths) {
        observation->path_count = copy_paths((void *)memory, request->paths, count);
        observation->paths = (void *)memory;
    }
    observation->device = device;
    observation->path = request->path;
    observation->ended = true;
    observation->holds = 1;
    lwm2m_subscriptions_init(&observation->subscriptions);
    lwm2m_device_hold(device);
    *result = observation;
    return LWM2M_OK;
}

void lwm2m_observation_hold(struct lwm2m_observation *observation)
{
    observation->holds++;
}

void lwm2m_observation_release(struct lwm2m_observation *observation)
{
    const struct lwm2m_port *port = observation->device->server->port;

    if (--observation->holds > 0) {
        return;
    }
    lwm2m_subscriptions_release(&observation->subscriptions, port);
    lwm2m_device_release(observation->device);
    port->release(port->context, observation);
}

bool lwm2m_observation_names(const struct lwm2m_observation *observation, struct lwm2m_path path)
{
    for (size_t i = 0; i < observation->path_count; i++) {
        if (lwm2m_path_equal(observation->paths[i], path)) {
            return true;
        }
    }
    return !observation->paths && lwm2m_path_equal(observation->path, path);
}

struct lwm2m_outcome lwm2m_observation_outcome(const struct lwm2m_observation *observation)
{
    const struct lwm2m_device *device = observation->device;

    return (struct lwm2m_outcome){
        .content_format = LWM2M_NO_FORMAT,
        .path = observation->path,
        .server = device->server,
        .registration = device->ended ? NULL : &device->registration,
    };
}

/* ---- the table ---- */

/* Zeroed before it is filled: it is hashed as bytes. */
struct key {
    const struct lwm2m_device *device;
    struct lwm2m_path path;
    uint32_t paths;
};

static uint32_t hash_of(const struct lwm2m_observation *observation)
{
    const struct lwm2m_hash_table *table = &observation->device->server->observations;
    struct key key;

    memset(&key, 0, sizeof key);
    key.device = observation->device;
    key.path = observation->path;
    if (observation->path_count > 0) {
        key.paths = lwm2m_hash_table_hash(table, observation->paths,
                                          observation->path_count * sizeof *observation->paths);
    }
    return lwm2m_hash_table_hash(table, &key, sizeof key);
}

static bool has_same_attributes(const struct lwm2m_observation *a,
                                const struct lwm2m_observation *b)
{
    if (!a->attributes || !b->attributes) {
        return a->attributes == b->attributes;
    }
    return memcmp(a->attributes, b->attributes, sizeof *a->attributes) == 0;
}

static bool is_same(const struct lwm2m_observation *a, const struct lwm2m_observation *b)
{
    return a->device == b->device && lwm2m_path_equal(a->path, b->path) &&
           a->path_count == b->path_count &&
           (a->path_count == 0 ||
            memcmp(a->paths, b->paths, a->path_count * sizeof *a->paths) == 0) &&
           has_same_attributes(a, b);
}

struct lwm2m_observation *lwm2m_observe_table_find(const struct lwm2m_observation *observation)
{
    const struct lwm2m_hash_table *table = &observation->device->server->observations;

    for (struct lwm2m_hash_node *node = lwm2m_hash_table_first(table, hash_of(observation)); node;
         node = lwm2m_hash_table_next(node)) {
        struct lwm2m_observation *other =
            LWM2M_CONTAINER_OF(node, struct lwm2m_observation, in_table);
        if (is_same(other, observation)) {
            return other;
        }
    }
    return NULL;
}

void lwm2m_observe_table_insert(struct lwm2m_observation *observation)
{
    struct lwm2m_device *device = observation->device;

    observation->ended = false;
    lwm2m_list_append(&device->observations, &observation->in_device);
    device->observation_count++;
    lwm2m_hash_table_insert(&device->server->observations, &observation->in_table,
                            hash_of(observation));
}

void lwm2m_observe_table_remove(struct lwm2m_observation *observation)
{
    lwm2m_subscriptions_learn(observation);
    lwm2m_hash_table_remove(&observation->device->server->observations, &observation->in_table);
    lwm2m_list_remove(&observation->in_device);
    observation->device->observation_count--;
    observation->ended = true;
}
