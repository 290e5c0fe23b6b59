/*
 * A bad network in front of a stack that owns its sockets and listens on the loopback: a relay that owns the public
 * port, and gives each address outside one of its own on the loopback (127.x.y.z), by which the stack knows it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HOST_CHAOS_RELAY_H
#define HOST_CHAOS_RELAY_H

#include <stdbool.h>
#include <stddef.h>

#include <lwm2m/chaos.h>
#include <lwm2m/endpoint.h>
#include <lwm2m/error.h>
#include <lwm2m/loop.h>

struct lwm2m_chaos_relay_config {
    struct lwm2m_loop *loop;
    struct lwm2m_address bind; /* the public side, as for a UDP link */
    struct lwm2m_address stack; /* where the stack listens: an IPv4 address of the loopback */
    const struct lwm2m_chaos *chaos; /* copied */
    size_t max_peers; /* addresses outside: beyond, the one idle for longest is forgotten */
    void *context;
    /* A datagram of the stack came back from outside; `inside` is how the stack calls that address. */
    void (*unreachable)(void *context, const struct lwm2m_address *inside);
};

struct lwm2m_chaos_relay;

/* The errors of lwm2m_udp_link_open and lwm2m_chaos_line_new. */
enum lwm2m_error lwm2m_chaos_relay_open(const struct lwm2m_chaos_relay_config *config,
                                        struct lwm2m_chaos_relay **relay) LWM2M_MUST_CHECK;
/* What is late is lost. NULL is allowed. */
void lwm2m_chaos_relay_close(struct lwm2m_chaos_relay *relay);

/* The address and port of the public side. */
void lwm2m_chaos_relay_bound(const struct lwm2m_chaos_relay *relay, struct lwm2m_address *bound);

/* What the stack is to call in order to reach an address outside. LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_chaos_relay_inside(struct lwm2m_chaos_relay *relay, const struct lwm2m_address *outside,
                                          struct lwm2m_address *inside) LWM2M_MUST_CHECK;
/* Who it is that the stack knows by an address; false, and nothing is written, if it is nobody (any more). */
bool lwm2m_chaos_relay_outside(const struct lwm2m_chaos_relay *relay, const struct lwm2m_address *inside,
                               struct lwm2m_address *outside);

#endif
