/*
 * One observation: what a server wants to be told of, and the notifications that follow.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLIENT_OBSERVATION_H
#define CLIENT_OBSERVATION_H

#include <lwm2m/attributes.h>
#include <lwm2m/client.h>
#include <lwm2m/list.h>
#include <lwm2m/timers.h>
#include <lwm2m/transport.h>

#include "base/hash_table.h"
#include "client/history.h"
#include "client/notify_rules.h"
#include "client/path_index.h"

struct lwm2m_account;
struct lwm2m_client;
struct lwm2m_content;

/* One of the paths that an observation is about: each has its own attributes. */
struct lwm2m_observation_target {
    struct lwm2m_path_entry by_path;
    struct lwm2m_client_observation *observation;
    struct lwm2m_notify_state state;
};

struct lwm2m_client_observation {
    struct lwm2m_hash_node by_token;
    struct lwm2m_list in_all;
    struct lwm2m_list in_account;
    struct lwm2m_timer timer;
    struct lwm2m_account *account;
    struct lwm2m_peer *peer; /* retained */
    struct lwm2m_token token;
    uint16_t accept;
    bool composite;                     /* any number of paths, in the format `accept` */
    struct lwm2m_attributes attributes; /* of the Observe request: they win */
    uint32_t sequence;
    uint64_t last_confirmable_ms;
    uint64_t fingerprint; /* of the content that was sent last */
    bool forced;
    struct lwm2m_history history;
    size_t target_count;
    struct lwm2m_path *paths; /* of the targets, behind them */
    struct lwm2m_observation_target targets[];
};

/* Everything is borrowed. */
struct lwm2m_observation_start {
    struct lwm2m_account *account;
    struct lwm2m_peer *peer;
    struct lwm2m_token token;
    const struct lwm2m_path *paths;
    size_t path_count;
    bool composite;
    uint16_t accept;
    const struct lwm2m_attributes *attributes;
    const struct lwm2m_content *content; /* of the answer to the Observe request */
};

/*
 * An observation that stands in the path index and in the lists of the client and the account, and
 * that no token finds yet. NULL: no memory.
 */
struct lwm2m_client_observation *
lwm2m_client_observation_new(struct lwm2m_client *client,
                             const struct lwm2m_observation_start *start);
void lwm2m_client_observation_free(struct lwm2m_client_observation *observation);

/* Arms the timer for the moment at which a notification is due, or may be. */
void lwm2m_client_observation_schedule(struct lwm2m_client_observation *observation);

/* Hands the program an event of that type; what is NULL is left out. */
void lwm2m_client_observation_emit(const struct lwm2m_client_observation *observation,
                                   enum lwm2m_client_event_type type, enum lwm2m_error error,
                                   const struct lwm2m_content *content);

/* The attributes that count for one of its paths: those of the Observe request over those that are
 * attached. */
struct lwm2m_attributes
lwm2m_client_observation_attributes(const struct lwm2m_client_observation *observation,
                                    size_t target);
/* A notification of the present values left, or was kept. */
void lwm2m_client_observation_told(struct lwm2m_client_observation *observation);
/* What was to be told turned out to be what was told last. */
void lwm2m_client_observation_forget_changes(struct lwm2m_client_observation *observation);

/* ---- notification.c ---- */

/* Notifies, or keeps the notification if the server cannot be reached; not if the content is what
 * was sent last and only_if_different. */
void lwm2m_client_observation_notify(struct lwm2m_client_observation *observation,
                                     bool only_if_different);
/* Whether notifications that are due while the server cannot be reached are kept. */
bool lwm2m_client_observation_keeps(const struct lwm2m_client_observation *observation);

#endif
