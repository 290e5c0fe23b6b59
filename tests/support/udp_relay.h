/*
 * A UDP relay between one device and one server, which loses and repeats what a test says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_SUPPORT_UDP_RELAY_H
#define TESTS_SUPPORT_UDP_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <netinet/in.h>

#include <lwm2m/bytes.h>
#include <lwm2m/loop.h>

struct udp_relay {
    struct lwm2m_loop *loop;
    struct lwm2m_watch front, back; /* towards the device, towards the server */
    struct sockaddr_in device, server;
    uint16_t port; /* what the device takes for the server's */
    size_t forwarded;
    /* How many copies of a datagram go on; NULL: one. */
    unsigned (*copies)(void *context, bool to_server, struct lwm2m_bytes datagram);
    void *context;
};

/* Opens it in front of the server's port on 127.0.0.1; false if the system has no sockets left. */
bool udp_relay_open(struct udp_relay *relay, struct lwm2m_loop *loop, uint16_t server_port);
void udp_relay_close(struct udp_relay *relay);

#endif
