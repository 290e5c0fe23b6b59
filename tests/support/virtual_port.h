/*
 * A port for tests: a clock that only the test moves, seeded randomness, an allocator that counts
 * and can be told to fail.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SUPPORT_VIRTUAL_PORT_H
#define SUPPORT_VIRTUAL_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/port.h>

struct virtual_port {
    struct lwm2m_port port; /* hand out &virtual_port.port */
    uint64_t now_ms;
    uint64_t random_state;
    size_t allocations;     /* not yet released */
    size_t allocated_bytes; /* of those */
    size_t allocation_calls;
    size_t fail_from; /* this many further allocations succeed, the next and all after it fail */
    size_t log_lines[LWM2M_LOG_DEBUG + 1];
    bool print_log; /* to standard error; from the environment: LWM2M_TEST_LOG */
};

/* The clock starts at 1,000,000 ms, so that "zero" and "now" differ. */
void virtual_port_init(struct virtual_port *port, uint64_t seed);

/* Lets `count` further allocations succeed and fails all others; SIZE_MAX never fails. */
void virtual_port_fail_after(struct virtual_port *port, size_t count);

/* A number of the seeded sequence, for tests that need chance of their own. */
uint64_t virtual_port_random(struct virtual_port *port);
/* From 0 to bound - 1. */
uint32_t virtual_port_random_below(struct virtual_port *port, uint32_t bound);

/* Fails the cmocka test unless everything allocated was released. */
void virtual_port_assert_empty(const struct virtual_port *port);

#endif
