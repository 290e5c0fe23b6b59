/*
 * A server that lives as long as the shell or the script that it is for (--serve).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SESSION_PRIVATE_SERVER_H
#define SESSION_PRIVATE_SERVER_H

#include <stdbool.h>
#include <sys/types.h>

#include "control/outcome.h"

struct private_server {
    pid_t pid; /* 0: none was started */
    int input;    /* it ends when this end of a pipe is closed */
    int messages; /* its standard error, to be read without waiting; -1: it is ours */
};

/*
 * Starts `lwm2m server` around a command that waits for our end, at a URI ("": 127.0.0.1:5683) and
 * with a stack (NULL: the default), and waits until it listens; then $LWM2M_SOCKET and
 * $LWM2M_COAP_URI lead to it. keeps_messages: what it says from then on waits in server->messages;
 * what finds no room there is lost, rather than that the server waits. False with *outcome filled
 * if it could not be started; it has said why, then.
 */
bool private_server_start(struct private_server *server, const char *uri, const char *stack,
                          bool keeps_messages, struct control_outcome *outcome);

/* Ends the server, if one was started, and waits for its end. */
void private_server_end(struct private_server *server);

#endif
