/*
 * What servers observe: finding observations by token and by path, beginning and ending them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/observations.h"

#include <string.h>

#include "client/engine.h"

#define SEQUENCE_MASK 0xFFFFFFu

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

static struct lwm2m_client_observation *find(const struct lwm2m_client *client,
                                             const struct lwm2m_peer *peer,
                                             const struct lwm2m_token *token)
{
    struct lwm2m_hash_node *node =
        lwm2m_hash_table_first(&client->observations.by_token, hash_token(client, peer, token));

    for (; node != NULL; node = lwm2m_hash_table_next(node)) {
        struct lwm2m_client_observation *observation =
            LWM2M_CONTAINER_OF(node, struct lwm2m_client_observation, by_token);

        if (observation->peer == peer && lwm2m_token_equal(&observation->token, token)) {
            return observation;
        }
    }
    return NULL;
}

/* The target of a node in one of the lists of a place. */
static struct lwm2m_observation_target *of_place(struct lwm2m_list *node)
{
    return LWM2M_CONTAINER_OF(lwm2m_path_index_entry(node), struct lwm2m_observation_target,
                              by_path);
}

/* ---- the end ---- */

void lwm2m_client_observation_end(struct lwm2m_client_observation *observation,
                                  enum lwm2m_error reason)
{
    struct lwm2m_client *client = observation->account->client;

    lwm2m_hash_table_remove(&client->observations.by_token, &observation->by_token);
    lwm2m_timer_disarm(client->config.timers, &observation->timer);
    lwm2m_client_observation_emit(observation, LWM2M_CLIENT_OBSERVATION_ENDED, reason, NULL);
    lwm2m_client_observation_free(observation);
}

bool lwm2m_client_observations_end(struct lwm2m_client *client, const struct lwm2m_peer *peer,
                                   const struct lwm2m_token *token, enum lwm2m_error reason)
{
    struct lwm2m_client_observation *observation = find(client, peer, token);

    if (observation == NULL) {
        return false;
    }
    lwm2m_client_observation_end(observation, reason);
    return true;
}

void lwm2m_client_observations_end_account(struct lwm2m_account *account, bool all)
{
    struct lwm2m_list *node, *next;

    LWM2M_LIST_EACH (node, next, &account->observations) {
        struct lwm2m_client_observation *observation =
            LWM2M_CONTAINER_OF(node, struct lwm2m_client_observation, in_account);

        if (all || observation->peer == account->peer) {
            lwm2m_client_observation_end(observation, LWM2M_GONE);
        }
    }
}

void lwm2m_client_observations_delivered(struct lwm2m_client *client, const struct lwm2m_peer *peer,
                                         const struct lwm2m_token *token)
{
    struct lwm2m_client_observation *observation = find(client, peer, token);

    if (observation != NULL) {
        lwm2m_client_observation_emit(observation, LWM2M_CLIENT_DELIVERED, LWM2M_OK, NULL);
    }
}

/* ---- changes ---- */

static void mark_changed(struct lwm2m_list *list)
{
    struct lwm2m_list *node, *next;

    LWM2M_LIST_EACH (node, next, list) {
        struct lwm2m_observation_target *target = of_place(node);

        if (!target->state.changed) {
            target->state.changed = true;
            lwm2m_client_observation_schedule(target->observation);
        }
    }
}

void lwm2m_client_observations_changed(struct lwm2m_client *client, struct lwm2m_path path)
{
    int level;

    for (level = LWM2M_LEVEL_ROOT; level <= path.level; level++) {
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
        struct lwm2m_client_observation *observation = of_place(node)->observation;

        observation->forced = true;
        lwm2m_client_observation_schedule(observation);
    }
    return true;
}

static void reschedule_list(struct lwm2m_list *list)
{
    struct lwm2m_list *node, *next;

    LWM2M_LIST_EACH (node, next, list)
        lwm2m_client_observation_schedule(of_place(node)->observation);
}

void lwm2m_client_observations_reschedule(struct lwm2m_client *client, struct lwm2m_path path)
{
    struct lwm2m_path_place *place = lwm2m_path_index_find(&client->observations.by_path, path);

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
        lwm2m_client_observation_end(
            LWM2M_CONTAINER_OF(node, struct lwm2m_client_observation, in_all), LWM2M_GONE);
    lwm2m_hash_table_release(&client->observations.by_token);
    lwm2m_path_index_release(&client->observations.by_path);
}

enum lwm2m_error lwm2m_client_observations_add(struct lwm2m_client *client,
                                               const struct lwm2m_observation_start *start,
                                               uint32_t *sequence)
{
    struct lwm2m_client_observation *former = find(client, start->peer, &start->token);
    struct lwm2m_client_observation *observation;

    if (former == NULL && client->observations.by_token.count >= client->config.max_observations) {
        return LWM2M_BUSY;
    }
    observation = lwm2m_client_observation_new(client, start);
    if (observation == NULL) {
        return LWM2M_NO_MEMORY;
    }
    if (former != NULL) {
        /* A repeated Observe request goes on where the observation was (RFC 7641 §4.1). */
        observation->sequence = (former->sequence + 1) & SEQUENCE_MASK;
        lwm2m_hash_table_remove(&client->observations.by_token, &former->by_token);
        lwm2m_client_observation_free(former);
    }
    lwm2m_hash_table_insert(&client->observations.by_token, &observation->by_token,
                            hash_token(client, start->peer, &start->token));
    lwm2m_client_observation_schedule(observation);
    *sequence = observation->sequence;
    return LWM2M_OK;
}
