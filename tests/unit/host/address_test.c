/*
 * Tests of lib/host/address.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/resolve.h>

#include "host/address.h"

static const struct lwm2m_address ipv6 = {
    .address = {0x20, 0x01, 0x0d, 0xb8, [15] = 7},
    .port = 5683,
};
static const struct lwm2m_address ipv4 = {
    .address = {[10] = 0xff, 0xff, 127, 0, 0, 1},
    .port = 40000,
};

static void addresses_survive_the_way_through_a_socket_address(void **state)
{
    static const struct {
        const struct lwm2m_address *address;
        int family;
    } cases[] = {{&ipv6, AF_INET6}, {&ipv4, AF_INET6}, {&ipv4, AF_INET}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sockaddr_storage name;
        struct lwm2m_address back;
        assert_true(lwm2m_address_to_socket(cases[i].address, cases[i].family, &name) > 0);
        assert_int_equal(name.ss_family, cases[i].family);
        assert_true(lwm2m_address_from_socket((const struct sockaddr *)&name, &back));
        assert_memory_equal(&back, cases[i].address, sizeof(back));
    }
}

static void ipv6_address_has_no_form_on_an_ipv4_socket(void **state)
{
    struct sockaddr_storage name;
    struct lwm2m_address any = {.port = 5683};
    (void)state;
    assert_int_equal(lwm2m_address_to_socket(&ipv6, AF_INET, &name), 0);
    assert_int_equal(lwm2m_address_to_socket(&any, AF_INET, &name), sizeof(struct sockaddr_in));
}

static void other_families_are_refused(void **state)
{
    struct sockaddr_storage name = {.ss_family = AF_UNIX};
    struct lwm2m_address address;
    (void)state;
    assert_false(lwm2m_address_from_socket((const struct sockaddr *)&name, &address));
    assert_int_equal(address.port, 0);
}

static void addresses_are_printed_for_people(void **state)
{
    char text[LWM2M_ADDRESS_TEXT_MAX];
    struct lwm2m_address link_local = {.address = {0xfe, 0x80, [15] = 1}, .scope = 1, .port = 5683};
    (void)state;
    lwm2m_address_print(&ipv6, text);
    assert_string_equal(text, "[2001:db8::7]:5683");
    lwm2m_address_print(&ipv4, text);
    assert_string_equal(text, "127.0.0.1:40000");
    lwm2m_address_print(&link_local, text); /* the first interface of every Linux is lo */
    assert_string_equal(text, "[fe80::1%lo]:5683");
    link_local.scope = UINT32_MAX;
    lwm2m_address_print(&link_local, text);
    assert_string_equal(text, "[fe80::1%4294967295]:5683");
}

static void only_addresses_that_mean_any_are_made_reachable(void **state)
{
    struct lwm2m_address any = {.port = 1};
    struct lwm2m_address any_ipv4 = {.address = {[10] = 0xff, 0xff}, .port = 1};
    struct lwm2m_address other = ipv6;
    (void)state;
    lwm2m_address_make_reachable(&any);
    lwm2m_address_make_reachable(&any_ipv4);
    lwm2m_address_make_reachable(&other);
    assert_memory_equal(any.address, ipv4.address, 16);
    assert_memory_equal(any_ipv4.address, ipv4.address, 16);
    assert_memory_equal(&other, &ipv6, sizeof(other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_survive_the_way_through_a_socket_address),
        cmocka_unit_test(ipv6_address_has_no_form_on_an_ipv4_socket),
        cmocka_unit_test(other_families_are_refused),
        cmocka_unit_test(addresses_are_printed_for_people),
        cmocka_unit_test(only_addresses_that_mean_any_are_made_reachable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
