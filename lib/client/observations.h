/*
 * What servers observe: observations by token and by path.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLIENT_OBSERVATIONS_H
#define CLIENT_OBSERVATIONS_H

#include <lwm2m/list.h>
#include <lwm2m/path.h>
#include <lwm2m/transport.h>

#include "base/hash_table.h"
#include "client/observation.h"
#include "client/path_index.h"

struct lwm2m_client_observations {
    struct lwm2m_hash_table by_token; /* observations, by peer and token */
    struct lwm2m_path_index by_path;
    struct lwm2m_list all;
};

/* Zeroed memory is fit for release. LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_client_observations_init(struct lwm2m_client_observations *observations,
                                                const struct lwm2m_port *port) LWM2M_MUST_CHECK;
/* Ends all without an event. */
void lwm2m_client_observations_release(struct lwm2m_client *client);

/*
 * Begins an observation, in place of one with the same peer and token. *sequence is the value for
 * the Observe option of the answer. LWM2M_BUSY (max_observations), LWM2M_NO_MEMORY.
 */
enum lwm2m_error lwm2m_client_observations_add(struct lwm2m_client *client,
                                               const struct lwm2m_observation_start *start,
                                               uint32_t *sequence) LWM2M_MUST_CHECK;

/* Ends it for that reason. */
void lwm2m_client_observation_end(struct lwm2m_client_observation *observation,
                                  enum lwm2m_error reason);
/* Ends the observation with that token for that reason; false if there is none. */
bool lwm2m_client_observations_end(struct lwm2m_client *client, const struct lwm2m_peer *peer,
                                   const struct lwm2m_token *token, enum lwm2m_error reason);
/* Ends those of a server; strangers' that act in its name (answer_strangers) only if all is true.
 */
void lwm2m_client_observations_end_account(struct lwm2m_account *account, bool all);

/* A notification was acknowledged. */
void lwm2m_client_observations_delivered(struct lwm2m_client *client, const struct lwm2m_peer *peer,
                                         const struct lwm2m_token *token);

/* The value at path changed: who observes it, something above or something below may be due. */
void lwm2m_client_observations_changed(struct lwm2m_client *client, struct lwm2m_path path);
/* Notifies those who observe path itself at the next step; false if nobody does. */
bool lwm2m_client_observations_force(struct lwm2m_client *client, struct lwm2m_path path);
/* Attributes at path changed: schedules what is observed there and below anew. The root: all of it.
 */
void lwm2m_client_observations_reschedule(struct lwm2m_client *client, struct lwm2m_path path);

#endif
