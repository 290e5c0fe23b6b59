/*
 * Notifications by attributes: which values are told, how they go out, and which are kept while the
 * device is offline.
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
#include "support/record_lines.h"

/* The wall clock of the device, when the port's says 0. */
#define EPOCH_S 1700000000

static int64_t read_clock(void *context)
{
    return EPOCH_S + (int64_t)(((struct device_fixture *)context)->port.now_ms / 1000);
}

/* Registered with 1.2, with a Device object if it is to have a clock; only messages are noted. */
static struct device_fixture *registered(bool with_clock)
{
    struct device_fixture *fixture = device_fixture_new();
    const struct lwm2m_device_config config = {.context = fixture, .current_time_s = read_clock};
    struct lwm2m_object *device;

    fixture->config.version = (struct lwm2m_version){1, 2};
    fixture->lifetime_s = 1000000;
    device_fixture_register(fixture);
    if (with_clock) {
        assert_int_equal(
            lwm2m_device_object_new(&fixture->timers, &lwm2m_registry, &config, &device), LWM2M_OK);
        assert_int_equal(lwm2m_client_add_object(fixture->client, device), LWM2M_OK);
    }
    fixture->without_events = true;
    return fixture;
}

static void ask(struct device_fixture *fixture, const char *request, const char *answer)
{
    device_fixture_ask(fixture, fixture->server, 1, request, (struct lwm2m_bytes){0});
    assert_memory_equal(fixture->answer, answer, strlen(answer));
}

static void set(struct device_fixture *fixture, uint16_t resource, struct lwm2m_value value)
{
    assert_int_equal(lwm2m_table_object_set(fixture->demo.object,
                                            lwm2m_path_resource(DEMO_OBJECT, 0, resource), value),
                     LWM2M_OK);
}

static void start_clock(struct device_fixture *fixture)
{
    fixture->started_ms = fixture->port.now_ms;
    fixture->diary[0] = '\0';
}

/* Sets Reading to one value a second, and notes those that are told in time. */
static void assert_told(const char *attributes, const double *values, size_t count,
                        const char *expected)
{
    struct device_fixture *fixture = registered(false);
    char request[128], told[256] = "";

    snprintf(request, sizeof(request), "PUT /33000/0/2 %s", attributes);
    ask(fixture, request, "2.04");
    set(fixture, 2, lwm2m_value_float(20));
    ask(fixture, "GET /33000/0/2 obs=0", "2.05 obs=0");
    for (size_t i = 0; i < count; i++) {
        set(fixture, 2, lwm2m_value_float(values[i]));
        fixture->notifications = 0;
        device_fixture_run(fixture, 1000);
        if (fixture->notifications > 0) {
            snprintf(told + strlen(told), sizeof(told) - strlen(told), "%.*s ",
                     (int)fixture->notification_length, (const char *)fixture->notification);
        }
    }
    assert_string_equal(told, expected);
    device_fixture_free(fixture);
}

static void thresholds_and_steps_choose_what_is_told(void **state)
{
    static const double values[] = {21, 24, 26, 29, 31, 32, 35, 34, 29, 30, 21, 12, 9, 8, 11, 20};
    const size_t count = sizeof(values) / sizeof(values[0]);

    (void)state;
    assert_told("?pmin=0", values, count, "21 24 26 29 31 32 35 34 29 30 21 12 9 8 11 20 ");
    assert_told("?gt=30", values, count, "31 29 ");
    assert_told("?lt=10", values, count, "9 11 ");
    assert_told("?gt=30 ?lt=10", values, count, "31 29 9 11 ");
    assert_told("?st=5", values, count, "26 31 21 12 20 ");
    assert_told("?gt=30 ?lt=10 ?st=9", values, count, "29 31 29 12 9 11 20 ");
}

static void an_edge_is_told_in_its_direction(void **state)
{
    struct device_fixture *fixture = registered(false);

    (void)state;
    ask(fixture, "PUT /33000/0/6 ?edge=0", "2.04");
    ask(fixture, "GET /33000/0/6 obs=0", "2.05 obs=0");
    start_clock(fixture);
    for (int i = 0; i < 6; i++) {
        set(fixture, 6, lwm2m_value_boolean(i % 2 != 0));
        device_fixture_run(fixture, 1000);
    }
    device_fixture_assert_diary(fixture, "0 NON 2.05 obs=1 cf=0 #1\n2 NON 2.05 obs=2 cf=0 #1\n"
                                         "4 NON 2.05 obs=3 cf=0 #1\n");
    device_fixture_free(fixture);
}

/* A value over the threshold for a moment between two looks goes unseen. */
static void evaluation_periods_bound_how_often_a_value_is_looked_at(void **state)
{
    struct device_fixture *fixture = registered(false);

    (void)state;
    ask(fixture, "PUT /33000/0/2 ?gt=30 ?epmin=10", "2.04");
    ask(fixture, "GET /33000/0/2 obs=0", "2.05 obs=0");
    start_clock(fixture);
    device_fixture_run(fixture, 2000);
    set(fixture, 2, lwm2m_value_float(31));
    device_fixture_run(fixture, 2000);
    set(fixture, 2, lwm2m_value_float(20));
    device_fixture_run(fixture, 20000);
    device_fixture_assert_diary(fixture, "");
    set(fixture, 2, lwm2m_value_float(32));
    device_fixture_run(fixture, 2000);
    device_fixture_assert_diary(fixture, "24 NON 2.05 obs=1 cf=0 #2\n");
    device_fixture_free(fixture);
}

/* What changes without a word, as computed values do, is found by epmax. */
static void a_value_that_changes_silently_is_found_after_epmax(void **state)
{
    struct device_fixture *fixture = registered(true);

    (void)state;
    ask(fixture, "PUT /3/0/13 ?epmax=60", "2.04");
    ask(fixture, "GET /3/0/13 obs=0 accept=0", "2.05 obs=0");
    start_clock(fixture);
    device_fixture_run(fixture, 125000);
    device_fixture_assert_diary(fixture, "60 NON 2.05 obs=1 cf=0 #10\n"
                                         "120 NON 2.05 obs=2 cf=0 #10\n");
    device_fixture_free(fixture);
}

static void con_asks_for_confirmable_ones(void **state)
{
    struct device_fixture *fixture = registered(false);

    (void)state;
    ask(fixture, "GET /33000/0/1 obs=0", "2.05 obs=0");
    start_clock(fixture);
    ask(fixture, "PUT /33000 ?con=1", "2.04");
    set(fixture, 1, lwm2m_value_integer(1));
    device_fixture_run(fixture, 1000);
    ask(fixture, "PUT /33000/0/1 ?con=0", "2.04");
    set(fixture, 1, lwm2m_value_integer(2));
    device_fixture_run(fixture, 1000);
    device_fixture_assert_diary(fixture, "0 CON 2.05 obs=1 cf=0 #1\n1 NON 2.05 obs=2 cf=0 #1\n");
    device_fixture_free(fixture);
}

static void attributes_of_the_request_come_before_attached_ones(void **state)
{
    struct device_fixture *fixture = registered(false);

    (void)state;
    ask(fixture, "PUT /33000/0/1 ?pmin=1 ?pmax=5 ?con=1", "2.04");
    ask(fixture, "GET /33000/0/1 obs=0 ?pmax=20", "2.05 obs=0");
    start_clock(fixture);
    device_fixture_run(fixture, 30000);
    device_fixture_assert_diary(fixture, "20 CON 2.05 obs=1 cf=0 #2\n");
    /* Also before those that are attached later. */
    ask(fixture, "PUT /33000/0/1 ?pmax=2", "2.04");
    device_fixture_run(fixture, 15000);
    device_fixture_assert_diary(fixture, "40 CON 2.05 obs=2 cf=0 #2\n");
    ask(fixture, "GET /33000/0/1 obs=1 ?pmax=20", "2.05 cf=0");
    device_fixture_run(fixture, 100000);
    device_fixture_assert_diary(fixture, "");
    device_fixture_free(fixture);
}

static void wrong_attributes_of_a_request_are_refused(void **state)
{
    struct device_fixture *fixture = registered(false);

    (void)state;
    ask(fixture, "PUT /33000/0/1 ?gt=30", "2.04");
    ask(fixture, "GET /33000/0/1 obs=0 ?lt=20 ?st=5", "4.00");
    ask(fixture, "GET /33000/0/1 obs=0 ?edge=1", "4.00");
    ask(fixture, "GET /33000/0/1 obs=0 ?x=1", "4.00");
    ask(fixture, "GET /33000/0/1 ?pmin=1", "4.02");
    set(fixture, 1, lwm2m_value_integer(99));
    device_fixture_run(fixture, 1000);
    assert_int_equal(fixture->notifications, 0);
    device_fixture_free(fixture);
}

/* ---- history ---- */

/* Offline for a while, in which Number becomes 1, 2, 3, … a second apart. */
static void change_offline(struct device_fixture *fixture, int count)
{
    fixture->notifications = 0;
    lwm2m_client_set_offline(fixture->client, true);
    for (int i = 1; i <= count; i++) {
        device_fixture_run(fixture, 1000);
        set(fixture, 1, lwm2m_value_integer(i));
    }
    device_fixture_run(fixture, 10000);
    assert_int_equal(fixture->notifications, 0);
    lwm2m_client_set_offline(fixture->client, false);
    device_fixture_run(fixture, 1000);
}

/* The values of the last notification with the seconds between them: "+0=1 +1=2". */
static void assert_values(const struct device_fixture *fixture, const char *expected)
{
    struct record_lines *lines = test_malloc(sizeof(*lines));
    char got[256] = "";
    long long first = -1;

    assert_int_equal(record_lines_decode(
                         lines, &lwm2m_codec_senml_cbor, example_types(), lwm2m_path_root(),
                         (struct lwm2m_bytes){fixture->notification, fixture->notification_length}),
                     LWM2M_OK);
    for (char *line = strtok(lines->text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        long long number = 0, time_ms = -1;
        int fields = sscanf(line, "/33000/0/1 int %lld @%lld", &number, &time_ms);

        assert_true(fields >= 1);
        first = first < 0 ? time_ms : first;
        if (fields == 2) {
            snprintf(got + strlen(got), sizeof(got) - strlen(got), "+%lld",
                     (time_ms - first) / 1000);
        }
        snprintf(got + strlen(got), sizeof(got) - strlen(got), "=%lld ", number);
    }
    assert_string_equal(got, expected);
    test_free(lines);
}

static void what_was_due_offline_is_sent_at_once_with_its_times(void **state)
{
    struct device_fixture *fixture = registered(true);

    (void)state;
    ask(fixture, "PUT /33000/0/1 ?hqmax=10", "2.04");
    ask(fixture, "GET /33000/0/1 obs=0 accept=112", "2.05 obs=0");
    change_offline(fixture, 3);
    assert_int_equal(fixture->notifications, 1);
    assert_values(fixture, "+0=1 +1=2 +2=3 +12=3 ");
    /* And from then on as before. */
    set(fixture, 1, lwm2m_value_integer(7));
    device_fixture_run(fixture, 1000);
    assert_int_equal(fixture->notifications, 2);
    assert_values(fixture, "=7 ");
    device_fixture_free(fixture);
}

static void the_newest_hqmax_of_them_are_kept(void **state)
{
    struct device_fixture *fixture = registered(true);

    (void)state;
    ask(fixture, "PUT /33000/0/1 ?hqmax=2", "2.04");
    ask(fixture, "GET /33000/0/1 obs=0 accept=112", "2.05 obs=0");
    change_offline(fixture, 5);
    assert_values(fixture, "+0=4 +1=5 +11=5 ");
    device_fixture_free(fixture);
}

/* pmin and thresholds count offline too. */
static void only_what_is_due_is_kept(void **state)
{
    struct device_fixture *fixture = registered(true);

    (void)state;
    ask(fixture, "PUT /33000/0/1 ?hqmax=10 ?gt=3 ?pmax=100", "2.04");
    ask(fixture, "GET /33000/0/1 obs=0 accept=112", "2.05 obs=0");
    set(fixture, 1, lwm2m_value_integer(0));
    device_fixture_run(fixture, 1000);
    change_offline(fixture, 6);
    assert_values(fixture, "+0=4 +12=6 ");
    device_fixture_free(fixture);
}

static void without_hqmax_clock_or_times_the_present_is_told(void **state)
{
    static const struct {
        const char *attributes, *observe;
        bool with_clock, stores;
    } cases[] = {
        {"?pmin=0", "GET /33000/0/1 obs=0 accept=112", true, true},
        {"?hqmax=0", "GET /33000/0/1 obs=0 accept=112", true, true},
        {"?hqmax=10", "GET /33000/0/1 obs=0 accept=112", false, true},
        {"?hqmax=10", "GET /33000/0/1 obs=0 accept=112", true, false},
        {"?hqmax=10", "GET /33000/0/1 obs=0 accept=0", true, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct device_fixture *fixture = registered(cases[i].with_clock);
        char request[64];

        assert_int_equal(lwm2m_table_object_set(lwm2m_client_find_object(fixture->client, 1),
                                                lwm2m_path_resource(1, 0, 6),
                                                lwm2m_value_boolean(cases[i].stores)),
                         LWM2M_OK);
        snprintf(request, sizeof(request), "PUT /33000/0/1 %s", cases[i].attributes);
        ask(fixture, request, "2.04");
        ask(fixture, cases[i].observe, "2.05 obs=0");
        change_offline(fixture, 3);
        assert_int_equal(fixture->notifications, 1);
        if (strstr(cases[i].observe, "accept=112") != NULL) {
            assert_values(fixture, "=3 ");
        } else {
            assert_memory_equal(fixture->notification, "3", 1);
        }
        device_fixture_free(fixture);
    }
}

/* What cannot be kept or sent for want of memory is tried again. */
static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    for (size_t count = 0; count < 20; count++) {
        struct device_fixture *fixture = registered(true);

        ask(fixture, "PUT /33000/0/1 ?hqmax=10", "2.04");
        ask(fixture, "GET /33000/0/1 obs=0 accept=112", "2.05 obs=0");
        lwm2m_client_set_offline(fixture->client, true);
        virtual_port_fail_after(&fixture->port, count);
        set(fixture, 1, lwm2m_value_integer(1));
        device_fixture_run(fixture, 500);
        lwm2m_client_set_offline(fixture->client, false);
        device_fixture_run(fixture, 500);
        virtual_port_fail_after(&fixture->port, SIZE_MAX);
        device_fixture_run(fixture, 20000);
        assert_true(fixture->notifications > 0);
        device_fixture_free(fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thresholds_and_steps_choose_what_is_told),
        cmocka_unit_test(an_edge_is_told_in_its_direction),
        cmocka_unit_test(evaluation_periods_bound_how_often_a_value_is_looked_at),
        cmocka_unit_test(a_value_that_changes_silently_is_found_after_epmax),
        cmocka_unit_test(con_asks_for_confirmable_ones),
        cmocka_unit_test(attributes_of_the_request_come_before_attached_ones),
        cmocka_unit_test(wrong_attributes_of_a_request_are_refused),
        cmocka_unit_test(what_was_due_offline_is_sent_at_once_with_its_times),
        cmocka_unit_test(the_newest_hqmax_of_them_are_kept),
        cmocka_unit_test(only_what_is_due_is_kept),
        cmocka_unit_test(without_hqmax_clock_or_times_the_present_is_told),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
