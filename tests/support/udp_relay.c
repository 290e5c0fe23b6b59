/*
 * The UDP relay.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support/udp_relay.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <lwm2m/list.h>

static struct sockaddr_in loopback(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void forward(struct udp_relay *relay, bool to_server, struct lwm2m_bytes datagram)
{
    const struct sockaddr_in *to = to_server ? &relay->server : &relay->device;
    int fd = to_server ? relay->back.fd : relay->front.fd;
    unsigned copies =
        relay->copies != NULL ? relay->copies(relay->context, to_server, datagram) : 1;

    for (; copies > 0; copies--) {
        relay->forwarded++;
        (void)sendto(fd, datagram.data, datagram.length, MSG_DONTWAIT, (const struct sockaddr *)to,
                     sizeof(*to));
    }
}

/* A refusal of what was sent before comes back as an error of the socket, and is nobody's here. */
static void from_device(struct lwm2m_watch *watch, unsigned events)
{
    struct udp_relay *relay = LWM2M_CONTAINER_OF(watch, struct udp_relay, front);
    struct sockaddr_in from;
    socklen_t size = sizeof(from);
    uint8_t data[4096];
    ssize_t length =
        recvfrom(watch->fd, data, sizeof(data), MSG_DONTWAIT, (struct sockaddr *)&from, &size);

    (void)events;
    if (length >= 0) {
        relay->device = from;
        forward(relay, true, (struct lwm2m_bytes){data, (size_t)length});
    }
}

static void from_server(struct lwm2m_watch *watch, unsigned events)
{
    struct udp_relay *relay = LWM2M_CONTAINER_OF(watch, struct udp_relay, back);
    uint8_t data[4096];
    ssize_t length = recv(watch->fd, data, sizeof(data), MSG_DONTWAIT);

    (void)events;
    if (length >= 0) {
        forward(relay, false, (struct lwm2m_bytes){data, (size_t)length});
    }
}

static bool open_side(struct udp_relay *relay, struct lwm2m_watch *watch)
{
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof(address);

    watch->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (watch->fd < 0 || bind(watch->fd, (struct sockaddr *)&address, size) != 0 ||
        getsockname(watch->fd, (struct sockaddr *)&address, &size) != 0) {
        return false;
    }
    relay->port = ntohs(address.sin_port);
    return lwm2m_loop_add(relay->loop, watch, LWM2M_WATCH_READ) == LWM2M_OK;
}

bool udp_relay_open(struct udp_relay *relay, struct lwm2m_loop *loop, uint16_t server_port)
{
    memset(relay, 0, sizeof(*relay));
    relay->loop = loop;
    relay->server = loopback(server_port);
    relay->front = (struct lwm2m_watch){.ready = from_device, .fd = -1};
    relay->back = (struct lwm2m_watch){.ready = from_server, .fd = -1};
    return open_side(relay, &relay->back) && open_side(relay, &relay->front);
}

static void close_side(struct udp_relay *relay, struct lwm2m_watch *watch)
{
    if (watch->fd >= 0) {
        lwm2m_loop_remove(relay->loop, watch);
        close(watch->fd);
        watch->fd = -1;
    }
}

void udp_relay_close(struct udp_relay *relay)
{
    close_side(relay, &relay->front);
    close_side(relay, &relay->back);
}
