/*
 * What servers observe, and the notifications that follow.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/observations.h"

#include <string.h>

#include "client/engine.h"
#include "client/notify_rules.h"

#define OBJECT_SERVER 1
#define SERVER_DEFAULT_PMIN 2
#define SERVER_DEFAULT_PMAX 3
#define RETRY_MS 1000
#define SEQUENCE_MASK 0xFFFFFFu

struct observation {
    struct lwm2m_hash_node by_token;
    struct lwm2m_list in_all;
    struct lwm2m_list in_account;
    struct lwm2m_path_entry by_path;
    struct lwm2m_timer timer;
    struct lwm2m_account *account;
    struct lwm2m_peer *peer; /* retained */
    struct lwm2m_token token;
    struct lwm2m_path path;
    uint16_t accept;
    uint32_t sequence;
    uint64_t last_ms;
    uint64_t last_confirmable_ms;
    uint64_t fingerprint; /* of the content that was sent last */
    bool changed;
    bool forced;
};

static struct lwm2m_client *client_of(const struct observation *observation)
{
    return observation->account->client;
}

static uint64_t now(const struct lwm2m_client *client)
{
    return lwm2m_timers_now(client->config.timers);
}

/* ---- by token ---- */

/* Hashed as bytes without the padding of a struct. */
static uint32_t hash_token(const struct lwm2m_client *client, const struct lwm2m_peer *peer,
                           const struct lwm2m_token *token)
{
    uint8_t key[sizeof(peer) + LWM2M_TOKEN_MAX];

    memcpy(key, &peer, sizeof(peer));
    memcpy(key + sizeof(peer), token->bytes, token->length);
    return lwm2m_hash_table_hash(&client->observations.by_token, key, sizeof(peer) + token->length);
}

static struct observation *find(const struct lwm2m_client *client, const struct lwm2m_peer *peer,
                                const struct lwm2m_token *token)
{
    struct lwm2m_hash_node *node =
        lwm2m_hash_table_first(&client->observations.by_token, hash_token(client, peer, token));

    for (; node != NULL; node = lwm2m_hash_table_next(node)) {
        struct observation *observation = LWM2M_CONTAINER_OF(node, struct observation, by_token);

        if (observation->peer == peer && lwm2m_token_equal(&observation->token, token)) {
            return observation;
        }
    }
    return NULL;
}

/* The observation of a node in one of the lists of a place. */
static struct observation *of_place(struct lwm2m_list *node)
{
    return LWM2M_CONTAINER_OF(lwm2m_path_index_entry(node), struct observation, by_path);
}

/* ---- the end ---- */

static void free_observation(struct observation *observation)
{
    struct lwm2m_client *client = client_of(observation);

    lwm2m_path_index_leave(&client->observations.by_path, &observation->by_path);
    lwm2m_timer_disarm(client->config.timers, &observation->timer);
    lwm2m_list_remove(&observation->in_all);
    lwm2m_list_remove(&observation->in_account);
    lwm2m_peer_release(observation->peer);
    client->port->release(client->port->context, observation);
}

static void end(struct observation *observation, enum lwm2m_error reason)
{
    struct lwm2m_client *client = client_of(observation);
    struct lwm2m_client_event event = {
        .type = LWM2M_CLIENT_OBSERVATION_ENDED,
        .ssid = observation->account->ssid,
        .path = observation->path,
        .error = reason,
        .content_format = LWM2M_NO_FORMAT,
    };

    lwm2m_hash_table_remove(&client->observations.by_token, &observation->by_token);
    free_observation(observation);
    lwm2m_client_emit(client, &event);
}

bool lwm2m_client_observations_end(struct lwm2m_client *client, const struct lwm2m_peer *peer,
                                   const struct lwm2m_token *token, enum lwm2m_error reason)
{
    struct observation *observation = find(client, peer, token);

    if (observation == NULL) {
        return false;
    }
    end(observation, reason);
    return true;
}

void lwm2m_client_observations_end_account(struct lwm2m_account *account, bool all)
{
    struct lwm2m_list *node, *next;

    LWM2M_LIST_EACH (node, next, &account->observations) {
        struct observation *observation = LWM2M_CONTAINER_OF(node, struct observation, in_account);

        if (all || observation->peer == account->peer) {
            end(observation, LWM2M_GONE);
        }
    }
}

/* ---- notifying ---- */

static struct lwm2m_notify_periods periods_of(const struct observation *observation)
{
    const struct lwm2m_client *client = client_of(observation);
    const struct lwm2m_account *account = observation->account;
    struct lwm2m_attributes attributes =
        lwm2m_attribute_store_effective(&client->attributes, account->ssid, observation->path);

    return lwm2m_notify_periods(
        &attributes,
        lwm2m_object_tree_integer_or(
            &client->objects,
            lwm2m_path_resource(OBJECT_SERVER, account->server_instance, SERVER_DEFAULT_PMIN), 0),
        lwm2m_object_tree_integer_or(
            &client->objects,
            lwm2m_path_resource(OBJECT_SERVER, account->server_instance, SERVER_DEFAULT_PMAX), 0));
}

static enum lwm2m_notify_verdict decide(const struct observation *observation, uint64_t *next_ms)
{
    struct lwm2m_notify_periods periods = periods_of(observation);

    if (observation->forced) {
        return LWM2M_NOTIFY_NOW;
    }
    return lwm2m_notify_decide(&periods, now(client_of(observation)), observation->last_ms,
                               observation->changed, next_ms);
}

/* Arms the timer for the moment at which the observation is due, or may be. */
static void schedule(struct observation *observation)
{
    struct lwm2m_client *client = client_of(observation);
    uint64_t next_ms = LWM2M_NEVER;

    if (client->offline) {
        next_ms = LWM2M_NEVER;
    } else if (decide(observation, &next_ms) != LWM2M_NOTIFY_WAIT) {
        next_ms = now(client);
    }
    lwm2m_timer_arm_at(client->config.timers, &observation->timer, next_ms);
}

static void tell_notified(const struct observation *observation,
                          const struct lwm2m_content *content, enum lwm2m_status status)
{
    struct lwm2m_client_event event = {
        .type = LWM2M_CLIENT_NOTIFIED,
        .ssid = observation->account->ssid,
        .path = observation->path,
        .status = status,
        .payload = content->bytes,
        .content_format = content->format,
    };

    lwm2m_client_emit(client_of(observation), &event);
}

/* The content cannot be had any more: the server learns why, and the observation is over (RFC 7641
 * §4.2). */
static void notify_failure(struct observation *observation, enum lwm2m_error error)
{
    enum lwm2m_status status = lwm2m_status_from_error(error);
    struct lwm2m_message message = {
        .code = lwm2m_status_code(status == LWM2M_STATUS_REQUEST_ENTITY_TOO_LARGE
                                      ? LWM2M_STATUS_INTERNAL_SERVER_ERROR
                                      : status),
        .token = observation->token,
    };

    (void)!lwm2m_peer_notify(observation->peer, &message, true);
    end(observation, error == LWM2M_NOT_FOUND ? LWM2M_GONE : error);
}

static enum lwm2m_error send(struct observation *observation, const struct lwm2m_content *content)
{
    uint64_t now_ms = now(client_of(observation));
    bool confirmable = lwm2m_notify_confirmable(now_ms, observation->last_confirmable_ms,
                                                observation->peer->transport->capabilities);
    uint8_t memory[16];
    struct lwm2m_options options;
    struct lwm2m_message message = {
        .code = lwm2m_status_code(LWM2M_STATUS_CONTENT),
        .token = observation->token,
        .payload = content->bytes,
    };
    enum lwm2m_error error;

    lwm2m_options_init(&options, memory, sizeof(memory));
    lwm2m_options_append_number(&options, LWM2M_OPTION_OBSERVE,
                                (observation->sequence + 1) & SEQUENCE_MASK);
    lwm2m_options_append_number(&options, LWM2M_OPTION_CONTENT_FORMAT, content->format);
    message.options = lwm2m_options_bytes(&options);
    lwm2m_queue_mode_touch(observation->account);
    error = lwm2m_peer_notify(observation->peer, &message, confirmable);
    if (error != LWM2M_OK) {
        return error;
    }
    observation->sequence = (observation->sequence + 1) & SEQUENCE_MASK;
    observation->last_ms = now_ms;
    if (confirmable) {
        observation->last_confirmable_ms = now_ms;
    }
    return LWM2M_OK;
}

static enum lwm2m_error read_content(const struct observation *observation,
                                     struct lwm2m_content *content)
{
    struct lwm2m_client *client = client_of(observation);

    if (!lwm2m_object_tree_exists(&client->objects, observation->path)) {
        return LWM2M_NOT_FOUND;
    }
    return lwm2m_content_read(client, observation->path, observation->accept,
                              observation->account->version, content);
}

static void notify(struct observation *observation, bool only_if_different)
{
    struct lwm2m_client *client = client_of(observation);
    struct lwm2m_content content;
    enum lwm2m_error error = read_content(observation, &content);
    uint64_t fingerprint;

    if (error == LWM2M_OK) {
        fingerprint = lwm2m_client_fingerprint(client, content.bytes);
        if (only_if_different && fingerprint == observation->fingerprint) {
            observation->changed = false;
            schedule(observation);
            return;
        }
        error = send(observation, &content);
    }
    if (error == LWM2M_NO_MEMORY || error == LWM2M_BUSY) {
        lwm2m_timer_arm_in(client->config.timers, &observation->timer, RETRY_MS);
        return;
    }
    if (error != LWM2M_OK) {
        notify_failure(observation, error);
        return;
    }
    observation->fingerprint = fingerprint;
    observation->changed = false;
    observation->forced = false;
    schedule(observation);
    tell_notified(observation, &content, LWM2M_STATUS_CONTENT);
}

static void fire(struct lwm2m_timer *timer)
{
    struct observation *observation = LWM2M_CONTAINER_OF(timer, struct observation, timer);
    uint64_t next_ms;
    enum lwm2m_notify_verdict verdict;

    if (client_of(observation)->offline) {
        return;
    }
    verdict = decide(observation, &next_ms);
    if (verdict == LWM2M_NOTIFY_WAIT) {
        schedule(observation);
    } else {
        notify(observation, verdict == LWM2M_NOTIFY_IF_DIFFERENT);
    }
}

void lwm2m_client_observations_delivered(struct lwm2m_client *client, const struct lwm2m_peer *peer,
                                         const struct lwm2m_token *token)
{
    struct observation *observation = find(client, peer, token);
    struct lwm2m_client_event event = {
        .type = LWM2M_CLIENT_DELIVERED,
        .content_format = LWM2M_NO_FORMAT,
    };

    if (observation == NULL) {
        return;
    }
    event.ssid = observation->account->ssid;
    event.path = observation->path;
    lwm2m_client_emit(client, &event);
}

/* ---- changes ---- */

static void mark_changed(struct lwm2m_list *list)
{
    struct lwm2m_list *node, *next;

    LWM2M_LIST_EACH (node, next, list) {
        struct observation *observation = of_place(node);

        if (!observation->changed) {
            observation->changed = true;
            schedule(observation);
        }
    }
}

static void mark_all_changed(struct lwm2m_client *client)
{
    struct lwm2m_list *node, *next;

    LWM2M_LIST_EACH (node, next, &client->observations.all) {
        struct observation *observation = LWM2M_CONTAINER_OF(node, struct observation, in_all);

        observation->changed = true;
        schedule(observation);
    }
}

void lwm2m_client_observations_changed(struct lwm2m_client *client, struct lwm2m_path path)
{
    int level;

    if (client->observations.by_token.count == 0) {
        return;
    }
    if (path.level == LWM2M_LEVEL_ROOT) {
        mark_all_changed(client);
        return;
    }
    for (level = LWM2M_LEVEL_OBJECT; level <= path.level; level++) {
        struct lwm2m_path_place *place = lwm2m_path_index_find(
            &client->observations.by_path, lwm2m_path_ancestor(path, (enum lwm2m_path_level)level));

        if (place == NULL) {
            return;
        }
        mark_changed(&place->here);
        if (level == path.level) {
            mark_changed(&place->below);
        }
    }
}

bool lwm2m_client_observations_force(struct lwm2m_client *client, struct lwm2m_path path)
{
    struct lwm2m_path_place *place = lwm2m_path_index_find(&client->observations.by_path, path);
    struct lwm2m_list *node, *next;

    if (place == NULL || lwm2m_list_is_empty(&place->here)) {
        return false;
    }
    LWM2M_LIST_EACH (node, next, &place->here) {
        struct observation *observation = of_place(node);

        observation->forced = true;
        schedule(observation);
    }
    return true;
}

static void reschedule_list(struct lwm2m_list *list)
{
    struct lwm2m_list *node, *next;

    LWM2M_LIST_EACH (node, next, list)
        schedule(of_place(node));
}

void lwm2m_client_observations_reschedule(struct lwm2m_client *client, struct lwm2m_path path)
{
    struct lwm2m_list *node, *next;
    struct lwm2m_path_place *place;

    if (path.level == LWM2M_LEVEL_ROOT) {
        LWM2M_LIST_EACH (node, next, &client->observations.all)
            schedule(LWM2M_CONTAINER_OF(node, struct observation, in_all));
        return;
    }
    place = lwm2m_path_index_find(&client->observations.by_path, path);
    if (place != NULL) {
        reschedule_list(&place->here);
        reschedule_list(&place->below);
    }
}

/* ---- the beginning ---- */

enum lwm2m_error lwm2m_client_observations_init(struct lwm2m_client_observations *observations,
                                                const struct lwm2m_port *port)
{
    enum lwm2m_error error = lwm2m_hash_table_init(&observations->by_token, port);

    return error == LWM2M_OK ? lwm2m_path_index_init(&observations->by_path, port) : error;
}

void lwm2m_client_observations_release(struct lwm2m_client *client)
{
    struct lwm2m_list *node, *next;

    LWM2M_LIST_EACH (node, next, &client->observations.all)
        end(LWM2M_CONTAINER_OF(node, struct observation, in_all), LWM2M_GONE);
    lwm2m_hash_table_release(&client->observations.by_token);
    lwm2m_path_index_release(&client->observations.by_path);
}

static struct observation *new_observation(struct lwm2m_client *client,
                                           const struct lwm2m_observation_start *start)
{
    struct observation *observation =
        client->port->allocate(client->port->context, sizeof(*observation));

    if (observation == NULL) {
        return NULL;
    }
    memset(observation, 0, sizeof(*observation));
    observation->timer.fire = fire;
    observation->account = start->account;
    observation->peer = start->peer;
    observation->token = start->token;
    observation->path = start->path;
    observation->accept = start->accept;
    observation->last_ms = now(client);
    observation->last_confirmable_ms = observation->last_ms;
    observation->fingerprint = lwm2m_client_fingerprint(client, start->content->bytes);
    lwm2m_peer_retain(observation->peer);
    lwm2m_list_append(&client->observations.all, &observation->in_all);
    lwm2m_list_append(&start->account->observations, &observation->in_account);
    return observation;
}

enum lwm2m_error lwm2m_client_observations_add(struct lwm2m_client *client,
                                               const struct lwm2m_observation_start *start,
                                               uint32_t *sequence)
{
    struct observation *former = find(client, start->peer, &start->token);
    struct observation *observation;

    if (former == NULL && client->observations.by_token.count >= client->config.max_observations) {
        return LWM2M_BUSY;
    }
    observation = new_observation(client, start);
    if (observation == NULL) {
        return LWM2M_NO_MEMORY;
    }
    if (lwm2m_path_index_enter(&client->observations.by_path, &observation->by_path,
                               observation->path) != LWM2M_OK) {
        free_observation(observation);
        return LWM2M_NO_MEMORY;
    }
    if (former != NULL) {
        /* A repeated Observe request goes on where the observation was (RFC 7641 §4.1). */
        observation->sequence = (former->sequence + 1) & SEQUENCE_MASK;
        lwm2m_hash_table_remove(&client->observations.by_token, &former->by_token);
        free_observation(former);
    }
    lwm2m_hash_table_insert(&client->observations.by_token, &observation->by_token,
                            hash_token(client, start->peer, &start->token));
    schedule(observation);
    *sequence = observation->sequence;
    return LWM2M_OK;
}
