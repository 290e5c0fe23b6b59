/*
 * What a simulated device reports of the machine that it runs on.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SIMULATION_HOST_FACTS_H
#define SIMULATION_HOST_FACTS_H

#include <stddef.h>
#include <stdint.h>

/* Seconds since 1970, UTC. */
int64_t host_time_s(void *unused);

/* KiB; -1 if the system does not say. */
int64_t host_memory_free_kib(void *unused);
int64_t host_memory_total_kib(void *unused);

/* The name of the machine up to its first dot, cut to `size`; "device" if it has none. */
void host_name(char *name, size_t size);

/* An address of the machine by which others reach it; loopback if it has no other. */
#define HOST_ADDRESS_MAX 64
void host_address(char address[HOST_ADDRESS_MAX]);

#endif
