/*
 * Several servers on one device: who is registered with first, who has to wait, and when an attempt
 * is the last one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/device_fixture.h"

enum {
    ORDER = 13,
    INITIAL_DELAY = 14,
    FAILURE_BLOCK = 15,
    RETRY_COUNT = 17,
    RETRY_TIMER = 18,
};

/* Beside the server 101, which has no order, the device has more to come. */
static struct device_fixture *registered(void)
{
    struct device_fixture *fixture = device_fixture_new();

    fixture->without_messages = true;
    device_fixture_register(fixture);
    return fixture;
}

static void set(struct device_fixture *fixture, uint16_t object, uint16_t instance,
                uint16_t resource, struct lwm2m_value value)
{
    assert_int_equal(lwm2m_table_object_set(lwm2m_client_find_object(fixture->client, object),
                                            lwm2m_path_resource(object, instance, resource), value),
                     LWM2M_OK);
}

/* The account of server 100 + instance, with that place in the order. */
static void add(struct device_fixture *fixture, uint16_t instance, const char *uri, int64_t order)
{
    const uint16_t ssid = (uint16_t)(100 + instance);
    const struct lwm2m_security_account where = {
        .instance = instance, .uri = uri, .ssid = ssid, .security_mode = 3};
    const struct lwm2m_server_account how = {
        .instance = instance, .ssid = ssid, .lifetime_s = 86400, .binding = "U"};

    assert_int_equal(
        lwm2m_security_object_add(lwm2m_client_find_object(fixture->client, 0), &where), LWM2M_OK);
    assert_int_equal(lwm2m_server_object_add(lwm2m_client_find_object(fixture->client, 1), &how),
                     LWM2M_OK);
    set(fixture, 1, instance, ORDER, lwm2m_value_integer(order));
}

static void assert_registered(struct device_fixture *fixture, uint16_t instance, bool registered)
{
    assert_int_equal(lwm2m_client_is_registered(fixture->client, (uint16_t)(100 + instance)),
                     registered);
}

static void registers_by_ascending_order_and_with_initial_delays(void **state)
{
    struct device_fixture *fixture = registered();

    (void)state;
    add(fixture, 2, "coap://server", 20);
    add(fixture, 3, "coap://server", 10);
    set(fixture, 1, 2, INITIAL_DELAY, lwm2m_value_integer(30));
    set(fixture, 1, 3, INITIAL_DELAY, lwm2m_value_integer(5));
    device_fixture_run(fixture, 4000);
    assert_registered(fixture, 3, false);
    device_fixture_run(fixture, 2000);
    assert_registered(fixture, 3, true);
    device_fixture_run(fixture, 28000);
    assert_registered(fixture, 2, false);
    device_fixture_run(fixture, 2000);
    assert_registered(fixture, 2, true);
    /* The initial delay was for the first time only. */
    lwm2m_client_restart(fixture->client);
    device_fixture_run(fixture, 1000);
    assert_registered(fixture, 2, true);
    device_fixture_free(fixture);
}

static void a_server_that_fails_lets_the_next_one_by(void **state)
{
    struct device_fixture *fixture = registered();

    (void)state;
    add(fixture, 2, "coap://server", 2);
    add(fixture, 3, "coap://down", 1);
    device_fixture_run(fixture, 1000);
    assert_registered(fixture, 2, true);
    assert_registered(fixture, 3, false);
    device_fixture_free(fixture);
}

static void a_server_that_blocks_holds_the_others_until_it_is_there(void **state)
{
    struct device_fixture *fixture = registered();

    (void)state;
    add(fixture, 2, "coap://server", 2);
    add(fixture, 3, "coap://down", 1);
    add(fixture, 4, "coap://server", 1);
    set(fixture, 1, 3, FAILURE_BLOCK, lwm2m_value_boolean(true));
    device_fixture_run(fixture, 3600 * 1000);
    assert_registered(fixture, 2, false);
    assert_registered(fixture, 4, true);
    assert_registered(fixture, 1, true);
    set(fixture, 0, 3, 0, lwm2m_value_text("coap://server"));
    device_fixture_run(fixture, 300 * 1000);
    assert_registered(fixture, 3, true);
    assert_registered(fixture, 2, true);
    device_fixture_free(fixture);
}

static void a_server_that_blocks_no_more_because_it_is_gone(void **state)
{
    struct device_fixture *fixture = registered();

    (void)state;
    add(fixture, 2, "coap://server", 2);
    add(fixture, 3, "coap://down", 1);
    set(fixture, 1, 3, FAILURE_BLOCK, lwm2m_value_boolean(true));
    device_fixture_run(fixture, 60000);
    assert_registered(fixture, 2, false);
    assert_int_equal(lwm2m_table_object_remove(lwm2m_client_find_object(fixture->client, 1),
                                               lwm2m_path_instance(1, 3)),
                     LWM2M_OK);
    device_fixture_run(fixture, 1000);
    assert_registered(fixture, 2, true);
    device_fixture_free(fixture);
}

/* Three attempts, 10 s and 20 s apart; only then it is the next one's turn. */
static void gives_up_when_its_policy_says_so(void **state)
{
    struct device_fixture *fixture = registered();

    (void)state;
    add(fixture, 2, "coap://server", 2);
    add(fixture, 3, "coap://down", 1);
    set(fixture, 1, 3, RETRY_COUNT, lwm2m_value_integer(3));
    set(fixture, 1, 3, RETRY_TIMER, lwm2m_value_integer(10));
    device_fixture_run(fixture, 29000);
    assert_registered(fixture, 2, false);
    device_fixture_run(fixture, 2000);
    assert_registered(fixture, 2, true);
    device_fixture_run(fixture, 24u * 3600 * 1000);
    assert_non_null(strstr(fixture->diary, "REGISTRATION_FAILED UNREACHABLE retry=10000\n"));
    assert_non_null(strstr(fixture->diary, "REGISTRATION_FAILED UNREACHABLE retry=20000\n"));
    assert_non_null(strstr(fixture->diary, "REGISTRATION_FAILED UNREACHABLE\n"));
    assert_null(strstr(fixture->diary, "retry=40000"));
    fixture->without_events = true;
    set(fixture, 0, 3, 0, lwm2m_value_text("coap://server"));
    device_fixture_run(fixture, 60000);
    assert_registered(fixture, 3, false);
    /* Until the network is another. */
    lwm2m_client_set_offline(fixture->client, true);
    lwm2m_client_set_offline(fixture->client, false);
    device_fixture_run(fixture, 1000);
    assert_registered(fixture, 3, true);
    device_fixture_free(fixture);
}

static void a_server_that_waits_does_not_mind_a_network_that_comes_and_goes(void **state)
{
    struct device_fixture *fixture = registered();

    (void)state;
    add(fixture, 2, "coap://server", 2);
    add(fixture, 3, "coap://down", 1);
    set(fixture, 1, 3, FAILURE_BLOCK, lwm2m_value_boolean(true));
    device_fixture_run(fixture, 60000);
    lwm2m_client_set_offline(fixture->client, true);
    device_fixture_run(fixture, 60000);
    lwm2m_client_set_offline(fixture->client, false);
    device_fixture_run(fixture, 60000);
    assert_registered(fixture, 1, true);
    assert_registered(fixture, 2, false);
    device_fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registers_by_ascending_order_and_with_initial_delays),
        cmocka_unit_test(a_server_that_fails_lets_the_next_one_by),
        cmocka_unit_test(a_server_that_blocks_holds_the_others_until_it_is_there),
        cmocka_unit_test(a_server_that_blocks_no_more_because_it_is_gone),
        cmocka_unit_test(gives_up_when_its_policy_says_so),
        cmocka_unit_test(a_server_that_waits_does_not_mind_a_network_that_comes_and_goes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
