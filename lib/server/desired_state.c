/*
 * Desired state: writes what devices are to hold, when they can be reached.
 *
 *     status     leaves by                                      to
 *     pending    2.04 to the Write                              applied
 *     pending    4.xx, or a value that cannot be sent           refused
 *     pending    5.xx, no answer                                pending: again after a pause
 *     any        a new value for the path                       pending, behind the others
 *     any        clear                                          gone
 *     applied,   too many values of the device: the one that    gone
 *     refused    settled first
 *
 * Of each endpoint, one value at a time is written. It happens when one is set, when the device
 * registers, updates, or wakes, when a Write was answered, and when the pause after a failed one is
 * over; a device that sleeps or is away is left alone until then.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/desired_state.h"

#include "server/engine.h"
#include "server/registry.h"

/* The pause after failed attempts doubles up to this. */
#define PAUSE_MAX_MS 3600000u

struct desired {
    struct lwm2m_hash_node by_path;
    struct lwm2m_list link; /* in pending or settled */
    struct lwm2m_endpoint_state *state;
    struct lwm2m_path path;
    uint32_t version; /* of the value: another when a new one takes its place */
    uint32_t attempts;
    uint64_t since_ms;
    uint8_t status; /* enum lwm2m_desired_status */
    uint8_t error;
    enum lwm2m_status answer;
    struct lwm2m_kept_value kept;
};

static void advance(struct lwm2m_endpoint_state *state);

static uint64_t now_of(const struct lwm2m_endpoint_state *state)
{
    return lwm2m_timers_now(state->server->config.timers);
}

static struct lwm2m_bytes name_of(const struct lwm2m_endpoint_state *state)
{
    return lwm2m_bytes_from_text(state->name);
}

static struct lwm2m_device *device_of(const struct lwm2m_endpoint_state *state)
{
    return lwm2m_registry_find_name(&state->server->registry, name_of(state));
}

/* ---- the table ---- */

static struct desired *find(const struct lwm2m_endpoint_state *state, struct lwm2m_path path)
{
    const struct lwm2m_hash_table *table = &state->server->states.desired;

    for (struct lwm2m_hash_node *node =
             lwm2m_hash_table_first(table, lwm2m_endpoint_state_hash(table, state, path));
         node; node = lwm2m_hash_table_next(node)) {
        struct desired *desired = LWM2M_CONTAINER_OF(node, struct desired, by_path);
        if (desired->state == state && lwm2m_path_equal(desired->path, path)) {
            return desired;
        }
    }
    return NULL;
}

/* Puts it behind the others of its new status. */
static void move(struct desired *desired, enum lwm2m_desired_status status)
{
    struct lwm2m_endpoint_state *state = desired->state;
    bool pending = status == LWM2M_DESIRED_PENDING;

    lwm2m_list_remove(&desired->link);
    lwm2m_list_append(pending ? &state->pending : &state->settled, &desired->link);
    state->server->states.pending_count -= desired->status == LWM2M_DESIRED_PENDING;
    state->server->states.pending_count += pending;
    desired->status = (uint8_t)status;
    desired->since_ms = now_of(state);
}

static void discard(struct desired *desired)
{
    struct lwm2m_endpoint_state *state = desired->state;
    struct lwm2m_server *server = state->server;

    server->states.pending_count -= desired->status == LWM2M_DESIRED_PENDING;
    lwm2m_hash_table_remove(&server->states.desired, &desired->by_path);
    lwm2m_list_remove(&desired->link);
    state->desired_count--;
    lwm2m_kept_value_release(&desired->kept, server->port);
    server->port->release(server->port->context, desired);
}

static void forget(struct desired *desired)
{
    const struct lwm2m_endpoint_state *state = desired->state;
    const struct lwm2m_store *store = state->server->config.store;

    if (store->remove_state) {
        store->remove_state(store->context, name_of(state), true, desired->path);
    }
    discard(desired);
}

static bool has_room(struct lwm2m_endpoint_state *state)
{
    const struct lwm2m_server *server = state->server;

    if (state->desired_count >= server->config.max_desired_per_device &&
        !lwm2m_list_is_empty(&state->settled)) {
        forget(LWM2M_CONTAINER_OF(lwm2m_list_first(&state->settled), struct desired, link));
    }
    return state->desired_count < server->config.max_desired_per_device &&
           server->states.desired.count < server->config.max_desired_values;
}

/* A settled one without a value yet. */
static struct desired *insert(struct lwm2m_endpoint_state *state, struct lwm2m_path path)
{
    struct lwm2m_server *server = state->server;
    struct desired *desired = server->port->allocate(server->port->context, sizeof *desired);

    if (!desired) {
        return NULL;
    }
    *desired = (struct desired){.state = state, .path = path, .status = LWM2M_DESIRED_REFUSED};
    lwm2m_list_append(&state->settled, &desired->link);
    lwm2m_hash_table_insert(&server->states.desired, &desired->by_path,
                            lwm2m_endpoint_state_hash(&server->states.desired, state, path));
    state->desired_count++;
    return desired;
}

static struct lwm2m_desired_value public_of(const struct desired *desired)
{
    return (struct lwm2m_desired_value){
        .path = desired->path,
        .value = desired->kept.value,
        .status = (enum lwm2m_desired_status)desired->status,
        .since_ms = desired->since_ms,
        .attempts = desired->attempts,
        .error = (enum lwm2m_error)desired->error,
        .answer = desired->answer,
    };
}

/* Tells the store and the program; the latter may clear it. */
static void publish(const struct desired *desired)
{
    const struct lwm2m_endpoint_state *state = desired->state;
    const struct lwm2m_store *store = state->server->config.store;
    struct lwm2m_device *device = device_of(state);
    const struct lwm2m_desired_value value = public_of(desired);
    const struct lwm2m_server_event event = {
        .type = LWM2M_SERVER_DESIRED,
        .registration = device ? &device->registration : NULL,
        .endpoint_name = name_of(state),
        .peer = device ? device->registration.peer : NULL,
        .desired = &value,
    };

    if (store->save_state) {
        const struct lwm2m_state_row row = {
            .desired = true,
            .path = value.path,
            .value = value.value,
            .since_ms = value.since_ms,
            .time_ms = LWM2M_NO_TIME,
            .status = value.status,
        };
        store->save_state(store->context, name_of(state), &row);
    }
    lwm2m_server_emit(state->server, &event);
}

/* ---- writing ---- */

static void settle(struct desired *desired, enum lwm2m_desired_status status,
                   enum lwm2m_error error)
{
    desired->error = (uint8_t)error;
    move(desired, status);
    publish(desired);
}

static void retry(struct lwm2m_timer *timer)
{
    struct lwm2m_endpoint_state *state =
        LWM2M_CONTAINER_OF(timer, struct lwm2m_endpoint_state, retry);

    lwm2m_endpoint_state_hold(state);
    advance(state);
    lwm2m_endpoint_state_release(state);
}

/* Doubles the pause after every failed attempt in a row. */
static void pause_writing(struct lwm2m_endpoint_state *state)
{
    uint64_t pause_ms =
        state->pause_ms ? (uint64_t)state->pause_ms * 2 : state->server->config.desired_retry_ms;

    state->pause_ms = pause_ms < PAUSE_MAX_MS ? (uint32_t)pause_ms : PAUSE_MAX_MS;
    state->retry.fire = retry;
    lwm2m_timer_arm_in(state->server->config.timers, &state->retry, state->pause_ms);
}

static void end_pause(struct lwm2m_endpoint_state *state)
{
    state->pause_ms = 0;
    state->unanswered = false;
    lwm2m_timer_disarm(state->server->config.timers, &state->retry);
}

static bool is_answer(enum lwm2m_status status, unsigned class)
{
    return status / 100u == class;
}

/* What an attempt came to, for the value that was sent. */
/* A refusal that asking again would not change: not that blocks were lost, nor that there were too
 * many requests. */
static bool is_for_good(enum lwm2m_status status)
{
    return is_answer(status, 4) && status != LWM2M_STATUS_REQUEST_ENTITY_INCOMPLETE &&
           status != LWM2M_STATUS_TOO_MANY_REQUESTS;
}

static void judge(struct desired *desired, const struct lwm2m_outcome *outcome)
{
    struct lwm2m_endpoint_state *state = desired->state;

    desired->answer = outcome->error ? LWM2M_STATUS_NONE : outcome->status;
    if (!outcome->error && lwm2m_status_is_success(outcome->status)) {
        end_pause(state);
        settle(desired, LWM2M_DESIRED_APPLIED, LWM2M_OK);
    } else if (!outcome->error && is_for_good(outcome->status)) {
        end_pause(state);
        desired->attempts++;
        settle(desired, LWM2M_DESIRED_REFUSED, LWM2M_OK);
    } else {
        desired->attempts++;
        desired->error = (uint8_t)outcome->error;
        state->unanswered = outcome->error != LWM2M_OK;
        pause_writing(state);
        publish(desired);
    }
}

static void handle_outcome(void *context, const struct lwm2m_outcome *outcome)
{
    struct lwm2m_endpoint_state *state = context;
    struct desired *desired = find(state, state->writing);

    lwm2m_endpoint_state_hold(state);
    state->ticket = NULL;
    /* The end of a registration is no attempt: the next one begins anew. */
    if (desired && desired->version == state->writing_version &&
        desired->status == LWM2M_DESIRED_PENDING && outcome->error != LWM2M_GONE &&
        outcome->error != LWM2M_CANCELLED) {
        judge(desired, outcome);
    }
    if (outcome->error != LWM2M_CANCELLED) {
        advance(state);
    }
    lwm2m_endpoint_state_release(state);
}

static enum lwm2m_error write(struct desired *desired, struct lwm2m_device *device)
{
    struct lwm2m_endpoint_state *state = desired->state;
    const struct lwm2m_record record = {desired->path, desired->kept.value, LWM2M_NO_TIME};
    const struct lwm2m_operation operation = {
        .kind = LWM2M_OPERATION_WRITE_REPLACE,
        .path = desired->path,
        .format = LWM2M_NO_FORMAT,
        .records = &record,
        .record_count = 1,
        .context = state,
        .done = handle_outcome,
    };

    state->writing = desired->path;
    state->writing_version = desired->version;
    return lwm2m_server_submit(state->server, &device->registration, &operation, &state->ticket);
}

/* Writes what is first, unless something is under way, or the device cannot be reached now. */
static void advance(struct lwm2m_endpoint_state *state)
{
    struct lwm2m_device *device = device_of(state);
    struct lwm2m_list *node;

    while (!state->ticket && !lwm2m_timer_is_armed(&state->retry) && device && !device->ended &&
           device->registration.awake && (node = lwm2m_list_first(&state->pending))) {
        struct desired *desired = LWM2M_CONTAINER_OF(node, struct desired, link);
        enum lwm2m_error error = write(desired, device);
        if (error == LWM2M_OK) {
            return;
        }
        if (error == LWM2M_BUSY || error == LWM2M_NO_MEMORY) {
            pause_writing(state);
            return;
        }
        /* It cannot be carried to this device. */
        desired->answer = LWM2M_STATUS_NONE;
        desired->attempts++;
        settle(desired, LWM2M_DESIRED_REFUSED, error);
        device = device_of(state);
    }
}

void lwm2m_desired_advance(struct lwm2m_device *device)
{
    struct lwm2m_server *server = device->server;

    if (device->ended || (server->states.pending_count == 0 && !server->config.store->load_state)) {
        return;
    }
    struct lwm2m_endpoint_state *state = lwm2m_endpoint_state_find(
        server, lwm2m_bytes_from_text(device->registration.endpoint_name));
    if (!state) {
        return;
    }
    lwm2m_endpoint_state_hold(state);
    /* A device that answered 5.xx is heard all the time: it is left its pause. */
    if (state->unanswered) {
        end_pause(state);
    }
    advance(state);
    lwm2m_endpoint_state_release(state);
}

/* ---- for programs ---- */

static enum lwm2m_error check(const struct lwm2m_record *records, size_t record_count)
{
    for (size_t i = 0; i < record_count; i++) {
        if (records[i].path.level < LWM2M_LEVEL_RESOURCE ||
            records[i].value.type == LWM2M_TYPE_NONE) {
            return LWM2M_ARGUMENT;
        }
        if (lwm2m_value_byte_count(&records[i].value) > LWM2M_STATE_VALUE_MAX) {
            return LWM2M_TOO_LARGE;
        }
    }
    return LWM2M_OK;
}

static enum lwm2m_error set(struct lwm2m_endpoint_state *state, const struct lwm2m_record *record)
{
    struct desired *desired = find(state, record->path);
    bool made = !desired;

    if (made && !has_room(state)) {
        return LWM2M_BUSY;
    }
    desired = made ? insert(state, record->path) : desired;
    if (!desired) {
        return LWM2M_NO_MEMORY;
    }
    enum lwm2m_error error =
        lwm2m_kept_value_set(&desired->kept, state->server->port, &record->value);
    if (error) {
        if (made) {
            discard(desired);
        }
        return error;
    }
    desired->version = ++state->last_version;
    desired->attempts = 0;
    desired->answer = LWM2M_STATUS_NONE;
    settle(desired, LWM2M_DESIRED_PENDING, LWM2M_OK);
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_server_set_desired(struct lwm2m_server *server,
                                          struct lwm2m_bytes endpoint_name,
                                          const struct lwm2m_record *records, size_t record_count)
{
    enum lwm2m_error error = check(records, record_count);

    for (size_t i = 0; !error && i < record_count; i++) {
        /* Looked up for each: whoever hears of one may clear them all. */
        struct lwm2m_endpoint_state *state = lwm2m_endpoint_state_obtain(server, endpoint_name);
        error = state ? set(state, &records[i]) : LWM2M_NO_MEMORY;
    }
    struct lwm2m_endpoint_state *state = lwm2m_endpoint_state_find(server, endpoint_name);
    if (state) {
        lwm2m_endpoint_state_hold(state);
        advance(state);
        lwm2m_endpoint_state_release(state);
    }
    return error;
}

static size_t clear_list(struct lwm2m_list *list, struct lwm2m_path path)
{
    struct lwm2m_list *node, *next;
    size_t count = 0;

    LWM2M_LIST_EACH (node, next, list) {
        struct desired *desired = LWM2M_CONTAINER_OF(node, struct desired, link);
        if (lwm2m_path_contains(path, desired->path)) {
            forget(desired);
            count++;
        }
    }
    return count;
}

size_t lwm2m_server_clear_desired(struct lwm2m_server *server, struct lwm2m_bytes endpoint_name,
                                  struct lwm2m_path path)
{
    struct lwm2m_endpoint_state *state = lwm2m_endpoint_state_find(server, endpoint_name);

    if (!state) {
        return 0;
    }
    size_t count = clear_list(&state->pending, path) + clear_list(&state->settled, path);
    if (lwm2m_list_is_empty(&state->pending)) {
        end_pause(state);
    }
    lwm2m_endpoint_state_trim(state);
    return count;
}

static bool visit_list(const struct lwm2m_list *list, struct lwm2m_path path,
                       bool (*visit)(void *context, const struct lwm2m_desired_value *desired),
                       void *context)
{
    struct lwm2m_list *node, *next;

    LWM2M_LIST_EACH (node, next, list) {
        const struct lwm2m_desired_value value =
            public_of(LWM2M_CONTAINER_OF(node, struct desired, link));
        if (lwm2m_path_contains(path, value.path) && !visit(context, &value)) {
            return false;
        }
    }
    return true;
}

void lwm2m_server_visit_desired(
    struct lwm2m_server *server, struct lwm2m_bytes endpoint_name, struct lwm2m_path path,
    bool (*visit)(void *context, const struct lwm2m_desired_value *desired), void *context)
{
    const struct lwm2m_endpoint_state *state = lwm2m_endpoint_state_find(server, endpoint_name);

    if (state && visit_list(&state->pending, path, visit, context)) {
        visit_list(&state->settled, path, visit, context);
    }
}

/* ---- for the store ---- */

void lwm2m_desired_restore(struct lwm2m_endpoint_state *state, const struct lwm2m_state_row *row)
{
    if (find(state, row->path) || !has_room(state)) {
        return;
    }
    struct desired *desired = insert(state, row->path);
    if (!desired) {
        return;
    }
    if (lwm2m_kept_value_set(&desired->kept, state->server->port, &row->value) != LWM2M_OK) {
        discard(desired);
        return;
    }
    move(desired, row->status);
    desired->since_ms = row->since_ms;
}

void lwm2m_desired_drop(struct lwm2m_endpoint_state *state)
{
    struct lwm2m_list *node;

    while ((node = lwm2m_list_first(&state->pending)) ||
           (node = lwm2m_list_first(&state->settled))) {
        discard(LWM2M_CONTAINER_OF(node, struct desired, link));
    }
}
