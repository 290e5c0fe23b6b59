/*
 * The control socket: a Unix socket at which a daemon takes requests of the control protocol
 * (lwm2m-control(7)).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DAEMON_CONTROL_SOCKET_H
#define DAEMON_CONTROL_SOCKET_H

#include <stdbool.h>

#include <lwm2m/loop.h>

#include "control/outcome.h"
#include "control/responder.h"

struct control_socket;

struct control_place {
    const char *path;
    const char *group; /* its members may connect, too: mode 0660 instead of 0600; NULL: nobody else */
};

/*
 * Listens at place->path for processes of this user, of root, and of members of place->group, of
 * which this process must be one. A file that a daemon left behind is replaced; one at which a
 * daemon answers is not: NULL, with *failure filled. loop and responder's context are borrowed.
 */
struct control_socket *control_socket_open(struct lwm2m_loop *loop,
                                           const struct control_place *place,
                                           const struct responder *responder,
                                           struct control_outcome *failure);

/* Closes all connections and removes the file, if it is still ours. NULL is allowed. */
void control_socket_close(struct control_socket *control);

#endif
