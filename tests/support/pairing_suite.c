/*
 * The transport suite.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support/pairing_suite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "support/pairing_fixture.h"

#define PATIENCE_MS 5000
/* Longer than what is repeated at once, shorter than the first timeout. */
#define SHORTLY_MS 150

/* ---- set up ---- */

struct combination {
    enum lwm2m_stack device, server;
};

static struct combination combination;

static int set_up(void **state)
{
    *state = pairing_new(combination.device, combination.server);
    return 0;
}

static int tear_down(void **state)
{
    pairing_free(*state);
    return 0;
}

static void each_way(struct pairing *pairing,
                     void (*test)(struct pairing_side *from, struct pairing_side *to))
{
    test(&pairing->device, &pairing->server);
    test(&pairing->server, &pairing->device);
}

static void wait_for_response(struct pairing_side *from, size_t count)
{
    pairing_wait(from->pairing, &from->responses, count, PATIENCE_MS);
    assert_int_equal(from->responses, count);
}

static void assert_content(const struct pairing_side *side, size_t length)
{
    assert_int_equal(side->error, LWM2M_OK);
    assert_int_equal(lwm2m_status_from_code(side->code), LWM2M_STATUS_CONTENT);
    assert_int_equal(side->body_bytes, length);
    for (size_t i = 0; i < length; i++) {
        assert_int_equal(side->body[i], pairing_pattern(i));
    }
}

/* ---- exchanges ---- */

static void send_every_method(struct pairing_side *from, struct pairing_side *to)
{
    from->responses = 0;
    to->requests = 0;
    for (uint8_t method = LWM2M_METHOD_GET; method <= LWM2M_METHOD_IPATCH; method++) {
        pairing_request(from, method, method);
        wait_for_response(from, method);
        assert_content(from, method);
        assert_int_equal(from->method_echo, method);
        assert_int_equal(from->retransmissions, 0);
    }
    assert_int_equal(to->requests, LWM2M_METHOD_IPATCH);
}

static void every_method_arrives_and_is_answered(void **state)
{
    each_way(*state, send_every_method);
}

static void send_non(struct pairing_side *from, struct pairing_side *to)
{
    from->responses = 0;
    to->requests = 0;
    pairing_request_non(from, LWM2M_METHOD_GET);
    wait_for_response(from, 1);
    assert_content(from, 0);
    assert_int_equal(to->requests, 1);
}

static void request_that_is_not_confirmable_is_answered(void **state)
{
    each_way(*state, send_non);
}

static void send_body(struct pairing_side *from, struct pairing_side *to)
{
    from->responses = 0;
    to->requests = 0;
    pairing_request(from, LWM2M_METHOD_POST, 20000);
    wait_for_response(from, 1);
    assert_content(from, 20000);
    assert_int_equal(to->requests, 1);
}

static void large_body_goes_and_comes_back_in_blocks(void **state)
{
    each_way(*state, send_body);
}

static void send_many(struct pairing_side *from, struct pairing_side *to)
{
    from->responses = 0;
    to->requests = 0;
    for (uint8_t i = 0; i < 35; i++) {
        pairing_request(from, (uint8_t)(1 + i % 7), i);
    }
    wait_for_response(from, 35);
    assert_content(from, 34);
    for (uint8_t i = 0; i < 35; i++) {
        assert_int_equal(to->methods[i], 1 + i % 7);
    }
}

static void requests_wait_for_each_other_and_keep_their_order(void **state)
{
    each_way(*state, send_many);
}

static void cancel_a_request(struct pairing_side *from, struct pairing_side *to)
{
    from->responses = 0;
    to->requests = 0;
    pairing_request(from, LWM2M_METHOD_GET, 0);
    pairing_request(from, LWM2M_METHOD_PUT, 0);
    lwm2m_exchange_cancel(from->other, from->exchange); /* it waits */
    wait_for_response(from, 1);
    pairing_request(from, LWM2M_METHOD_GET, 0);
    lwm2m_exchange_cancel(from->other, from->exchange); /* it was sent */
    pairing_request(from, LWM2M_METHOD_DELETE, 0);
    wait_for_response(from, 2);
    assert_int_equal(from->method_echo, LWM2M_METHOD_DELETE);
    pairing_idle(from->pairing, SHORTLY_MS);
    assert_int_equal(from->responses, 2);
    for (size_t i = 0; i < to->requests; i++) {
        assert_int_not_equal(to->methods[i], LWM2M_METHOD_PUT);
    }
}

static void cancelled_request_is_never_answered(void **state)
{
    each_way(*state, cancel_a_request);
}

static void answer_separately(struct pairing_side *from, struct pairing_side *to)
{
    from->responses = 0;
    to->requests = 0;
    to->answers_later = true;
    pairing_request(from, LWM2M_METHOD_GET, 5);
    pairing_wait(from->pairing, &to->requests, 1, PATIENCE_MS);
    pairing_idle(from->pairing, SHORTLY_MS);
    assert_int_equal(from->responses, 0);
    pairing_answer(to);
    wait_for_response(from, 1);
    assert_content(from, 0);
    to->answers_later = false;
    assert_int_equal(to->requests, 1);
}

static void answer_that_takes_time_comes_separately(void **state)
{
    each_way(*state, answer_separately);
}

/* ---- observations: of the device, by the server ---- */

static void observe(struct pairing *pairing)
{
    pairing_observe(&pairing->server);
    wait_for_response(&pairing->server, 1);
    assert_true(pairing->device.is_observed);
}

static void notify(struct pairing *pairing, size_t length)
{
    size_t before = pairing->server.responses;

    pairing_notify(&pairing->device, length);
    wait_for_response(&pairing->server, before + 1);
    assert_content(&pairing->server, length);
}

static void notifications_arrive_until_a_request_ends_them(void **state)
{
    struct pairing *pairing = *state;

    observe(pairing);
    for (size_t i = 0; i < 20; i++) {
        notify(pairing, i);
    }
    pairing_end_observation(&pairing->server);
    wait_for_response(&pairing->server, 22);
    assert_int_equal(pairing->server.error, LWM2M_OK);
    assert_false(pairing->device.is_observed);
    assert_int_equal(pairing->device.failed_notifications, 0);
}

static void notification_of_several_blocks_arrives_whole(void **state)
{
    struct pairing *pairing = *state;

    observe(pairing);
    notify(pairing, 5000);
}

static void forgotten_observation_is_reset(void **state)
{
    struct pairing *pairing = *state;

    observe(pairing);
    notify(pairing, 3);
    lwm2m_exchange_cancel(pairing->server.other, pairing->server.exchange);
    pairing_notify(&pairing->device, 4);
    pairing_wait(pairing, &pairing->device.failed_notifications, 1, PATIENCE_MS);
    assert_int_equal(pairing->device.failed_notifications, 1);
    assert_int_equal(pairing->device.failure, LWM2M_RESET);
    assert_int_equal(pairing->server.responses, 2);
}

static void only_the_newest_of_many_notifications_must_arrive(void **state)
{
    struct pairing *pairing = *state;

    observe(pairing);
    for (size_t i = 1; i <= 50; i++) {
        pairing_notify(&pairing->device, i);
    }
    pairing_idle(pairing, SHORTLY_MS);
    assert_content(&pairing->server, 50);
    assert_true(pairing->server.responses < 50);
    assert_int_equal(pairing->device.failed_notifications, 0);
}

/* ---- a bad network ---- */

static unsigned twice(void *context, bool to_server, struct lwm2m_bytes datagram)
{
    (void)context;
    (void)to_server;
    (void)datagram;
    return 2;
}

static void repeat_everything(struct pairing_side *from, struct pairing_side *to)
{
    from->responses = 0;
    to->requests = 0;
    for (uint8_t i = 1; i <= 50; i++) {
        pairing_request(from, LWM2M_METHOD_PUT, i);
        wait_for_response(from, i);
        assert_content(from, i);
    }
    pairing_request_non(from, LWM2M_METHOD_POST);
    wait_for_response(from, 51);
    pairing_idle(from->pairing, SHORTLY_MS);
    assert_int_equal(to->requests, 51);
    assert_int_equal(from->responses, 51);
}

static void repeated_request_runs_its_handler_once(void **state)
{
    struct pairing *pairing = *state;

    pairing->relay.copies = twice;
    each_way(pairing, repeat_everything);
}

static void repeat_while_waiting(struct pairing_side *from, struct pairing_side *to)
{
    answer_separately(from, to);
    pairing_idle(from->pairing, SHORTLY_MS);
    assert_int_equal(to->requests, 1);
    assert_int_equal(from->responses, 1);
}

static void request_repeated_before_its_answer_runs_once(void **state)
{
    struct pairing *pairing = *state;

    pairing->relay.copies = twice;
    each_way(pairing, repeat_while_waiting);
}

static void repeated_notification_counts_once(void **state)
{
    struct pairing *pairing = *state;

    pairing->relay.copies = twice;
    observe(pairing);
    for (size_t i = 1; i <= 10; i++) {
        notify(pairing, i);
    }
    pairing_idle(pairing, SHORTLY_MS);
    assert_int_equal(pairing->server.responses, 11);
    assert_int_equal(pairing->device.failed_notifications, 0);
}

static void drop_requests(struct pairing_side *from, struct pairing_side *to)
{
    from->responses = 0;
    to->requests = 0;
    to->drops = true;
    from->pairing->relay.forwarded = 0;
    pairing_request_non(from, LWM2M_METHOD_GET);
    pairing_wait(from->pairing, &to->requests, 1, PATIENCE_MS);
    pairing_idle(from->pairing, SHORTLY_MS);
    assert_int_equal(from->pairing->relay.forwarded, 1);
    assert_int_equal(to->requests, 1);
    lwm2m_exchange_cancel(from->other, from->exchange);
    pairing_request(from, LWM2M_METHOD_GET, 0);
    pairing_wait(from->pairing, &to->requests, 2, PATIENCE_MS);
    pairing_idle(from->pairing, SHORTLY_MS);
    assert_int_equal(from->pairing->relay.forwarded, 2);
    lwm2m_exchange_cancel(from->other, from->exchange);
    to->drops = false;
}

static void dropped_request_gets_no_answer_at_all(void **state)
{
    each_way(*state, drop_requests);
}

static bool is_confirmable(struct lwm2m_bytes datagram)
{
    return datagram.length >= 4 && (datagram.data[0] >> 4 & 3) == LWM2M_MESSAGE_CON;
}

/* Loses the first of each kind on its way: the request, and the answer to the one after it. */
struct losses {
    unsigned requests[2], answers[2]; /* to the device, to the server */
};

static unsigned lose_first(void *context, bool to_server, struct lwm2m_bytes datagram)
{
    struct losses *losses = context;
    unsigned *left =
        is_confirmable(datagram) ? &losses->requests[to_server] : &losses->answers[to_server];

    if (*left == 0) {
        return 1;
    }
    (*left)--;
    return 0;
}

/* Both ways at once, since each loss costs a timeout. */
static void lost_request_is_sent_again(void **state)
{
    struct pairing *pairing = *state;
    struct losses losses = {.requests = {1, 1}};

    pairing->relay.copies = lose_first;
    pairing->relay.context = &losses;
    pairing->device.requests = 0;
    pairing_request(&pairing->device, LWM2M_METHOD_PUT, 9);
    pairing_request(&pairing->server, LWM2M_METHOD_PUT, 8);
    wait_for_response(&pairing->device, 1);
    wait_for_response(&pairing->server, 1);
    assert_content(&pairing->device, 9);
    assert_content(&pairing->server, 8);
    assert_int_equal(pairing->device.retransmissions, 1);
    assert_int_equal(pairing->server.retransmissions, 1);
    assert_int_equal(pairing->device.requests, 1);
    assert_int_equal(pairing->server.requests, 1);
}

static void lost_answer_is_given_again_without_running_twice(void **state)
{
    struct pairing *pairing = *state;
    struct losses losses = {.answers = {1, 1}};

    pairing->relay.copies = lose_first;
    pairing->relay.context = &losses;
    pairing->device.requests = 0;
    pairing_request(&pairing->device, LWM2M_METHOD_PUT, 9);
    pairing_request(&pairing->server, LWM2M_METHOD_PUT, 8);
    wait_for_response(&pairing->device, 1);
    wait_for_response(&pairing->server, 1);
    assert_content(&pairing->device, 9);
    assert_content(&pairing->server, 8);
    assert_int_equal(pairing->device.requests, 1);
    assert_int_equal(pairing->server.requests, 1);
}

static void lost_notification_is_sent_again(void **state)
{
    struct pairing *pairing = *state;
    struct losses losses = {.requests = {0, 1}};

    observe(pairing);
    pairing->relay.copies = lose_first;
    pairing->relay.context = &losses;
    notify(pairing, 7);
    assert_int_equal(pairing->device.failed_notifications, 0);
}

static unsigned lose_all(void *context, bool to_server, struct lwm2m_bytes datagram)
{
    (void)context;
    (void)to_server;
    (void)datagram;
    return 0;
}

static void silence_is_noticed_on_both_sides(void **state)
{
    struct pairing *pairing = *state;

    observe(pairing);
    pairing->server.responses = 0;
    pairing->relay.copies = lose_all;
    pairing_request(&pairing->device, LWM2M_METHOD_PUT, 1);
    pairing_request(&pairing->server, LWM2M_METHOD_PUT, 1);
    pairing_notify(&pairing->device, 2);
    wait_for_response(&pairing->device, 1);
    wait_for_response(&pairing->server, 1);
    pairing_wait(pairing, &pairing->device.failed_notifications, 1, PATIENCE_MS);
    assert_int_equal(pairing->device.error, LWM2M_TIMEOUT);
    assert_int_equal(pairing->device.retransmissions, 1);
    assert_int_equal(pairing->server.error, LWM2M_TIMEOUT);
    assert_int_equal(pairing->device.failed_notifications, 1);
    assert_int_equal(pairing->device.failure, LWM2M_TIMEOUT);
    /* And then all is well again. */
    pairing->relay.copies = NULL;
    each_way(pairing, send_every_method);
}

static void closed_port_is_noticed_at_once(void **state)
{
    struct pairing *pairing = *state;
    size_t never = 0;

    udp_relay_close(&pairing->relay);
    pairing_request(&pairing->device, LWM2M_METHOD_PUT, 1);
    pairing_wait(pairing, &pairing->device.responses, 1, 500);
    assert_int_equal(pairing->device.responses, 1);
    assert_int_equal(pairing->device.error, LWM2M_UNREACHABLE);
    pairing_wait(pairing, &never, 1, SHORTLY_MS);
    assert_int_equal(pairing->device.responses, 1);
}

/* ---- restart: the other side's address stays, its message ids and tokens do not ---- */

static void restarted_device_is_served_and_asked(void **state)
{
    struct pairing *pairing = *state;

    observe(pairing);
    pairing_restart(&pairing->device);
    each_way(pairing, send_every_method);
}

static void restarted_server_is_found_again(void **state)
{
    struct pairing *pairing = *state;

    observe(pairing);
    pairing_restart(&pairing->server);
    pairing->server.exchange = NULL;
    send_every_method(&pairing->device, &pairing->server);
    send_every_method(&pairing->server, &pairing->device);
    /* It knows nothing of the observation. */
    pairing_notify(&pairing->device, 4);
    pairing_wait(pairing, &pairing->device.failed_notifications, 1, PATIENCE_MS);
    assert_int_equal(pairing->device.failure, LWM2M_RESET);
}

/* ---- the suite ---- */

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static const struct CMUnitTest suite[] = {
    TEST(every_method_arrives_and_is_answered),
    TEST(request_that_is_not_confirmable_is_answered),
    TEST(large_body_goes_and_comes_back_in_blocks),
    TEST(requests_wait_for_each_other_and_keep_their_order),
    TEST(cancelled_request_is_never_answered),
    TEST(answer_that_takes_time_comes_separately),
    TEST(notifications_arrive_until_a_request_ends_them),
    TEST(notification_of_several_blocks_arrives_whole),
    TEST(forgotten_observation_is_reset),
    TEST(only_the_newest_of_many_notifications_must_arrive),
    TEST(repeated_request_runs_its_handler_once),
    TEST(request_repeated_before_its_answer_runs_once),
    TEST(repeated_notification_counts_once),
    TEST(dropped_request_gets_no_answer_at_all),
    TEST(lost_request_is_sent_again),
    TEST(lost_answer_is_given_again_without_running_twice),
    TEST(lost_notification_is_sent_again),
    TEST(silence_is_noticed_on_both_sides),
    TEST(closed_port_is_noticed_at_once),
    TEST(restarted_device_is_served_and_asked),
    TEST(restarted_server_is_found_again),
};

static const char *const stack_names[] = {"endpoint", "libcoap"};

int pairing_suite_run(enum lwm2m_stack device, enum lwm2m_stack server)
{
    const size_t count = sizeof(suite) / sizeof(suite[0]);
    struct timespec from, to;
    char name[64];
    int failures;

    combination = (struct combination){device, server};
    snprintf(name, sizeof(name), "device on %s, server on %s", stack_names[device],
             stack_names[server]);
    clock_gettime(CLOCK_MONOTONIC, &from);
    failures = _cmocka_run_group_tests(name, suite, count, NULL, NULL);
    clock_gettime(CLOCK_MONOTONIC, &to);
    printf("# %s: %zu of %zu in %.1f s\n", name, count - (size_t)failures, count,
           (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9);
    return failures;
}
