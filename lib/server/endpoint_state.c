/*
 * What is known and what is desired of an endpoint name, whether it is registered or not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/endpoint_state.h"

#include <string.h>

#include "server/desired_state.h"
#include "server/engine.h"
#include "server/reported_state.h"

/* ---- values ---- */

static bool has_bytes(const struct lwm2m_value *value)
{
    return value->type == LWM2M_TYPE_STRING || value->type == LWM2M_TYPE_CORELNK ||
           value->type == LWM2M_TYPE_OPAQUE || value->type == LWM2M_TYPE_UNTYPED;
}

size_t lwm2m_value_byte_count(const struct lwm2m_value *value)
{
    return has_bytes(value) ? value->as.bytes.length : 0;
}

enum lwm2m_error lwm2m_kept_value_set(struct lwm2m_kept_value *kept, const struct lwm2m_port *port,
                                      const struct lwm2m_value *value)
{
    size_t length = lwm2m_value_byte_count(value);

    if (length > kept->capacity) {
        uint8_t *memory = port->allocate(port->context, length);
        if (!memory) {
            return LWM2M_NO_MEMORY;
        }
        port->release(port->context, kept->memory);
        kept->memory = memory;
        kept->capacity = length;
    }
    kept->value = *value;
    if (has_bytes(value)) {
        if (length > 0) {
            memcpy(kept->memory, value->as.bytes.data, length);
        }
        kept->value.as.bytes = (struct lwm2m_bytes){kept->memory, length};
    }
    return LWM2M_OK;
}

void lwm2m_kept_value_release(struct lwm2m_kept_value *kept, const struct lwm2m_port *port)
{
    port->release(port->context, kept->memory);
    *kept = (struct lwm2m_kept_value){0};
}

/* ---- states ---- */

enum lwm2m_error lwm2m_endpoint_states_init(struct lwm2m_endpoint_states *states,
                                            const struct lwm2m_port *port)
{
    lwm2m_list_init(&states->oldest);
    enum lwm2m_error error = lwm2m_hash_table_init(&states->by_name, port);
    if (!error) {
        error = lwm2m_hash_table_init(&states->reported, port);
    }
    if (!error) {
        error = lwm2m_hash_table_init(&states->desired, port);
    }
    return error;
}

static void free_state(struct lwm2m_endpoint_state *state)
{
    struct lwm2m_server *server = state->server;

    lwm2m_timer_disarm(server->config.timers, &state->retry);
    lwm2m_hash_table_remove(&server->states.by_name, &state->by_name);
    server->port->release(server->port->context, state);
}

void lwm2m_endpoint_states_release(struct lwm2m_server *server)
{
    struct lwm2m_endpoint_states *states = &server->states;
    struct lwm2m_hash_node *node;

    while (states->by_name.buckets && (node = lwm2m_hash_table_walk(&states->by_name, NULL))) {
        struct lwm2m_endpoint_state *state =
            LWM2M_CONTAINER_OF(node, struct lwm2m_endpoint_state, by_name);
        lwm2m_reported_drop(state);
        lwm2m_desired_drop(state);
        free_state(state);
    }
    lwm2m_hash_table_release(&states->by_name);
    lwm2m_hash_table_release(&states->reported);
    lwm2m_hash_table_release(&states->desired);
}

static bool is_idle(const struct lwm2m_endpoint_state *state)
{
    return state->reported_count == 0 && state->desired_count == 0 && !state->ticket &&
           state->holds == 0;
}

static struct lwm2m_endpoint_state *find_in_memory(const struct lwm2m_server *server,
                                                   struct lwm2m_bytes name)
{
    const struct lwm2m_hash_table *table = &server->states.by_name;
    uint32_t hash = lwm2m_hash_table_hash(table, name.data, name.length);

    for (struct lwm2m_hash_node *node = lwm2m_hash_table_first(table, hash); node;
         node = lwm2m_hash_table_next(node)) {
        struct lwm2m_endpoint_state *state =
            LWM2M_CONTAINER_OF(node, struct lwm2m_endpoint_state, by_name);
        if (lwm2m_bytes_equal_text(name, state->name)) {
            return state;
        }
    }
    return NULL;
}

static struct lwm2m_endpoint_state *new_state(struct lwm2m_server *server, struct lwm2m_bytes name)
{
    struct lwm2m_endpoint_state *state =
        server->port->allocate(server->port->context, sizeof *state + name.length + 1);

    if (!state) {
        return NULL;
    }
    memset(state, 0, sizeof *state);
    state->server = server;
    lwm2m_list_init(&state->reported);
    lwm2m_list_init(&state->pending);
    lwm2m_list_init(&state->settled);
    memcpy(state->name, name.data, name.length);
    state->name[name.length] = '\0';
    lwm2m_hash_table_insert(&server->states.by_name, &state->by_name,
                            lwm2m_hash_table_hash(&server->states.by_name, name.data, name.length));
    return state;
}

static void take_row(void *context, const struct lwm2m_state_row *row)
{
    struct lwm2m_endpoint_state *state = context;

    if (row->desired) {
        lwm2m_desired_restore(state, row);
    } else {
        lwm2m_reported_restore(state, row);
    }
}

struct lwm2m_endpoint_state *lwm2m_endpoint_state_obtain(struct lwm2m_server *server,
                                                         struct lwm2m_bytes name)
{
    const struct lwm2m_store *store = server->config.store;
    struct lwm2m_endpoint_state *state = find_in_memory(server, name);

    if (!state) {
        state = new_state(server, name);
        if (state && store->load_state) {
            store->load_state(store->context, name, take_row, state);
        }
    }
    return state;
}

struct lwm2m_endpoint_state *lwm2m_endpoint_state_find(struct lwm2m_server *server,
                                                       struct lwm2m_bytes name)
{
    if (!server->config.store->load_state) {
        return find_in_memory(server, name);
    }
    struct lwm2m_endpoint_state *state = lwm2m_endpoint_state_obtain(server, name);
    if (state && is_idle(state)) {
        free_state(state);
        state = NULL;
    }
    return state;
}

void lwm2m_endpoint_state_trim(struct lwm2m_endpoint_state *state)
{
    if (is_idle(state)) {
        free_state(state);
    }
}

void lwm2m_endpoint_state_hold(struct lwm2m_endpoint_state *state)
{
    state->holds++;
}

void lwm2m_endpoint_state_release(struct lwm2m_endpoint_state *state)
{
    state->holds--;
    lwm2m_endpoint_state_trim(state);
}

uint32_t lwm2m_endpoint_state_hash(const struct lwm2m_hash_table *table,
                                   const struct lwm2m_endpoint_state *state, struct lwm2m_path path)
{
    struct {
        const struct lwm2m_endpoint_state *state;
        struct lwm2m_path path;
    } key;

    memset(&key, 0, sizeof key); /* it is hashed as bytes */
    key.state = state;
    key.path = path;
    return lwm2m_hash_table_hash(table, &key, sizeof key);
}

bool lwm2m_server_has_state(struct lwm2m_server *server, struct lwm2m_bytes endpoint_name)
{
    lwm2m_reported_catch_up(server, endpoint_name);
    return lwm2m_endpoint_state_find(server, endpoint_name) != NULL;
}
