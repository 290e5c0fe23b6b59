/*
 * The observations of all devices: found by device and by what is observed in O(1).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_OBSERVE_TABLE_H
#define SERVER_OBSERVE_TABLE_H

#include "coap/observe.h"
#include "server/device.h"
#include "server/subscriptions.h"

/*
 * An observation is in the table from its first subscription to its last. What is left to do on the
 * wire when it is out (a request with Observe 1) is a ticket of its own, so that a new observation
 * of the same may begin at once.
 */
struct lwm2m_observation {
    struct lwm2m_hash_node in_table; /* of the server */
    struct lwm2m_list in_device;
    struct lwm2m_device *device;
    /* What is observed; all of it is in the same allocation. */
    struct lwm2m_path path;                    /* the root for a composite one */
    const struct lwm2m_path *paths;            /* composite: in order, each once; else NULL */
    size_t path_count;                         /* 0 unless composite */
    const struct lwm2m_attributes *attributes; /* given in the request; NULL: none */
    bool ended;                                /* out of the table, or not yet in it */
    bool answered;                             /* there was a first answer */
    uint32_t holds;
    struct lwm2m_subscriptions subscriptions;
    struct lwm2m_ticket *ticket; /* NULL once there is nothing on the wire */
    struct lwm2m_observe_order order;
    uint64_t notifications;
};

/* Makes what a request asks for, held once and not in the table. LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_observation_new(struct lwm2m_device *device,
                                       const struct lwm2m_observation_request *request,
                                       struct lwm2m_observation **observation) LWM2M_MUST_CHECK;
void lwm2m_observation_hold(struct lwm2m_observation *observation);
/* Frees it with the last hold. */
void lwm2m_observation_release(struct lwm2m_observation *observation);

/* True if it observes the path, alone or among others. */
bool lwm2m_observation_names(const struct lwm2m_observation *observation, struct lwm2m_path path);

/* An outcome of its device and path, to be filled in. */
struct lwm2m_outcome lwm2m_observation_outcome(const struct lwm2m_observation *observation);

/* The one in the table that observes the same with the same attributes; NULL if there is none. */
struct lwm2m_observation *lwm2m_observe_table_find(const struct lwm2m_observation *observation);
void lwm2m_observe_table_insert(struct lwm2m_observation *observation);
/* The hold of the table goes over to the caller. */
void lwm2m_observe_table_remove(struct lwm2m_observation *observation);

#endif
