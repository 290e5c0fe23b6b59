/*
 * Tests of lib/host/resolve.c, with numeric addresses and the name localhost: nothing leaves the
 * host.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <netdb.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/resolve.h>

static void texts_of_every_form_are_read(void **state)
{
    static const struct {
        const char *text, *printed;
    } cases[] = {
        {"127.0.0.1", "127.0.0.1:5683"},
        {"127.0.0.1:40000", "127.0.0.1:40000"},
        {"10.0.7.21:0", "10.0.7.21:0"},
        {"::1", "[::1]:5683"},
        {"::", "[::]:5683"},
        {"[::]", "[::]:5683"},
        {"[::]:0", "[::]:0"},
        {"[2001:db8::7]:65535", "[2001:db8::7]:65535"},
        {"2001:db8::7", "[2001:db8::7]:5683"},
        {"::ffff:192.0.2.1", "192.0.2.1:5683"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct lwm2m_addresses addresses;
        struct lwm2m_fault fault;
        char printed[LWM2M_ADDRESS_TEXT_MAX];
        assert_int_equal(
            lwm2m_resolve_text(lwm2m_bytes_from_text(cases[i].text), 5683, &addresses, &fault),
            LWM2M_OK);
        assert_int_equal(addresses.count, 1);
        lwm2m_address_print(&addresses.items[0], printed);
        assert_string_equal(printed, cases[i].printed);
    }
}

static void bad_texts_are_refused_with_a_reason(void **state)
{
    static const struct {
        const char *text, *reason;
        size_t offset;
    } cases[] = {
        {"", "there is no host", 0},
        {":5683", "there is no host", 0},
        {"[]:5683", "there is no host", 0},
        {"127.0.0.1:", "there is no port after the colon", 10},
        {"127.0.0.1:x", "the port is not a number", 10},
        {"127.0.0.1:-1", "the port is not a number", 10},
        {"127.0.0.1:65536", "the port is above 65535", 10},
        {"127.0.0.1:99999999999999999999", "the port is above 65535", 10},
        {"[::1", "']' is missing", 4},
        {"[::1]5683", "only ':PORT' may follow ']'", 5},
        {"[::1]:", "there is no port after the colon", 6},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct lwm2m_addresses addresses;
        struct lwm2m_fault fault = {0};
        assert_int_equal(
            lwm2m_resolve_text(lwm2m_bytes_from_text(cases[i].text), 5683, &addresses, &fault),
            LWM2M_MALFORMED);
        assert_string_equal(fault.reason, cases[i].reason);
        assert_int_equal(fault.offset, cases[i].offset);
        assert_int_equal(addresses.count, 0);
    }
}

static void hosts_longer_than_any_name_or_with_a_zero_byte_are_refused(void **state)
{
    uint8_t text[300];
    struct lwm2m_addresses addresses;
    (void)state;
    memset(text, 'a', sizeof(text));
    assert_int_equal(
        lwm2m_resolve_text((struct lwm2m_bytes){text, sizeof(text)}, 1, &addresses, NULL),
        LWM2M_MALFORMED);
    static const uint8_t cut[] = "127.0.0.1\0.example";
    assert_int_equal(
        lwm2m_resolve_text((struct lwm2m_bytes){cut, sizeof(cut) - 1}, 1, &addresses, NULL),
        LWM2M_MALFORMED);
}

static void localhost_is_found_with_the_port_of_the_uri(void **state)
{
    struct lwm2m_uri uri = {
        .scheme = LWM2M_SCHEME_COAP,
        .host = lwm2m_bytes_from_text("localhost"),
        .port = 40001,
    };
    struct lwm2m_addresses addresses;
    struct addrinfo *known = NULL;
    (void)state;
    /* A machine without /etc/hosts does not know the name, and nobody could. */
    if (getaddrinfo("localhost", NULL, NULL, &known) != 0) {
        skip();
    }
    freeaddrinfo(known);
    assert_int_equal(lwm2m_resolve_uri(&uri, &addresses, NULL), LWM2M_OK);
    assert_in_range(addresses.count, 1, LWM2M_ADDRESSES_MAX);
    for (size_t i = 0; i < addresses.count; i++) {
        assert_int_equal(addresses.items[i].port, 40001);
    }
}

static void name_without_host_is_said_to_be_missing(void **state)
{
    struct lwm2m_addresses addresses;
    struct lwm2m_fault fault = {0};
    (void)state;
    /* The empty label makes it a name that the resolver refuses by itself. */
    enum lwm2m_error error =
        lwm2m_resolve_text(lwm2m_bytes_from_text("a..invalid"), 5683, &addresses, &fault);
    assert_true(error == LWM2M_NOT_FOUND || error == LWM2M_UNREACHABLE);
    assert_non_null(fault.reason);
    assert_int_equal(addresses.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_of_every_form_are_read),
        cmocka_unit_test(bad_texts_are_refused_with_a_reason),
        cmocka_unit_test(hosts_longer_than_any_name_or_with_a_zero_byte_are_refused),
        cmocka_unit_test(localhost_is_found_with_the_port_of_the_uri),
        cmocka_unit_test(name_without_host_is_said_to_be_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
