/*
 * Requests of ours: retransmission, the window, how answers find them, and how they end.
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
#define CODE_NOT_FOUND 0x84

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

/* Sends a request and gives the message in which it arrives. */
static const struct lwm2m_message *request(struct endpoint_fixture *fixture, bool observe,
                                           struct lwm2m_exchange **exchange)
{
    assert_int_equal(endpoint_fixture_request(fixture, false, observe, exchange), LWM2M_OK);
    return &endpoint_fixture_expect(fixture, LWM2M_MESSAGE_CON, LWM2M_METHOD_GET)->message;
}

static void expect_response(struct endpoint_fixture *fixture, size_t count, enum lwm2m_error error,
                            uint8_t code)
{
    assert_int_equal(fixture->responses, count);
    assert_int_equal(fixture->response_error, error);
    assert_int_equal(fixture->response_code, code);
}

static size_t exchanges(struct endpoint_fixture *fixture)
{
    return endpoint_fixture_statistics(fixture).exchanges;
}

/* RFC 7252 §4.2, §4.8: 2 to 3 s, doubled, four times; given up within 93 s. */
static void silence_is_met_by_four_retransmissions(void **state)
{
    struct endpoint_fixture *fixture = *state;
    uint64_t shortest = UINT64_MAX;
    uint64_t longest = 0;

    for (size_t round = 0; round < 200; round++) {
        const struct fixture_message *got[6];
        uint64_t started = fixture->port.now_ms;
        uint64_t first;
        uint64_t total;

        fixture->message_count = 0;
        fixture->next = 0;
        assert_int_equal(endpoint_fixture_request(fixture, false, false, NULL), LWM2M_OK);
        while (fixture->responses == round) {
            fake_network_run_for(&fixture->network, 1);
        }
        total = fixture->port.now_ms - started;
        for (size_t i = 0; i < 6; i++) {
            got[i] = endpoint_fixture_take(fixture);
        }
        assert_non_null(got[4]);
        assert_null(got[5]);
        first = got[1]->time_ms - got[0]->time_ms;
        assert_in_range(first, 2000, 3000);
        for (size_t i = 1; i < 5; i++) {
            assert_int_equal(got[i]->time_ms - got[i - 1]->time_ms, first << (i - 1));
            assert_int_equal(got[i]->length, got[0]->length);
            assert_memory_equal(got[i]->bytes, got[0]->bytes, got[0]->length);
        }
        assert_in_range(total, 62000, 93001);
        assert_int_equal(fixture->response_error, LWM2M_TIMEOUT);
        assert_int_equal(fixture->response_retransmissions, 4);
        shortest = first < shortest ? first : shortest;
        longest = first > longest ? first : longest;
    }
    /* Drawn from the whole range. */
    assert_in_range(shortest, 2000, 2050);
    assert_in_range(longest, 2950, 3000);
    assert_int_equal(exchanges(fixture), 0);
}

static void answer_in_the_acknowledgement_ends_the_exchange(void **state)
{
    struct endpoint_fixture *fixture = *state;
    const struct lwm2m_message *sent = request(fixture, false, NULL);

    assert_int_equal(sent->token.length, 8);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_ACK, CODE_CONTENT, sent->message_id, &sent->token,
                          "x");
    expect_response(fixture, 1, LWM2M_OK, CODE_CONTENT);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_ACK, CODE_CONTENT, sent->message_id, &sent->token,
                          "x");
    fake_network_run_for(&fixture->network, 100000);
    endpoint_fixture_expect_silence(fixture);
    assert_int_equal(fixture->responses, 1);
    assert_int_equal(exchanges(fixture), 0);
}

static void acknowledgement_must_match_message_id_and_token(void **state)
{
    struct endpoint_fixture *fixture = *state;
    const struct lwm2m_message *sent = request(fixture, false, NULL);
    struct lwm2m_token other = sent->token;

    other.bytes[7] ^= 1;
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_ACK, CODE_CONTENT, sent->message_id, &other, "x");
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_ACK, CODE_CONTENT,
                          (uint16_t)(sent->message_id + 1), &sent->token, "x");
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_ACK, 0, (uint16_t)(sent->message_id + 1), NULL,
                          NULL);
    assert_int_equal(fixture->responses, 0);
    endpoint_fixture_expect_silence(fixture);
    fake_network_run_for(&fixture->network, 3000);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_CON, LWM2M_METHOD_GET);
}

static void answer_from_another_address_is_reset(void **state)
{
    struct endpoint_fixture *fixture = *state;
    const struct lwm2m_message *sent = request(fixture, false, NULL);
    struct fake_node *stranger = fake_network_add_node(&fixture->network);
    uint8_t bytes[12] = {0x48, CODE_CONTENT, 0x12, 0x34};

    memcpy(bytes + 4, sent->token.bytes, 8);
    fake_node_send(stranger, &fixture->node->address, (struct lwm2m_bytes){bytes, sizeof(bytes)});
    fake_network_settle(&fixture->network);
    assert_int_equal(fixture->responses, 0);
    assert_int_equal(stranger->received, 1);
    assert_int_equal(endpoint_fixture_statistics(fixture).resets_sent, 1);
}

static void empty_acknowledgement_stops_retransmission(void **state)
{
    struct endpoint_fixture *fixture = *state;
    const struct lwm2m_message *sent = request(fixture, false, NULL);

    endpoint_fixture_send(fixture, LWM2M_MESSAGE_ACK, 0, sent->message_id, NULL, NULL);
    fake_network_run_for(&fixture->network, 92000);
    endpoint_fixture_expect_silence(fixture);
    assert_int_equal(fixture->responses, 0);
    fake_network_run_for(&fixture->network, 1001);
    expect_response(fixture, 1, LWM2M_TIMEOUT, 0);
}

static void separate_answer_is_acknowledged_each_time_and_handled_once(void **state)
{
    struct endpoint_fixture *fixture = *state;
    const struct lwm2m_message *sent = request(fixture, false, NULL);

    endpoint_fixture_send(fixture, LWM2M_MESSAGE_ACK, 0, sent->message_id, NULL, NULL);
    for (int i = 0; i < 3; i++) {
        const struct fixture_message *got;

        endpoint_fixture_send(fixture, LWM2M_MESSAGE_CON, CODE_CONTENT, 0x4711, &sent->token, "x");
        got = endpoint_fixture_expect(fixture, LWM2M_MESSAGE_ACK, 0);
        assert_int_equal(got->message.message_id, 0x4711);
        expect_response(fixture, 1, LWM2M_OK, CODE_CONTENT);
    }
}

static void separate_answer_may_overtake_the_acknowledgement(void **state)
{
    struct endpoint_fixture *fixture = *state;
    const struct lwm2m_message *sent = request(fixture, false, NULL);

    endpoint_fixture_send(fixture, LWM2M_MESSAGE_CON, CODE_CONTENT, 0x4711, &sent->token, "x");
    expect_response(fixture, 1, LWM2M_OK, CODE_CONTENT);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_ACK, 0);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_ACK, 0, sent->message_id, NULL, NULL);
    fake_network_run_for(&fixture->network, 100000);
    endpoint_fixture_expect_silence(fixture);
    assert_int_equal(fixture->responses, 1);
}

static void reset_fails_the_request(void **state)
{
    struct endpoint_fixture *fixture = *state;
    const struct lwm2m_message *sent = request(fixture, false, NULL);

    endpoint_fixture_send(fixture, LWM2M_MESSAGE_RST, 0, sent->message_id, NULL, NULL);
    expect_response(fixture, 1, LWM2M_RESET, 0);
    assert_int_equal(exchanges(fixture), 0);
}

static void non_request_is_sent_once_and_waits(void **state)
{
    struct endpoint_fixture *fixture = *state;
    const struct lwm2m_message *sent;

    assert_int_equal(endpoint_fixture_request(fixture, true, false, NULL), LWM2M_OK);
    sent = &endpoint_fixture_expect(fixture, LWM2M_MESSAGE_NON, LWM2M_METHOD_GET)->message;
    fake_network_run_for(&fixture->network, 90000);
    endpoint_fixture_expect_silence(fixture);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_NON, CODE_NOT_FOUND, 1, &sent->token, NULL);
    expect_response(fixture, 1, LWM2M_OK, CODE_NOT_FOUND);
    assert_int_equal(endpoint_fixture_request(fixture, true, false, NULL), LWM2M_OK);
    fake_network_run_for(&fixture->network, 93001);
    expect_response(fixture, 2, LWM2M_TIMEOUT, 0);
}

static void requests_wait_for_each_other_in_order(void **state)
{
    struct endpoint_fixture *fixture = *state;
    const struct lwm2m_message *sent = request(fixture, false, NULL);

    for (int i = 0; i < 3; i++) {
        assert_int_equal(endpoint_fixture_request(fixture, false, false, NULL), LWM2M_OK);
    }
    endpoint_fixture_expect_silence(fixture);
    for (size_t i = 1; i <= 3; i++) {
        uint16_t before = sent->message_id;

        endpoint_fixture_send(fixture, LWM2M_MESSAGE_ACK, CODE_CONTENT, sent->message_id,
                              &sent->token, NULL);
        assert_int_equal(fixture->responses, i);
        sent = &endpoint_fixture_expect(fixture, LWM2M_MESSAGE_CON, LWM2M_METHOD_GET)->message;
        assert_int_equal(sent->message_id, (uint16_t)(before + 1));
        endpoint_fixture_expect_silence(fixture);
    }
    /* An empty acknowledgement makes room too. */
    assert_int_equal(endpoint_fixture_request(fixture, false, false, NULL), LWM2M_OK);
    endpoint_fixture_expect_silence(fixture);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_ACK, 0, sent->message_id, NULL, NULL);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_CON, LWM2M_METHOD_GET);
}

static void queue_of_waiting_requests_is_bounded(void **state)
{
    struct endpoint_fixture *fixture = *state;
    struct lwm2m_exchange *last = NULL;

    for (size_t i = 0; i < 101; i++) {
        assert_int_equal(endpoint_fixture_request(fixture, false, false, &last), LWM2M_OK);
    }
    assert_int_equal(endpoint_fixture_request(fixture, false, false, NULL), LWM2M_BUSY);
    lwm2m_exchange_cancel(fixture->peer, last);
    assert_int_equal(endpoint_fixture_request(fixture, false, false, NULL), LWM2M_OK);
    assert_int_equal(endpoint_fixture_request(fixture, false, false, NULL), LWM2M_BUSY);
}

static void request_too_large_for_the_link_is_refused(void **state)
{
    struct endpoint_fixture *fixture = *state;
    static const uint8_t zeros[FAKE_NETWORK_DATAGRAM_MAX];
    struct lwm2m_request large = {
        .method = LWM2M_METHOD_PUT,
        .payload = {zeros, sizeof(zeros)},
    };

    assert_int_equal(lwm2m_peer_request(fixture->peer, &large, NULL), LWM2M_TOO_LARGE);
    assert_int_equal(exchanges(fixture), 0);
}

static void observation_hands_on_every_notification_until_one_lacks_observe(void **state)
{
    struct endpoint_fixture *fixture = *state;
    struct lwm2m_token token = request(fixture, true, NULL)->token;
    uint16_t message_id = fixture->messages[0].message.message_id;

    endpoint_fixture_send_observe(fixture, LWM2M_MESSAGE_ACK, CODE_CONTENT, message_id, &token, 1);
    expect_response(fixture, 1, LWM2M_OK, CODE_CONTENT);
    fake_network_run_for(&fixture->network, 1000000);
    endpoint_fixture_send_observe(fixture, LWM2M_MESSAGE_NON, CODE_CONTENT, 100, &token, 2);
    endpoint_fixture_send_observe(fixture, LWM2M_MESSAGE_NON, CODE_CONTENT, 100, &token, 2);
    assert_int_equal(fixture->responses, 2);
    endpoint_fixture_expect_silence(fixture);
    endpoint_fixture_send_observe(fixture, LWM2M_MESSAGE_CON, CODE_CONTENT, 101, &token, 3);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_ACK, 0);
    assert_int_equal(fixture->responses, 3);
    assert_int_equal(exchanges(fixture), 1);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_CON, CODE_CONTENT, 102, &token, "last");
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_ACK, 0);
    assert_int_equal(fixture->responses, 4);
    assert_int_equal(exchanges(fixture), 0);
    endpoint_fixture_send_observe(fixture, LWM2M_MESSAGE_CON, CODE_CONTENT, 103, &token, 4);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_RST, 0);
    assert_int_equal(fixture->responses, 4);
}

static void error_ends_an_observation(void **state)
{
    struct endpoint_fixture *fixture = *state;
    struct lwm2m_token token = request(fixture, true, NULL)->token;

    endpoint_fixture_send_observe(fixture, LWM2M_MESSAGE_NON, CODE_NOT_FOUND, 100, &token, 2);
    expect_response(fixture, 1, LWM2M_OK, CODE_NOT_FOUND);
    assert_int_equal(exchanges(fixture), 0);
}

/* RFC 7252 §4.7: a byte in a second to a peer that does not answer, and then the next may go. */
static void non_that_is_lost_holds_up_the_next_no_longer_than_its_bytes(void **state)
{
    struct endpoint_fixture *fixture = *state;
    uint32_t length;

    assert_int_equal(endpoint_fixture_request(fixture, true, false, NULL), LWM2M_OK);
    assert_int_equal(endpoint_fixture_request(fixture, true, false, NULL), LWM2M_OK);
    length =
        (uint32_t)endpoint_fixture_expect(fixture, LWM2M_MESSAGE_NON, LWM2M_METHOD_GET)->length;
    assert_in_range(length, 4, 40);
    fake_network_run_for(&fixture->network, (length - 1) * 1000);
    endpoint_fixture_expect_silence(fixture);
    fake_network_run_for(&fixture->network, 1000);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_NON, LWM2M_METHOD_GET);

    /* The first is given up at its own time, the second as long after it as it was sent. */
    fake_network_run_for(&fixture->network, (93 - length - 1) * 1000);
    assert_int_equal(fixture->responses, 0);
    fake_network_run_for(&fixture->network, 2000);
    expect_response(fixture, 1, LWM2M_TIMEOUT, 0);
    fake_network_run_for(&fixture->network, length * 1000);
    expect_response(fixture, 2, LWM2M_TIMEOUT, 0);
    assert_int_equal(exchanges(fixture), 0);
}

/* The network may deliver the acknowledgement twice; a notification never comes in one. */
static void acknowledgement_that_comes_twice_is_answered_once(void **state)
{
    struct endpoint_fixture *fixture = *state;
    const struct lwm2m_message *sent = request(fixture, true, NULL);
    struct lwm2m_token token = sent->token;
    uint16_t message_id = sent->message_id;

    for (int i = 0; i < 3; i++) {
        endpoint_fixture_send_observe(fixture, LWM2M_MESSAGE_ACK, CODE_CONTENT, message_id, &token,
                                      1);
    }
    expect_response(fixture, 1, LWM2M_OK, CODE_CONTENT);
    endpoint_fixture_send_observe(fixture, LWM2M_MESSAGE_NON, CODE_CONTENT, 100, &token, 2);
    expect_response(fixture, 2, LWM2M_OK, CODE_CONTENT);
}

static void notification_after_cancelling_is_reset(void **state)
{
    struct endpoint_fixture *fixture = *state;
    struct lwm2m_exchange *exchange = NULL;
    struct lwm2m_token token = request(fixture, true, &exchange)->token;

    endpoint_fixture_send_observe(fixture, LWM2M_MESSAGE_NON, CODE_CONTENT, 100, &token, 2);
    lwm2m_exchange_cancel(fixture->peer, exchange);
    endpoint_fixture_send_observe(fixture, LWM2M_MESSAGE_NON, CODE_CONTENT, 101, &token, 3);
    assert_int_equal(endpoint_fixture_expect(fixture, LWM2M_MESSAGE_RST, 0)->message.message_id,
                     101);
    assert_int_equal(fixture->responses, 1);
}

static void unreachable_fails_what_waits_but_no_observation(void **state)
{
    struct endpoint_fixture *fixture = *state;
    struct lwm2m_token token = request(fixture, true, NULL)->token;

    endpoint_fixture_send_observe(fixture, LWM2M_MESSAGE_NON, CODE_CONTENT, 100, &token, 2);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(endpoint_fixture_request(fixture, false, false, NULL), LWM2M_OK);
    }
    lwm2m_endpoint_fail(fixture->endpoint, &fixture->script->address, LWM2M_UNREACHABLE);
    expect_response(fixture, 4, LWM2M_UNREACHABLE, 0);
    assert_int_equal(exchanges(fixture), 1);
    endpoint_fixture_send_observe(fixture, LWM2M_MESSAGE_NON, CODE_CONTENT, 101, &token, 3);
    assert_int_equal(fixture->responses, 5);
}

static void send_again_at_once(struct endpoint_fixture *fixture, struct lwm2m_exchange *exchange,
                               const struct lwm2m_response *response)
{
    (void)response;
    lwm2m_exchange_cancel(fixture->peer, exchange);
    assert_int_equal(endpoint_fixture_request(fixture, false, true, NULL), LWM2M_OK);
}

static void handlers_may_cancel_and_send(void **state)
{
    struct endpoint_fixture *fixture = *state;
    const struct lwm2m_message *sent;

    fixture->on_response = send_again_at_once;
    sent = request(fixture, true, NULL);
    endpoint_fixture_send_observe(fixture, LWM2M_MESSAGE_ACK, CODE_CONTENT, sent->message_id,
                                  &sent->token, 1);
    sent = &endpoint_fixture_expect(fixture, LWM2M_MESSAGE_CON, LWM2M_METHOD_GET)->message;
    assert_int_equal(exchanges(fixture), 1);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_RST, 0, sent->message_id, NULL, NULL);
    assert_int_equal(exchanges(fixture), 1);
    lwm2m_endpoint_fail(fixture->endpoint, &fixture->script->address, LWM2M_UNREACHABLE);
    assert_int_equal(fixture->responses, 3);
    assert_int_equal(exchanges(fixture), 1);
}

static void release_the_peer(struct endpoint_fixture *fixture, struct lwm2m_exchange *exchange,
                             const struct lwm2m_response *response)
{
    struct lwm2m_address other = fixture->script->address;
    struct lwm2m_peer *peer;

    (void)exchange;
    (void)response;
    other.port++;
    lwm2m_peer_release(fixture->peer);
    /* There is room for one: it must not be made by forgetting the peer whose answer this is. */
    assert_int_equal(lwm2m_endpoint_peer(fixture->endpoint, &other, &peer), LWM2M_NO_MEMORY);
}

static void peer_released_by_its_handler_lives_until_that_returns(void **state)
{
    struct endpoint_fixture *fixture = malloc(sizeof(*fixture));
    const struct lwm2m_message *sent;

    (void)state;
    endpoint_fixture_init(fixture);
    fixture->config.max_peers = 1;
    endpoint_fixture_open(fixture);
    fixture->on_response = release_the_peer;
    sent = request(fixture, false, NULL);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_ACK, CODE_CONTENT, sent->message_id, &sent->token,
                          NULL);
    assert_int_equal(fixture->responses, 1);
    endpoint_fixture_close(fixture);
    free(fixture);
}

static void request_fails_cleanly_when_memory_is_short(void **state)
{
    struct endpoint_fixture *fixture = *state;

    for (size_t i = 0; i < 2; i++) {
        virtual_port_fail_after(&fixture->port, i);
        assert_int_equal(endpoint_fixture_request(fixture, false, false, NULL), LWM2M_NO_MEMORY);
        endpoint_fixture_expect_silence(fixture);
    }
    virtual_port_fail_after(&fixture->port, SIZE_MAX);
    assert_int_equal(exchanges(fixture), 0);
}

static void link_that_fails_is_taken_for_loss(void **state)
{
    struct endpoint_fixture *fixture = *state;

    fixture->node->link_fails = true;
    assert_int_equal(endpoint_fixture_request(fixture, false, false, NULL), LWM2M_OK);
    fixture->node->link_fails = false;
    assert_int_equal(endpoint_fixture_statistics(fixture).link_failures, 1);
    fake_network_run_for(&fixture->network, 3100);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_CON, LWM2M_METHOD_GET);
}

struct pong {
    size_t count;
    enum lwm2m_error error;
};

static void on_pong(void *context, enum lwm2m_error error)
{
    struct pong *pong = context;

    pong->count++;
    pong->error = error;
}

static void ping_is_answered_by_a_reset_or_times_out(void **state)
{
    struct endpoint_fixture *fixture = *state;
    struct pong pong = {0};
    const struct fixture_message *got;

    assert_int_equal(lwm2m_endpoint_ping(fixture->endpoint, fixture->peer, on_pong, &pong),
                     LWM2M_OK);
    got = endpoint_fixture_expect(fixture, LWM2M_MESSAGE_CON, 0);
    assert_int_equal(got->length, 4);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_RST, 0, got->message.message_id, NULL, NULL);
    assert_int_equal(pong.count, 1);
    assert_int_equal(pong.error, LWM2M_OK);

    assert_int_equal(lwm2m_endpoint_ping(fixture->endpoint, fixture->peer, on_pong, &pong),
                     LWM2M_OK);
    fake_network_run_for(&fixture->network, 93001);
    assert_int_equal(pong.count, 2);
    assert_int_equal(pong.error, LWM2M_TIMEOUT);

    assert_int_equal(lwm2m_endpoint_ping(fixture->endpoint, fixture->peer, on_pong, &pong),
                     LWM2M_OK);
    lwm2m_endpoint_fail(fixture->endpoint, &fixture->script->address, LWM2M_UNREACHABLE);
    assert_int_equal(pong.count, 3);
    assert_int_equal(pong.error, LWM2M_UNREACHABLE);
    assert_int_equal(lwm2m_endpoint_ping(fixture->endpoint, fixture->peer, on_pong, &pong),
                     LWM2M_OK); /* under way when the endpoint is freed */
}

/* Sends an answer with option 65001, which nobody knows and everybody must, or 65002. */
static void answer_with_option(struct endpoint_fixture *fixture, enum lwm2m_message_type type,
                               uint16_t message_id, const struct lwm2m_token *token,
                               uint16_t number)
{
    const uint16_t extended = (uint16_t)(number - 6 - 269);
    uint8_t bytes[64] = {(uint8_t)(0x40 | type << 4 | token->length), CODE_CONTENT,
                         (uint8_t)(message_id >> 8), (uint8_t)message_id};
    size_t length = 4;

    memcpy(bytes + length, token->bytes, token->length);
    length += token->length;
    bytes[length++] = 0x61; /* Observe 5 */
    bytes[length++] = 5;
    bytes[length++] = 0xe0;
    bytes[length++] = (uint8_t)(extended >> 8);
    bytes[length++] = (uint8_t)extended;
    bytes[length++] = 0xff;
    bytes[length++] = 'x';
    endpoint_fixture_send_bytes(fixture, bytes, length);
}

/* RFC 7252 §5.4.1 */
static void answer_that_is_beyond_us_is_rejected(void **state)
{
    static const enum lwm2m_message_type types[] = {LWM2M_MESSAGE_ACK, LWM2M_MESSAGE_CON,
                                                    LWM2M_MESSAGE_NON};
    struct endpoint_fixture *fixture = *state;

    for (size_t i = 0; i < 3; i++) {
        const struct lwm2m_message *sent = request(fixture, i == 2, NULL);
        uint16_t message_id =
            types[i] == LWM2M_MESSAGE_ACK ? sent->message_id : (uint16_t)(100 + i);
        answer_with_option(fixture, types[i], message_id, &sent->token, 65001);
        expect_response(fixture, i + 1, LWM2M_UNSUPPORTED, 0);
        if (types[i] != LWM2M_MESSAGE_ACK) {
            const struct fixture_message *reset =
                endpoint_fixture_expect(fixture, LWM2M_MESSAGE_RST, 0);
            assert_int_equal(reset->message.message_id, message_id);
        }
        fake_network_run_for(&fixture->network, 100000); /* it is not asked again */
        assert_null(endpoint_fixture_take(fixture));
        assert_int_equal(exchanges(fixture), 0);
    }
}

static void notification_that_is_beyond_us_ends_the_observation(void **state)
{
    struct endpoint_fixture *fixture = *state;
    const struct lwm2m_message *sent = request(fixture, true, NULL);
    const struct lwm2m_token token = sent->token;

    endpoint_fixture_send_observe(fixture, LWM2M_MESSAGE_ACK, CODE_CONTENT, sent->message_id,
                                  &token, 1);
    expect_response(fixture, 1, LWM2M_OK, CODE_CONTENT);
    answer_with_option(fixture, LWM2M_MESSAGE_CON, 7, &token, 65002); /* may be ignored */
    expect_response(fixture, 2, LWM2M_OK, CODE_CONTENT);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_ACK, 0);
    answer_with_option(fixture, LWM2M_MESSAGE_CON, 8, &token, 65001);
    expect_response(fixture, 3, LWM2M_UNSUPPORTED, 0);
    endpoint_fixture_expect(fixture, LWM2M_MESSAGE_RST, 0);
    assert_int_equal(exchanges(fixture), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(silence_is_met_by_four_retransmissions),
        TEST(answer_in_the_acknowledgement_ends_the_exchange),
        TEST(acknowledgement_must_match_message_id_and_token),
        TEST(answer_from_another_address_is_reset),
        TEST(empty_acknowledgement_stops_retransmission),
        TEST(separate_answer_is_acknowledged_each_time_and_handled_once),
        TEST(separate_answer_may_overtake_the_acknowledgement),
        TEST(reset_fails_the_request),
        TEST(non_request_is_sent_once_and_waits),
        TEST(requests_wait_for_each_other_in_order),
        TEST(queue_of_waiting_requests_is_bounded),
        TEST(request_too_large_for_the_link_is_refused),
        TEST(observation_hands_on_every_notification_until_one_lacks_observe),
        TEST(error_ends_an_observation),
        TEST(non_that_is_lost_holds_up_the_next_no_longer_than_its_bytes),
        TEST(acknowledgement_that_comes_twice_is_answered_once),
        TEST(notification_after_cancelling_is_reset),
        TEST(unreachable_fails_what_waits_but_no_observation),
        TEST(handlers_may_cancel_and_send),
        cmocka_unit_test(peer_released_by_its_handler_lives_until_that_returns),
        TEST(request_fails_cleanly_when_memory_is_short),
        TEST(link_that_fails_is_taken_for_loss),
        TEST(answer_that_is_beyond_us_is_rejected),
        TEST(notification_that_is_beyond_us_ends_the_observation),
        TEST(ping_is_answered_by_a_reset_or_times_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
