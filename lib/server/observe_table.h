/*
 * The observations of all devices: shared by their subscriptions, found by device and path in O(1).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_OBSERVE_TABLE_H
#define SERVER_OBSERVE_TABLE_H

#include "server/device.h"

/*
 * Ends every observation of a device without a word to it: its registration is over, or it has
 * moved. Subscribers get the error.
 */
void lwm2m_observations_end(struct lwm2m_device *device, enum lwm2m_error error);

#endif
