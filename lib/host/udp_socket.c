/*
 * The socket under a UDP link. One IPv6 socket carries IPv4 too, as ::ffff:a.b.c.d: then every
 * control message has its IPv6 form. An IPv4 address gets an IPv4 socket, which costs less for each
 * datagram, and so does a host without IPv6.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "host/udp_socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* After <time.h>, whose struct timespec it uses without including it. */
#include <linux/errqueue.h>

#include "host/address.h"

static bool is_any(const struct lwm2m_address *address)
{
    static const uint8_t any[16];
    uint8_t any_ipv4[16];
    lwm2m_address_map_ipv4(any, any_ipv4);
    return memcmp(address->address, any, 16) == 0 || memcmp(address->address, any_ipv4, 16) == 0;
}

static bool enable(int fd, int level, int option)
{
    int on = 1;
    return setsockopt(fd, level, option, &on, sizeof(on)) == 0;
}

static bool configure(const struct lwm2m_udp_socket *udp, size_t receive_buffer_bytes)
{
    int off = 0;
    int bytes = receive_buffer_bytes > INT32_MAX ? INT32_MAX : (int)receive_buffer_bytes;
    if (bytes >
        0) { /* the kernel grants what its administrator allows: not getting it is no error */
        (void)setsockopt(udp->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
    }
    if (udp->family == AF_INET) {
        return enable(udp->fd, SOL_IP, IP_RECVERR) &&
               (!udp->wildcard || enable(udp->fd, SOL_IP, IP_PKTINFO));
    }
    return setsockopt(udp->fd, SOL_IPV6, IPV6_V6ONLY, &off, sizeof(off)) == 0 &&
           enable(udp->fd, SOL_IPV6, IPV6_RECVERR) && enable(udp->fd, SOL_IP, IP_RECVERR) &&
           (!udp->wildcard || enable(udp->fd, SOL_IPV6, IPV6_RECVPKTINFO));
}

enum lwm2m_error lwm2m_udp_socket_open(struct lwm2m_udp_socket *udp,
                                       const struct lwm2m_address *bind_to,
                                       size_t receive_buffer_bytes)
{
    struct sockaddr_storage name;
    udp->wildcard = is_any(bind_to);
    udp->family = lwm2m_address_is_ipv4(bind_to->address) ? AF_INET : AF_INET6;
    udp->fd = socket(udp->family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (udp->fd < 0 && udp->family == AF_INET6 && errno == EAFNOSUPPORT) {
        udp->family = AF_INET;
        udp->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    }
    if (udp->fd < 0) {
        return LWM2M_IO;
    }
    socklen_t length = lwm2m_address_to_socket(bind_to, udp->family, &name);
    if (length != 0 && configure(udp, receive_buffer_bytes) &&
        bind(udp->fd, (const struct sockaddr *)&name, length) == 0) {
        return LWM2M_OK;
    }
    int error = errno;
    close(udp->fd);
    udp->fd = -1;
    errno = error;
    return length == 0 ? LWM2M_UNSUPPORTED : LWM2M_IO;
}

void lwm2m_udp_socket_bound(const struct lwm2m_udp_socket *udp, struct lwm2m_address *bound)
{
    struct sockaddr_storage name = {0};
    socklen_t length = sizeof(name);
    if (getsockname(udp->fd, (struct sockaddr *)&name, &length) != 0) {
        name.ss_family = AF_UNSPEC;
    }
    (void)lwm2m_address_from_socket((const struct sockaddr *)&name, bound);
}

static bool is_group(const uint8_t address[16])
{
    static const uint8_t broadcast[4] = {255, 255, 255, 255};
    if (!lwm2m_address_is_ipv4(address)) {
        return address[0] == 0xff;
    }
    return (address[12] & 0xf0) == 0xe0 || memcmp(address + 12, broadcast, 4) == 0;
}

bool lwm2m_udp_socket_local(struct msghdr *header, struct lwm2m_address *address)
{
    for (struct cmsghdr *control = CMSG_FIRSTHDR(header); control != NULL;
         control = CMSG_NXTHDR(header, control)) {
        if (control->cmsg_level == SOL_IPV6 && control->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo info;
            memcpy(&info, CMSG_DATA(control), sizeof(info));
            memcpy(address->local, &info.ipi6_addr, 16);
        } else if (control->cmsg_level == SOL_IP && control->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;
            memcpy(&info, CMSG_DATA(control), sizeof(info));
            lwm2m_address_map_ipv4(&info.ipi_addr, address->local);
        }
    }
    return !is_group(address->local);
}

static void put_control(struct msghdr *header, int level, int type, const void *data, size_t length)
{
    memset(header->msg_control, 0, LWM2M_UDP_CONTROL_BYTES);
    header->msg_controllen = CMSG_SPACE(length);
    struct cmsghdr *control = CMSG_FIRSTHDR(header);
    control->cmsg_level = level;
    control->cmsg_type = type;
    control->cmsg_len = CMSG_LEN(length);
    memcpy(CMSG_DATA(control), data, length);
}

void lwm2m_udp_socket_leave_from(const struct lwm2m_udp_socket *udp, struct msghdr *header,
                                 const struct lwm2m_address *to)
{
    header->msg_controllen = 0;
    if (lwm2m_address_is_unspecified(to->local)) {
        return;
    }
    if (udp->family == AF_INET6) {
        struct in6_pktinfo info = {.ipi6_ifindex = to->scope};
        memcpy(&info.ipi6_addr, to->local, 16);
        put_control(header, SOL_IPV6, IPV6_PKTINFO, &info, sizeof(info));
    } else if (lwm2m_address_is_ipv4(to->local)) {
        struct in_pktinfo info = {0};
        memcpy(&info.ipi_spec_dst, to->local + 12, 4);
        put_control(header, SOL_IP, IP_PKTINFO, &info, sizeof(info));
    }
}

bool lwm2m_udp_socket_is_unreachable(int error)
{
    switch (error) {
    case ECONNREFUSED:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EHOSTDOWN:
    case ENETDOWN:
    case ENONET:
    case EACCES: /* a router forbids it */
        return true;
    default:
        return false;
    }
}

bool lwm2m_udp_socket_next_error(const struct lwm2m_udp_socket *udp, struct lwm2m_address *address,
                                 bool *unreachable)
{
    struct sockaddr_storage name = {0};
    _Alignas(struct cmsghdr) uint8_t control_bytes[256];
    struct iovec nothing = {0}; /* what was sent comes back too; it is not looked at */
    struct msghdr header = {
        .msg_name = &name,
        .msg_namelen = sizeof(name),
        .msg_iov = &nothing,
        .msg_iovlen = 1,
        .msg_control = control_bytes,
        .msg_controllen = sizeof(control_bytes),
    };
    *unreachable = false;
    if (recvmsg(udp->fd, &header, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) {
        return false;
    }
    for (struct cmsghdr *control = CMSG_FIRSTHDR(&header); control != NULL;
         control = CMSG_NXTHDR(&header, control)) {
        if ((control->cmsg_level == SOL_IPV6 && control->cmsg_type == IPV6_RECVERR) ||
            (control->cmsg_level == SOL_IP && control->cmsg_type == IP_RECVERR)) {
            struct sock_extended_err extended;
            memcpy(&extended, CMSG_DATA(control), sizeof(extended));
            *unreachable = lwm2m_udp_socket_is_unreachable((int)extended.ee_errno);
        }
    }
    if (!lwm2m_address_from_socket((const struct sockaddr *)&name, address)) {
        *unreachable = false;
    }
    return true;
}
