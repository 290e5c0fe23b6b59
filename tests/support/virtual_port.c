/*
 * A port for tests: virtual clock, seeded randomness, counting allocator.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support/virtual_port.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void *port_allocate(void *context, size_t size)
{
    struct virtual_port *port = context;
    void *memory;

    port->allocation_calls++;
    if (port->fail_from == 0) {
        return NULL;
    }
    if (port->fail_from != SIZE_MAX) {
        port->fail_from--;
    }
    memory = malloc(size);
    if (memory == NULL) {
        return NULL;
    }
    /* Whoever counts on zeroed memory shall notice. */
    memset(memory, 0xa5, size);
    port->allocations++;
    port->allocated_bytes += malloc_usable_size(memory);
    return memory;
}

static void port_release(void *context, void *memory)
{
    struct virtual_port *port = context;

    if (memory == NULL) {
        return;
    }
    port->allocations--;
    port->allocated_bytes -= malloc_usable_size(memory);
    free(memory);
}

static uint64_t port_now_ms(void *context)
{
    const struct virtual_port *port = context;

    return port->now_ms;
}

static void port_random(void *context, void *memory, size_t length)
{
    struct virtual_port *port = context;
    uint8_t *bytes = memory;

    for (size_t i = 0; i < length; i++) {
        bytes[i] = (uint8_t)(virtual_port_random(port) >> 24);
    }
}

static void port_log(void *context, enum lwm2m_log_level level, const char *text)
{
    struct virtual_port *port = context;

    port->log_lines[level]++;
    if (port->print_log) {
        fprintf(stderr, "# %llu %s\n", (unsigned long long)port->now_ms, text);
    }
}

static void port_assert_failed(void *context, const char *file, int line, const char *condition)
{
    (void)context;
    fprintf(stderr, "%s:%d: broken invariant: %s\n", file, line, condition);
    abort();
}

void virtual_port_init(struct virtual_port *port, uint64_t seed)
{
    memset(port, 0, sizeof(*port));
    port->port = (struct lwm2m_port){
        .context = port,
        .allocate = port_allocate,
        .release = port_release,
        .now_ms = port_now_ms,
        .random = port_random,
        .log = port_log,
        .assert_failed = port_assert_failed,
    };
    port->now_ms = 1000000;
    port->random_state = seed;
    port->fail_from = SIZE_MAX;
    port->print_log = getenv("LWM2M_TEST_LOG") != NULL;
}

void virtual_port_fail_after(struct virtual_port *port, size_t count)
{
    port->fail_from = count;
}

/* A counter stepped by an odd constant and scrambled: any seed will do, also 0. */
uint64_t virtual_port_random(struct virtual_port *port)
{
    uint64_t mixed;

    port->random_state += UINT64_C(0x9e3779b97f4a7c15);
    mixed = port->random_state;
    mixed = (mixed ^ (mixed >> 32)) * UINT64_C(0xd6e8feb86659fd93);
    mixed = (mixed ^ (mixed >> 32)) * UINT64_C(0xd6e8feb86659fd93);
    return mixed ^ (mixed >> 32);
}

uint32_t virtual_port_random_below(struct virtual_port *port, uint32_t bound)
{
    return (uint32_t)((virtual_port_random(port) >> 32) % bound);
}

void virtual_port_assert_empty(const struct virtual_port *port)
{
    assert_int_equal(port->allocations, 0);
    assert_int_equal(port->allocated_bytes, 0);
}
