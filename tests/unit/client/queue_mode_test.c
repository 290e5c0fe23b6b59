/*
 * Queue mode on a device: when it listens, and what wakes it.
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

static struct device_fixture *registered(uint32_t lifetime_s)
{
    struct device_fixture *fixture = device_fixture_new();

    fixture->config.queue_mode = true;
    fixture->config.awake_ms = 10000;
    fixture->lifetime_s = lifetime_s;
    device_fixture_register(fixture);
    return fixture;
}

static void sleeps_after_its_awake_time_and_hears_nothing(void **state)
{
    struct device_fixture *fixture = registered(86400);

    (void)state;
    device_fixture_run(fixture, 8000);
    device_fixture_assert_diary(fixture, "");
    device_fixture_run(fixture, 2000);
    device_fixture_assert_diary(fixture, "ASLEEP /\n");
    device_fixture_expect(fixture, "GET /33000/0/1", "", "nothing");
    device_fixture_run(fixture, 3600 * 1000);
    device_fixture_assert_diary(fixture, "");
    device_fixture_free(fixture);
}

static void every_message_keeps_it_awake(void **state)
{
    struct device_fixture *fixture = registered(86400);

    (void)state;
    for (int i = 0; i < 5; i++) {
        device_fixture_run(fixture, 8000);
        device_fixture_expect(fixture, "GET /33000/0/1", "", "2.05 cf=0 #2");
    }
    fixture->diary[0] = '\0';
    device_fixture_run(fixture, 9000);
    device_fixture_assert_diary(fixture, "");
    device_fixture_run(fixture, 1000);
    device_fixture_assert_diary(fixture, "ASLEEP /\n");
    device_fixture_free(fixture);
}

static void wakes_for_the_update_that_keeps_its_lifetime(void **state)
{
    struct device_fixture *fixture = registered(300);

    (void)state;
    device_fixture_run(fixture, 220 * 1000);
    device_fixture_assert_diary(fixture, "ASLEEP /\n"
                                         "AWAKE /\n"
                                         "207 POST /rd/a1\n"
                                         "UPDATED /rd/a1\n"
                                         "ASLEEP /\n");
    device_fixture_free(fixture);
}

static void wakes_for_a_notification_and_for_a_send(void **state)
{
    const struct lwm2m_path number = lwm2m_path_resource(DEMO_OBJECT, 0, 1);
    struct device_fixture *fixture = registered(86400);

    (void)state;
    device_fixture_expect(fixture, "GET /33000/0/1 obs=0", "", "2.05 obs=0 cf=0 #2");
    device_fixture_run(fixture, 60000);
    fixture->diary[0] = '\0';
    assert_int_equal(lwm2m_table_object_set(fixture->demo.object, number, lwm2m_value_integer(43)),
                     LWM2M_OK);
    device_fixture_run(fixture, 1000);
    assert_non_null(strstr(fixture->diary, "NOTIFIED"));
    assert_non_null(strstr(fixture->diary, "AWAKE /\n"));
    device_fixture_expect(fixture, "GET /33000/0/1", "", "2.05 cf=0 #2");
    device_fixture_run(fixture, 60000);
    fixture->diary[0] = '\0';
    assert_int_equal(lwm2m_client_send(fixture->client, 101, &number, 1), LWM2M_OK);
    device_fixture_run(fixture, 60000);
    device_fixture_assert_diary(fixture, "AWAKE /\n"
                                         "122 POST /dp cf=112 #17\n"
                                         "SENT /33000/0/1\n"
                                         "ASLEEP /\n");
    device_fixture_free(fixture);
}

/* A program that reports more as soon as the device is awake. */
static void send_when_awake(void *context, const struct lwm2m_client_event *event)
{
    const struct lwm2m_path instance = lwm2m_path_instance(DEMO_OBJECT, 0);
    struct device_fixture *fixture = context;

    if (event->type == LWM2M_CLIENT_AWAKE) {
        assert_int_equal(lwm2m_client_send(fixture->client, 101, &instance, 1), LWM2M_OK);
    }
}

static void a_program_may_send_when_it_hears_that_the_device_is_awake(void **state)
{
    const struct lwm2m_path number = lwm2m_path_resource(DEMO_OBJECT, 0, 1);
    struct device_fixture *fixture = device_fixture_new();

    (void)state;
    fixture->config.queue_mode = true;
    fixture->config.awake_ms = 10000;
    fixture->config.context = fixture;
    fixture->config.on_event = send_when_awake;
    fixture->lifetime_s = 86400;
    device_fixture_register(fixture);
    device_fixture_expect(fixture, "GET /33000/0/1 obs=0", "", "2.05 obs=0 cf=0 #2");
    device_fixture_run(fixture, 60000);
    assert_int_equal(lwm2m_table_object_set(fixture->demo.object, number, lwm2m_value_integer(43)),
                     LWM2M_OK);
    device_fixture_run(fixture, 60000);
    assert_int_equal(fixture->notifications, 1);
    assert_int_equal(fixture->notification_length, 2);
    assert_memory_equal(fixture->notification, "43", 2);
    assert_true(fixture->sent_length > 2);

    const size_t before = fixture->sent_length;
    fixture->sent_length = 0;
    fixture->diary[0] = '\0';
    assert_int_equal(lwm2m_client_send(fixture->client, 101, &number, 1), LWM2M_OK);
    device_fixture_run(fixture, 60000);
    assert_non_null(strstr(fixture->diary, "POST /dp cf=112 #17\n"));
    assert_int_equal(fixture->sent_length, before);
    device_fixture_free(fixture);
}

static void stays_awake_until_an_answer_is_there(void **state)
{
    struct device_fixture *fixture = registered(86400);

    (void)state;
    fixture->update_code = 0;
    fixture->without_messages = true;
    assert_int_equal(lwm2m_client_update(fixture->client, 101), LWM2M_OK);
    device_fixture_run(fixture, 40000);
    device_fixture_assert_diary(fixture, "");
    device_fixture_expect(fixture, "GET /33000/0/1", "", "2.05 cf=0 #2");
    fixture->update_code = lwm2m_status_code(LWM2M_STATUS_CHANGED);
    device_fixture_run(fixture, 90000);
    device_fixture_assert_diary(fixture, "READ /33000/0/1\n"
                                         "UPDATED /rd/a1\n"
                                         "ASLEEP /\n");
    device_fixture_free(fixture);
}

static void listens_always_once_the_binding_has_no_q_any_more(void **state)
{
    struct device_fixture *fixture = device_fixture_new();
    struct lwm2m_object *server;

    (void)state;
    fixture->config.awake_ms = 10000;
    device_fixture_start(fixture);
    server = lwm2m_client_find_object(fixture->client, 1);
    assert_int_equal(
        lwm2m_table_object_set(server, lwm2m_path_resource(1, 0, 7), lwm2m_value_text("UQ")),
        LWM2M_OK);
    device_fixture_run(fixture, 1000);
    device_fixture_expect(fixture, "PUT /1/0/7 cf=0", "55", "2.04");
    device_fixture_run(fixture, 100000);
    assert_null(strstr(fixture->diary, "ASLEEP"));
    device_fixture_expect(fixture, "GET /33000/0/1", "", "2.05 cf=0 #2");
    device_fixture_free(fixture);
}

static void is_awake_when_its_network_comes_back(void **state)
{
    struct device_fixture *fixture = registered(86400);

    (void)state;
    fixture->without_messages = true;
    lwm2m_client_set_offline(fixture->client, true);
    device_fixture_run(fixture, 60000);
    device_fixture_assert_diary(fixture, "");
    lwm2m_client_set_offline(fixture->client, false);
    device_fixture_run(fixture, 60000);
    device_fixture_assert_diary(fixture, "UPDATED /rd/a1\n"
                                         "ASLEEP /\n");
    device_fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sleeps_after_its_awake_time_and_hears_nothing),
        cmocka_unit_test(every_message_keeps_it_awake),
        cmocka_unit_test(wakes_for_the_update_that_keeps_its_lifetime),
        cmocka_unit_test(wakes_for_a_notification_and_for_a_send),
        cmocka_unit_test(a_program_may_send_when_it_hears_that_the_device_is_awake),
        cmocka_unit_test(stays_awake_until_an_answer_is_there),
        cmocka_unit_test(listens_always_once_the_binding_has_no_q_any_more),
        cmocka_unit_test(is_awake_when_its_network_comes_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
