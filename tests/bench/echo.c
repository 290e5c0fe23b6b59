/*
 * The least that a UDP server can do: it sends back what it gets, in batches, or only takes it.
 * What it costs is the kernel's share in every server.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/echo.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "bench/process.h"

#define BATCH 64
#define DATAGRAM_MAX 1500

static struct {
    struct mmsghdr headers[BATCH];
    struct iovec pieces[BATCH];
    struct sockaddr_in6 names[BATCH];
    char bytes[BATCH][DATAGRAM_MAX];
} batch;

static int receive(int fd)
{
    for (size_t i = 0; i < BATCH; i++) {
        batch.pieces[i] = (struct iovec){batch.bytes[i], DATAGRAM_MAX};
        batch.headers[i].msg_hdr = (struct msghdr){
            .msg_name = &batch.names[i],
            .msg_namelen = sizeof(batch.names[i]),
            .msg_iov = &batch.pieces[i],
            .msg_iovlen = 1,
        };
    }
    return recvmmsg(fd, batch.headers, BATCH, MSG_DONTWAIT, NULL);
}

static void send_back(int fd, int count)
{
    int sent = 0;

    for (int i = 0; i < count; i++) {
        batch.pieces[i].iov_len = batch.headers[i].msg_len;
    }
    while (sent < count) {
        int more = sendmmsg(fd, batch.headers + sent, (unsigned)(count - sent), 0);
        if (more <= 0) {
            give_up("the echo server cannot send");
        }
        sent += more;
    }
}

/* Leaves the confirmable ones in the batch, as the acknowledgements of them. */
static int acknowledgements(int count)
{
    int kept = 0;

    for (int i = 0; i < count; i++) {
        if ((batch.bytes[i][0] & 0x30) != 0) {
            continue;
        }
        struct mmsghdr *to = &batch.headers[kept];
        memcpy(batch.bytes[kept], batch.bytes[i], 4);
        batch.names[kept] = batch.names[i];
        batch.bytes[kept][0] = 0x60;
        batch.bytes[kept][1] = 0;
        to->msg_len = 4;
        kept++;
    }
    return kept;
}

static void serve(int fd, bool echoes)
{
    struct epoll_event event = {.events = EPOLLIN};
    int epoll = epoll_create1(EPOLL_CLOEXEC);

    if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
        give_up("the echo server cannot wait");
    }
    while (epoll_wait(epoll, &event, 1, -1) >= 0) {
        int count = receive(fd);
        send_back(fd, echoes ? count : acknowledgements(count));
    }
}

void echo_run(int fd)
{
    serve(fd, true);
}

void sink_run(int fd)
{
    serve(fd, false);
}
