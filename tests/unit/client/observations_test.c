/*
 * Observations: what a server gets when, on virtual time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/device_fixture.h"

/* Registered, and only messages are written down; the clock of the diary stands at 0. */
static struct device_fixture *observed(void)
{
    struct device_fixture *fixture = device_fixture_new();

    fixture->lifetime_s = 1000000;
    device_fixture_register(fixture);
    fixture->without_events = true;
    return fixture;
}

static void start_clock(struct device_fixture *fixture)
{
    fixture->started_ms = fixture->port.now_ms;
    fixture->diary[0] = '\0';
}

static void set_number(struct device_fixture *fixture, int64_t number)
{
    assert_int_equal(lwm2m_table_object_set(fixture->demo.object,
                                            lwm2m_path_resource(DEMO_OBJECT, 0, 1),
                                            lwm2m_value_integer(number)),
                     LWM2M_OK);
}

static void ask(struct device_fixture *fixture, uint8_t token, const char *request)
{
    device_fixture_ask(fixture, fixture->server, token, request, (struct lwm2m_bytes){0});
}

static void a_change_is_told_once_and_no_change_is_not(void **state)
{
    struct device_fixture *fixture = observed();

    (void)state;
    device_fixture_expect(fixture, "GET /33000/0/1 obs=0", "", "2.05 obs=0 cf=0 #2");
    start_clock(fixture);
    device_fixture_run(fixture, 1000);
    set_number(fixture, 7);
    device_fixture_run(fixture, 1000);
    set_number(fixture, 7);
    device_fixture_run(fixture, 1000);
    set_number(fixture, 8);
    set_number(fixture, 9);
    device_fixture_run(fixture, 100 * 1000);
    device_fixture_assert_diary(fixture, "1 NON 2.05 obs=1 cf=0 #1\n"
                                         "3 NON 2.05 obs=2 cf=0 #1\n");
    assert_memory_equal(fixture->notification, "9", 1);
    device_fixture_free(fixture);
}

static void the_writer_of_a_change_is_told_too(void **state)
{
    struct device_fixture *fixture = observed();

    (void)state;
    device_fixture_expect(fixture, "GET /33000/0/1 obs=0", "", "2.05 obs=0 cf=0 #2");
    start_clock(fixture);
    device_fixture_expect(fixture, "PUT /33000/0/1 cf=0", "37", "2.04");
    device_fixture_run(fixture, 1000);
    device_fixture_assert_diary(fixture, "0 NON 2.05 obs=1 cf=0 #1\n");
    device_fixture_free(fixture);
}

/* Changes every second; told at 5, 10, …, and after the last change once more at 35, 50 … */
static void pmin_and_pmax_bound_the_distance(void **state)
{
    struct device_fixture *fixture = observed();

    (void)state;
    device_fixture_expect(fixture, "PUT /33000/0/1 ?pmin=5 ?pmax=15", "", "2.04");
    device_fixture_expect(fixture, "GET /33000/0/1 obs=0", "", "2.05 obs=0 cf=0 #2");
    start_clock(fixture);
    for (int64_t i = 0; i < 12; i++) {
        set_number(fixture, i);
        device_fixture_run(fixture, 1000);
    }
    device_fixture_run(fixture, 35 * 1000);
    device_fixture_assert_diary(fixture, "5 NON 2.05 obs=1 cf=0 #1\n"
                                         "10 NON 2.05 obs=2 cf=0 #1\n"
                                         "15 NON 2.05 obs=3 cf=0 #2\n"
                                         "30 NON 2.05 obs=4 cf=0 #2\n"
                                         "45 NON 2.05 obs=5 cf=0 #2\n");
    device_fixture_free(fixture);
}

static void periods_come_from_above_and_from_the_defaults_of_the_server(void **state)
{
    struct device_fixture *fixture = observed();
    struct lwm2m_object *servers = lwm2m_client_find_object(fixture->client, 1);

    (void)state;
    assert_int_equal(
        lwm2m_table_object_set(servers, lwm2m_path_resource(1, 0, 3), lwm2m_value_integer(10)),
        LWM2M_OK);
    device_fixture_expect(fixture, "GET /33000/0/1 obs=0", "", "2.05 obs=0 cf=0 #2");
    start_clock(fixture);
    device_fixture_run(fixture, 11 * 1000);
    device_fixture_assert_diary(fixture, "10 NON 2.05 obs=1 cf=0 #2\n");
    /* What is attached higher up counts at once, for the observation that runs. */
    device_fixture_expect(fixture, "PUT /33000 ?pmax=3", "", "2.04");
    device_fixture_run(fixture, 3 * 1000);
    device_fixture_assert_diary(fixture, "13 NON 2.05 obs=2 cf=0 #2\n");
    /* Of a lower level more than of a higher one; a pmax of 0 is none. */
    device_fixture_expect(fixture, "PUT /33000/0/1 ?pmax=0", "", "2.04");
    device_fixture_run(fixture, 100 * 1000);
    device_fixture_assert_diary(fixture, "");
    /* And unset it counts no more. */
    device_fixture_expect(fixture, "PUT /33000/0/1 ?pmax", "", "2.04");
    device_fixture_run(fixture, 1000);
    assert_int_not_equal(fixture->diary[0], '\0');
    device_fixture_free(fixture);
}

static void a_pmax_below_pmin_does_not_count(void **state)
{
    struct device_fixture *fixture = observed();

    (void)state;
    device_fixture_expect(fixture, "PUT /33000/0/1 ?pmin=20 ?pmax=10", "", "2.04");
    device_fixture_expect(fixture, "GET /33000/0/1 obs=0", "", "2.05 obs=0 cf=0 #2");
    start_clock(fixture);
    device_fixture_run(fixture, 100 * 1000);
    device_fixture_assert_diary(fixture, "");
    device_fixture_free(fixture);
}

/* A change concerns those who observe it, what is above and what is below, and nobody else. */
static void a_change_concerns_ancestors_and_descendants_only(void **state)
{
    static const char *const paths[] = {"GET /33000 obs=0 accept=11542",
                                        "GET /33000/0 obs=0 accept=11542",
                                        "GET /33000/0/5 obs=0 accept=11542",
                                        "GET /33000/0/5/0 obs=0",
                                        "GET /33000/0/5/3 obs=0",
                                        "GET /33000/0/1 obs=0",
                                        "GET /6/0 obs=0 accept=11542"};
    struct device_fixture *fixture = observed();

    (void)state;
    for (uint8_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        ask(fixture, (uint8_t)(10 + i), paths[i]);
        assert_memory_equal(fixture->answer, "2.05 obs=0", 10);
    }
    fixture->notifications = 0;
    assert_int_equal(lwm2m_table_object_set(fixture->demo.object,
                                            lwm2m_path_resource_instance(DEMO_OBJECT, 0, 5, 3),
                                            lwm2m_value_integer(99)),
                     LWM2M_OK);
    device_fixture_run(fixture, 1000);
    assert_int_equal(fixture->notifications, 4);
    fixture->notifications = 0;
    /* As a whole: what is below has changed as well, where its content is another. */
    device_fixture_expect(fixture, "PUT /33000/0/5 cf=11542", "86 05 41 00 01 41 03 02", "2.04");
    device_fixture_run(fixture, 1000);
    assert_int_equal(fixture->notifications, 5);
    device_fixture_free(fixture);
}

static void cancelled_or_reset_it_is_silent(void **state)
{
    struct device_fixture *fixture = observed();

    (void)state;
    fixture->without_events = false;
    fixture->without_messages = true;
    ask(fixture, 1, "GET /33000/0/1 obs=0");
    ask(fixture, 2, "GET /33000/0/1 obs=0");
    ask(fixture, 1, "GET /33000/0/1 obs=1");
    assert_string_equal(fixture->answer, "2.05 cf=0 #2");
    fixture->resets_notifications = true;
    set_number(fixture, 7);
    device_fixture_run(fixture, 1000);
    assert_int_equal(fixture->notifications, 1);
    set_number(fixture, 8);
    device_fixture_run(fixture, 1000);
    assert_int_equal(fixture->notifications, 1);
    device_fixture_assert_diary(fixture, "OBSERVED /33000/0/1\n"
                                         "OBSERVED /33000/0/1\n"
                                         "OBSERVATION_ENDED /33000/0/1 CANCELLED\n"
                                         "READ /33000/0/1\n"
                                         "NOTIFIED /33000/0/1\n"
                                         "OBSERVATION_ENDED /33000/0/1 RESET\n");
    device_fixture_free(fixture);
}

static void a_repeated_observe_request_goes_on_with_the_sequence(void **state)
{
    struct device_fixture *fixture = observed();

    (void)state;
    ask(fixture, 1, "GET /33000/0/1 obs=0");
    set_number(fixture, 7);
    device_fixture_run(fixture, 1000);
    ask(fixture, 1, "GET /33000/0/1 obs=0");
    assert_string_equal(fixture->answer, "2.05 obs=2 cf=0 #1");
    start_clock(fixture);
    set_number(fixture, 8);
    device_fixture_run(fixture, 1000);
    device_fixture_assert_diary(fixture, "0 NON 2.05 obs=3 cf=0 #1\n");
    device_fixture_free(fixture);
}

static void the_end_of_what_is_observed_is_told(void **state)
{
    struct device_fixture *fixture = observed();

    (void)state;
    fixture->without_events = false;
    ask(fixture, 1, "GET /33000/0/1 obs=0");
    start_clock(fixture);
    device_fixture_expect(fixture, "DELETE /33000/0", "", "2.02");
    device_fixture_run(fixture, 1000);
    assert_non_null(strstr(fixture->diary, "0 CON 4.04\n"));
    assert_non_null(strstr(fixture->diary, "OBSERVATION_ENDED /33000/0/1 GONE\n"));
    device_fixture_free(fixture);
}

/* The server sees a CON at least once a day, and the device sees whether it is still there. */
static void one_notification_a_day_is_confirmable(void **state)
{
    struct device_fixture *fixture = observed();

    (void)state;
    fixture->without_events = false;
    device_fixture_expect(fixture, "PUT /33000/0/1 ?pmax=3600", "", "2.04");
    ask(fixture, 1, "GET /33000/0/1 obs=0");
    start_clock(fixture);
    device_fixture_run(fixture, 49ull * 3600 * 1000);
    assert_int_equal(fixture->notifications, 49);
    assert_non_null(strstr(fixture->diary, "86400 CON 2.05 obs=24 cf=0 #2\n"));
    assert_non_null(strstr(fixture->diary, "DELIVERED /33000/0/1\n"));
    assert_non_null(strstr(fixture->diary, "90000 NON 2.05 obs=25 cf=0 #2\n"));
    assert_non_null(strstr(fixture->diary, "172800 CON 2.05 obs=48 cf=0 #2\n"));
    device_fixture_free(fixture);
}

static void their_number_is_bounded(void **state)
{
    struct device_fixture *fixture = device_fixture_new();

    (void)state;
    fixture->config.max_observations = 2;
    device_fixture_register(fixture);
    ask(fixture, 1, "GET /33000/0/1 obs=0");
    ask(fixture, 2, "GET /33000/0/0 obs=0");
    ask(fixture, 3, "GET /33000/0/6 obs=0");
    assert_string_equal(fixture->answer, "2.05 cf=0 #1");
    ask(fixture, 2, "GET /33000/0/0 obs=0");
    assert_string_equal(fixture->answer, "2.05 obs=1 cf=0 #5");
    ask(fixture, 1, "PUT /33000/0/0 ?pmin=1");
    ask(fixture, 1, "PUT /33000/0/1 ?pmin=1");
    ask(fixture, 1, "PUT /33000/0/6 ?pmin=1");
    assert_string_equal(fixture->answer, "5.03");
    device_fixture_free(fixture);
}

static void they_end_with_the_registration(void **state)
{
    struct device_fixture *fixture = observed();

    (void)state;
    fixture->without_events = false;
    fixture->without_messages = true;
    ask(fixture, 1, "GET /33000/0/1 obs=0");
    fixture->diary[0] = '\0';
    lwm2m_client_stop(fixture->client, 1000);
    device_fixture_run(fixture, 1000);
    device_fixture_assert_diary(fixture, "OBSERVATION_ENDED /33000/0/1 GONE\n"
                                         "DEREGISTERED /rd/a1\n"
                                         "STOPPED\n");
    set_number(fixture, 7);
    device_fixture_run(fixture, 1000);
    assert_int_equal(fixture->notifications, 0);
    device_fixture_free(fixture);
}

static void the_program_can_notify_without_a_change(void **state)
{
    struct device_fixture *fixture = observed();

    (void)state;
    assert_int_equal(lwm2m_client_notify(fixture->client, lwm2m_path_resource(DEMO_OBJECT, 0, 1)),
                     LWM2M_NOT_FOUND);
    device_fixture_expect(fixture, "PUT /33000/0/1 ?pmin=100", "", "2.04");
    ask(fixture, 1, "GET /33000/0/1 obs=0");
    start_clock(fixture);
    assert_int_equal(lwm2m_client_notify(fixture->client, lwm2m_path_resource(DEMO_OBJECT, 0, 1)),
                     LWM2M_OK);
    device_fixture_run(fixture, 50 * 1000);
    device_fixture_assert_diary(fixture, "0 NON 2.05 obs=1 cf=0 #2\n");
    device_fixture_free(fixture);
}

static void strangers_who_may_observe_are_notified(void **state)
{
    struct device_fixture *fixture = device_fixture_new();

    (void)state;
    fixture->config.answer_strangers = true;
    device_fixture_register(fixture);
    device_fixture_ask(fixture, fixture->stranger, 5, "GET /33000/0/1 obs=0",
                       (struct lwm2m_bytes){0});
    assert_string_equal(fixture->answer, "2.05 obs=0 cf=0 #2");
    set_number(fixture, 7);
    device_fixture_run(fixture, 1000);
    assert_int_equal(fixture->notifications, 1);
    assert_int_equal(fixture->stranger->received, 2);
    device_fixture_free(fixture);
}

/* As many observers as may be, of one path each: a change of one costs no more than of one. */
static void a_change_does_not_look_at_observers_of_other_paths(void **state)
{
    struct device_fixture *fixture = device_fixture_new();

    (void)state;
    fixture->config.max_observations = 200;
    device_fixture_register(fixture);
    for (uint16_t id = 1; id <= 100; id++) {
        char request[64];

        assert_int_equal(lwm2m_table_object_set(fixture->demo.object,
                                                lwm2m_path_resource(DEMO_OBJECT, id, 1),
                                                lwm2m_value_integer(1)),
                         LWM2M_OK);
        snprintf(request, sizeof(request), "GET /33000/%u/1 obs=0", id);
        ask(fixture, (uint8_t)id, request);
    }
    device_fixture_run(fixture, 1000);
    fixture->notifications = 0;
    assert_int_equal(lwm2m_table_object_set(fixture->demo.object,
                                            lwm2m_path_resource(DEMO_OBJECT, 50, 1),
                                            lwm2m_value_integer(2)),
                     LWM2M_OK);
    device_fixture_run(fixture, 1000);
    assert_int_equal(fixture->notifications, 1);
    device_fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_told_once_and_no_change_is_not),
        cmocka_unit_test(the_writer_of_a_change_is_told_too),
        cmocka_unit_test(pmin_and_pmax_bound_the_distance),
        cmocka_unit_test(periods_come_from_above_and_from_the_defaults_of_the_server),
        cmocka_unit_test(a_pmax_below_pmin_does_not_count),
        cmocka_unit_test(a_change_concerns_ancestors_and_descendants_only),
        cmocka_unit_test(cancelled_or_reset_it_is_silent),
        cmocka_unit_test(a_repeated_observe_request_goes_on_with_the_sequence),
        cmocka_unit_test(the_end_of_what_is_observed_is_told),
        cmocka_unit_test(one_notification_a_day_is_confirmable),
        cmocka_unit_test(their_number_is_bounded),
        cmocka_unit_test(they_end_with_the_registration),
        cmocka_unit_test(the_program_can_notify_without_a_change),
        cmocka_unit_test(strangers_who_may_observe_are_notified),
        cmocka_unit_test(a_change_does_not_look_at_observers_of_other_paths),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
