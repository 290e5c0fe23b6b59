/*
 * Tests of lib/host/libcoap_transport.c: what the transport suite does not see, its socket, its
 * clock and its log.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include <coap3/coap.h>

#include <lwm2m/host.h>
#include <lwm2m/resolve.h>

struct fixture {
    struct lwm2m_host *host;
    char warnings[512];
};

/* What a program does; here it can be left undone. */
static bool clock_is_ours = true;

void coap_ticks(coap_tick_t *ticks)
{
    static coap_tick_t other;

    *ticks = clock_is_ours ? lwm2m_libcoap_clock_ms() : other++;
}

static void log_line(void *context, enum lwm2m_log_level level, const char *text)
{
    struct fixture *fixture = context;

    if (level <= LWM2M_LOG_WARNING) {
        strncat(fixture->warnings, text, sizeof(fixture->warnings) - strlen(fixture->warnings) - 1);
    }
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    clock_is_ours = true;
    *state = fixture;
    return fixture != NULL && lwm2m_host_new(log_line, fixture, &fixture->host) == LWM2M_OK ? 0
                                                                                            : -1;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    lwm2m_host_free(fixture->host);
    free(fixture);
    return 0;
}

static struct lwm2m_libcoap_config config_of(struct fixture *fixture, const char *text)
{
    struct lwm2m_libcoap_config config;
    struct lwm2m_addresses addresses;

    lwm2m_libcoap_config_init(&config);
    config.loop = lwm2m_host_loop(fixture->host);
    assert_int_equal(lwm2m_resolve_text(lwm2m_bytes_from_text(text), 0, &addresses, NULL),
                     LWM2M_OK);
    config.bind = addresses.items[0];
    return config;
}

static void port_is_chosen_and_known(void **state)
{
    struct lwm2m_libcoap_config config = config_of(*state, "[::]");
    struct lwm2m_libcoap *libcoap;
    struct lwm2m_address bound;

    assert_int_equal(lwm2m_libcoap_open(&config, &libcoap), LWM2M_OK);
    lwm2m_libcoap_bound(libcoap, &bound);
    assert_int_not_equal(bound.port, 0);
    lwm2m_libcoap_close(libcoap);
}

static void port_is_not_shared(void **state)
{
    struct lwm2m_libcoap_config config = config_of(*state, "127.0.0.1");
    struct lwm2m_libcoap *first;
    struct lwm2m_libcoap *second;

    assert_int_equal(lwm2m_libcoap_open(&config, &first), LWM2M_OK);
    lwm2m_libcoap_bound(first, &config.bind);
    assert_int_equal(lwm2m_libcoap_open(&config, &second), LWM2M_IO);
    assert_int_equal(errno, EADDRINUSE);
    lwm2m_libcoap_close(first);
    assert_int_equal(lwm2m_libcoap_open(&config, &second), LWM2M_OK);
    lwm2m_libcoap_close(second);
}

static void clock_on_the_wall_is_warned_of(void **state)
{
    struct fixture *fixture = *state;
    struct lwm2m_libcoap_config config = config_of(fixture, "127.0.0.1");
    struct lwm2m_libcoap *libcoap;

    assert_int_equal(lwm2m_libcoap_open(&config, &libcoap), LWM2M_OK);
    lwm2m_libcoap_close(libcoap);
    assert_string_equal(fixture->warnings, "");
    clock_is_ours = false;
    assert_int_equal(lwm2m_libcoap_open(&config, &libcoap), LWM2M_OK);
    lwm2m_libcoap_close(libcoap);
    assert_non_null(strstr(fixture->warnings, "clock on the wall"));
}

static void peer_at_an_address_is_one_peer(void **state)
{
    struct lwm2m_libcoap_config config = config_of(*state, "[::]");
    struct lwm2m_libcoap_statistics statistics;
    struct lwm2m_addresses addresses;
    struct lwm2m_libcoap *libcoap;
    struct lwm2m_peer *first;
    struct lwm2m_peer *again;
    char text[LWM2M_ADDRESS_TEXT_MAX];

    assert_int_equal(lwm2m_libcoap_open(&config, &libcoap), LWM2M_OK);
    assert_int_equal(
        lwm2m_resolve_text(lwm2m_bytes_from_text("127.0.0.1:40404"), 0, &addresses, NULL),
        LWM2M_OK);
    assert_int_equal(lwm2m_libcoap_peer(libcoap, &addresses.items[0], &first), LWM2M_OK);
    assert_int_equal(lwm2m_libcoap_peer(libcoap, &addresses.items[0], &again), LWM2M_OK);
    assert_ptr_equal(first, again);
    lwm2m_peer_print_address(first, text);
    assert_string_equal(text, "127.0.0.1:40404");
    lwm2m_peer_release(again);
    lwm2m_peer_release(first);
    assert_int_equal(lwm2m_loop_turn(config.loop, 0), LWM2M_OK);
    assert_int_equal(lwm2m_loop_turn(config.loop, 0), LWM2M_OK);
    lwm2m_libcoap_statistics_get(libcoap, &statistics);
    assert_int_equal(statistics.peers, 0);
    lwm2m_libcoap_close(libcoap);
}

static void configuration_out_of_range_is_refused(void **state)
{
    struct lwm2m_libcoap_config config = config_of(*state, "127.0.0.1");
    struct lwm2m_libcoap *libcoap;

    config.transmission.nstart = 0;
    assert_int_equal(lwm2m_libcoap_open(&config, &libcoap), LWM2M_ARGUMENT);
    config = config_of(*state, "127.0.0.1");
    config.transmission.max_retransmit = 21;
    assert_int_equal(lwm2m_libcoap_open(&config, &libcoap), LWM2M_ARGUMENT);
    config = config_of(*state, "127.0.0.1");
    config.size--;
    assert_int_equal(lwm2m_libcoap_open(&config, &libcoap), LWM2M_ARGUMENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(port_is_chosen_and_known),
        TEST(port_is_not_shared),
        TEST(clock_on_the_wall_is_warned_of),
        TEST(peer_at_an_address_is_one_peer),
        TEST(configuration_out_of_range_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
