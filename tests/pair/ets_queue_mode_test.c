/*
 * The ETS cases of queue mode, both engines against each other on virtual time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/pair_fixture.h"

#define AWAKE_MS 93000u

/* A server and a device of that version that registers with queue mode. */
static struct pair_fixture *registered(uint8_t minor)
{
    struct pair_fixture *fixture = pair_fixture_new(1, 1);

    fixture->devices[0].config.version = (struct lwm2m_version){1, minor};
    fixture->devices[0].config.queue_mode = true;
    pair_fixture_start(fixture);
    pair_fixture_run(fixture, 1000);
    assert_non_null(pair_fixture_find(fixture, 0));
    return fixture;
}

/* LightweightM2M-1.1-int-108: the device registers with Q, and the server marks it so. */
static void ets_108_register_with_queue_mode(void **state)
{
    static const char *const bindings[] = {"UQ", "U", "U"};

    (void)state;
    for (uint8_t minor = 0; minor <= 2; minor++) {
        struct pair_fixture *fixture = registered(minor);
        const struct lwm2m_registration *registration = pair_fixture_find(fixture, 0);
        assert_true(registration->queue_mode);
        assert_true(registration->awake);
        assert_string_equal(registration->binding, bindings[minor]);
        pair_fixture_free(fixture);
    }
}

/* LightweightM2M-1.1-int-109: a Read of a silent device is held, and sent after its next Update. */
static void ets_109_behaviour_with_queue_mode(void **state)
{
    struct pair_fixture *fixture = registered(1);
    const struct lwm2m_operation read = {
        .kind = LWM2M_OPERATION_READ,
        .path = lwm2m_path_resource(33000, 0, 1),
        .format = LWM2M_NO_FORMAT,
        .hold_ms = 600000,
        .context = fixture,
        .done = pair_fixture_note_outcome,
    };

    (void)state;
    struct lwm2m_registration *registration = pair_fixture_find(fixture, 0);
    pair_fixture_run(fixture, AWAKE_MS + 1000);
    assert_false(registration->awake);
    assert_int_equal(fixture->events[LWM2M_SERVER_ASLEEP], 1);
    size_t updates = fixture->events[LWM2M_SERVER_UPDATED];
    size_t sent = fixture->server_end.node->sent;
    assert_int_equal(lwm2m_server_submit(fixture->server, registration, &read, NULL), LWM2M_OK);
    pair_fixture_run(fixture, 30000);
    assert_int_equal(fixture->events[LWM2M_SERVER_UPDATED], updates);
    assert_int_equal(fixture->server_end.node->sent, sent);
    pair_fixture_assert_diary(fixture, "");

    pair_fixture_run(fixture, 300000);
    assert_true(fixture->events[LWM2M_SERVER_UPDATED] > updates);
    assert_int_equal(fixture->events[LWM2M_SERVER_AWAKE],
                     fixture->events[LWM2M_SERVER_UPDATED] - updates);
    pair_fixture_assert_diary(fixture, "205 /33000/0/1=42\n");
    pair_fixture_free(fixture);
}

/* The same with a device whose radio is really off: what it never saw is not lost. */
static void a_request_that_the_device_slept_through_is_answered_after_its_update(void **state)
{
    struct pair_fixture *fixture = registered(1);
    const struct lwm2m_operation read = {
        .kind = LWM2M_OPERATION_READ,
        .path = lwm2m_path_resource(33000, 0, 1),
        .format = LWM2M_NO_FORMAT,
        .hold_ms = 600000,
        .context = fixture,
        .done = pair_fixture_note_outcome,
    };

    (void)state;
    fixture->devices[0].end.node->down = true;
    pair_fixture_run(fixture, 10000);
    assert_int_equal(
        lwm2m_server_submit(fixture->server, pair_fixture_find(fixture, 0), &read, NULL), LWM2M_OK);
    pair_fixture_run(fixture, 40000);
    assert_int_equal(fixture->events[LWM2M_SERVER_ASLEEP], 1);
    pair_fixture_assert_diary(fixture, "");
    fixture->devices[0].end.node->down = false;
    pair_fixture_run(fixture, 300000);
    pair_fixture_assert_diary(fixture, "205 /33000/0/1=42\n");
    pair_fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ets_108_register_with_queue_mode),
        cmocka_unit_test(ets_109_behaviour_with_queue_mode),
        cmocka_unit_test(a_request_that_the_device_slept_through_is_answered_after_its_update),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
