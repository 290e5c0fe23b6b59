/*
 * Last-reported state: keeps the last value of everything that devices said.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/reported_state.h"

#include "server/engine.h"
#include "server/observations.h"
#include "server/registry.h"

/* One value; the oldest go first when there are too many. */
struct reported {
    struct lwm2m_hash_node by_path;
    struct lwm2m_list in_endpoint;
    struct lwm2m_list in_all;
    struct lwm2m_endpoint_state *state;
    struct lwm2m_path path;
    uint64_t seen_ms;
    int64_t time_ms;
    struct lwm2m_kept_value kept;
};

static struct reported *find(const struct lwm2m_endpoint_state *state, struct lwm2m_path path)
{
    const struct lwm2m_hash_table *table = &state->server->states.reported;

    for (struct lwm2m_hash_node *node =
             lwm2m_hash_table_first(table, lwm2m_endpoint_state_hash(table, state, path));
         node; node = lwm2m_hash_table_next(node)) {
        struct reported *reported = LWM2M_CONTAINER_OF(node, struct reported, by_path);
        if (reported->state == state && lwm2m_path_equal(reported->path, path)) {
            return reported;
        }
    }
    return NULL;
}

static void discard(struct reported *reported)
{
    struct lwm2m_endpoint_state *state = reported->state;
    const struct lwm2m_port *port = state->server->port;

    lwm2m_hash_table_remove(&state->server->states.reported, &reported->by_path);
    lwm2m_list_remove(&reported->in_endpoint);
    lwm2m_list_remove(&reported->in_all);
    state->reported_count--;
    state->server->states.reported_bytes -= reported->kept.capacity;
    lwm2m_kept_value_release(&reported->kept, port);
    port->release(port->context, reported);
}

static void forget(struct reported *reported)
{
    const struct lwm2m_endpoint_state *state = reported->state;
    const struct lwm2m_store *store = state->server->config.store;

    if (store->remove_state) {
        store->remove_state(store->context, lwm2m_bytes_from_text(state->name), false,
                            reported->path);
    }
    discard(reported);
}

/* `keep` is the endpoint whose state is in use. */
static void forget_oldest(struct lwm2m_endpoint_state *keep)
{
    struct reported *oldest =
        LWM2M_CONTAINER_OF(lwm2m_list_first(&keep->server->states.oldest), struct reported, in_all);
    struct lwm2m_endpoint_state *state = oldest->state;

    forget(oldest);
    if (state != keep) {
        lwm2m_endpoint_state_trim(state);
    }
}

/* Lets the oldest go until the bytes of all fit; the one that has just come is the last to go. */
static void shed(struct reported *newest)
{
    struct lwm2m_server *server = newest->state->server;

    while (server->states.reported_bytes > server->config.max_reported_bytes &&
           lwm2m_list_first(&server->states.oldest) != &newest->in_all) {
        forget_oldest(newest->state);
    }
}

/* Replaces the value, and counts its memory. */
static enum lwm2m_error set_value(struct reported *reported, const struct lwm2m_value *value)
{
    struct lwm2m_server *server = reported->state->server;
    size_t before = reported->kept.capacity;
    enum lwm2m_error error = lwm2m_kept_value_set(&reported->kept, server->port, value);

    server->states.reported_bytes += reported->kept.capacity - before;
    return error;
}

/* Makes room for one more of the endpoint. */
static void make_room(struct lwm2m_endpoint_state *keep)
{
    struct lwm2m_server *server = keep->server;

    if (keep->reported_count >= server->config.max_reported_per_device) {
        forget(LWM2M_CONTAINER_OF(lwm2m_list_first(&keep->reported), struct reported, in_endpoint));
    } else if (server->states.reported.count >= server->config.max_reported_values) {
        forget_oldest(keep);
    }
}

static struct reported *insert(struct lwm2m_endpoint_state *state, struct lwm2m_path path)
{
    struct lwm2m_server *server = state->server;
    const struct lwm2m_port *port = server->port;

    make_room(state);
    struct reported *reported = port->allocate(port->context, sizeof *reported);
    if (!reported) {
        return NULL;
    }
    *reported = (struct reported){.state = state, .path = path, .time_ms = LWM2M_NO_TIME};
    lwm2m_hash_table_insert(&server->states.reported, &reported->by_path,
                            lwm2m_endpoint_state_hash(&server->states.reported, state, path));
    lwm2m_list_append(&state->reported, &reported->in_endpoint);
    lwm2m_list_append(&server->states.oldest, &reported->in_all);
    state->reported_count++;
    return reported;
}

/* False if it came before what is known, or the device itself says that it is older. */
static bool is_news(const struct reported *known, int64_t time_ms, uint64_t seen_ms)
{
    if (seen_ms < known->seen_ms) {
        return false;
    }
    return time_ms == LWM2M_NO_TIME || known->time_ms == LWM2M_NO_TIME || time_ms >= known->time_ms;
}

static struct reported *keep(struct lwm2m_endpoint_state *state, const struct lwm2m_record *record,
                             uint64_t seen_ms)
{
    struct lwm2m_server *server = state->server;
    struct reported *reported = find(state, record->path);
    bool too_large = lwm2m_value_byte_count(&record->value) > LWM2M_STATE_VALUE_MAX;

    if ((reported && !is_news(reported, record->time_ms, seen_ms)) || (!reported && too_large)) {
        return NULL;
    }
    if (reported) {
        lwm2m_list_remove(&reported->in_endpoint);
        lwm2m_list_append(&state->reported, &reported->in_endpoint);
        lwm2m_list_remove(&reported->in_all);
        lwm2m_list_append(&server->states.oldest, &reported->in_all);
    } else {
        reported = insert(state, record->path);
    }
    if (!reported) {
        return NULL;
    }
    /* Better nothing than an old value that passes for the last one. */
    if (too_large || set_value(reported, &record->value) != LWM2M_OK) {
        forget(reported);
        return NULL;
    }
    shed(reported);
    reported->seen_ms = seen_ms;
    reported->time_ms = record->time_ms;
    return reported;
}

struct learning {
    struct lwm2m_endpoint_state *state;
    uint64_t seen_ms;
};

static enum lwm2m_error take_record(void *context, const struct lwm2m_record *record)
{
    const struct learning *learning = context;
    struct lwm2m_endpoint_state *state = learning->state;
    const struct lwm2m_store *store = state->server->config.store;

    if (record->value.type == LWM2M_TYPE_NONE || record->path.level < LWM2M_LEVEL_RESOURCE) {
        return LWM2M_OK;
    }
    const struct reported *reported = keep(state, record, learning->seen_ms);
    if (reported && store->save_state) {
        const struct lwm2m_state_row row = {
            .path = reported->path,
            .value = reported->kept.value,
            .since_ms = reported->seen_ms,
            .time_ms = reported->time_ms,
        };
        store->save_state(store->context, lwm2m_bytes_from_text(state->name), &row);
    }
    return LWM2M_OK;
}

static bool is_kept(const struct lwm2m_server *server)
{
    return server->config.max_reported_values > 0 && server->config.max_reported_per_device > 0;
}

void lwm2m_reported_learn(struct lwm2m_server *server, const struct lwm2m_outcome *outcome,
                          uint64_t seen_ms)
{
    if (!is_kept(server) || !outcome->registration || outcome->payload.length == 0) {
        return;
    }
    struct lwm2m_endpoint_state *state = lwm2m_endpoint_state_obtain(
        server, lwm2m_bytes_from_text(outcome->registration->endpoint_name));
    if (!state) {
        return;
    }
    struct learning learning = {state, seen_ms};
    enum lwm2m_error error =
        lwm2m_outcome_decode(outcome, (struct lwm2m_sink){&learning, take_record}, NULL);
    (void)error; /* whoever asked for it is told by its own decoding; what came before counts */
    lwm2m_endpoint_state_trim(state);
}

void lwm2m_reported_catch_up(struct lwm2m_server *server, struct lwm2m_bytes endpoint_name)
{
    const struct lwm2m_device *device = lwm2m_registry_find_name(&server->registry, endpoint_name);

    if (device) {
        lwm2m_observations_learn(device);
    }
}

void lwm2m_reported_forget(struct lwm2m_server *server, const struct lwm2m_outcome *outcome)
{
    struct lwm2m_list *node, *next;

    if (!is_kept(server) || !outcome->registration) {
        return;
    }
    struct lwm2m_bytes name = lwm2m_bytes_from_text(outcome->registration->endpoint_name);
    lwm2m_reported_catch_up(server, name);
    struct lwm2m_endpoint_state *state = lwm2m_endpoint_state_find(server, name);
    if (!state) {
        return;
    }
    LWM2M_LIST_EACH (node, next, &state->reported) {
        struct reported *reported = LWM2M_CONTAINER_OF(node, struct reported, in_endpoint);
        if (lwm2m_path_contains(outcome->path, reported->path)) {
            forget(reported);
        }
    }
    lwm2m_endpoint_state_trim(state);
}

void lwm2m_reported_restore(struct lwm2m_endpoint_state *state, const struct lwm2m_state_row *row)
{
    const struct lwm2m_record record = {row->path, row->value, row->time_ms};

    if (is_kept(state->server)) {
        (void)keep(state, &record, row->since_ms);
    }
}

void lwm2m_reported_drop(struct lwm2m_endpoint_state *state)
{
    struct lwm2m_list *node;

    while ((node = lwm2m_list_first(&state->reported))) {
        discard(LWM2M_CONTAINER_OF(node, struct reported, in_endpoint));
    }
}

void lwm2m_server_visit_reported(
    struct lwm2m_server *server, struct lwm2m_bytes endpoint_name, struct lwm2m_path path,
    bool (*visit)(void *context, const struct lwm2m_reported_value *reported), void *context)
{
    struct lwm2m_list *node, *next;

    lwm2m_reported_catch_up(server, endpoint_name);
    const struct lwm2m_endpoint_state *state = lwm2m_endpoint_state_find(server, endpoint_name);
    if (!state) {
        return;
    }
    LWM2M_LIST_EACH (node, next, &state->reported) {
        const struct reported *reported = LWM2M_CONTAINER_OF(node, struct reported, in_endpoint);
        const struct lwm2m_reported_value value = {reported->path, reported->kept.value,
                                                   reported->seen_ms, reported->time_ms};
        if (lwm2m_path_contains(path, value.path) && !visit(context, &value)) {
            return;
        }
    }
}
