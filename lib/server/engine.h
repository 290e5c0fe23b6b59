/*
 * The server engine from within: what its files share.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_ENGINE_H
#define SERVER_ENGINE_H

#include <lwm2m/list.h>
#include <lwm2m/server.h>

#include "base/hash_table.h"
#include "base/log.h"
#include "server/endpoint_state.h"
#include "server/rate_limit.h"
#include "server/registry.h"

struct lwm2m_server {
    struct lwm2m_server_config config;
    const struct lwm2m_port *port;
    struct lwm2m_registry registry;
    struct lwm2m_rate_limit rate_limit;
    struct lwm2m_hash_table observations; /* of all devices, by device and path */
    struct lwm2m_list saves;              /* what a store has not finished: see saves.h */
    struct lwm2m_endpoint_states states;
};

/* A request of a peer, taken apart; valid while it is being handled. */
struct lwm2m_arrival {
    struct lwm2m_incoming *incoming;
    struct lwm2m_peer *peer;
    const struct lwm2m_message *message;
    struct lwm2m_bytes
        segments[3]; /* of the path; the third only tells that there are more than two */
    size_t segment_count;
    uint16_t content_format; /* LWM2M_NO_FORMAT if absent */
};

/* Hands an event to the program. */
void lwm2m_server_emit(struct lwm2m_server *server, const struct lwm2m_server_event *event);

#endif
