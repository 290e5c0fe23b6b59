/*
 * Desired state: writes what devices are to hold, when they can be reached.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_DESIRED_STATE_H
#define SERVER_DESIRED_STATE_H

#include "server/device.h"
#include "server/endpoint_state.h"

/* The device has just been heard, and listens: what it is to hold is written. O(1). */
void lwm2m_desired_advance(struct lwm2m_device *device);

/* Takes what a store kept. */
void lwm2m_desired_restore(struct lwm2m_endpoint_state *state, const struct lwm2m_state_row *row);
/* Frees all of an endpoint; the store is not told. */
void lwm2m_desired_drop(struct lwm2m_endpoint_state *state);

#endif
