/*
 * Last-reported state: keeps the last value of everything that devices said.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_REPORTED_STATE_H
#define SERVER_REPORTED_STATE_H

#include "server/endpoint_state.h"

/* Keeps the values of an answer, a notification or a Send, which came at seen_ms; what cannot be
 * decoded, or kept for want of memory, is left out. O(1) for each value. */
void lwm2m_reported_learn(struct lwm2m_server *server, const struct lwm2m_outcome *outcome,
                          uint64_t seen_ms);
/* Brings what was notified, and not looked at yet, into the state of an endpoint. */
void lwm2m_reported_catch_up(struct lwm2m_server *server, struct lwm2m_bytes endpoint_name);
/* The device does not have the path of the outcome any more. */
void lwm2m_reported_forget(struct lwm2m_server *server, const struct lwm2m_outcome *outcome);

/* Takes what a store kept. */
void lwm2m_reported_restore(struct lwm2m_endpoint_state *state, const struct lwm2m_state_row *row);
/* Frees all of an endpoint; the store is not told. */
void lwm2m_reported_drop(struct lwm2m_endpoint_state *state);

#endif
