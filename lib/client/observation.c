/*
 * One observation: what a server wants to be told of, and when something is due.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/observation.h"

#include <string.h>

#include "client/engine.h"

#define OBJECT_SERVER 1
#define SERVER_DEFAULT_PMIN 2
#define SERVER_DEFAULT_PMAX 3

static struct lwm2m_client *client_of(const struct lwm2m_client_observation *observation)
{
    return observation->account->client;
}

static uint64_t now(const struct lwm2m_client *client)
{
    return lwm2m_timers_now(client->config.timers);
}

/* ---- what is due ---- */

struct lwm2m_attributes
lwm2m_client_observation_attributes(const struct lwm2m_client_observation *observation,
                                    size_t target)
{
    struct lwm2m_attributes attached =
        lwm2m_attribute_store_effective(&client_of(observation)->attributes,
                                        observation->account->ssid, observation->paths[target]);

    return lwm2m_attributes_inherit(&attached, &observation->attributes);
}

static int64_t read_server_resource(const struct lwm2m_client_observation *observation,
                                    uint16_t resource)
{
    return lwm2m_object_tree_integer_or(
        &client_of(observation)->objects,
        lwm2m_path_resource(OBJECT_SERVER, observation->account->server_instance, resource), 0);
}

static struct lwm2m_notify_rules rules_of(const struct lwm2m_client_observation *observation,
                                          size_t target)
{
    struct lwm2m_attributes attributes = lwm2m_client_observation_attributes(observation, target);

    return lwm2m_notify_rules(&attributes, read_server_resource(observation, SERVER_DEFAULT_PMIN),
                              read_server_resource(observation, SERVER_DEFAULT_PMAX));
}

static enum lwm2m_error put_sample(void *context, const struct lwm2m_record *record)
{
    *(struct lwm2m_notify_sample *)context = lwm2m_notify_sample(&record->value);
    return LWM2M_OK;
}

/* The value at path as conditions see it: only a single one can be compared. */
static struct lwm2m_notify_sample take_sample(const struct lwm2m_client *client,
                                              struct lwm2m_path path)
{
    const struct lwm2m_object_tree *tree = &client->objects;
    struct lwm2m_notify_sample sample = {LWM2M_SAMPLE_OTHER, 0};
    struct lwm2m_resource_definition definition;

    if (path.level < LWM2M_LEVEL_RESOURCE || !lwm2m_object_tree_define(tree, path, &definition) ||
        (definition.multiple && path.level == LWM2M_LEVEL_RESOURCE) ||
        definition.type == LWM2M_TYPE_STRING || definition.type == LWM2M_TYPE_OPAQUE ||
        !lwm2m_object_tree_exists(tree, path)) {
        return sample;
    }
    (void)!lwm2m_object_tree_read(tree, path, false, (struct lwm2m_sink){&sample, put_sample});
    return sample;
}

/* Decides for one path; if evaluates is false, a value is not looked at but said to be due for it.
 */
static enum lwm2m_notify_verdict decide_target(struct lwm2m_client_observation *observation,
                                               size_t index, bool evaluates, uint64_t *next_ms)
{
    const struct lwm2m_client *client = client_of(observation);
    struct lwm2m_notify_state *state = &observation->targets[index].state;
    struct lwm2m_notify_rules rules = rules_of(observation, index);
    enum lwm2m_notify_verdict verdict = lwm2m_notify_decide(&rules, state, now(client), next_ms);

    if (verdict != LWM2M_NOTIFY_EVALUATE || !evaluates) {
        return verdict;
    }
    lwm2m_notify_evaluate(&rules, state, now(client),
                          take_sample(client, observation->paths[index]));
    return lwm2m_notify_decide(&rules, state, now(client), next_ms);
}

/* The most urgent verdict of all paths. */
static enum lwm2m_notify_verdict decide(struct lwm2m_client_observation *observation,
                                        bool evaluates, uint64_t *next_ms)
{
    enum lwm2m_notify_verdict most = LWM2M_NOTIFY_WAIT;
    size_t i;

    *next_ms = LWM2M_NEVER;
    if (observation->forced ||
        (observation->history.count > 0 && !client_of(observation)->offline)) {
        return LWM2M_NOTIFY_NOW;
    }
    for (i = 0; i < observation->target_count; i++) {
        uint64_t target_next_ms;
        enum lwm2m_notify_verdict verdict =
            decide_target(observation, i, evaluates, &target_next_ms);

        most = verdict > most ? verdict : most;
        *next_ms = target_next_ms < *next_ms ? target_next_ms : *next_ms;
    }
    return most;
}

static bool is_silent(const struct lwm2m_client_observation *observation)
{
    return client_of(observation)->offline && !lwm2m_client_observation_keeps(observation);
}

void lwm2m_client_observation_schedule(struct lwm2m_client_observation *observation)
{
    struct lwm2m_client *client = client_of(observation);
    uint64_t next_ms = LWM2M_NEVER;

    if (!is_silent(observation) && decide(observation, false, &next_ms) != LWM2M_NOTIFY_WAIT) {
        next_ms = now(client);
    }
    lwm2m_timer_arm_at(client->config.timers, &observation->timer, next_ms);
}

static void fire(struct lwm2m_timer *timer)
{
    struct lwm2m_client_observation *observation =
        LWM2M_CONTAINER_OF(timer, struct lwm2m_client_observation, timer);
    enum lwm2m_notify_verdict verdict;
    uint64_t next_ms;

    if (is_silent(observation)) {
        return;
    }
    verdict = decide(observation, true, &next_ms);
    if (verdict == LWM2M_NOTIFY_WAIT) {
        lwm2m_timer_arm_at(client_of(observation)->config.timers, timer, next_ms);
    } else {
        lwm2m_client_observation_notify(observation, verdict == LWM2M_NOTIFY_IF_DIFFERENT);
    }
}

void lwm2m_client_observation_told(struct lwm2m_client_observation *observation)
{
    const struct lwm2m_client *client = client_of(observation);
    size_t i;

    for (i = 0; i < observation->target_count; i++) {
        lwm2m_notify_told(&observation->targets[i].state, now(client),
                          take_sample(client, observation->paths[i]));
    }
    observation->forced = false;
}

void lwm2m_client_observation_forget_changes(struct lwm2m_client_observation *observation)
{
    size_t i;

    for (i = 0; i < observation->target_count; i++) {
        observation->targets[i].state.met = false;
    }
}

void lwm2m_client_observation_emit(const struct lwm2m_client_observation *observation,
                                   enum lwm2m_client_event_type type, enum lwm2m_error error,
                                   const struct lwm2m_content *content)
{
    struct lwm2m_client_event event = {
        .type = type,
        .ssid = observation->account->ssid,
        .path = observation->composite ? lwm2m_path_root() : observation->paths[0],
        .error = error,
        .content_format = LWM2M_NO_FORMAT,
    };

    if (observation->composite) {
        event.paths = observation->paths;
        event.path_count = observation->target_count;
    }
    if (content != NULL) {
        event.status = LWM2M_STATUS_CONTENT;
        event.payload = content->bytes;
        event.content_format = content->format;
    }
    lwm2m_client_emit(client_of(observation), &event);
}

/* ---- beginning and end ---- */

static struct lwm2m_client_observation *allocate(const struct lwm2m_port *port, size_t path_count)
{
    struct lwm2m_client_observation *observation;
    size_t targets_size = path_count * sizeof(observation->targets[0]);
    size_t size = sizeof(*observation) + targets_size + path_count * sizeof(struct lwm2m_path);

    observation = port->allocate(port->context, size);
    if (observation != NULL) {
        memset(observation, 0, size);
        observation->target_count = path_count;
        observation->paths = (struct lwm2m_path *)(void *)&observation->targets[path_count];
    }
    return observation;
}

static enum lwm2m_error enter_index(struct lwm2m_client *client,
                                    struct lwm2m_client_observation *observation)
{
    enum lwm2m_error error = LWM2M_OK;
    size_t i;

    for (i = 0; i < observation->target_count && error == LWM2M_OK; i++) {
        struct lwm2m_observation_target *target = &observation->targets[i];

        target->observation = observation;
        error = lwm2m_path_index_enter(&client->observations.by_path, &target->by_path,
                                       observation->paths[i]);
    }
    return error;
}

struct lwm2m_client_observation *
lwm2m_client_observation_new(struct lwm2m_client *client,
                             const struct lwm2m_observation_start *start)
{
    struct lwm2m_client_observation *observation = allocate(client->port, start->path_count);

    if (observation == NULL) {
        return NULL;
    }
    observation->timer.fire = fire;
    observation->account = start->account;
    observation->peer = start->peer;
    observation->token = start->token;
    observation->accept = start->accept;
    observation->composite = start->composite;
    observation->attributes = *start->attributes;
    observation->last_confirmable_ms = now(client);
    observation->fingerprint = lwm2m_client_fingerprint(client, start->content->bytes);
    if (start->path_count > 0) {
        memcpy(observation->paths, start->paths, start->path_count * sizeof(*start->paths));
    }
    lwm2m_peer_retain(observation->peer);
    lwm2m_list_append(&client->observations.all, &observation->in_all);
    lwm2m_list_append(&start->account->observations, &observation->in_account);
    if (enter_index(client, observation) != LWM2M_OK) {
        lwm2m_client_observation_free(observation);
        return NULL;
    }
    lwm2m_client_observation_told(observation);
    return observation;
}

void lwm2m_client_observation_free(struct lwm2m_client_observation *observation)
{
    struct lwm2m_client *client = client_of(observation);
    size_t i;

    for (i = 0; i < observation->target_count; i++) {
        lwm2m_path_index_leave(&client->observations.by_path, &observation->targets[i].by_path);
    }
    lwm2m_timer_disarm(client->config.timers, &observation->timer);
    lwm2m_history_release(&observation->history, client->port);
    lwm2m_list_remove(&observation->in_all);
    lwm2m_list_remove(&observation->in_account);
    lwm2m_peer_release(observation->peer);
    client->port->release(client->port->context, observation);
}
