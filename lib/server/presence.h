/*
 * The presence of devices in queue mode: how long one listens after its last message, and when it
 * sleeps.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_PRESENCE_H
#define SERVER_PRESENCE_H

#include "server/device.h"

/*
 * A message of the device arrived, and what answers it has left: it listens from now on, if it was
 * asleep. O(1). Calls nothing of the program: lwm2m_presence_announce, later in the same turn, does.
 */
void lwm2m_presence_touch(struct lwm2m_device *device);

/*
 * Tells the program of a device that has woken, and sends what was held for it. Once for each time
 * that it woke. May end the registration.
 */
void lwm2m_presence_announce(struct lwm2m_device *device);

/* A request was not answered: if the device is in queue mode, it sleeps. May end the registration. */
void lwm2m_presence_lose(struct lwm2m_device *device);

/* A new registration of the same device takes over: the program knows of the old one what it was
 * told. */
void lwm2m_presence_inherit(struct lwm2m_device *device, const struct lwm2m_device *replaced);

/* The device is not registered any more. */
void lwm2m_presence_release(struct lwm2m_device *device);

#endif
