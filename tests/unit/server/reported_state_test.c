/*
 * Tests of lib/server/reported_state.c: what is kept of what devices say, how much of it, and how
 * long.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/server_fixture.h"

static int set_up(void **state)
{
    struct server_fixture *fixture = server_fixture_new();

    fixture->quiet = true;
    fixture->config.definitions = &lwm2m_registry;
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    server_fixture_free(*state);
    return 0;
}

static struct lwm2m_registration *started(struct server_fixture *fixture)
{
    server_fixture_start(fixture);
    return server_fixture_registered(fixture, "1.1");
}

static void read_path(struct server_fixture *fixture, struct lwm2m_registration *registration,
                      struct lwm2m_path path, enum lwm2m_status status, const char *text)
{
    const struct lwm2m_operation operation = {
        .kind = LWM2M_OPERATION_READ, .path = path, .format = LWM2M_NO_FORMAT};

    assert_int_equal(lwm2m_server_submit(fixture->server, registration, &operation, NULL),
                     LWM2M_OK);
    stand_in_exchange_answer(stand_in_transport_last(&fixture->transport), status,
                             text ? LWM2M_FORMAT_TEXT : LWM2M_NO_FORMAT, text, -1);
}

static void read_resource(struct server_fixture *fixture, struct lwm2m_registration *registration,
                          uint16_t resource, const char *text)
{
    read_path(fixture, registration, lwm2m_path_resource(3, 0, resource), LWM2M_STATUS_CONTENT,
              text);
}

static bool note_value(void *context, const struct lwm2m_reported_value *reported)
{
    struct server_fixture *fixture = context;
    char path[LWM2M_PATH_TEXT_MAX];
    uint8_t memory[64];
    struct lwm2m_buffer text;

    lwm2m_path_print(reported->path, path);
    lwm2m_buffer_init(&text, memory, sizeof memory);
    assert_int_equal(lwm2m_value_print(&reported->value, &text), LWM2M_OK);
    server_fixture_note(fixture, "%s=%.*s %u s\n", path, (int)text.length, (char *)memory,
                        (unsigned)((fixture->port.now_ms - reported->seen_ms) / 1000));
    return true;
}

/* Asserts what is reported of an endpoint at path. */
static void assert_reported(struct server_fixture *fixture, const char *endpoint,
                            struct lwm2m_path path, const char *expected)
{
    fixture->diary[0] = '\0';
    lwm2m_server_visit_reported(fixture->server, lwm2m_bytes_from_text(endpoint), path, note_value,
                                fixture);
    server_fixture_assert_diary(fixture, expected);
}

static void keeps_the_last_value_of_each_read_with_its_age(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = started(fixture);

    read_resource(fixture, registration, 9, "87");
    server_fixture_pass(fixture, 12000);
    read_resource(fixture, registration, 0, "Acme");
    assert_reported(fixture, "dev", lwm2m_path_root(), "/3/0/9=87 12 s\n/3/0/0=Acme 0 s\n");
    read_resource(fixture, registration, 9, "86");
    assert_reported(fixture, "dev", lwm2m_path_object(3), "/3/0/0=Acme 0 s\n/3/0/9=86 0 s\n");
    assert_reported(fixture, "dev", lwm2m_path_resource(3, 0, 0), "/3/0/0=Acme 0 s\n");
    assert_reported(fixture, "dev", lwm2m_path_object(4), "");
    assert_reported(fixture, "other", lwm2m_path_root(), "");
    assert_true(lwm2m_server_has_state(fixture->server, lwm2m_bytes_from_text("dev")));
    assert_false(lwm2m_server_has_state(fixture->server, lwm2m_bytes_from_text("other")));
}

static void ignore(void *context, const struct lwm2m_outcome *outcome)
{
    (void)context;
    (void)outcome;
}

static void keeps_what_is_notified(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = started(fixture);
    const struct lwm2m_observation_request request = {
        .path = lwm2m_path_resource(3303, 0, 5700),
        .format = LWM2M_NO_FORMAT,
        .on_notification = ignore,
    };

    assert_int_equal(lwm2m_server_observe(fixture->server, registration, &request, NULL), LWM2M_OK);
    struct lwm2m_exchange *exchange = stand_in_transport_last(&fixture->transport);
    stand_in_exchange_answer(exchange, LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, "21.5", 1);
    stand_in_exchange_answer(exchange, LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, "22.5", 2);
    assert_reported(fixture, "dev", lwm2m_path_root(), "/3303/0/5700=22.5 0 s\n");
    stand_in_exchange_answer(exchange, LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, "20", 1);
    assert_reported(fixture, "dev", lwm2m_path_root(), "/3303/0/5700=22.5 0 s\n");
}

/* Notifications are decoded when somebody asks: the order of things must not show that. */
static void knows_what_came_last_by_whatever_way(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = started(fixture);
    const struct lwm2m_observation_request request = {
        .path = lwm2m_path_resource(3303, 0, 5700),
        .format = LWM2M_NO_FORMAT,
        .on_notification = ignore,
    };
    struct lwm2m_subscription *subscription;

    assert_int_equal(lwm2m_server_observe(fixture->server, registration, &request, &subscription),
                     LWM2M_OK);
    struct lwm2m_exchange *exchange = stand_in_transport_last(&fixture->transport);
    stand_in_exchange_answer(exchange, LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, "21.5", 1);
    server_fixture_pass(fixture, 5000);
    read_path(fixture, registration, request.path, LWM2M_STATUS_CONTENT, "30");
    assert_reported(fixture, "dev", lwm2m_path_root(), "/3303/0/5700=30 0 s\n");
    stand_in_exchange_answer(exchange, LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, "31", 2);
    read_path(fixture, registration, request.path, LWM2M_STATUS_NOT_FOUND, NULL);
    assert_reported(fixture, "dev", lwm2m_path_root(), "");
    stand_in_exchange_answer(exchange, LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, "32", 3);
    server_fixture_pass(fixture, 5000);
    lwm2m_server_unsubscribe(fixture->server, subscription);
    assert_reported(fixture, "dev", lwm2m_path_root(), "/3303/0/5700=32 5 s\n");
}

static void outlasts_the_registration_with_what_was_notified(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = started(fixture);
    const struct lwm2m_observation_request request = {
        .path = lwm2m_path_resource(3303, 0, 5700),
        .format = LWM2M_NO_FORMAT,
        .on_notification = ignore,
    };

    assert_int_equal(lwm2m_server_observe(fixture->server, registration, &request, NULL), LWM2M_OK);
    stand_in_exchange_answer(stand_in_transport_last(&fixture->transport), LWM2M_STATUS_CONTENT,
                             LWM2M_FORMAT_TEXT, "21.5", 1);
    lwm2m_server_deregister(fixture->server, registration);
    server_fixture_pass(fixture, 5000);
    assert_reported(fixture, "dev", lwm2m_path_root(), "/3303/0/5700=21.5 5 s\n");
}

static void outlasts_the_registration(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = started(fixture);

    read_resource(fixture, registration, 9, "87");
    lwm2m_server_deregister(fixture->server, registration);
    server_fixture_pass(fixture, 3600000);
    assert_reported(fixture, "dev", lwm2m_path_root(), "/3/0/9=87 3600 s\n");
    registration = server_fixture_registered(fixture, "1.1");
    read_resource(fixture, registration, 9, "50");
    assert_reported(fixture, "dev", lwm2m_path_root(), "/3/0/9=50 0 s\n");
}

static void forgets_what_the_device_does_not_have_any_more(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = started(fixture);
    const struct lwm2m_operation delete = {.kind = LWM2M_OPERATION_DELETE,
                                           .path = lwm2m_path_instance(3, 0)};

    read_resource(fixture, registration, 9, "87");
    read_resource(fixture, registration, 0, "Acme");
    read_path(fixture, registration, lwm2m_path_resource(3, 0, 9), LWM2M_STATUS_NOT_FOUND, NULL);
    assert_reported(fixture, "dev", lwm2m_path_root(), "/3/0/0=Acme 0 s\n");
    read_path(fixture, registration, lwm2m_path_resource(3, 0, 0), LWM2M_STATUS_UNAUTHORIZED, NULL);
    assert_reported(fixture, "dev", lwm2m_path_root(), "/3/0/0=Acme 0 s\n");
    assert_int_equal(lwm2m_server_submit(fixture->server, registration, &delete, NULL), LWM2M_OK);
    stand_in_exchange_answer(stand_in_transport_last(&fixture->transport), LWM2M_STATUS_DELETED,
                             LWM2M_NO_FORMAT, NULL, -1);
    assert_reported(fixture, "dev", lwm2m_path_root(), "");
    assert_false(lwm2m_server_has_state(fixture->server, lwm2m_bytes_from_text("dev")));
}

static void keeps_nothing_that_it_cannot_read(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = started(fixture);

    read_resource(fixture, registration, 9, "many");
    read_path(fixture, registration, lwm2m_path_resource(3, 0, 9), LWM2M_STATUS_CONTENT, NULL);
    assert_false(lwm2m_server_has_state(fixture->server, lwm2m_bytes_from_text("dev")));
}

static void lets_the_oldest_of_a_device_go_first(void **state)
{
    struct server_fixture *fixture = *state;

    fixture->config.max_reported_per_device = 2;
    struct lwm2m_registration *registration = started(fixture);
    read_resource(fixture, registration, 0, "a");
    read_resource(fixture, registration, 1, "b");
    read_resource(fixture, registration, 0, "c");
    read_resource(fixture, registration, 2, "d");
    assert_reported(fixture, "dev", lwm2m_path_root(), "/3/0/0=c 0 s\n/3/0/2=d 0 s\n");
}

static void lets_the_oldest_of_all_devices_go_first(void **state)
{
    struct server_fixture *fixture = *state;

    fixture->config.max_reported_values = 2;
    struct lwm2m_registration *registration = started(fixture);
    server_fixture_register(fixture, fixture->other_peer, "ep=other");
    struct lwm2m_registration *other =
        lwm2m_server_find(fixture->server, lwm2m_bytes_from_text("other"));
    read_resource(fixture, registration, 0, "a");
    read_resource(fixture, other, 0, "b");
    read_resource(fixture, other, 1, "c");
    assert_reported(fixture, "dev", lwm2m_path_root(), "");
    assert_reported(fixture, "other", lwm2m_path_root(), "/3/0/0=b 0 s\n/3/0/1=c 0 s\n");
    assert_false(lwm2m_server_has_state(fixture->server, lwm2m_bytes_from_text("dev")));
}

static void lets_the_oldest_go_until_the_bytes_fit(void **state)
{
    struct server_fixture *fixture = *state;

    fixture->config.max_reported_bytes = 10;
    struct lwm2m_registration *registration = started(fixture);
    read_resource(fixture, registration, 0, "aaaa");
    read_resource(fixture, registration, 1, "bbbb");
    assert_reported(fixture, "dev", lwm2m_path_root(), "/3/0/0=aaaa 0 s\n/3/0/1=bbbb 0 s\n");
    read_resource(fixture, registration, 2, "cccc");
    assert_reported(fixture, "dev", lwm2m_path_root(), "/3/0/1=bbbb 0 s\n/3/0/2=cccc 0 s\n");
    read_resource(fixture, registration, 3, "dddddddddddd");
    assert_reported(fixture, "dev", lwm2m_path_root(), "/3/0/3=dddddddddddd 0 s\n");
}

static void keeps_nothing_where_nothing_may_be_kept(void **state)
{
    struct server_fixture *fixture = *state;

    fixture->config.max_reported_values = 0;
    read_resource(fixture, started(fixture), 9, "87");
    assert_reported(fixture, "dev", lwm2m_path_root(), "");
}

static void keeps_no_value_that_is_too_large_and_none_that_it_replaced(void **state)
{
    static char large[LWM2M_STATE_VALUE_MAX + 2];
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = started(fixture);

    memset(large, 'x', LWM2M_STATE_VALUE_MAX + 1);
    read_resource(fixture, registration, 0, "a");
    read_resource(fixture, registration, 0, large);
    assert_reported(fixture, "dev", lwm2m_path_root(), "");
    large[4] = '\0';
    read_resource(fixture, registration, 0, large);
    assert_reported(fixture, "dev", lwm2m_path_root(), "/3/0/0=xxxx 0 s\n");
}

static void does_without_memory(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = started(fixture);
    const struct lwm2m_operation operation = {.kind = LWM2M_OPERATION_READ,
                                              .path = lwm2m_path_resource(3, 0, 0),
                                              .format = LWM2M_NO_FORMAT};

    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(lwm2m_server_submit(fixture->server, registration, &operation, NULL),
                         LWM2M_OK);
        virtual_port_fail_after(&fixture->port, i);
        stand_in_exchange_answer(stand_in_transport_last(&fixture->transport), LWM2M_STATUS_CONTENT,
                                 LWM2M_FORMAT_TEXT, "Acme", -1);
        virtual_port_fail_after(&fixture->port, SIZE_MAX);
        assert_reported(fixture, "dev", lwm2m_path_root(), "");
    }
    read_resource(fixture, registration, 0, "Acme");
    assert_reported(fixture, "dev", lwm2m_path_root(), "/3/0/0=Acme 0 s\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keeps_the_last_value_of_each_read_with_its_age),
        TEST(keeps_what_is_notified),
        TEST(knows_what_came_last_by_whatever_way),
        TEST(outlasts_the_registration_with_what_was_notified),
        TEST(outlasts_the_registration),
        TEST(forgets_what_the_device_does_not_have_any_more),
        TEST(keeps_nothing_that_it_cannot_read),
        TEST(lets_the_oldest_of_a_device_go_first),
        TEST(lets_the_oldest_of_all_devices_go_first),
        TEST(lets_the_oldest_go_until_the_bytes_fit),
        TEST(keeps_nothing_where_nothing_may_be_kept),
        TEST(keeps_no_value_that_is_too_large_and_none_that_it_replaced),
        TEST(does_without_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
