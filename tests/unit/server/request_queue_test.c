/*
 * Tests of lib/server/request_queue.c: order, deadlines, cancelling, and the end of a registration.
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

/* What an operation of these tests carries with it. */
struct errand {
    struct server_fixture *fixture;
    uint16_t resource;
    void (*then)(struct errand *errand);
    struct lwm2m_ticket *ticket;
};

/* Outlive a test: what is under way at its end is told so when the server is freed. */
static struct errand errands[3];

static int set_up(void **state)
{
    struct server_fixture *fixture = server_fixture_new();

    fixture->config.max_queued = 4;
    server_fixture_start(fixture);
    for (uint16_t i = 0; i < 3; i++) {
        errands[i] = (struct errand){fixture, i, NULL, NULL};
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
    server_fixture_note(errand->fixture, "%u: %s %u%s\n", errand->resource,
                        lwm2m_error_name(outcome->error), outcome->status,
                        outcome->registration ? "" : " ended");
    if (errand->then) {
        errand->then(errand);
    }
}

static enum lwm2m_error submit(struct errand *errand, struct lwm2m_registration *registration,
                               uint32_t timeout_ms)
{
    const struct lwm2m_operation operation = {
        .kind = LWM2M_OPERATION_READ,
        .path = lwm2m_path_resource(3, 0, errand->resource),
        .format = LWM2M_NO_FORMAT,
        .timeout_ms = timeout_ms,
        .context = errand,
        .done = note_outcome,
    };

    return lwm2m_server_submit(errand->fixture->server, registration, &operation, &errand->ticket);
}

static void answer_last(struct server_fixture *fixture)
{
    stand_in_exchange_answer(stand_in_transport_last(&fixture->transport), LWM2M_STATUS_CONTENT,
                             LWM2M_FORMAT_TEXT, "1", -1);
}

static void sends_one_request_at_a_time_in_order(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");

    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(submit(&errands[i], registration, 0), LWM2M_OK);
    }
    assert_int_equal(lwm2m_server_queue_length(registration), 3);
    assert_int_equal(fixture->transport.exchange_count, 1);
    assert_string_equal(stand_in_transport_last(&fixture->transport)->text,
                        "GET /3/0/0 accept=112");
    answer_last(fixture);
    assert_int_equal(fixture->transport.exchange_count, 2);
    assert_string_equal(stand_in_transport_last(&fixture->transport)->text,
                        "GET /3/0/1 accept=112");
    answer_last(fixture);
    answer_last(fixture);
    server_fixture_assert_diary(fixture, "0: OK 205\n1: OK 205\n2: OK 205\n");
    assert_int_equal(fixture->transport.exchange_count, 3);
    assert_int_equal(lwm2m_server_queue_length(registration), 0);
}

static void serves_devices_independently(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");

    server_fixture_register(fixture, fixture->other_peer, "ep=other");
    struct lwm2m_registration *other =
        lwm2m_server_find(fixture->server, lwm2m_bytes_from_text("other"));
    assert_int_equal(submit(&errands[0], registration, 0), LWM2M_OK);
    assert_int_equal(submit(&errands[1], other, 0), LWM2M_OK);
    assert_int_equal(fixture->transport.exchange_count, 2);
    assert_ptr_equal(stand_in_transport_last(&fixture->transport)->peer, fixture->other_peer);
}

static void refuses_what_is_over_the_limit_of_the_queue(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");

    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(submit(&errands[0], registration, 0), LWM2M_OK);
    }
    assert_int_equal(submit(&errands[0], registration, 0), LWM2M_BUSY);
    answer_last(fixture);
    assert_int_equal(submit(&errands[0], registration, 0), LWM2M_OK);
}

static void counts_the_time_in_the_queue(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");

    assert_int_equal(submit(&errands[0], registration, 5000), LWM2M_OK);
    assert_int_equal(submit(&errands[1], registration, 2000), LWM2M_OK);
    assert_int_equal(submit(&errands[2], registration, 0), LWM2M_OK);
    server_fixture_pass(fixture, 1999);
    server_fixture_assert_diary(fixture, "");
    server_fixture_pass(fixture, 2);
    server_fixture_assert_diary(fixture, "1: TIMEOUT 0\n");
    struct lwm2m_exchange *first = stand_in_transport_last(&fixture->transport);
    server_fixture_pass(fixture, 3000);
    server_fixture_assert_diary(fixture, "0: TIMEOUT 0\n");
    assert_true(first->cancelled);
    assert_string_equal(stand_in_transport_last(&fixture->transport)->text,
                        "GET /3/0/2 accept=112");
    server_fixture_pass(fixture, 25000);
    server_fixture_assert_diary(fixture, "2: TIMEOUT 0\n");
}

static void passes_on_failures_of_the_transport(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");

    assert_int_equal(submit(&errands[0], registration, 0), LWM2M_OK);
    assert_int_equal(submit(&errands[1], registration, 0), LWM2M_OK);
    stand_in_exchange_fail(stand_in_transport_last(&fixture->transport), LWM2M_RESET);
    server_fixture_assert_diary(fixture, "0: RESET 0\n");
    stand_in_exchange_fail(stand_in_transport_last(&fixture->transport), LWM2M_UNREACHABLE);
    server_fixture_assert_diary(fixture, "1: UNREACHABLE 0\n");
}

static void reports_a_refusal_to_send_at_the_next_step(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");

    fixture->transport.refuse = LWM2M_BUSY;
    assert_int_equal(submit(&errands[0], registration, 0), LWM2M_OK);
    assert_int_equal(submit(&errands[1], registration, 0), LWM2M_OK);
    server_fixture_assert_diary(fixture, "");
    fixture->transport.refuse = LWM2M_OK;
    server_fixture_pass(fixture, 1);
    server_fixture_assert_diary(fixture, "0: BUSY 0\n");
    assert_string_equal(stand_in_transport_last(&fixture->transport)->text,
                        "GET /3/0/1 accept=112");
}

static void forgets_what_is_cancelled_at_any_stage(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");

    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(submit(&errands[i], registration, 0), LWM2M_OK);
    }
    struct lwm2m_exchange *first = stand_in_transport_last(&fixture->transport);
    lwm2m_server_cancel(fixture->server, errands[1].ticket); /* waits */
    assert_int_equal(fixture->transport.exchange_count, 1);
    lwm2m_server_cancel(fixture->server, errands[0].ticket); /* is under way */
    assert_true(first->cancelled);
    assert_string_equal(stand_in_transport_last(&fixture->transport)->text,
                        "GET /3/0/2 accept=112");
    answer_last(fixture);
    server_fixture_pass(fixture, 40000);
    server_fixture_assert_diary(fixture, "2: OK 205\n");
}

static void submit_another(struct errand *errand)
{
    struct lwm2m_registration *registration =
        lwm2m_server_find(errand->fixture->server, lwm2m_bytes_from_text("dev"));

    if (errand->resource >= 3 || !registration) {
        return;
    }
    errand->resource++;
    assert_int_equal(submit(errand, registration, 0), LWM2M_OK);
}

static void lets_done_submit_the_next(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");
    errands[0].then = submit_another;
    errands[0].resource = 1;

    assert_int_equal(submit(&errands[0], registration, 0), LWM2M_OK);
    for (size_t i = 0; i < 3; i++) {
        answer_last(fixture);
    }
    server_fixture_assert_diary(fixture, "1: OK 205\n2: OK 205\n3: OK 205\n");
}

static void deregister_device(struct errand *errand)
{
    struct lwm2m_registration *registration =
        lwm2m_server_find(errand->fixture->server, lwm2m_bytes_from_text("dev"));

    if (registration) {
        lwm2m_server_deregister(errand->fixture->server, registration);
    }
}

static void lets_done_end_the_registration(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");
    errands[0].then = deregister_device;

    assert_int_equal(submit(&errands[0], registration, 0), LWM2M_OK);
    assert_int_equal(submit(&errands[1], registration, 0), LWM2M_OK);
    answer_last(fixture);
    server_fixture_assert_diary(fixture,
                                "0: OK 205\n1: GONE 0 ended\nDEREGISTERED dev by operator\n");
    assert_int_equal(fixture->transport.exchange_count, 1);
}

static struct errand *victim;

static void cancel_victim(struct errand *errand)
{
    lwm2m_server_cancel(errand->fixture->server, victim->ticket);
}

static void lets_done_cancel_another_while_the_registration_ends(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");
    errands[0].then = cancel_victim;

    victim = &errands[1];
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(submit(&errands[i], registration, 0), LWM2M_OK);
    }
    server_fixture_pass(fixture, 29000);
    lwm2m_server_deregister(fixture->server, registration);
    server_fixture_assert_diary(fixture,
                                "0: GONE 0 ended\n2: GONE 0 ended\nDEREGISTERED dev by operator\n");
}

static enum lwm2m_error submit_error;

static void submit_to_the_ended(struct server_fixture *fixture,
                                const struct lwm2m_server_event *event)
{
    (void)fixture;
    if (event->type == LWM2M_SERVER_DEREGISTERED) {
        submit_error = submit(&errands[0], event->registration, 0);
    }
}

static void refuses_operations_on_a_registration_that_has_ended(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");

    fixture->on_event = submit_to_the_ended;
    lwm2m_server_deregister(fixture->server, registration);
    assert_int_equal(submit_error, LWM2M_GONE);
}

static void ends_operations_with_the_registration_that_is_replaced(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");

    assert_int_equal(submit(&errands[0], registration, 0), LWM2M_OK);
    assert_int_equal(submit(&errands[1], registration, 0), LWM2M_OK);
    server_fixture_register(fixture, fixture->peer, "ep=dev");
    server_fixture_assert_diary(fixture,
                                "0: GONE 0 ended\n1: GONE 0 ended\nREPLACED dev\nREGISTERED dev\n");
}

static void cancels_operations_when_the_server_is_freed(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");

    assert_int_equal(submit(&errands[0], registration, 0), LWM2M_OK);
    assert_int_equal(submit(&errands[1], registration, 0), LWM2M_OK);
    lwm2m_server_free(fixture->server);
    fixture->server = NULL;
    server_fixture_assert_diary(fixture, "0: CANCELLED 0 ended\n1: CANCELLED 0 ended\n");
}

static void repeats_what_may_be_repeated_at_a_new_address(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");

    assert_int_equal(submit(&errands[0], registration, 0), LWM2M_OK);
    struct lwm2m_exchange *before = stand_in_transport_last(&fixture->transport);
    server_fixture_update(fixture, fixture->other_peer, registration->id, "", NULL);
    assert_true(before->cancelled);
    assert_int_equal(fixture->transport.exchange_count, 2);
    assert_ptr_equal(stand_in_transport_last(&fixture->transport)->peer, fixture->other_peer);
    answer_last(fixture);
    server_fixture_assert_diary(fixture, "MOVED dev\nUPDATED dev\n0: OK 205\n");
}

static void never_executes_twice_because_of_a_move(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");
    errands[0].resource = 4;
    const struct lwm2m_operation reboot = {
        .kind = LWM2M_OPERATION_EXECUTE,
        .path = lwm2m_path_resource(3, 0, 4),
        .format = LWM2M_NO_FORMAT,
        .context = &errands[0],
        .done = note_outcome,
    };

    assert_int_equal(lwm2m_server_submit(fixture->server, registration, &reboot, NULL), LWM2M_OK);
    server_fixture_update(fixture, fixture->other_peer, registration->id, "", NULL);
    assert_int_equal(fixture->transport.exchange_count, 1);
    stand_in_exchange_answer(stand_in_transport_last(&fixture->transport), LWM2M_STATUS_CHANGED,
                             LWM2M_NO_FORMAT, NULL, -1);
    server_fixture_assert_diary(fixture, "MOVED dev\nUPDATED dev\n4: OK 204\n");
}

static void notes_when_a_device_was_last_heard(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");

    assert_int_equal(submit(&errands[0], registration, 0), LWM2M_OK);
    server_fixture_pass(fixture, 7000);
    answer_last(fixture);
    assert_int_equal(registration->seen_ms, fixture->port.now_ms);
    assert_int_equal(registration->updated_ms, fixture->port.now_ms - 7000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(sends_one_request_at_a_time_in_order),
        TEST(serves_devices_independently),
        TEST(refuses_what_is_over_the_limit_of_the_queue),
        TEST(counts_the_time_in_the_queue),
        TEST(passes_on_failures_of_the_transport),
        TEST(reports_a_refusal_to_send_at_the_next_step),
        TEST(forgets_what_is_cancelled_at_any_stage),
        TEST(lets_done_submit_the_next),
        TEST(lets_done_end_the_registration),
        TEST(lets_done_cancel_another_while_the_registration_ends),
        TEST(refuses_operations_on_a_registration_that_has_ended),
        TEST(ends_operations_with_the_registration_that_is_replaced),
        TEST(cancels_operations_when_the_server_is_freed),
        TEST(repeats_what_may_be_repeated_at_a_new_address),
        TEST(never_executes_twice_because_of_a_move),
        TEST(notes_when_a_device_was_last_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
