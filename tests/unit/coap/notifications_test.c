/*
 * Notifications of ours: delivered or failed by token, one confirmable under way for each.
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

static void notify(struct endpoint_fixture *fixture, const char *token, const char *payload)
{
    struct lwm2m_token bytes = token_of(token);

    assert_int_equal(endpoint_fixture_notify(fixture, &bytes, payload, true), LWM2M_OK);
}

static const struct lwm2m_message *expect(struct endpoint_fixture *fixture,
                                          enum lwm2m_message_type type, const char *payload)
{
    const struct fixture_message *got = endpoint_fixture_expect(fixture, type, CODE_CONTENT);

    assert_true(lwm2m_bytes_equal_text(got->message.payload, payload));
    return &got->message;
}

static void confirmable_is_delivered_when_acknowledged(void **state)
{
    struct endpoint_fixture *fixture = *state;
    const struct lwm2m_message *sent;

    notify(fixture, "a", "1");
    sent = expect(fixture, LWM2M_MESSAGE_CON, "1");
    fake_network_run_for(&fixture->network, 3100);
    expect(fixture, LWM2M_MESSAGE_CON, "1");
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_ACK, 0, sent->message_id, NULL, NULL);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_ACK, 0, sent->message_id, NULL, NULL);
    assert_int_equal(fixture->delivered, 1);
    fake_network_run_for(&fixture->network, 100000);
    endpoint_fixture_expect_silence(fixture);
    assert_int_equal(fixture->failed, 0);
}

static void reset_fails_it_by_token(void **state)
{
    struct endpoint_fixture *fixture = *state;
    struct lwm2m_token token = token_of("a");

    notify(fixture, "a", "1");
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_RST, 0,
                          expect(fixture, LWM2M_MESSAGE_CON, "1")->message_id, NULL, NULL);
    assert_int_equal(fixture->failed, 1);
    assert_int_equal(fixture->failed_error, LWM2M_RESET);
    assert_true(lwm2m_token_equal(&fixture->failed_token, &token));
}

/* The others would each take as long to find out the same. */
static void timeout_fails_all_that_wait(void **state)
{
    struct endpoint_fixture *fixture = *state;

    notify(fixture, "a", "1");
    notify(fixture, "b", "2");
    notify(fixture, "c", "3");
    fake_network_run_for(&fixture->network, 93001);
    assert_int_equal(fixture->failed, 3);
    assert_int_equal(fixture->failed_error, LWM2M_TIMEOUT);
    for (int i = 0; i < 5; i++) {
        expect(fixture, LWM2M_MESSAGE_CON, "1");
    }
    endpoint_fixture_expect_silence(fixture);
}

static void those_of_other_tokens_wait_for_the_window(void **state)
{
    struct endpoint_fixture *fixture = *state;
    const struct lwm2m_message *sent;

    notify(fixture, "a", "1");
    notify(fixture, "b", "2");
    notify(fixture, "b", "3"); /* takes the place of the one before, which nobody has seen */
    sent = expect(fixture, LWM2M_MESSAGE_CON, "1");
    endpoint_fixture_expect_silence(fixture);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_ACK, 0, sent->message_id, NULL, NULL);
    sent = expect(fixture, LWM2M_MESSAGE_CON, "3");
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_ACK, 0, sent->message_id, NULL, NULL);
    endpoint_fixture_expect_silence(fixture);
    assert_int_equal(fixture->delivered, 2);
}

static void newer_one_follows_the_acknowledgement(void **state)
{
    struct endpoint_fixture *fixture = *state;
    const struct lwm2m_message *sent;

    notify(fixture, "a", "1");
    sent = expect(fixture, LWM2M_MESSAGE_CON, "1");
    notify(fixture, "a", "2");
    notify(fixture, "a", "3");
    endpoint_fixture_expect_silence(fixture);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_ACK, 0, sent->message_id, NULL, NULL);
    sent = expect(fixture, LWM2M_MESSAGE_CON, "3");
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_ACK, 0, sent->message_id, NULL, NULL);
    assert_int_equal(fixture->delivered, 2);
}

/* RFC 7641 §4.5.2: the newer one goes on with the count and the timeout of the older. */
static void newer_one_takes_the_place_of_a_retransmission(void **state)
{
    struct endpoint_fixture *fixture = *state;
    const struct fixture_message *got[5];
    uint64_t first;

    notify(fixture, "a", "1");
    fake_network_settle(&fixture->network);
    notify(fixture, "a", "2");
    fake_network_run_for(&fixture->network, 4000);
    notify(fixture, "a", "3");
    fake_network_run_for(&fixture->network, 89001);
    for (size_t i = 0; i < 5; i++) {
        got[i] = endpoint_fixture_expect(fixture, LWM2M_MESSAGE_CON, CODE_CONTENT);
    }
    endpoint_fixture_expect_silence(fixture);
    assert_true(lwm2m_bytes_equal_text(got[0]->message.payload, "1"));
    assert_true(lwm2m_bytes_equal_text(got[1]->message.payload, "2"));
    assert_true(lwm2m_bytes_equal_text(got[2]->message.payload, "3"));
    assert_true(lwm2m_bytes_equal_text(got[4]->message.payload, "3"));
    assert_int_not_equal(got[0]->message.message_id, got[1]->message.message_id);
    assert_int_not_equal(got[1]->message.message_id, got[2]->message.message_id);
    assert_int_equal(got[2]->message.message_id, got[3]->message.message_id);
    first = got[1]->time_ms - got[0]->time_ms;
    for (size_t i = 1; i < 5; i++) {
        assert_int_equal(got[i]->time_ms - got[i - 1]->time_ms, first << (i - 1));
    }
    assert_int_equal(fixture->failed, 1);
    assert_int_equal(fixture->failed_error, LWM2M_TIMEOUT);
}

static void non_behind_a_confirmable_becomes_confirmable(void **state)
{
    struct endpoint_fixture *fixture = *state;
    struct lwm2m_token token = token_of("a");
    const struct lwm2m_message *sent;

    notify(fixture, "a", "1");
    sent = expect(fixture, LWM2M_MESSAGE_CON, "1");
    assert_int_equal(endpoint_fixture_notify(fixture, &token, "2", false), LWM2M_OK);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_ACK, 0, sent->message_id, NULL, NULL);
    expect(fixture, LWM2M_MESSAGE_CON, "2");
}

static void reset_of_a_non_is_recognised_for_its_lifetime(void **state)
{
    struct endpoint_fixture *fixture = *state;
    struct lwm2m_token first = token_of("a");
    struct lwm2m_token second = token_of("b");
    uint16_t message_id;

    assert_int_equal(endpoint_fixture_notify(fixture, &first, "1", false), LWM2M_OK);
    message_id = expect(fixture, LWM2M_MESSAGE_NON, "1")->message_id;
    assert_int_equal(endpoint_fixture_notify(fixture, &second, "2", false), LWM2M_OK);
    fake_network_run_for(&fixture->network, 144000);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_RST, 0, message_id, NULL, NULL);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_RST, 0, message_id, NULL, NULL);
    assert_int_equal(fixture->failed, 1);
    assert_int_equal(fixture->failed_error, LWM2M_RESET);
    assert_true(lwm2m_token_equal(&fixture->failed_token, &first));
    fake_network_run_for(&fixture->network, 2000);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_RST, 0, (uint16_t)(message_id + 1), NULL, NULL);
    assert_int_equal(fixture->failed, 1);
    assert_int_equal(fixture->delivered, 0);
}

static void unreachable_fails_all(void **state)
{
    struct endpoint_fixture *fixture = *state;

    notify(fixture, "a", "1");
    notify(fixture, "a", "2");
    notify(fixture, "b", "3");
    lwm2m_endpoint_fail(fixture->endpoint, &fixture->script->address, LWM2M_UNREACHABLE);
    assert_int_equal(fixture->failed, 2);
    assert_int_equal(fixture->failed_error, LWM2M_UNREACHABLE);
}

static void freeing_with_notifications_under_way_leaks_nothing(void **state)
{
    struct endpoint_fixture *fixture = *state;
    struct lwm2m_token token = token_of("c");

    notify(fixture, "a", "1");
    notify(fixture, "a", "2");
    notify(fixture, "b", "3");
    assert_int_equal(endpoint_fixture_notify(fixture, &token, "4", false), LWM2M_OK);
}

static void peer_that_is_forgotten_takes_its_memory_of_nons_along(void **state)
{
    struct endpoint_fixture *fixture = *state;
    struct lwm2m_token token = token_of("a");

    assert_int_equal(endpoint_fixture_notify(fixture, &token, "1", false), LWM2M_OK);
    lwm2m_peer_release(fixture->peer);
    fake_network_run_for(&fixture->network, 250000);
    assert_int_equal(endpoint_fixture_statistics(fixture).peers, 0);
}

static void notification_fails_cleanly_when_memory_is_short(void **state)
{
    struct endpoint_fixture *fixture = *state;
    struct lwm2m_token token = token_of("a");

    virtual_port_fail_after(&fixture->port, 0);
    assert_int_equal(endpoint_fixture_notify(fixture, &token, "1", true), LWM2M_NO_MEMORY);
    assert_int_equal(endpoint_fixture_notify(fixture, &token, "1", false), LWM2M_OK);
    virtual_port_fail_after(&fixture->port, SIZE_MAX);
    expect(fixture, LWM2M_MESSAGE_NON, "1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(confirmable_is_delivered_when_acknowledged),
        TEST(reset_fails_it_by_token),
        TEST(timeout_fails_all_that_wait),
        TEST(those_of_other_tokens_wait_for_the_window),
        TEST(newer_one_follows_the_acknowledgement),
        TEST(newer_one_takes_the_place_of_a_retransmission),
        TEST(non_behind_a_confirmable_becomes_confirmable),
        TEST(reset_of_a_non_is_recognised_for_its_lifetime),
        TEST(unreachable_fails_all),
        TEST(freeing_with_notifications_under_way_leaks_nothing),
        TEST(peer_that_is_forgotten_takes_its_memory_of_nons_along),
        TEST(notification_fails_cleanly_when_memory_is_short),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
