/*
 * Tests of lib/server/observe_table.c, subscriptions.c, observe_exchange.c and observations.c:
 * sharing, order, and every way in which an observation ends.
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

#define LISTENERS 4

/* Somebody who subscribes; outlives the test, because the server tells it when it is freed. */
struct listener {
    struct server_fixture *fixture;
    char name;
    struct lwm2m_subscription *subscription;
    void (*then)(struct listener *listener, const struct lwm2m_outcome *outcome);
};

static struct listener listeners[LISTENERS];
static struct lwm2m_registration *registration;

static int set_up(void **state)
{
    struct server_fixture *fixture = server_fixture_new();

    fixture->config.max_observations = 3;
    server_fixture_start(fixture);
    for (size_t i = 0; i < LISTENERS; i++) {
        listeners[i] = (struct listener){fixture, (char)('a' + i), NULL, NULL};
    }
    registration = server_fixture_registered(fixture, "1.1");
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    server_fixture_free(*state);
    return 0;
}

/* Writes "a: OK 205 #7 21.5", "b: GONE ended". */
static void note_notification(void *context, const struct lwm2m_outcome *outcome)
{
    struct listener *listener = context;

    server_fixture_note(listener->fixture, "%c: %s", listener->name,
                        lwm2m_error_name(outcome->error));
    if (!outcome->error) {
        server_fixture_note(listener->fixture, " %u #%u %.*s", outcome->status,
                            (unsigned)outcome->sequence, (int)outcome->payload.length,
                            (const char *)outcome->payload.data);
    }
    server_fixture_note(listener->fixture, "%s\n", outcome->registration ? "" : " ended");
    if (listener->then) {
        listener->then(listener, outcome);
    }
}

static enum lwm2m_error observe(struct listener *listener, uint16_t resource)
{
    const struct lwm2m_observation_request request = {
        .path = lwm2m_path_resource(3303, 0, resource),
        .format = LWM2M_FORMAT_TEXT,
        .context = listener,
        .on_notification = note_notification,
    };

    return lwm2m_server_observe(listener->fixture->server, registration, &request,
                                &listener->subscription);
}

/* Subscribes the first `count` listeners to 5700 and answers the request with number 10. */
static struct lwm2m_exchange *observed(struct server_fixture *fixture, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(observe(&listeners[i], 5700), LWM2M_OK);
    }
    struct lwm2m_exchange *exchange = stand_in_transport_last(&fixture->transport);
    stand_in_exchange_answer(exchange, LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, "20", 10);
    fixture->diary[0] = '\0';
    return exchange;
}

static void notify(struct lwm2m_exchange *exchange, const char *value, int64_t number)
{
    stand_in_exchange_answer(exchange, LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, value, number);
}

static void unsubscribe(struct listener *listener)
{
    struct lwm2m_subscription *subscription = listener->subscription;

    listener->subscription = NULL;
    lwm2m_server_unsubscribe(listener->fixture->server, subscription);
}

static bool count_observation(void *context, const struct lwm2m_observation_view *observation)
{
    char text[LWM2M_PATH_TEXT_MAX];

    for (size_t i = 0; i < observation->path_count; i++) {
        lwm2m_path_print(observation->paths[i], text);
        server_fixture_note(context, "%s+", text);
    }
    lwm2m_path_print(observation->path, text);
    server_fixture_note(context, "%s %zu %u%s\n", text, observation->subscriptions,
                        (unsigned)observation->notifications,
                        observation->attributes ? " attributes" : "");
    return true;
}

static void note_observations(struct server_fixture *fixture)
{
    lwm2m_server_visit_observations(fixture->server, registration, count_observation, fixture);
}

/* ---- what arrives ---- */

static void hands_on_the_answer_and_every_notification(void **state)
{
    struct server_fixture *fixture = *state;

    assert_int_equal(observe(&listeners[0], 5700), LWM2M_OK);
    struct lwm2m_exchange *exchange = stand_in_transport_last(&fixture->transport);
    assert_string_equal(exchange->text, "GET observe=0 /3303/0/5700 accept=0");
    assert_true(exchange->observe);
    notify(exchange, "20", 10);
    notify(exchange, "21", 11);
    notify(exchange, "22", 500);
    server_fixture_assert_diary(fixture, "a: OK 205 #10 20\na: OK 205 #11 21\na: OK 205 #500 22\n");
    note_observations(fixture);
    server_fixture_assert_diary(fixture, "/3303/0/5700 1 2\n");
}

static void drops_what_is_older_than_the_last(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_exchange *exchange = observed(fixture, 1);

    notify(exchange, "22", 12);
    notify(exchange, "21", 11);
    notify(exchange, "22", 12);
    notify(exchange, "9", 0xfffff0);
    server_fixture_assert_diary(fixture, "a: OK 205 #12 22\n");
    server_fixture_pass(fixture, 29000);
    server_fixture_update(fixture, fixture->peer, registration->id, "lt=1000", NULL);
    server_fixture_pass(fixture, 100000);
    fixture->diary[0] = '\0';
    notify(exchange, "1", 1); /* after 128 s any number is newer */
    server_fixture_assert_diary(fixture, "a: OK 205 #1 1\n");
}

static void counts_around_the_end_of_24_bits(void **state)
{
    struct server_fixture *fixture = *state;

    assert_int_equal(observe(&listeners[0], 5700), LWM2M_OK);
    struct lwm2m_exchange *exchange = stand_in_transport_last(&fixture->transport);
    notify(exchange, "20", 0xffffff);
    notify(exchange, "21", 0);
    notify(exchange, "20", 0xffffff);
    server_fixture_assert_diary(fixture, "a: OK 205 #16777215 20\na: OK 205 #0 21\n");
}

/* ---- sharing ---- */

static void shares_one_observation_of_a_path(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_exchange *exchange = observed(fixture, 3);

    assert_int_equal(fixture->transport.exchange_count, 1);
    notify(exchange, "21", 11);
    server_fixture_assert_diary(fixture, "a: OK 205 #11 21\nb: OK 205 #11 21\nc: OK 205 #11 21\n");
    note_observations(fixture);
    server_fixture_assert_diary(fixture, "/3303/0/5700 3 1\n");
}

static void gives_a_late_subscriber_the_last_notification(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_exchange *exchange = observed(fixture, 1);

    notify(exchange, "21", 11);
    fixture->diary[0] = '\0';
    assert_int_equal(observe(&listeners[1], 5700), LWM2M_OK);
    server_fixture_assert_diary(fixture, "");
    server_fixture_pass(fixture, 1);
    server_fixture_assert_diary(fixture, "b: OK 205 #11 21\n");
    server_fixture_pass(fixture, 1000);
    server_fixture_assert_diary(fixture, "");
}

static void gives_a_late_subscriber_a_newer_one_only_once(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_exchange *exchange = observed(fixture, 1);

    assert_int_equal(observe(&listeners[1], 5700), LWM2M_OK);
    notify(exchange, "21", 11);
    server_fixture_pass(fixture, 1);
    server_fixture_assert_diary(fixture, "a: OK 205 #11 21\nb: OK 205 #11 21\n");
}

static void forgets_a_replay_with_its_subscription(void **state)
{
    struct server_fixture *fixture = *state;

    observed(fixture, 1);
    assert_int_equal(observe(&listeners[1], 5700), LWM2M_OK);
    unsubscribe(&listeners[1]);
    server_fixture_pass(fixture, 1);
    server_fixture_assert_diary(fixture, "");
}

static void limits_observations_of_a_device(void **state)
{
    (void)state;
    for (uint16_t i = 0; i < 3; i++) {
        assert_int_equal(observe(&listeners[0], i), LWM2M_OK);
    }
    assert_int_equal(observe(&listeners[0], 3), LWM2M_BUSY);
    assert_int_equal(observe(&listeners[1], 2), LWM2M_OK); /* shared: no new one */
}

/* ---- several paths, attributes ---- */

static const struct lwm2m_path two_paths[] = {
    {3303, 0, 5700, LWM2M_NO_ID, LWM2M_LEVEL_RESOURCE},
    {3, 0, 9, LWM2M_NO_ID, LWM2M_LEVEL_RESOURCE},
    {3303, 0, 5700, LWM2M_NO_ID, LWM2M_LEVEL_RESOURCE},
};

static const struct lwm2m_path turned_paths[] = {
    {3, 0, 9, LWM2M_NO_ID, LWM2M_LEVEL_RESOURCE},
    {3303, 0, 5700, LWM2M_NO_ID, LWM2M_LEVEL_RESOURCE},
};

static enum lwm2m_error observe_paths(struct listener *listener, const struct lwm2m_path *paths,
                                      size_t count)
{
    const struct lwm2m_observation_request request = {
        .path = lwm2m_path_root(),
        .paths = paths,
        .path_count = count,
        .format = LWM2M_NO_FORMAT,
        .context = listener,
        .on_notification = note_notification,
    };

    return lwm2m_server_observe(listener->fixture->server, registration, &request,
                                &listener->subscription);
}

/* [{"n": "/3/0/9"}, {"n": "/3303/0/5700"}] */
static void assert_asks_for_both(const struct lwm2m_exchange *exchange, const char *text)
{
    static const uint8_t body[] = "\x82\xa1\x00\x66/3/0/9\xa1\x00\x6c/3303/0/5700";

    assert_string_equal(exchange->text, text);
    assert_int_equal(exchange->payload_length, sizeof body - 1);
    assert_memory_equal(exchange->payload, body, sizeof body - 1);
}

static void observes_several_paths_and_says_goodbye_with_the_same(void **state)
{
    struct server_fixture *fixture = *state;

    assert_int_equal(observe_paths(&listeners[0], two_paths, 3), LWM2M_OK);
    struct lwm2m_exchange *exchange = stand_in_transport_last(&fixture->transport);
    assert_asks_for_both(exchange, "FETCH observe=0  format=112 accept=112");
    assert_true(exchange->observe);
    notify(exchange, "x", 1);
    notify(exchange, "y", 2);
    server_fixture_assert_diary(fixture, "a: OK 205 #1 x\na: OK 205 #2 y\n");
    note_observations(fixture);
    server_fixture_assert_diary(fixture, "/3/0/9+/3303/0/5700+/ 1 1\n");
    unsubscribe(&listeners[0]);
    struct lwm2m_exchange *goodbye = stand_in_transport_last(&fixture->transport);
    assert_asks_for_both(goodbye, "FETCH observe=1  format=112 accept=112");
    assert_ptr_equal(goodbye->ended, exchange);
}

static void shares_one_observation_of_the_same_paths_in_any_order(void **state)
{
    struct server_fixture *fixture = *state;

    assert_int_equal(observe_paths(&listeners[0], two_paths, 3), LWM2M_OK);
    assert_int_equal(observe_paths(&listeners[1], turned_paths, 2), LWM2M_OK);
    assert_int_equal(observe_paths(&listeners[2], turned_paths, 1), LWM2M_OK); /* another */
    note_observations(fixture);
    server_fixture_assert_diary(fixture, "/3/0/9+/3303/0/5700+/ 2 0\n/3/0/9+/ 1 0\n");
    notify(stand_in_transport_last(&fixture->transport), "x", 1);
    server_fixture_assert_diary(fixture, "a: OK 205 #1 x\nb: OK 205 #1 x\n");
}

static void refuses_an_observation_of_no_paths_and_of_1_0(void **state)
{
    struct server_fixture *fixture = *state;

    assert_int_equal(observe_paths(&listeners[0], two_paths, 0), LWM2M_ARGUMENT);
    registration = server_fixture_registered(fixture, "1.0");
    assert_int_equal(observe_paths(&listeners[0], two_paths, 2), LWM2M_UNSUPPORTED);
    note_observations(fixture);
    server_fixture_assert_diary(fixture, "");
}

static void ends_what_names_a_path_among_others(void **state)
{
    struct server_fixture *fixture = *state;

    observed(fixture, 1);
    assert_int_equal(observe_paths(&listeners[1], turned_paths, 2), LWM2M_OK);
    assert_int_equal(observe_paths(&listeners[2], turned_paths, 1), LWM2M_OK);
    assert_int_equal(lwm2m_server_cancel_path(fixture->server, registration,
                                              lwm2m_path_resource(3303, 0, 5700), true),
                     2);
    server_fixture_assert_diary(fixture, "a: CANCELLED\nb: CANCELLED\n");
    note_observations(fixture);
    server_fixture_assert_diary(fixture, "/3/0/9+/ 1 0\n");
}

static enum lwm2m_error observe_with(struct listener *listener,
                                     const struct lwm2m_attributes *attributes)
{
    const struct lwm2m_observation_request request = {
        .path = lwm2m_path_resource(3303, 0, 5700),
        .attributes = attributes,
        .format = LWM2M_NO_FORMAT,
        .context = listener,
        .on_notification = note_notification,
    };

    return lwm2m_server_observe(listener->fixture->server, registration, &request,
                                &listener->subscription);
}

static void sends_attributes_with_the_request_to_1_2(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_attributes attributes = {
        .set = LWM2M_ATTRIBUTE_PMIN | LWM2M_ATTRIBUTE_PMAX, .pmin_s = 5, .pmax_s = 60};

    assert_int_equal(observe_with(&listeners[0], &attributes), LWM2M_UNSUPPORTED);
    registration = server_fixture_registered(fixture, "1.2");
    assert_int_equal(observe_with(&listeners[0], &attributes), LWM2M_OK);
    assert_string_equal(stand_in_transport_last(&fixture->transport)->text,
                        "GET observe=0 /3303/0/5700 ?pmin=5 ?pmax=60 accept=112");
    attributes.gt = 7; /* not set: makes no difference */
    assert_int_equal(observe_with(&listeners[1], &attributes), LWM2M_OK);
    attributes.pmax_s = 61;
    assert_int_equal(observe_with(&listeners[2], &attributes), LWM2M_OK);
    assert_int_equal(observe_with(&listeners[3], NULL), LWM2M_OK);
    note_observations(fixture);
    server_fixture_assert_diary(fixture, "/3303/0/5700 2 0 attributes\n"
                                         "/3303/0/5700 1 0 attributes\n/3303/0/5700 1 0\n");
}

/* ---- ending ---- */

static void tells_the_device_when_the_last_subscriber_leaves(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_exchange *exchange = observed(fixture, 2);

    unsubscribe(&listeners[0]);
    assert_int_equal(fixture->transport.exchange_count, 1);
    notify(exchange, "21", 11);
    server_fixture_assert_diary(fixture, "b: OK 205 #11 21\n");
    unsubscribe(&listeners[1]);
    struct lwm2m_exchange *goodbye = stand_in_transport_last(&fixture->transport);
    assert_string_equal(goodbye->text, "GET observe=1 /3303/0/5700 accept=0");
    assert_ptr_equal(goodbye->ended, exchange);
    stand_in_exchange_answer(goodbye, LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, "21", -1);
    note_observations(fixture);
    server_fixture_assert_diary(fixture, "");
}

static void ignores_notifications_while_the_goodbye_waits(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_exchange *exchange = observed(fixture, 1);

    assert_int_equal(observe(&listeners[1], 5701), LWM2M_OK); /* keeps the queue busy */
    unsubscribe(&listeners[0]);
    notify(exchange, "21", 11);
    notify(exchange, "22", -1); /* the device itself ends it */
    server_fixture_assert_diary(fixture, "");
    /* There is nothing left to end: the goodbye is not sent. */
    notify(stand_in_transport_last(&fixture->transport), "1", 1);
    server_fixture_pass(fixture, 1);
    assert_int_equal(fixture->transport.exchange_count, 2);
}

static void cancels_a_request_that_nobody_waits_for(void **state)
{
    struct server_fixture *fixture = *state;

    assert_int_equal(observe(&listeners[0], 5700), LWM2M_OK);
    unsubscribe(&listeners[0]);
    assert_true(stand_in_transport_last(&fixture->transport)->cancelled);
    assert_int_equal(fixture->transport.exchange_count, 1);
}

static void starts_anew_while_the_goodbye_is_under_way(void **state)
{
    struct server_fixture *fixture = *state;

    observed(fixture, 1);
    unsubscribe(&listeners[0]);
    struct lwm2m_exchange *goodbye = stand_in_transport_last(&fixture->transport);
    assert_int_equal(observe(&listeners[1], 5700), LWM2M_OK);
    notify(goodbye, "20", -1);
    struct lwm2m_exchange *again = stand_in_transport_last(&fixture->transport);
    assert_string_equal(again->text, "GET observe=0 /3303/0/5700 accept=0");
    notify(again, "23", 3);
    server_fixture_assert_diary(fixture, "b: OK 205 #3 23\n");
}

static void ends_a_path_for_every_subscriber(void **state)
{
    struct server_fixture *fixture = *state;

    observed(fixture, 2);
    assert_int_equal(lwm2m_server_cancel_path(fixture->server, registration,
                                              lwm2m_path_resource(3303, 0, 1), false),
                     0);
    assert_int_equal(lwm2m_server_cancel_path(fixture->server, registration,
                                              lwm2m_path_resource(3303, 0, 5700), false),
                     1);
    server_fixture_assert_diary(fixture, "a: CANCELLED\nb: CANCELLED\n");
    assert_string_equal(stand_in_transport_last(&fixture->transport)->text,
                        "GET observe=1 /3303/0/5700 accept=0");
}

static void ends_all_paths_in_silence(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_exchange *first = observed(fixture, 1);

    assert_int_equal(observe(&listeners[1], 5701), LWM2M_OK);
    notify(stand_in_transport_last(&fixture->transport), "1", 1);
    fixture->diary[0] = '\0';
    assert_int_equal(
        lwm2m_server_cancel_path(fixture->server, registration, lwm2m_path_root(), true), 2);
    server_fixture_assert_diary(fixture, "a: CANCELLED\nb: CANCELLED\n");
    assert_true(first->cancelled);
    assert_int_equal(fixture->transport.exchange_count, 2);
}

static void ends_when_the_device_answers_without_observe(void **state)
{
    struct server_fixture *fixture = *state;

    assert_int_equal(observe(&listeners[0], 5700), LWM2M_OK);
    notify(stand_in_transport_last(&fixture->transport), "20", -1);
    server_fixture_assert_diary(fixture, "a: OK 205 #0 20\na: UNSUPPORTED\n");
    note_observations(fixture);
    server_fixture_assert_diary(fixture, "");
}

static void ends_with_an_error_of_the_device(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_exchange *exchange = observed(fixture, 2);

    stand_in_exchange_answer(exchange, LWM2M_STATUS_NOT_FOUND, LWM2M_NO_FORMAT, NULL, -1);
    server_fixture_assert_diary(fixture, "a: OK 404 #0 \nb: OK 404 #0 \n");
    note_observations(fixture);
    server_fixture_assert_diary(fixture, "");
}

static void ends_with_an_error_of_the_transport(void **state)
{
    struct server_fixture *fixture = *state;

    assert_int_equal(observe(&listeners[0], 5700), LWM2M_OK);
    stand_in_exchange_fail(stand_in_transport_last(&fixture->transport), LWM2M_UNREACHABLE);
    server_fixture_assert_diary(fixture, "a: UNREACHABLE\n");
    assert_int_equal(observe(&listeners[0], 5700), LWM2M_OK);
    server_fixture_pass(fixture, 30001);
    server_fixture_assert_diary(fixture, "a: TIMEOUT\n");
}

static void ends_with_the_registration(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_exchange *exchange = observed(fixture, 1);

    assert_int_equal(observe(&listeners[1], 5701), LWM2M_OK);
    server_fixture_pass(fixture, 29000);
    server_fixture_register(fixture, fixture->peer, "ep=dev");
    server_fixture_assert_diary(fixture,
                                "a: GONE ended\nb: GONE ended\nREPLACED dev\nREGISTERED dev\n");
    assert_true(exchange->cancelled);
}

static void ends_when_the_device_moves(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_exchange *exchange = observed(fixture, 1);

    server_fixture_update(fixture, fixture->other_peer, registration->id, "", NULL);
    server_fixture_assert_diary(fixture, "a: GONE\nMOVED dev\nUPDATED dev\n");
    assert_true(exchange->cancelled);
}

static void drops_the_goodbye_when_the_device_moves(void **state)
{
    struct server_fixture *fixture = *state;

    observed(fixture, 1);
    unsubscribe(&listeners[0]);
    struct lwm2m_exchange *goodbye = stand_in_transport_last(&fixture->transport);
    assert_int_equal(observe(&listeners[1], 5701), LWM2M_OK); /* waits behind it */
    server_fixture_update(fixture, fixture->other_peer, registration->id, "", NULL);
    assert_true(goodbye->cancelled);
    assert_int_equal(observe(&listeners[1], 5701), LWM2M_OK);
    server_fixture_pass(fixture, 1);
    struct lwm2m_exchange *next = stand_in_transport_last(&fixture->transport);
    assert_string_equal(next->text, "GET observe=0 /3303/0/5701 accept=0");
    assert_ptr_equal(next->peer, fixture->other_peer);
}

/* ---- calls from within ---- */

static void leave_after_one(struct listener *listener, const struct lwm2m_outcome *outcome)
{
    if (!outcome->error) {
        unsubscribe(listener);
    }
}

static void lets_subscribers_leave_while_they_are_told(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_exchange *exchange = observed(fixture, 3);

    for (size_t i = 0; i < 3; i++) {
        listeners[i].then = leave_after_one;
    }
    notify(exchange, "21", 11);
    server_fixture_assert_diary(fixture, "a: OK 205 #11 21\nb: OK 205 #11 21\nc: OK 205 #11 21\n");
    assert_string_equal(stand_in_transport_last(&fixture->transport)->text,
                        "GET observe=1 /3303/0/5700 accept=0");
}

static void remove_the_others(struct listener *listener, const struct lwm2m_outcome *outcome)
{
    (void)outcome;
    for (size_t i = 0; i < LISTENERS; i++) {
        if (&listeners[i] != listener && listeners[i].subscription) {
            unsubscribe(&listeners[i]);
        }
    }
}

static void lets_one_subscriber_remove_the_others(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_exchange *exchange = observed(fixture, 3);

    listeners[1].then = remove_the_others;
    notify(exchange, "21", 11);
    server_fixture_assert_diary(fixture, "a: OK 205 #11 21\nb: OK 205 #11 21\n");
    note_observations(fixture);
    server_fixture_assert_diary(fixture, "/3303/0/5700 1 1\n");
}

static void cancel_all(struct listener *listener, const struct lwm2m_outcome *outcome)
{
    if (!outcome->error) {
        lwm2m_server_cancel_path(listener->fixture->server, registration, lwm2m_path_root(), false);
    }
}

static void lets_a_subscriber_cancel_the_path(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_exchange *exchange = observed(fixture, 3);

    listeners[1].then = cancel_all;
    notify(exchange, "21", 11);
    server_fixture_assert_diary(fixture, "a: OK 205 #11 21\nb: OK 205 #11 21\n"
                                         "a: CANCELLED\nb: CANCELLED\nc: CANCELLED\n");
}

static void observe_again(struct listener *listener, const struct lwm2m_outcome *outcome)
{
    if (outcome->error) {
        assert_int_equal(observe(listener, 5700), LWM2M_OK);
    }
}

static void lets_a_subscriber_observe_again_when_it_is_over(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_exchange *exchange = observed(fixture, 1);

    listeners[0].then = observe_again;
    stand_in_exchange_fail(exchange, LWM2M_RESET);
    listeners[0].then = NULL;
    struct lwm2m_exchange *again = stand_in_transport_last(&fixture->transport);
    assert_ptr_not_equal(again, exchange);
    notify(again, "30", 0);
    server_fixture_assert_diary(fixture, "a: RESET\na: OK 205 #0 30\n");
}

static void deregister(struct listener *listener, const struct lwm2m_outcome *outcome)
{
    if (!outcome->error) {
        lwm2m_server_deregister(listener->fixture->server, registration);
    }
}

static void lets_a_subscriber_end_the_registration(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_exchange *exchange = observed(fixture, 2);

    listeners[0].then = deregister;
    notify(exchange, "21", 11);
    server_fixture_assert_diary(fixture, "a: OK 205 #11 21\na: GONE ended\nb: GONE ended\n"
                                         "DEREGISTERED dev by operator\n");
}

static void tells_subscribers_when_the_server_is_freed(void **state)
{
    struct server_fixture *fixture = *state;

    observed(fixture, 1);
    assert_int_equal(observe(&listeners[1], 5701), LWM2M_OK);
    lwm2m_server_free(fixture->server);
    fixture->server = NULL;
    server_fixture_assert_diary(fixture, "a: CANCELLED ended\nb: CANCELLED ended\n");
}

static void survives_the_failure_of_every_allocation(void **state)
{
    struct server_fixture *fixture = *state;
    enum lwm2m_error error = LWM2M_NO_MEMORY;

    for (size_t allowed = 0; error; allowed++) {
        virtual_port_fail_after(&fixture->port, allowed);
        error = observe(&listeners[0], 5700);
        assert_true(error == LWM2M_OK || error == LWM2M_NO_MEMORY);
        assert_true(allowed < 10);
    }
    /* A value that cannot be kept is handed on all the same; a goodbye that cannot be said is a
     * reset. */
    virtual_port_fail_after(&fixture->port, 0);
    struct lwm2m_exchange *exchange = stand_in_transport_last(&fixture->transport);
    notify(exchange, "20", 1);
    server_fixture_assert_diary(fixture, "a: OK 205 #1 20\n");
    unsubscribe(&listeners[0]);
    assert_true(exchange->cancelled);
    virtual_port_fail_after(&fixture->port, SIZE_MAX);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(hands_on_the_answer_and_every_notification),
        TEST(drops_what_is_older_than_the_last),
        TEST(counts_around_the_end_of_24_bits),
        TEST(shares_one_observation_of_a_path),
        TEST(gives_a_late_subscriber_the_last_notification),
        TEST(gives_a_late_subscriber_a_newer_one_only_once),
        TEST(forgets_a_replay_with_its_subscription),
        TEST(limits_observations_of_a_device),
        TEST(observes_several_paths_and_says_goodbye_with_the_same),
        TEST(shares_one_observation_of_the_same_paths_in_any_order),
        TEST(refuses_an_observation_of_no_paths_and_of_1_0),
        TEST(ends_what_names_a_path_among_others),
        TEST(sends_attributes_with_the_request_to_1_2),
        TEST(tells_the_device_when_the_last_subscriber_leaves),
        TEST(ignores_notifications_while_the_goodbye_waits),
        TEST(cancels_a_request_that_nobody_waits_for),
        TEST(starts_anew_while_the_goodbye_is_under_way),
        TEST(ends_a_path_for_every_subscriber),
        TEST(ends_all_paths_in_silence),
        TEST(ends_when_the_device_answers_without_observe),
        TEST(ends_with_an_error_of_the_device),
        TEST(ends_with_an_error_of_the_transport),
        TEST(ends_with_the_registration),
        TEST(ends_when_the_device_moves),
        TEST(drops_the_goodbye_when_the_device_moves),
        TEST(lets_subscribers_leave_while_they_are_told),
        TEST(lets_one_subscriber_remove_the_others),
        TEST(lets_a_subscriber_cancel_the_path),
        TEST(lets_a_subscriber_observe_again_when_it_is_over),
        TEST(lets_a_subscriber_end_the_registration),
        TEST(tells_subscribers_when_the_server_is_freed),
        TEST(survives_the_failure_of_every_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
