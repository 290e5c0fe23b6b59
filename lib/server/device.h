/*
 * A registered device as the server engine keeps it: the public registration and what hangs on it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_DEVICE_H
#define SERVER_DEVICE_H

#include <lwm2m/list.h>
#include <lwm2m/server.h>

#include "base/hash_table.h"
#include "server/registration_query.h"

/*
 * One allocation holds the struct, the names and the object list of the Register. A fleet
 * has a hundred thousand of these: mind the size.
 */
struct lwm2m_device {
    struct lwm2m_registration registration; /* first: the two are one address */
    struct lwm2m_server *server;
    struct lwm2m_presence *presence; /* in queue mode; see presence.c */
    struct lwm2m_hash_node by_name;
    struct lwm2m_hash_node by_id;
    struct lwm2m_list in_order; /* of the registry */
    struct lwm2m_timer expiry;
    struct lwm2m_list queue;        /* tickets: the first is under way, the others wait */
    struct lwm2m_list observations; /* see observe_table.h */
    uint32_t holds;          /* who else needs the memory; see lwm2m_device_hold */
    uint32_t links_capacity; /* of the part of `text` behind the names */
    uint16_t queue_length;
    uint16_t observation_count;
    uint16_t root_offset; /* of the alternate root path in the object list */
    uint16_t root_length;
    uint16_t formats; /* enum lwm2m_device_format, or-ed */
    bool ended;       /* not in the registry any more, or not yet */
    bool has_profile_id;
    char text[];     /* the endpoint name, the profile id if any, each with a NUL; the object list */
};

/* The payload formats that a device advertises, as far as the server may choose among them. */
enum lwm2m_device_format {
    LWM2M_DEVICE_STATES_FORMATS = 1 << 0, /* it has a ct parameter at all */
    LWM2M_DEVICE_TEXT = 1 << 1,
    LWM2M_DEVICE_OPAQUE = 1 << 2,
    LWM2M_DEVICE_TLV = 1 << 3,
    LWM2M_DEVICE_SENML_CBOR = 1 << 4,
    LWM2M_DEVICE_SENML_JSON = 1 << 5,
    LWM2M_DEVICE_LWM2M_CBOR = 1 << 6,
    LWM2M_DEVICE_JSON = 1 << 7,
    LWM2M_DEVICE_CBOR = 1 << 8,
    LWM2M_DEVICE_SENML_ETCH_JSON = 1 << 9,
    LWM2M_DEVICE_SENML_ETCH_CBOR = 1 << 10,
};

/* The device of a public registration. */
struct lwm2m_device *lwm2m_device_of(struct lwm2m_registration *registration);
const struct lwm2m_device *lwm2m_device_of_const(const struct lwm2m_registration *registration);

/*
 * Makes a device with a fresh registration id, held once and not in any registry, and with the name
 * and the profile of the query. links were checked. Its peer is retained. LWM2M_NO_MEMORY.
 */
enum lwm2m_error lwm2m_device_new(struct lwm2m_server *server, struct lwm2m_peer *peer,
                                  const struct lwm2m_registration_query *query,
                                  struct lwm2m_bytes links, struct lwm2m_device **device) LWM2M_MUST_CHECK;

/* Keeps the memory of a device over a call that may end its registration. */
void lwm2m_device_hold(struct lwm2m_device *device);
/* Frees it with the last hold. */
void lwm2m_device_release(struct lwm2m_device *device);

/* Replaces the object list; *changed tells whether it differs. LWM2M_NO_MEMORY: it stays as it was.
 */
enum lwm2m_error lwm2m_device_set_links(struct lwm2m_device *device, struct lwm2m_bytes links,
                                        bool *changed) LWM2M_MUST_CHECK;
/* binding: 1 to 7 letters. */
void lwm2m_device_set_binding(struct lwm2m_device *device, struct lwm2m_bytes binding);
/*
 * Lets the peer of a device in the registry lead to it: of several behind one peer, to the last
 * one.
 */
void lwm2m_device_claim_peer(struct lwm2m_device *device);
void lwm2m_device_disclaim_peer(struct lwm2m_device *device);
/* Retains and claims the new peer of a device in the registry, and lets go of the old one. */
void lwm2m_device_set_peer(struct lwm2m_device *device, struct lwm2m_peer *peer);

/* The alternate root path, "/lwm2m"; empty for "/". */
struct lwm2m_bytes lwm2m_device_root(const struct lwm2m_device *device);

#endif
