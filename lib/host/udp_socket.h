/*
 * The socket under a UDP link: opening and binding it, and the control messages that come and go
 * with its datagrams.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HOST_UDP_SOCKET_H
#define HOST_UDP_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include <lwm2m/endpoint.h>
#include <lwm2m/error.h>

struct lwm2m_udp_socket {
    int fd;
    int family;    /* AF_INET6, which carries IPv4 too, or AF_INET on a host without IPv6 */
    bool wildcard; /* bound to any address: datagrams tell which of ours they were sent to */
};

/* Room for the control messages of one datagram, in either direction. */
#define LWM2M_UDP_CONTROL_BYTES 64

/* See lwm2m_udp_link_open for the errors. */
enum lwm2m_error lwm2m_udp_socket_open(struct lwm2m_udp_socket *udp,
                                       const struct lwm2m_address *bind_to,
                                       size_t receive_buffer_bytes) LWM2M_MUST_CHECK;

void lwm2m_udp_socket_bound(const struct lwm2m_udp_socket *udp, struct lwm2m_address *bound);

/*
 * Takes from a received datagram the address it was sent to, into address->local; stays zero where
 * the socket is bound to one. False: it was sent to a group or to all, and must not be answered.
 */
bool lwm2m_udp_socket_local(struct msghdr *header, struct lwm2m_address *address);

/* Lets a datagram to be sent leave from to->local. header->msg_control has LWM2M_UDP_CONTROL_BYTES.
 */
void lwm2m_udp_socket_leave_from(const struct lwm2m_udp_socket *udp, struct msghdr *header,
                                 const struct lwm2m_address *to);

/*
 * Takes one entry off the socket's queue of errors. False: there is none. *unreachable: the
 * datagram that was sent to the address did not reach it; otherwise the entry means nothing to us.
 */
bool lwm2m_udp_socket_next_error(const struct lwm2m_udp_socket *udp, struct lwm2m_address *address,
                                 bool *unreachable);

/* True if this errno says that no way leads to the peer, or that nobody listens there. */
bool lwm2m_udp_socket_is_unreachable(int error);

#endif
