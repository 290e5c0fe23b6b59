/*
 * The life of a registration: how it begins, how long it lasts, how it ends.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_REGISTRATIONS_H
#define SERVER_REGISTRATIONS_H

#include "server/device.h"
#include "server/engine.h"

/*
 * Puts a device into the registry; its lifetime begins. Returns the device of the same endpoint
 * name that it replaces, out of the registry but otherwise untouched, or NULL. The caller answers
 * the Register, then calls lwm2m_registrations_announce with both, which ends the old one.
 */
struct lwm2m_device *lwm2m_registrations_admit(struct lwm2m_server *server,
                                               struct lwm2m_device *device) LWM2M_MUST_CHECK;
void lwm2m_registrations_announce(struct lwm2m_server *server, struct lwm2m_device *device,
                                  struct lwm2m_device *replaced);

/* The device gave a sign of life in an Update: its lifetime begins anew. O(1). */
void lwm2m_registrations_renew(struct lwm2m_server *server, struct lwm2m_device *device);

/* Takes it out of the registry, ends its operations and observations with GONE, and tells the
 * program. The store is not told. peer is who asked for it, or NULL. */
void lwm2m_registrations_end(struct lwm2m_server *server, struct lwm2m_device *device,
                             enum lwm2m_deregistration_reason reason, struct lwm2m_peer *peer);

/* Ends all, because the server goes: operations and observations with CANCELLED, no events. */
void lwm2m_registrations_drop(struct lwm2m_server *server);

#endif
