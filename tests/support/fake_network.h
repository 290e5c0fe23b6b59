/*
 * A datagram network on virtual time: any number of nodes, with loss, duplication, reordering,
 * delay and corruption by seed. It hands datagrams to endpoints or to the test, and runs the
 * timers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SUPPORT_FAKE_NETWORK_H
#define SUPPORT_FAKE_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/endpoint.h>
#include <lwm2m/timers.h>

#include "support/virtual_port.h"

#define FAKE_NETWORK_DATAGRAM_MAX 1472

struct fake_network;

/*
 * One address on the network. Hand &node->link to the endpoint's configuration, then set
 * node->endpoint; or set receive, and play the peer by hand with fake_node_send.
 */
struct fake_node {
    struct fake_network *network;
    struct lwm2m_address address;
    struct lwm2m_datagram_link link;
    struct lwm2m_endpoint *endpoint;
    void *context; /* for receive */
    void (*receive)(void *context, struct fake_node *node, const struct lwm2m_address *from,
                    struct lwm2m_bytes datagram);
    bool link_fails; /* link.send returns LWM2M_IO */
    bool down;       /* what is sent to it is lost */
    size_t sent;
    size_t received;
};

/* What the network does to datagrams, drawn for each one from the port's seed. */
struct fake_network_faults {
    unsigned loss_permille;
    unsigned duplicate_permille;
    unsigned reorder_permille; /* such a datagram is delayed by up to reorder_ms more */
    unsigned corrupt_permille; /* one bit is flipped */
    uint32_t delay_ms;         /* 10 */
    uint32_t jitter_ms;        /* up to this much is added to delay_ms */
    uint32_t reorder_ms;       /* 500 */
};

struct fake_datagram; /* private */

struct fake_network {
    struct virtual_port *port;
    struct fake_network_faults faults;
    /* Sees every datagram when it is sent; false loses it. May be NULL. For scripted losses and
     * captures. */
    bool (*filter)(void *context, const struct fake_node *from, const struct lwm2m_address *to,
                   struct lwm2m_bytes datagram);
    void *filter_context;
    bool reports_unreachable; /* sending to an address without node is told to the sender's endpoint
                               */
    size_t lost;
    size_t in_flight;
    /* private */
    struct lwm2m_timers *timers[8];
    size_t timers_count;
    struct fake_node **nodes;
    size_t node_count;
    struct fake_datagram **heap;
    size_t heap_capacity;
    uint64_t sequence;
};

void fake_network_init(struct fake_network *network, struct virtual_port *port);
/* Frees nodes and datagrams; endpoints must be freed before. */
void fake_network_release(struct fake_network *network);

/* The network steps these timers as time passes; at most 8 of them. */
void fake_network_add_timers(struct fake_network *network, struct lwm2m_timers *timers);

/* A new node: the nth has the address ::ffff:10.x.y.z, with n in x.y.z, and port 5683. */
struct fake_node *fake_network_add_node(struct fake_network *network);

void fake_node_send(struct fake_node *node, const struct lwm2m_address *to,
                    struct lwm2m_bytes datagram);

/* Lets time pass and delivers what is due, until the clock shows time_ms. */
void fake_network_run_until(struct fake_network *network, uint64_t time_ms);
void fake_network_run_for(struct fake_network *network, uint64_t duration_ms);

/*
 * Delivers until nothing is in flight, and fires the timers that come due meanwhile; time passes
 * only as far as the datagrams need. Fails the test after a million datagrams.
 */
void fake_network_settle(struct fake_network *network);

/* Runs until condition is true, but for at most duration_ms; the condition's last value. */
bool fake_network_run_until_true(struct fake_network *network, uint64_t duration_ms,
                                 bool (*condition)(void *context), void *context);

#endif
