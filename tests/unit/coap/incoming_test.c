/*
 * Requests of peers: handled once, answered in the acknowledgement or separately, reset when they
 * make no sense.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/endpoint_fixture.h"

#define CODE_CONTENT 0x45
#define CODE_SERVICE_UNAVAILABLE 0xa3

static int set_up(void **state)
{
    struct endpoint_fixture *fixture = malloc(sizeof(*fixture));

    endpoint_fixture_init(fixture);
    endpoint_fixture_open(fixture);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct endpoint_fixture *fixture = *state;

    endpoint_fixture_close(fixture);
    free(fixture);
    return 0;
}

static void get(struct endpoint_fixture *fixture, enum lwm2m_message_type type, uint16_t message_id)
{
    struct lwm2m_token token = token_of("tk");

    endpoint_fixture_send(fixture, type, LWM2M_METHOD_GET, message_id, &token, "ping");
}

static void answer(struct endpoint_fixture *fixture, size_t payload_bytes)
{
    static const uint8_t zeros[2000];
    struct lwm2m_message message = {
        .code = CODE_CONTENT,
        .payload = {zeros, payload_bytes},
    };
    enum lwm2m_error expected =
        payload_bytes < FAKE_NETWORK_DATAGRAM_MAX ? LWM2M_OK : LWM2M_TOO_LARGE;

    assert_int_equal(lwm2m_incoming_respond(fixture->requester, fixture->incoming, &message),
                     expected);
}

static void con_is_answered_in_its_acknowledgement(void **state)
{
    struct endpoint_fixture *fixture = *state;
    const struct fixture_message *got;
    struct lwm2m_token token = token_of("tk");

    get(fixture, LWM2M_MESSAGE_CON, 7);
    got = endpoint_fixture_expect(fixture, LWM2M_MESSAGE_ACK, CODE_CONTENT);
    assert_int_equal(got->message.message_id, 7);
    assert_true(lwm2m_token_equal(&got->message.token, &token));
    assert_true(lwm2m_bytes_equal_text(got->message.payload, "ping"));
    endpoint_fixture_expect_silence(fixture);
}

static void repeated_con_gets_the_same_bytes_and_runs_once(void **state)
{
    struct endpoint_fixture *fixture = *state;
    const struct fixture_message *first;
    const struct fixture_message *again;

    get(fixture, LWM2M_MESSAGE_CON, 7);
    first = endpoint_fixture_expect(fixture, LWM2M_MESSAGE_ACK, CODE_CONTENT);
    for (int i = 0; i < 3; i++) {
        fake_network_run_for(&fixture->network, 60000);
        get(fixture, LWM2M_MESSAGE_CON, 7);
        again = endpoint_fixture_expect(fixture, LWM2M_MESSAGE_ACK, CODE_CONTENT);
        assert_memory_equal(again->bytes, first->bytes, first->length);
    }
    assert_int_equal(fixture->requests, 1);
    assert_int_equal(endpoint_fixture_statistics(fixture).duplicates, 3);
}

static void message_id_is_new_again_after_the_exchange_lifetime(void **state)
{
    struct endpoint_fixture *fixture = *state;

    get(fixture, LWM2M_MESSAGE_CON, 7);
    fake_network_run_for(&fixture->network, 246000);
    get(fixture, LWM2M_MESSAGE_CON, 7);
    assert_int_equal(fixture->requests, 1);
    fake_network_run_for(&fixture->network, 2000);
    get(fixture, LWM2M_MESSAGE_CON, 7);
    assert_int_equal(fixture->requests, 2);
}

static void non_is_answered_as_non_and_ignored_when_repeated(void **state)
{
    struct endpoint_fixture *fixture = *state;

    get(fixture, LWM2M_MESSAGE_NON, 9);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_NON, CODE_CONTENT);
    get(fixture, LWM2M_MESSAGE_NON, 9);
    endpoint_fixture_expect_silence(fixture);
    assert_int_equal(fixture->requests, 1);
    fake_network_run_for(&fixture->network, 145000);
    get(fixture, LWM2M_MESSAGE_NON, 9);
    assert_int_equal(fixture->requests, 2);
}

static void late_answer_is_separate_and_sent_until_acknowledged(void **state)
{
    struct endpoint_fixture *fixture = *state;
    const struct fixture_message *got;
    uint16_t message_id;

    fixture->policy = FIXTURE_ANSWERS_LATER;
    get(fixture, LWM2M_MESSAGE_CON, 7);
    got = endpoint_fixture_expect(fixture, LWM2M_MESSAGE_ACK, 0);
    assert_int_equal(got->message.message_id, 7);

    get(fixture, LWM2M_MESSAGE_CON, 7);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_ACK, 0);
    assert_int_equal(fixture->requests, 1);

    answer(fixture, 3);
    got = endpoint_fixture_expect(fixture, LWM2M_MESSAGE_CON, CODE_CONTENT);
    message_id = got->message.message_id;
    fake_network_run_for(&fixture->network, 3100);
    got = endpoint_fixture_expect(fixture, LWM2M_MESSAGE_CON, CODE_CONTENT);
    assert_int_equal(got->message.message_id, message_id);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_ACK, 0, message_id, NULL, NULL);
    fake_network_run_for(&fixture->network, 100000);
    endpoint_fixture_expect_silence(fixture);

    get(fixture, LWM2M_MESSAGE_CON, 7);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_ACK, 0);
    assert_int_equal(fixture->requests, 1);
}

static void late_answer_to_a_non_is_a_non(void **state)
{
    struct endpoint_fixture *fixture = *state;

    fixture->policy = FIXTURE_ANSWERS_LATER;
    get(fixture, LWM2M_MESSAGE_NON, 7);
    endpoint_fixture_expect_silence(fixture);
    answer(fixture, 3);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_NON, CODE_CONTENT);
    fake_network_run_for(&fixture->network, 100000);
    endpoint_fixture_expect_silence(fixture);
}

static void late_answer_goes_out_once_when_memory_is_short(void **state)
{
    struct endpoint_fixture *fixture = *state;

    fixture->policy = FIXTURE_ANSWERS_LATER;
    get(fixture, LWM2M_MESSAGE_CON, 7);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_ACK, 0);
    virtual_port_fail_after(&fixture->port, 0);
    answer(fixture, 3);
    virtual_port_fail_after(&fixture->port, SIZE_MAX);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_NON, CODE_CONTENT);
}

static void dropped_request_stays_unanswered(void **state)
{
    struct endpoint_fixture *fixture = *state;

    fixture->policy = FIXTURE_DROPS;
    get(fixture, LWM2M_MESSAGE_CON, 7);
    get(fixture, LWM2M_MESSAGE_CON, 7);
    endpoint_fixture_expect_silence(fixture);
    assert_int_equal(fixture->requests, 1);
}

static void request_dropped_late_is_only_acknowledged(void **state)
{
    struct endpoint_fixture *fixture = *state;

    fixture->policy = FIXTURE_ANSWERS_LATER;
    get(fixture, LWM2M_MESSAGE_CON, 7);
    lwm2m_incoming_drop(fixture->requester, fixture->incoming);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_ACK, 0);
    endpoint_fixture_expect_silence(fixture);
}

static void answer_too_large_for_the_link_becomes_an_internal_error(void **state)
{
    struct endpoint_fixture *fixture = *state;

    fixture->policy = FIXTURE_ANSWERS_LATER;
    get(fixture, LWM2M_MESSAGE_CON, 7);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_ACK, 0);
    answer(fixture, 1472);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_CON, 0xa0);
}

static void request_is_not_handled_when_it_cannot_be_remembered(void **state)
{
    struct endpoint_fixture *fixture = *state;

    for (size_t i = 0; i < 2; i++) {
        virtual_port_fail_after(&fixture->port, i);
        get(fixture, LWM2M_MESSAGE_CON, 7);
        endpoint_fixture_expect_silence(fixture);
    }
    virtual_port_fail_after(&fixture->port, SIZE_MAX);
    get(fixture, LWM2M_MESSAGE_CON, 7);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_ACK, CODE_CONTENT);
    assert_int_equal(fixture->requests, 1);
}

static void ping_is_reset(void **state)
{
    struct endpoint_fixture *fixture = *state;
    const struct fixture_message *got;

    endpoint_fixture_send(fixture, LWM2M_MESSAGE_CON, 0, 0x1234, NULL, NULL);
    got = endpoint_fixture_expect(fixture, LWM2M_MESSAGE_RST, 0);
    assert_int_equal(got->message.message_id, 0x1234);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_NON, 0, 0x1235, NULL, NULL);
    endpoint_fixture_expect_silence(fixture);
}

/* RFC 7252 §4.2, §4.3: rejected if confirmable, ignored if not. */
static void nonsense_is_reset_if_confirmable(void **state)
{
    static const struct {
        uint8_t bytes[8];
        size_t length;
        bool reset;
    } cases[] = {
        {{0x49, 1, 0, 1}, 4, true},          /* token length 9 */
        {{0x4f, 1, 0, 1}, 4, true},          /* token length 15 */
        {{0x42, 1, 0, 1, 'a'}, 5, true},     /* token runs past the end */
        {{0x41, 0, 0, 1, 'a'}, 5, true},     /* empty with token */
        {{0x40, 0, 0, 1, 0xff, 1}, 6, true}, /* empty with payload */
        {{0x40, 1, 0, 1, 0xff}, 5, true},    /* marker without payload */
        {{0x40, 1, 0, 1, 0xf0}, 5, true},    /* option delta 15 */
        {{0x40, 1, 0, 1, 0x0f}, 5, true},    /* option length 15 */
        {{0x40, 0x21, 0, 1}, 4, true},       /* code class 1 */
        {{0x40, 0xc1, 0, 1}, 4, true},       /* code class 6 */
        {{0x40, 0xe1, 0, 1}, 4, true},       /* code class 7 */
        {{0x50, 0x21, 0, 1}, 4, false},      /* the same as NON */
        {{0x59, 1, 0, 1}, 4, false},         {{0x60, 1, 0, 1}, 4, false}, /* a request as ACK */
        {{0x70, 1, 0, 1}, 4, false},                                      /* a request as RST */
        {{0x70, 0x45, 0, 1}, 4, false},                                   /* an answer as RST */
        {{0x69, 0x45, 0, 1}, 4, false},      {{0x60, 0, 0, 1}, 4, false}, /* nothing of ours waits
                                                                             for it */
        {{0x70, 0, 0, 1}, 4, false},         {{0x40, 1, 0}, 3, false},    {{0x40}, 1, false},
        {{0x00, 1, 0, 1}, 4, false}, /* version 0 */
        {{0x80, 1, 0, 1}, 4, false},         {{0xc0, 1, 0, 1}, 4, false},
    };
    struct endpoint_fixture *fixture = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        endpoint_fixture_send_bytes(fixture, cases[i].bytes, cases[i].length);
        if (cases[i].reset) {
            assert_int_equal(
                endpoint_fixture_expect(fixture, LWM2M_MESSAGE_RST, 0)->message.message_id, 1);
        }
        endpoint_fixture_expect_silence(fixture);
    }
    assert_int_equal(fixture->requests, 0);
}

static void nonsense_makes_no_peer(void **state)
{
    struct endpoint_fixture *fixture = *state;
    struct lwm2m_token token = token_of("x");

    lwm2m_peer_release(fixture->peer);
    fake_network_run_for(&fixture->network, 248000);
    assert_int_equal(endpoint_fixture_statistics(fixture).peers, 0);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_CON, CODE_CONTENT, 1, &token, NULL);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_RST, 0);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_CON, 0, 2, NULL, NULL);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_RST, 0);
    assert_int_equal(endpoint_fixture_statistics(fixture).peers, 0);
    get(fixture, LWM2M_MESSAGE_CON, 7);
    assert_int_equal(endpoint_fixture_statistics(fixture).peers, 1);
    fake_network_run_for(&fixture->network, 500000);
    assert_int_equal(endpoint_fixture_statistics(fixture).peers, 0);
    assert_int_equal(endpoint_fixture_statistics(fixture).kept_answers, 0);
    assert_int_equal(endpoint_fixture_statistics(fixture).kept_answer_bytes, 0);
}

/* As many as one peer may leave with us. */
#define UNANSWERED_MAX 64

static void peer_with_too_many_requests_unanswered_is_refused(void **state)
{
    struct endpoint_fixture *fixture = *state;

    fixture->policy = FIXTURE_ANSWERS_LATER;
    for (uint16_t i = 0; i < UNANSWERED_MAX; i++) {
        get(fixture, i % 2 == 0 ? LWM2M_MESSAGE_CON : LWM2M_MESSAGE_NON, i);
        fixture->message_count = 0;
        fixture->next = 0;
    }
    get(fixture, LWM2M_MESSAGE_CON, 1000);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_ACK, CODE_SERVICE_UNAVAILABLE);
    get(fixture, LWM2M_MESSAGE_NON, 1001);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_NON, CODE_SERVICE_UNAVAILABLE);
    assert_int_equal(fixture->requests, UNANSWERED_MAX);

    /* It is refused for now: one that is answered makes room for one. */
    answer(fixture, 3);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_NON, CODE_CONTENT);
    get(fixture, LWM2M_MESSAGE_CON, 1000);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_ACK, 0);
    assert_int_equal(fixture->requests, UNANSWERED_MAX + 1);
    endpoint_fixture_expect_silence(fixture);
}

static void peer_that_acknowledges_no_answer_is_refused(void **state)
{
    struct endpoint_fixture *fixture = *state;
    uint16_t last = 0;

    fixture->policy = FIXTURE_ANSWERS_LATER;
    for (uint16_t i = 0; i < UNANSWERED_MAX; i++) {
        fixture->message_count = 0;
        fixture->next = 0;
        get(fixture, LWM2M_MESSAGE_CON, i);
        endpoint_fixture_expect(fixture, LWM2M_MESSAGE_ACK, 0);
        answer(fixture, 3);
        last =
            endpoint_fixture_expect(fixture, LWM2M_MESSAGE_CON, CODE_CONTENT)->message.message_id;
    }
    get(fixture, LWM2M_MESSAGE_CON, 1000);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_ACK, CODE_SERVICE_UNAVAILABLE);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_ACK, 0, last, NULL, NULL);
    get(fixture, LWM2M_MESSAGE_CON, 1001);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_ACK, 0);

    /* What was never acknowledged is given up some time, and forgotten. */
    lwm2m_incoming_drop(fixture->requester, fixture->incoming);
    for (int i = 0; i < 100; i++) {
        fixture->message_count = 0;
        fixture->next = 0;
        fake_network_run_for(&fixture->network, 1000);
    }
    for (uint16_t i = 0; i < UNANSWERED_MAX; i++) {
        fixture->message_count = 0;
        fixture->next = 0;
        get(fixture, LWM2M_MESSAGE_CON, (uint16_t)(2000 + i));
        endpoint_fixture_expect(fixture, LWM2M_MESSAGE_ACK, 0);
    }
}

static void freeing_with_requests_unanswered_leaks_nothing(void **state)
{
    struct endpoint_fixture *fixture = *state;

    fixture->policy = FIXTURE_ANSWERS_LATER;
    for (uint16_t i = 0; i < 5; i++) {
        get(fixture, LWM2M_MESSAGE_CON, i);
    }
    answer(fixture, 1); /* under way as well */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(con_is_answered_in_its_acknowledgement),
        TEST(repeated_con_gets_the_same_bytes_and_runs_once),
        TEST(message_id_is_new_again_after_the_exchange_lifetime),
        TEST(non_is_answered_as_non_and_ignored_when_repeated),
        TEST(late_answer_is_separate_and_sent_until_acknowledged),
        TEST(late_answer_to_a_non_is_a_non),
        TEST(late_answer_goes_out_once_when_memory_is_short),
        TEST(dropped_request_stays_unanswered),
        TEST(request_dropped_late_is_only_acknowledged),
        TEST(answer_too_large_for_the_link_becomes_an_internal_error),
        TEST(request_is_not_handled_when_it_cannot_be_remembered),
        TEST(ping_is_reset),
        TEST(nonsense_is_reset_if_confirmable),
        TEST(nonsense_makes_no_peer),
        TEST(peer_with_too_many_requests_unanswered_is_refused),
        TEST(peer_that_acknowledges_no_answer_is_refused),
        TEST(freeing_with_requests_unanswered_leaks_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
