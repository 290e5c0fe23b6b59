/*
 * One client at the control socket.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DAEMON_CONTROL_CONNECTION_H
#define DAEMON_CONTROL_CONNECTION_H

#include <lwm2m/list.h>
#include <lwm2m/loop.h>

#include "control/line_buffer.h"
#include "control/responder.h"

/* A client that reads slower than this many bytes behind is dropped. */
#define BACKLOG_BYTES_MAX (4u * 1024 * 1024)

struct control_connection {
    struct lwm2m_list node; /* in the socket's list */
    struct lwm2m_watch watch;
    struct lwm2m_loop *loop;
    const struct responder *responder;
    void *served; /* what responder->open returned */
    struct line_buffer input;
    char *output; /* what waits to be written: output_start to output_length */
    size_t output_start, output_length, output_capacity;
    bool ending; /* no more requests: it is closed once the output has left */
    bool broken; /* it is closed without regard to the output */
};

/* Greets the client on fd, which is taken in any case. NULL if that is not possible. */
struct control_connection *control_connection_open(struct lwm2m_loop *loop, int fd,
                                                   const struct responder *responder);
/* Writes what waits; to be called once in each turn of the loop. False if the connection is over.
 */
bool control_connection_flush(struct control_connection *connection);
void control_connection_close(struct control_connection *connection);

#endif
