/*
 * A UDP socket as datagram link: batches in both directions, answers that leave from the address
 * that was asked, and word of peers that cannot be reached.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_UDP_LINK_H
#define LWM2M_UDP_LINK_H

#include <stddef.h>
#include <stdint.h>

#include <lwm2m/endpoint.h>
#include <lwm2m/error.h>
#include <lwm2m/loop.h>

struct lwm2m_udp_link_config {
    size_t size; /* of this struct; set by the init function */
    struct lwm2m_loop *loop;
    /* Where to listen: all zero is every address of the host, IPv6 and IPv4; port 0 lets the kernel
     * choose. Of the struct, address, scope and port are used. */
    struct lwm2m_address bind;
    size_t max_datagram;         /* 1452: of those we send, what Ethernet carries in one piece */
    size_t max_received;         /* 4096: of those we receive; longer ones are dropped */
    size_t max_queued;           /* 256: datagrams that wait while the socket is full */
    size_t receive_buffer_bytes; /* 4 MiB: asked of the kernel, which may grant less */
};

/* Fills in everything but loop and bind, which becomes all zero. */
void lwm2m_udp_link_config_init(struct lwm2m_udp_link_config *config);

struct lwm2m_udp_link;

/*
 * Opens and binds the socket. It is an IPv6 socket that carries IPv4 too; where the host has no
 * IPv6, an IPv4 socket. LWM2M_NO_MEMORY, LWM2M_ARGUMENT, LWM2M_UNSUPPORTED (an IPv6 address on a
 * host without), LWM2M_IO (see errno).
 */
enum lwm2m_error lwm2m_udp_link_open(const struct lwm2m_udp_link_config *config,
                                     struct lwm2m_udp_link **link) LWM2M_MUST_CHECK;
/* Sends what is queued as far as the socket takes it, and closes. NULL is allowed. */
void lwm2m_udp_link_close(struct lwm2m_udp_link *link);

/* The link as the endpoint wants it; lives as long as the link. */
const struct lwm2m_datagram_link *lwm2m_udp_link_datagrams(struct lwm2m_udp_link *link);

/* From now on, what arrives goes to receiver, which is copied and called from the loop. Without one it is left with the
 * kernel. */
enum lwm2m_error
lwm2m_udp_link_set_receiver(struct lwm2m_udp_link *link,
                            const struct lwm2m_datagram_receiver *receiver) LWM2M_MUST_CHECK;
/* The same with an endpoint, borrowed, that was made with this link. LWM2M_IO. */
enum lwm2m_error lwm2m_udp_link_attach(struct lwm2m_udp_link *link,
                                       struct lwm2m_endpoint *endpoint) LWM2M_MUST_CHECK;

/* The address and port that the socket is bound to. */
void lwm2m_udp_link_bound(const struct lwm2m_udp_link *link, struct lwm2m_address *bound);

/* Sends what is queued now, instead of at the end of the loop's turn. */
void lwm2m_udp_link_flush(struct lwm2m_udp_link *link);

struct lwm2m_udp_link_statistics {
    uint64_t received, sent;
    uint64_t received_bytes, sent_bytes; /* payload of UDP */
    uint64_t largest_bytes;              /* of any datagram, in either direction */
    uint64_t truncated;                  /* received, longer than max_received: dropped */
    uint64_t to_groups;                  /* received by multicast or broadcast: dropped */
    uint64_t queue_full;                 /* not sent: max_queued were waiting */
    uint64_t send_failures;              /* refused by the kernel: too long, no route */
    uint64_t unreachable;                /* came back */
};

void lwm2m_udp_link_statistics_get(const struct lwm2m_udp_link *link,
                                   struct lwm2m_udp_link_statistics *statistics);

#endif
