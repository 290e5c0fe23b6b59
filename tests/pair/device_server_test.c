/*
 * Tests of both engines against each other: days of registrations over a bad network, every
 * operation, and observations, on virtual time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/pair_fixture.h"

#define HOUR_MS 3600000u
#define DAY_MS 86400000u

static struct lwm2m_path path_of(const char *text)
{
    struct lwm2m_path path;

    assert_int_equal(lwm2m_path_parse(lwm2m_bytes_from_text(text), &path, NULL), LWM2M_OK);
    return path;
}

static struct lwm2m_operation operation_of(enum lwm2m_operation_kind kind, const char *path)
{
    return (struct lwm2m_operation){.kind = kind, .path = path_of(path), .format = LWM2M_NO_FORMAT};
}

/* A server and one device of that version, registered. */
static struct pair_fixture *registered(uint8_t minor)
{
    struct pair_fixture *fixture = pair_fixture_new(1, 1);

    fixture->devices[0].config.version = (struct lwm2m_version){1, minor};
    pair_fixture_start(fixture);
    pair_fixture_run(fixture, 1000);
    assert_non_null(pair_fixture_find(fixture, 0));
    return fixture;
}

/* ---- registrations ---- */

static void stays_registered_for_a_week(void **state)
{
    struct pair_fixture *fixture = pair_fixture_new(3, 2);

    (void)state;
    fixture->devices[1].lifetime_s = 86400;
    fixture->devices[2].lifetime_s = 60;
    pair_fixture_start(fixture);
    pair_fixture_run(fixture, 7 * DAY_MS);
    assert_int_equal(fixture->events[LWM2M_SERVER_REGISTERED], 3);
    assert_int_equal(fixture->events[LWM2M_SERVER_DEREGISTERED], 0);
    assert_int_equal(fixture->events[LWM2M_SERVER_REPLACED], 0);
    assert_int_equal(fixture->events[LWM2M_SERVER_DENIED], 0);
    assert_in_range(fixture->events[LWM2M_SERVER_UPDATED], 7 * 24 * 60, 7 * 24 * 60 * 3);
    pair_fixture_free(fixture);
}

static void stays_registered_over_a_bad_network(void **state)
{
    struct pair_fixture *fixture = pair_fixture_new(20, 3);

    (void)state;
    fixture->network.faults.loss_permille = 200;
    fixture->network.faults.duplicate_permille = 100;
    fixture->network.faults.reorder_permille = 100;
    fixture->network.faults.jitter_ms = 400;
    for (size_t i = 0; i < 20; i++) {
        fixture->devices[i].lifetime_s = 3600;
    }
    pair_fixture_start(fixture);
    pair_fixture_run(fixture, DAY_MS);
    /* A chain of losses may end a registration; then the device is back with a new one. */
    for (size_t i = 0; i < 20; i++) {
        assert_non_null(pair_fixture_find(fixture, i));
    }
    assert_int_equal(lwm2m_server_registration_count(fixture->server), 20);
    assert_int_equal(fixture->events[LWM2M_SERVER_REGISTERED],
                     20 + fixture->events[LWM2M_SERVER_REPLACED] +
                         fixture->events[LWM2M_SERVER_DEREGISTERED]);
    assert_in_range(fixture->events[LWM2M_SERVER_REGISTERED], 20, 30);
    pair_fixture_free(fixture);
}

static void comes_back_after_an_outage(void **state)
{
    struct pair_fixture *fixture = registered(1);

    (void)state;
    fixture->devices[0].end.node->down = true;
    fixture->server_end.node->down = true;
    pair_fixture_run(fixture, HOUR_MS);
    assert_null(pair_fixture_find(fixture, 0));
    assert_int_equal(fixture->expired, 1);
    fixture->devices[0].end.node->down = false;
    fixture->server_end.node->down = false;
    pair_fixture_run(fixture, HOUR_MS);
    assert_non_null(pair_fixture_find(fixture, 0));
    assert_int_equal(fixture->expired, 1);
    pair_fixture_free(fixture);
}

static void registers_anew_when_the_server_forgot_it(void **state)
{
    struct pair_fixture *fixture = registered(1);

    (void)state;
    lwm2m_server_deregister(fixture->server, pair_fixture_find(fixture, 0));
    pair_fixture_run(fixture, 400000);
    assert_non_null(pair_fixture_find(fixture, 0));
    assert_int_equal(fixture->events[LWM2M_SERVER_REGISTERED], 2);
    pair_fixture_free(fixture);
}

static void deregisters_when_it_stops(void **state)
{
    struct pair_fixture *fixture = registered(1);

    (void)state;
    lwm2m_client_stop(fixture->devices[0].client, 10000);
    pair_fixture_run(fixture, 1000);
    assert_null(pair_fixture_find(fixture, 0));
    assert_int_equal(fixture->events[LWM2M_SERVER_DEREGISTERED], 1);
    assert_int_equal(fixture->expired, 0);
    pair_fixture_free(fixture);
}

static void steps_down_to_the_version_of_the_server(void **state)
{
    struct pair_fixture *fixture = pair_fixture_new(1, 4);

    (void)state;
    fixture->config.max_version = (struct lwm2m_version){1, 0};
    pair_fixture_start(fixture);
    pair_fixture_run(fixture, 60000);
    struct lwm2m_registration *registration = pair_fixture_find(fixture, 0);
    assert_non_null(registration);
    assert_int_equal(registration->version.minor, 0);
    pair_fixture_free(fixture);
}

static void replaces_the_registration_after_a_restart(void **state)
{
    struct pair_fixture *fixture = registered(1);

    (void)state;
    lwm2m_client_restart(fixture->devices[0].client);
    pair_fixture_run(fixture, 10000);
    assert_int_equal(fixture->events[LWM2M_SERVER_REPLACED], 1);
    assert_int_equal(lwm2m_server_registration_count(fixture->server), 1);
    pair_fixture_free(fixture);
}

/* ---- operations ---- */

static void read_and_write(uint8_t minor)
{
    struct pair_fixture *fixture = registered(minor);
    struct lwm2m_record record = {path_of("/33000/0/1"), lwm2m_value_integer(77), LWM2M_NO_TIME};
    const struct lwm2m_operation read = operation_of(LWM2M_OPERATION_READ, "/33000/0/1");
    const struct lwm2m_operation missing = operation_of(LWM2M_OPERATION_READ, "/33000/9");
    const struct lwm2m_operation secret = operation_of(LWM2M_OPERATION_READ, "/33000/0/3");
    struct lwm2m_operation write = operation_of(LWM2M_OPERATION_WRITE_REPLACE, "/33000/0/1");

    write.records = &record;
    write.record_count = 1;
    pair_fixture_expect(fixture, &write, "204\n");
    pair_fixture_expect(fixture, &read, "205 /33000/0/1=77\n");
    record.value = lwm2m_value_integer(101); /* out of range */
    pair_fixture_expect(fixture, &write, "400\n");
    pair_fixture_expect(fixture, &read, "205 /33000/0/1=77\n");
    write = operation_of(LWM2M_OPERATION_WRITE_UPDATE, "/33000/0");
    write.records = &record;
    write.record_count = 1;
    record.value = lwm2m_value_integer(5);
    pair_fixture_expect(fixture, &write, "204\n");
    pair_fixture_expect(fixture, &read, "205 /33000/0/1=5\n");
    pair_fixture_expect(fixture, &missing, "404\n");
    pair_fixture_expect(fixture, &secret, "405\n");
    pair_fixture_free(fixture);
}

static void reads_and_writes_with_1_0(void **state)
{
    (void)state;
    read_and_write(0);
}

static void reads_and_writes_with_1_1(void **state)
{
    (void)state;
    read_and_write(1);
}

static void executes_once_over_a_bad_network(void **state)
{
    struct pair_fixture *fixture = registered(1);
    struct lwm2m_operation execute = operation_of(LWM2M_OPERATION_EXECUTE, "/33000/0/4");
    size_t answered = 0;

    (void)state;
    fixture->network.faults.duplicate_permille = 300;
    fixture->network.faults.reorder_permille = 200;
    execute.arguments = lwm2m_bytes_from_text("0='x'");
    for (size_t i = 0; i < 100; i++, answered++) {
        pair_fixture_expect(fixture, &execute, "204\n");
    }
    assert_int_equal(fixture->devices[0].demo.executed, answered);
    assert_string_equal(fixture->devices[0].demo.arguments, "0='x'");
    pair_fixture_free(fixture);
}

static void creates_and_deletes(void **state)
{
    struct pair_fixture *fixture = registered(1);
    const struct lwm2m_record number = {path_of("/33000/7/1"), lwm2m_value_integer(3),
                                        LWM2M_NO_TIME};
    const struct lwm2m_operation read = operation_of(LWM2M_OPERATION_READ, "/33000/7/1");
    const struct lwm2m_operation delete = operation_of(LWM2M_OPERATION_DELETE, "/33000/7");
    struct lwm2m_operation create = operation_of(LWM2M_OPERATION_CREATE, "/33000/7");

    (void)state;
    create.records = &number;
    create.record_count = 1;
    pair_fixture_expect(fixture, &create, "201\n");
    pair_fixture_expect(fixture, &create, "400\n");
    pair_fixture_expect(fixture, &read, "205 /33000/7/1=3\n");
    /* The device tells of its new instance by an Update. */
    pair_fixture_run(fixture, 10000);
    assert_non_null(strstr((const char *)pair_fixture_find(fixture, 0)->links.data, "</33000/7>"));
    pair_fixture_expect(fixture, &delete, "202\n");
    pair_fixture_expect(fixture, &read, "404\n");
    create = operation_of(LWM2M_OPERATION_CREATE, "/33000");
    create.records = &number; /* without an id: the device chooses one */
    create.record_count = 1;
    pair_fixture_expect(fixture, &create, "201\n");
    pair_fixture_free(fixture);
}

static void discovers_attributes_that_were_written(void **state)
{
    struct pair_fixture *fixture = registered(1);
    const struct lwm2m_attributes attributes = {
        .set = LWM2M_ATTRIBUTE_PMIN | LWM2M_ATTRIBUTE_PMAX, .pmin_s = 5, .pmax_s = 60};
    const struct lwm2m_operation discover = operation_of(LWM2M_OPERATION_DISCOVER, "/33000/0/2");
    struct lwm2m_operation write = operation_of(LWM2M_OPERATION_WRITE_ATTRIBUTES, "/33000/0/2");

    (void)state;
    write.attributes = &attributes;
    pair_fixture_expect(fixture, &write, "204\n");
    pair_fixture_expect(fixture, &discover, "205 </33000/0/2>;pmin=5;pmax=60\n");
    pair_fixture_free(fixture);
}

static void writes_a_body_of_many_blocks(void **state)
{
    static uint8_t image[20000];
    struct pair_fixture *fixture = registered(1);
    const struct lwm2m_record record = {
        path_of("/33000/0/3"), lwm2m_value_opaque((struct lwm2m_bytes){image, sizeof image}),
        LWM2M_NO_TIME};
    struct lwm2m_operation write = operation_of(LWM2M_OPERATION_WRITE_REPLACE, "/33000/0/3");

    (void)state;
    write.format = LWM2M_FORMAT_OPAQUE;
    write.records = &record;
    write.record_count = 1;
    pair_fixture_expect(fixture, &write, "204\n");
    pair_fixture_free(fixture);
}

static void tells_when_a_device_does_not_answer(void **state)
{
    struct pair_fixture *fixture = registered(1);
    struct lwm2m_operation read = operation_of(LWM2M_OPERATION_READ, "/33000/0/1");

    (void)state;
    fixture->devices[0].end.node->down = true;
    read.timeout_ms = 5000;
    pair_fixture_expect(fixture, &read, "TIMEOUT\n");
    pair_fixture_free(fixture);
}

/* ---- observations ---- */

static struct lwm2m_subscription *observe(struct pair_fixture *fixture, const char *path)
{
    const struct lwm2m_observation_request request = {
        .path = path_of(path),
        .format = LWM2M_NO_FORMAT,
        .context = fixture,
        .on_notification = pair_fixture_note_outcome,
    };
    struct lwm2m_subscription *subscription = NULL;

    fixture->diary[0] = '\0';
    assert_int_equal(lwm2m_server_observe(fixture->server, pair_fixture_find(fixture, 0), &request,
                                          &subscription),
                     LWM2M_OK);
    pair_fixture_run(fixture, 1000);
    return subscription;
}

static void set_number(struct pair_fixture *fixture, int64_t number)
{
    assert_int_equal(lwm2m_table_object_set(fixture->devices[0].demo.object, path_of("/33000/0/1"),
                                            lwm2m_value_integer(number)),
                     LWM2M_OK);
}

static void notifies_of_changes_until_told_to_stop(void **state)
{
    struct pair_fixture *fixture = registered(1);

    (void)state;
    set_number(fixture, 1);
    struct lwm2m_subscription *subscription = observe(fixture, "/33000/0/1");
    pair_fixture_assert_diary(fixture, "205 /33000/0/1=1\n");
    for (int64_t number = 2; number < 5; number++) {
        set_number(fixture, number);
        pair_fixture_run(fixture, 2000);
    }
    pair_fixture_assert_diary(fixture, "205 /33000/0/1=2\n205 /33000/0/1=3\n205 /33000/0/1=4\n");
    lwm2m_server_unsubscribe(fixture->server, subscription);
    pair_fixture_run(fixture, 2000);
    set_number(fixture, 9);
    size_t sent = fixture->devices[0].end.node->sent;
    pair_fixture_run(fixture, 2000);
    pair_fixture_assert_diary(fixture, "");
    assert_int_equal(fixture->devices[0].end.node->sent, sent); /* it knew the token */
    pair_fixture_free(fixture);
}

static void keeps_to_the_periods_that_were_written(void **state)
{
    struct pair_fixture *fixture = registered(1);
    const struct lwm2m_attributes attributes = {
        .set = LWM2M_ATTRIBUTE_PMIN | LWM2M_ATTRIBUTE_PMAX, .pmin_s = 10, .pmax_s = 30};
    struct lwm2m_operation write = operation_of(LWM2M_OPERATION_WRITE_ATTRIBUTES, "/33000/0/1");

    (void)state;
    set_number(fixture, 1);
    write.attributes = &attributes;
    pair_fixture_expect(fixture, &write, "204\n");
    observe(fixture, "/33000/0/1");
    set_number(fixture, 2);
    set_number(fixture, 3);
    pair_fixture_run(fixture, 8000);
    pair_fixture_assert_diary(fixture, "205 /33000/0/1=1\n"); /* pmin is not over */
    pair_fixture_run(fixture, 3000);
    pair_fixture_assert_diary(fixture, "205 /33000/0/1=3\n");
    pair_fixture_run(fixture, 27000);
    pair_fixture_assert_diary(fixture, "");
    pair_fixture_run(fixture, 4000);
    pair_fixture_assert_diary(fixture, "205 /33000/0/1=3\n"); /* pmax is over */
    pair_fixture_free(fixture);
}

static void ends_an_observation_by_reset(void **state)
{
    struct pair_fixture *fixture = registered(1);

    (void)state;
    set_number(fixture, 1);
    observe(fixture, "/33000/0/1");
    fixture->diary[0] = '\0';
    assert_int_equal(lwm2m_server_cancel_path(fixture->server, pair_fixture_find(fixture, 0),
                                              path_of("/33000/0/1"), true),
                     1);
    pair_fixture_assert_diary(fixture, "CANCELLED\n");
    set_number(fixture, 2);
    pair_fixture_run(fixture, 5000);
    size_t sent = fixture->devices[0].end.node->sent;
    set_number(fixture, 3);
    pair_fixture_run(fixture, 5000);
    assert_int_equal(fixture->devices[0].end.node->sent, sent);
    pair_fixture_free(fixture);
}

/* The diary of notifications, in which values may be skipped but never go back. */
static void assert_ascending(const char *diary)
{
    long last = -1;

    for (const char *at = diary; (at = strchr(at, '=')); at++) {
        long number = strtol(at + 1, NULL, 10);
        assert_true(number >= last);
        last = number;
    }
    assert_int_equal(last, 100);
}

static void delivers_the_last_value_over_a_bad_network(void **state)
{
    struct pair_fixture *fixture = registered(1);

    (void)state;
    set_number(fixture, 0);
    observe(fixture, "/33000/0/1");
    fixture->network.faults.loss_permille = 200;
    fixture->network.faults.duplicate_permille = 100;
    fixture->network.faults.reorder_permille = 200;
    for (int64_t number = 1; number <= 100; number++) {
        set_number(fixture, number);
        pair_fixture_run(fixture, 1500);
    }
    pair_fixture_run(fixture, 100000);
    assert_ascending(fixture->diary);
    pair_fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stays_registered_for_a_week),
        cmocka_unit_test(stays_registered_over_a_bad_network),
        cmocka_unit_test(comes_back_after_an_outage),
        cmocka_unit_test(registers_anew_when_the_server_forgot_it),
        cmocka_unit_test(deregisters_when_it_stops),
        cmocka_unit_test(steps_down_to_the_version_of_the_server),
        cmocka_unit_test(replaces_the_registration_after_a_restart),
        cmocka_unit_test(reads_and_writes_with_1_0),
        cmocka_unit_test(reads_and_writes_with_1_1),
        cmocka_unit_test(executes_once_over_a_bad_network),
        cmocka_unit_test(creates_and_deletes),
        cmocka_unit_test(discovers_attributes_that_were_written),
        cmocka_unit_test(writes_a_body_of_many_blocks),
        cmocka_unit_test(tells_when_a_device_does_not_answer),
        cmocka_unit_test(notifies_of_changes_until_told_to_stop),
        cmocka_unit_test(keeps_to_the_periods_that_were_written),
        cmocka_unit_test(ends_an_observation_by_reset),
        cmocka_unit_test(delivers_the_last_value_over_a_bad_network),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
