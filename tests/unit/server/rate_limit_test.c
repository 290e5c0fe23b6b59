/*
 * Tests of lib/server/rate_limit.c: tokens by address, whatever the port.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/rate_limit.h"
#include "support/virtual_port.h"

/* A peer that is nothing but its address. */
struct named_peer {
    struct lwm2m_peer peer; /* first */
    const char *address;
};

static void print_address(struct lwm2m_transport *self, const struct lwm2m_peer *peer,
                          char text[LWM2M_ADDRESS_TEXT_MAX])
{
    (void)self;
    snprintf(text, LWM2M_ADDRESS_TEXT_MAX, "%s", ((const struct named_peer *)peer)->address);
}

static const struct lwm2m_transport_operations operations = {.print_address = print_address};

struct fixture {
    struct virtual_port port;
    struct lwm2m_rate_limit limit;
};

static void begin(struct fixture *fixture, uint32_t per_second)
{
    virtual_port_init(&fixture->port, 1);
    assert_int_equal(lwm2m_rate_limit_init(&fixture->limit, &fixture->port.port, per_second),
                     LWM2M_OK);
}

static void end(struct fixture *fixture)
{
    lwm2m_rate_limit_release(&fixture->limit);
    virtual_port_assert_empty(&fixture->port);
}

/* How many of `count` tries at one moment are taken. */
static unsigned take(struct fixture *fixture, const char *address, unsigned count, uint64_t now_ms)
{
    struct lwm2m_transport transport = {.operations = &operations};
    struct named_peer peer = {.peer = {.transport = &transport}, .address = address};
    unsigned taken = 0;

    for (unsigned i = 0; i < count; i++) {
        taken += lwm2m_rate_limit_take(&fixture->limit, &peer.peer, now_ms);
    }
    return taken;
}

static void without_a_rate_there_is_no_limit_and_no_memory(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, 0);
    assert_null(fixture.limit.buckets);
    assert_int_equal(take(&fixture, "127.0.0.1:1", 1000, 5), 1000);
    end(&fixture);
}

static void a_second_gives_the_rate_and_no_more(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, 10);
    assert_int_equal(take(&fixture, "127.0.0.1:1", 100, 1000000), 10);
    assert_int_equal(take(&fixture, "127.0.0.1:1", 100, 1000099), 0);
    assert_int_equal(take(&fixture, "127.0.0.1:1", 100, 1000300), 3);
    assert_int_equal(take(&fixture, "127.0.0.1:1", 100, 9000000), 10);
    end(&fixture);
}

static void the_port_does_not_make_another_address(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, 4);
    assert_int_equal(take(&fixture, "127.0.0.1:40000", 4, 1000), 4);
    assert_int_equal(take(&fixture, "127.0.0.1:40001", 4, 1000), 0);
    assert_int_equal(take(&fixture, "[2001:db8::7]:5683", 4, 1000), 4);
    assert_int_equal(take(&fixture, "[2001:db8::7]:5684", 4, 1000), 0);
    end(&fixture);
}

static void every_address_has_its_own_rate(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, 1);
    assert_int_equal(take(&fixture, "127.0.0.1:1", 2, 1000), 1);
    assert_int_equal(take(&fixture, "127.0.0.2:1", 2, 1000), 1);
    assert_int_equal(take(&fixture, "[::1]:1", 2, 1000), 1);
    assert_int_equal(take(&fixture, "[::2]:1", 2, 1000), 1);
    end(&fixture);
}

static void the_largest_rate_does_not_overflow(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, UINT32_MAX);
    assert_int_equal(take(&fixture, "127.0.0.1:1", 1000, UINT64_MAX - 1), 1000);
    assert_int_equal(take(&fixture, "127.0.0.1:1", 1000, UINT64_MAX), 1000);
    end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_rate_there_is_no_limit_and_no_memory),
        cmocka_unit_test(a_second_gives_the_rate_and_no_more),
        cmocka_unit_test(the_port_does_not_make_another_address),
        cmocka_unit_test(every_address_has_its_own_rate),
        cmocka_unit_test(the_largest_rate_does_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
