/*
 * Devices that answer: they register, say a temperature whenever they are asked, and notify. All of
 * them on one socket, each with an address of its own in 127/8.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_FLEET_H
#define BENCH_FLEET_H

#include <stddef.h>
#include <stdint.h>

struct fleet;

/* Devices of the server at a UDP port of 127.0.0.1. */
struct fleet *fleet_new(size_t devices, uint16_t server_port);
void fleet_free(struct fleet *fleet);

/* Registers all, and answers what the server asks meanwhile. */
void fleet_register(struct fleet *fleet);
/* Answers until every device is observed. */
void fleet_wait_observed(struct fleet *fleet);
/* Answers so many requests of the server. */
void fleet_answer(struct fleet *fleet, size_t count);
/*
 * Sends so many notifications, a multiple of 64, of one device after the other. The last of 64 is
 * confirmable, and its acknowledgement lets the next 64 go.
 */
void fleet_notify(struct fleet *fleet, size_t count);

#endif
