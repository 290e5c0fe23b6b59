/*
 * The least that a UDP server can do: it sends back what it gets, in batches. What it costs is the
 * kernel's share in every server.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_ECHO_H
#define BENCH_ECHO_H

/* Serves the socket for ever. */
void echo_run(int fd);
/* Takes what comes, for ever, and acknowledges what is confirmable. */
void sink_run(int fd);

#endif
