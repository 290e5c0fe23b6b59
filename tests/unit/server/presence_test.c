/*
 * Tests of lib/server/presence.c, and of what the queue does for devices that sleep: windows,
 * events, holding, waking, and requests that nobody answers.
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

#define AWAKE_MS 93000u
#define ERRANDS 5

/* What an operation of these tests carries with it. */
struct errand {
    struct server_fixture *fixture;
    unsigned number;
    struct lwm2m_ticket *ticket;
};

/* Outlive a test: what is under way at its end is told so when the server is freed. */
static struct errand errands[ERRANDS];

static int set_up(void **state)
{
    struct server_fixture *fixture = server_fixture_new();

    fixture->config.max_queued = 4;
    server_fixture_start(fixture);
    for (unsigned i = 0; i < ERRANDS; i++) {
        errands[i] = (struct errand){fixture, i, NULL};
    }
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    server_fixture_free(*state);
    return 0;
}

static void note_outcome(void *context, const struct lwm2m_outcome *outcome)
{
    struct errand *errand = context;

    errand->ticket = NULL;
    server_fixture_note(errand->fixture, "%u: %s %u\n", errand->number,
                        lwm2m_error_name(outcome->error), outcome->status);
}

static enum lwm2m_error submit(unsigned number, struct lwm2m_registration *registration,
                               uint32_t hold_ms)
{
    struct errand *errand = &errands[number];
    const struct lwm2m_operation operation = {
        .kind = LWM2M_OPERATION_READ,
        .path = lwm2m_path_resource(3, 0, (uint16_t)number),
        .format = LWM2M_NO_FORMAT,
        .timeout_ms = 10000,
        .hold_ms = hold_ms,
        .context = errand,
        .done = note_outcome,
    };

    return lwm2m_server_submit(errand->fixture->server, registration, &operation, &errand->ticket);
}

static enum lwm2m_error submit_execute(unsigned number, struct lwm2m_registration *registration,
                                       uint32_t hold_ms)
{
    struct errand *errand = &errands[number];
    const struct lwm2m_operation operation = {
        .kind = LWM2M_OPERATION_EXECUTE,
        .path = lwm2m_path_resource(3, 0, 4),
        .format = LWM2M_NO_FORMAT,
        .timeout_ms = 10000,
        .hold_ms = hold_ms,
        .context = errand,
        .done = note_outcome,
    };

    return lwm2m_server_submit(errand->fixture->server, registration, &operation, &errand->ticket);
}

static struct lwm2m_registration *find(struct server_fixture *fixture)
{
    return lwm2m_server_find(fixture->server, lwm2m_bytes_from_text("dev"));
}

/* Registers "dev" with queue mode, from fixture->peer. */
static struct lwm2m_registration *registered(struct server_fixture *fixture)
{
    server_fixture_register(fixture, fixture->peer, "ep=dev&lt=86400&lwm2m=1.1&b=U&Q");
    assert_non_null(find(fixture));
    fixture->diary[0] = '\0';
    return find(fixture);
}

static struct lwm2m_registration *asleep(struct server_fixture *fixture)
{
    struct lwm2m_registration *registration = registered(fixture);

    server_fixture_pass(fixture, AWAKE_MS + 1);
    server_fixture_assert_diary(fixture, "ASLEEP dev\n");
    assert_false(registration->awake);
    return registration;
}

static void update(struct server_fixture *fixture, const struct lwm2m_registration *registration)
{
    struct lwm2m_incoming *incoming =
        server_fixture_update(fixture, fixture->peer, registration->id, "", NULL);

    assert_int_equal(incoming->status, LWM2M_STATUS_CHANGED);
}

static void answer_last(struct server_fixture *fixture)
{
    stand_in_exchange_answer(stand_in_transport_last(&fixture->transport), LWM2M_STATUS_CONTENT,
                             LWM2M_FORMAT_TEXT, "1", -1);
}

static const char *last_text(struct server_fixture *fixture)
{
    return stand_in_transport_last(&fixture->transport)->text;
}

/* ---- the window ---- */

static void sleeps_once_its_window_is_over(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = registered(fixture);

    assert_true(registration->awake);
    server_fixture_pass(fixture, AWAKE_MS - 1);
    assert_true(registration->awake);
    server_fixture_assert_diary(fixture, "");
    server_fixture_pass(fixture, 2);
    assert_false(registration->awake);
    server_fixture_pass(fixture, 10 * AWAKE_MS);
    server_fixture_assert_diary(fixture, "ASLEEP dev\n");
}

static void is_always_awake_without_queue_mode(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_register(fixture, fixture->peer, "ep=dev&lt=86400&lwm2m=1.1&b=U");
    server_fixture_pass(fixture, 10 * AWAKE_MS);
    assert_true(find(fixture)->awake);
    server_fixture_assert_diary(fixture, "REGISTERED dev\n");
}

static void takes_the_window_from_its_configuration(void **state)
{
    struct server_fixture *fixture = server_fixture_new();

    (void)state;
    fixture->config.awake_ms = 5000;
    server_fixture_start(fixture);
    registered(fixture);
    server_fixture_pass(fixture, 5001);
    server_fixture_assert_diary(fixture, "ASLEEP dev\n");
    server_fixture_free(fixture);
}

static void stays_awake_with_every_update_and_answer(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = registered(fixture);

    server_fixture_pass(fixture, 90000);
    update(fixture, registration);
    server_fixture_pass(fixture, 90000);
    assert_int_equal(submit(0, registration, 0), LWM2M_OK);
    answer_last(fixture);
    server_fixture_pass(fixture, 90000);
    assert_true(registration->awake);
    server_fixture_assert_diary(fixture, "UPDATED dev\n0: OK 205\n");
    server_fixture_pass(fixture, 4000);
    server_fixture_assert_diary(fixture, "ASLEEP dev\n");
}

static void wakes_with_an_update_once(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = asleep(fixture);

    update(fixture, registration);
    assert_true(registration->awake);
    update(fixture, registration);
    server_fixture_assert_diary(fixture, "UPDATED dev\nAWAKE dev\nUPDATED dev\n");
    server_fixture_pass(fixture, AWAKE_MS + 1);
    server_fixture_assert_diary(fixture, "ASLEEP dev\n");
}

static void note_notification(void *context, const struct lwm2m_outcome *outcome)
{
    server_fixture_note(context, "notification %s%s\n", lwm2m_error_name(outcome->error),
                        outcome->registration && outcome->registration->awake ? " awake" : "");
}

static void wakes_with_a_notification(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = registered(fixture);
    const struct lwm2m_observation_request request = {
        .path = lwm2m_path_resource(3, 0, 9),
        .format = LWM2M_NO_FORMAT,
        .context = fixture,
        .on_notification = note_notification,
    };

    assert_int_equal(lwm2m_server_observe(fixture->server, registration, &request, NULL), LWM2M_OK);
    struct lwm2m_exchange *exchange = stand_in_transport_last(&fixture->transport);
    stand_in_exchange_answer(exchange, LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, "1", 1);
    server_fixture_pass(fixture, AWAKE_MS + 1);
    assert_int_equal(submit(0, registration, 3600000), LWM2M_OK);
    server_fixture_assert_diary(fixture, "notification OK awake\nASLEEP dev\n");
    stand_in_exchange_answer(exchange, LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, "2", 2);
    assert_string_equal(last_text(fixture), "GET /3/0/0 accept=112");
    answer_last(fixture);
    server_fixture_assert_diary(fixture, "notification OK awake\nAWAKE dev\n0: OK 205\n");
}

static void follows_a_binding_that_turns_queue_mode_on_and_off(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_register(fixture, fixture->peer, "ep=dev&lt=86400&lwm2m=1.0&b=U");
    struct lwm2m_registration *registration = find(fixture);
    server_fixture_pass(fixture, AWAKE_MS + 1);
    server_fixture_update(fixture, fixture->peer, registration->id, "b=UQ", NULL);
    server_fixture_pass(fixture, AWAKE_MS + 1);
    assert_false(registration->awake);
    server_fixture_update(fixture, fixture->peer, registration->id, "b=U", NULL);
    server_fixture_pass(fixture, 10 * AWAKE_MS);
    assert_true(registration->awake);
    server_fixture_assert_diary(fixture, "REGISTERED dev\nUPDATED dev\nASLEEP dev\n"
                                         "UPDATED dev\nAWAKE dev\n");
}

static void remembers_over_a_new_register_what_was_told(void **state)
{
    struct server_fixture *fixture = *state;

    asleep(fixture);
    server_fixture_register(fixture, fixture->peer, "ep=dev&lt=86400&lwm2m=1.1&b=U&Q");
    server_fixture_register(fixture, fixture->peer, "ep=dev&lt=86400&lwm2m=1.1&b=U&Q");
    server_fixture_assert_diary(fixture, "REPLACED dev\nREGISTERED dev\nAWAKE dev\n"
                                         "REPLACED dev\nREGISTERED dev\n");
    server_fixture_pass(fixture, AWAKE_MS + 1);
    server_fixture_assert_diary(fixture, "ASLEEP dev\n");
}

static void deregister_it(struct server_fixture *fixture, const struct lwm2m_server_event *event)
{
    if (event->type == LWM2M_SERVER_AWAKE || event->type == LWM2M_SERVER_ASLEEP) {
        lwm2m_server_deregister(fixture->server, event->registration);
    }
}

static void lets_either_event_end_the_registration(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = asleep(fixture);

    assert_int_equal(submit(0, registration, 3600000), LWM2M_OK);
    fixture->on_event = deregister_it;
    update(fixture, registration);
    server_fixture_assert_diary(
        fixture, "UPDATED dev\nAWAKE dev\n0: GONE 0\nDEREGISTERED dev by operator\n");
    registered(fixture);
    server_fixture_pass(fixture, AWAKE_MS + 1);
    server_fixture_assert_diary(fixture, "ASLEEP dev\nDEREGISTERED dev by operator\n");
}

static void counts_as_awake_when_memory_is_short(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_register(fixture, fixture->peer, "ep=dev&lt=86400&lwm2m=1.0&b=U");
    struct lwm2m_registration *registration = find(fixture);
    virtual_port_fail_after(&fixture->port, 1); /* of the save */
    update(fixture, registration);
    virtual_port_fail_after(&fixture->port, 1);
    server_fixture_update(fixture, fixture->peer, registration->id, "b=UQ", NULL);
    virtual_port_fail_after(&fixture->port, SIZE_MAX);
    server_fixture_pass(fixture, AWAKE_MS + 1);
    assert_true(registration->awake);
}

/* ---- holding ---- */

static void holds_in_order_until_the_answer_to_the_update_has_left(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = asleep(fixture);

    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(submit(i, registration, 3600000), LWM2M_OK);
    }
    server_fixture_pass(fixture, 1800000);
    assert_int_equal(fixture->transport.exchange_count, 0);
    assert_int_equal(lwm2m_server_queue_length(registration), 3);
    update(fixture, registration);
    for (unsigned i = 0; i < 3; i++) {
        char text[32];
        snprintf(text, sizeof text, "GET /3/0/%u accept=112", i);
        assert_int_equal(fixture->transport.exchange_count, i + 1);
        assert_string_equal(last_text(fixture), text);
        answer_last(fixture);
    }
    server_fixture_assert_diary(fixture,
                                "UPDATED dev\nAWAKE dev\n0: OK 205\n1: OK 205\n2: OK 205\n");
}

static void refuses_more_than_may_be_held(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = asleep(fixture);

    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(submit(i, registration, 3600000), LWM2M_OK);
    }
    assert_int_equal(submit(4, registration, 3600000), LWM2M_BUSY);
}

static void gives_up_when_the_hold_is_over(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = asleep(fixture);

    assert_int_equal(submit(0, registration, 60000), LWM2M_OK);
    assert_int_equal(submit(1, registration, 0), LWM2M_OK);
    server_fixture_pass(fixture, 9999);
    server_fixture_assert_diary(fixture, "");
    server_fixture_pass(fixture, 2);
    server_fixture_assert_diary(fixture, "1: TIMEOUT 0\n");
    server_fixture_pass(fixture, 49990);
    server_fixture_assert_diary(fixture, "");
    server_fixture_pass(fixture, 10);
    server_fixture_assert_diary(fixture, "0: TIMEOUT 0\n");
    assert_int_equal(fixture->transport.exchange_count, 0);
}

static void gives_what_was_held_its_whole_timeout(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = asleep(fixture);

    assert_int_equal(submit(0, registration, 60000), LWM2M_OK);
    assert_int_equal(submit(1, registration, 60000), LWM2M_OK);
    server_fixture_pass(fixture, 59000);
    update(fixture, registration);
    server_fixture_pass(fixture, 9000);
    answer_last(fixture);
    server_fixture_pass(fixture, 9000);
    answer_last(fixture);
    server_fixture_assert_diary(fixture, "UPDATED dev\nAWAKE dev\n0: OK 205\n1: OK 205\n");
}

static void holds_what_was_not_sent_when_the_device_falls_asleep(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = registered(fixture);

    server_fixture_pass(fixture, AWAKE_MS - 2000);
    assert_int_equal(submit_execute(0, registration, 0), LWM2M_OK);
    assert_int_equal(submit(1, registration, 3600000), LWM2M_OK);
    server_fixture_pass(fixture, 11000);
    server_fixture_assert_diary(fixture, "ASLEEP dev\n0: TIMEOUT 0\n");
    server_fixture_pass(fixture, 600000);
    assert_int_equal(fixture->transport.exchange_count, 1);
    update(fixture, registration);
    answer_last(fixture);
    server_fixture_assert_diary(fixture, "UPDATED dev\nAWAKE dev\n1: OK 205\n");
}

/* ---- requests that nobody answers ---- */

static void sleeps_when_a_request_is_not_answered_and_gets_it_again(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = registered(fixture);

    assert_int_equal(submit(0, registration, 3600000), LWM2M_OK);
    assert_int_equal(submit(1, registration, 3600000), LWM2M_OK);
    server_fixture_pass(fixture, 10001);
    server_fixture_assert_diary(fixture, "ASLEEP dev\n");
    assert_true(stand_in_transport_last(&fixture->transport)->cancelled);
    server_fixture_pass(fixture, 600000);
    update(fixture, registration);
    assert_string_equal(last_text(fixture), "GET /3/0/0 accept=112");
    answer_last(fixture);
    assert_string_equal(last_text(fixture), "GET /3/0/1 accept=112");
    answer_last(fixture);
    server_fixture_assert_diary(fixture, "UPDATED dev\nAWAKE dev\n0: OK 205\n1: OK 205\n");
}

static void keeps_what_the_transport_gave_up(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = registered(fixture);

    assert_int_equal(submit(0, registration, 3600000), LWM2M_OK);
    stand_in_exchange_fail(stand_in_transport_last(&fixture->transport), LWM2M_TIMEOUT);
    server_fixture_assert_diary(fixture, "ASLEEP dev\n");
    update(fixture, registration);
    answer_last(fixture);
    server_fixture_assert_diary(fixture, "UPDATED dev\nAWAKE dev\n0: OK 205\n");
}

static void never_repeats_what_may_have_been_done(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = registered(fixture);

    assert_int_equal(submit_execute(0, registration, 3600000), LWM2M_OK);
    server_fixture_pass(fixture, 10001);
    server_fixture_assert_diary(fixture, "0: TIMEOUT 0\nASLEEP dev\n");
    update(fixture, registration);
    assert_int_equal(fixture->transport.exchange_count, 1);
}

static void fails_a_request_that_a_device_ignores_while_it_talks(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = registered(fixture);

    assert_int_equal(submit(0, registration, 3600000), LWM2M_OK);
    server_fixture_pass(fixture, 5000);
    update(fixture, registration);
    server_fixture_pass(fixture, 5001);
    server_fixture_assert_diary(fixture, "UPDATED dev\n0: TIMEOUT 0\n");
    assert_true(registration->awake);
}

/* ---- a new registration ---- */

static void hands_what_is_held_to_the_new_registration(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = asleep(fixture);

    assert_int_equal(submit(0, registration, 3600000), LWM2M_OK);
    assert_int_equal(submit_execute(1, registration, 3600000), LWM2M_OK);
    server_fixture_register(fixture, fixture->other_peer, "ep=dev&lt=86400&lwm2m=1.1&b=U&Q");
    server_fixture_assert_diary(fixture, "REPLACED dev\nREGISTERED dev\nAWAKE dev\n");
    assert_ptr_equal(stand_in_transport_last(&fixture->transport)->peer, fixture->other_peer);
    answer_last(fixture);
    answer_last(fixture);
    server_fixture_assert_diary(fixture, "0: OK 205\n1: OK 205\n");
}

static void ends_what_is_held_when_the_new_registration_speaks_otherwise(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = asleep(fixture);

    assert_int_equal(submit(0, registration, 3600000), LWM2M_OK);
    server_fixture_register(fixture, fixture->peer, "ep=dev&lt=86400&b=UQ");
    server_fixture_assert_diary(fixture, "0: GONE 0\nREPLACED dev\nREGISTERED dev\nAWAKE dev\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sleeps_once_its_window_is_over),
        TEST(is_always_awake_without_queue_mode),
        TEST(takes_the_window_from_its_configuration),
        TEST(stays_awake_with_every_update_and_answer),
        TEST(wakes_with_an_update_once),
        TEST(wakes_with_a_notification),
        TEST(follows_a_binding_that_turns_queue_mode_on_and_off),
        TEST(remembers_over_a_new_register_what_was_told),
        TEST(lets_either_event_end_the_registration),
        TEST(counts_as_awake_when_memory_is_short),
        TEST(holds_in_order_until_the_answer_to_the_update_has_left),
        TEST(refuses_more_than_may_be_held),
        TEST(gives_up_when_the_hold_is_over),
        TEST(gives_what_was_held_its_whole_timeout),
        TEST(holds_what_was_not_sent_when_the_device_falls_asleep),
        TEST(sleeps_when_a_request_is_not_answered_and_gets_it_again),
        TEST(keeps_what_the_transport_gave_up),
        TEST(never_repeats_what_may_have_been_done),
        TEST(fails_a_request_that_a_device_ignores_while_it_talks),
        TEST(hands_what_is_held_to_the_new_registration),
        TEST(ends_what_is_held_when_the_new_registration_speaks_otherwise),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
