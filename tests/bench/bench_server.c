/*
 * A server that runs, and how to reach it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/process.h"
#include "bench/rows.h"

/* Reads what the server says until it names its port; it goes on saying things to the pipe. */
static uint16_t read_port(int errors)
{
    static const char mark[] = "coap://127.0.0.1:";
    char text[1024] = "";
    size_t length = 0;

    while (length < sizeof(text) - 1) {
        ssize_t more = read(errors, text + length, sizeof(text) - 1 - length);
        if (more <= 0) {
            break;
        }
        length += (size_t)more;
        text[length] = '\0';
        const char *uri = strstr(text, mark);
        /* The control socket is told of last. */
        if (uri != NULL && strstr(text, "control socket") != NULL) {
            return (uint16_t)atoi(uri + sizeof(mark) - 1);
        }
    }
    give_up("the server does not listen: %s", text);
}

void bench_server_start(struct bench_server *server, const struct programs *programs)
{
    snprintf(server->socket, sizeof(server->socket), "/tmp/lwm2m-bench-%d.sock", (int)getpid());
    const char *const arguments[] = {programs->lwm2m, "server",       "-l", "127.0.0.1", "-p", "0",
                                     "--socket",      server->socket, NULL};

    unlink(server->socket);
    server->pid = process_start(arguments, SERVER_CORE, &server->errors);
    server->port = read_port(server->errors);
}

void bench_server_end(struct bench_server *server)
{
    process_end(server->pid);
    close(server->errors);
    unlink(server->socket);
}
