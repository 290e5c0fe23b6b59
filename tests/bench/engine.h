/*
 * A server of the library in a process of its own, which asks its devices for things.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_ENGINE_H
#define BENCH_ENGINE_H

#include <stdint.h>
#include <sys/types.h>

/* What the engine observes or reads. */
#define ENGINE_OBJECT 3303
#define ENGINE_RESOURCE 5700

enum engine_work {
    ENGINE_OBSERVES, /* every device, from its Register on */
    ENGINE_READS,    /* of all devices in turn, 64 at a time, once so many have registered */
};

/* Runs it on the core of servers; *port of 127.0.0.1 is where it listens. Ended by process_end. */
pid_t engine_start(enum engine_work work, uint32_t devices, uint16_t *port);

#endif
