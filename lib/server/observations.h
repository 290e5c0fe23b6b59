/*
 * Observing as programs see it: subscribe, unsubscribe, cancel.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_OBSERVATIONS_H
#define SERVER_OBSERVATIONS_H

#include "server/device.h"

/*
 * Ends every observation of a device without a word to it: its registration is over, or it has
 * moved. Subscribers get the error.
 */
void lwm2m_observations_end(struct lwm2m_device *device, enum lwm2m_error error);

/* Brings what was notified into the reported state of the device, which is registered. */
void lwm2m_observations_learn(const struct lwm2m_device *device);

#endif
