/*
 * Tests of our answers and notifications that peers fetch by Block2.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/blockwise_fixture.h"

/* Small blocks, and few bytes in all. */
static void small_blocks(struct lwm2m_blockwise_config *config)
{
    config->block_bytes = 64;
    config->max_total_bytes = 4000;
}

static int set_up(void **state)
{
    *state = malloc(sizeof(struct blockwise_fixture));
    blockwise_fixture_init(*state, small_blocks);
    return 0;
}

static int tear_down(void **state)
{
    blockwise_fixture_release(*state);
    free(*state);
    return 0;
}

#define PLAIN(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

static void expect_sent(struct blockwise_fixture *fixture, const char *text, size_t offset)
{
    const struct lwm2m_message *sent = &fixture->below.sendings->message;

    assert_string_equal(fixture_sent(fixture), text);
    if (sent->payload.length > 0) {
        assert_memory_equal(sent->payload.data, fixture->body + offset, sent->payload.length);
    }
}

static void answer_with(struct blockwise_fixture *fixture, const char *text, size_t offset,
                        size_t length)
{
    fixture->answer = text;
    fixture->answer_body = fixture_slice(fixture, offset, length);
}

static struct lwm2m_bytes etag_sent(struct blockwise_fixture *fixture)
{
    struct lwm2m_option option = {0};

    assert_true(
        lwm2m_message_find_option(&fixture->below.sendings->message, LWM2M_OPTION_ETAG, &option));
    return option.value;
}

static void an_answer_that_fits_is_sent_as_it_is(void **state)
{
    struct blockwise_fixture *fixture = *state;

    answer_with(fixture, "2.05 cf=0", 0, 64);
    fixture_receive(fixture, 0, "GET /a", 0, 0);
    expect_sent(fixture, "2.05 cf=0 #64", 0);
    assert_int_equal(lwm2m_blockwise_bytes(fixture->blockwise), 0);
}

static void a_larger_answer_is_fetched_block_by_block(void **state)
{
    struct blockwise_fixture *fixture = *state;
    struct lwm2m_bytes etag;

    answer_with(fixture, "2.05 cf=110", 0, 150);
    fixture_receive(fixture, 0, "GET /a accept=110", 0, 0);
    expect_sent(fixture, "2.05 etag cf=110 2:0/1/64 size2=150 #64", 0);
    etag = etag_sent(fixture);
    fixture_receive(fixture, 0, "GET /a accept=110 2:1/0/64", 0, 0);
    expect_sent(fixture, "2.05 etag cf=110 2:1/1/64 #64", 64);
    assert_true(lwm2m_bytes_equal(etag, etag_sent(fixture)));
    fixture_receive(fixture, 0, "GET /a accept=110 2:2/0/64", 0, 0);
    expect_sent(fixture, "2.05 etag cf=110 2:2/0/64 #22", 128);
    /* The last one got lost. */
    fixture_receive(fixture, 0, "GET /a accept=110 2:2/0/64", 0, 0);
    expect_sent(fixture, "2.05 etag cf=110 2:2/0/64 #22", 128);
    assert_int_equal(fixture->requests, 1);
    fixture_wait(fixture, 30000);
    assert_int_equal(lwm2m_blockwise_bytes(fixture->blockwise), 0);
    assert_int_equal(fixture->below.peers[0].retained, 0);
}

static void the_etag_of_the_engine_is_kept(void **state)
{
    struct blockwise_fixture *fixture = *state;

    answer_with(fixture, "2.05 etag=0a0b0c", 0, 100);
    fixture_receive(fixture, 0, "GET /a", 0, 0);
    assert_int_equal(etag_sent(fixture).length, 3);
    fixture_receive(fixture, 0, "GET /a 2:1/0/64", 0, 0);
    expect_sent(fixture, "2.05 etag 2:1/0/64 #36", 64);
    assert_memory_equal(etag_sent(fixture).data, "\x0a\x0b\x0c", 3);
}

static void another_body_has_another_etag(void **state)
{
    struct blockwise_fixture *fixture = *state;
    struct lwm2m_bytes first;

    answer_with(fixture, "2.05", 0, 100);
    fixture_receive(fixture, 0, "GET /a", 0, 0);
    first = etag_sent(fixture);
    fixture_receive(fixture, 0, "GET /b", 0, 0);
    assert_true(lwm2m_bytes_equal(first, etag_sent(fixture)));
    answer_with(fixture, "2.05", 1, 100);
    fixture_receive(fixture, 0, "GET /a", 0, 0);
    assert_false(lwm2m_bytes_equal(first, etag_sent(fixture)));
}

static void the_peer_may_ask_for_smaller_blocks(void **state)
{
    struct blockwise_fixture *fixture = *state;

    answer_with(fixture, "2.05", 0, 100);
    fixture_receive(fixture, 0, "GET /a 2:0/0/32", 0, 0);
    assert_string_equal(fixture->request, "GET /a");
    expect_sent(fixture, "2.05 etag 2:0/1/32 size2=100 #32", 0);
    fixture_receive(fixture, 0, "GET /a 2:2/0/16", 0, 0);
    expect_sent(fixture, "2.05 etag 2:2/1/16 #16", 32);
    /* Larger than ours: we answer in ours, from the place that was asked for. */
    answer_with(fixture, "2.05", 0, 300);
    fixture_receive(fixture, 0, "GET /a 2:0/0/128", 0, 0);
    expect_sent(fixture, "2.05 etag 2:0/1/64 size2=300 #64", 0);
    fixture_receive(fixture, 0, "GET /a 2:1/0/128", 0, 0);
    expect_sent(fixture, "2.05 etag 2:2/1/64 #64", 128);
}

static void a_small_answer_names_the_block_that_was_asked_for(void **state)
{
    struct blockwise_fixture *fixture = *state;

    answer_with(fixture, "2.05", 0, 20);
    fixture_receive(fixture, 0, "GET /a 2:0/0/32", 0, 0);
    expect_sent(fixture, "2.05 2:0/0/32 #20", 0);
    answer_with(fixture, "4.04", 0, 3);
    fixture_receive(fixture, 0, "GET /a 2:0/0/32", 0, 0);
    expect_sent(fixture, "4.04 #3", 0);
}

static void a_block_behind_the_end_is_refused(void **state)
{
    static const char *const asked[] = {"GET /a 2:2/0/64", "GET /a 2:1048575/0/1024",
                                        "GET /a 2:1048575/0/16"};
    struct blockwise_fixture *fixture = *state;

    answer_with(fixture, "2.05", 0, 128);
    fixture_receive(fixture, 0, "GET /a", 0, 0);
    for (size_t i = 0; i < 3; i++) {
        fixture_receive(fixture, 0, asked[i], 0, 0);
        expect_sent(fixture, "4.00", 0);
    }
    assert_int_equal(fixture->requests, 1);
}

static void what_is_no_longer_kept_is_read_again(void **state)
{
    struct blockwise_fixture *fixture = *state;
    struct lwm2m_bytes etag;

    answer_with(fixture, "2.05", 0, 128);
    fixture_receive(fixture, 0, "GET /a", 0, 0);
    etag = etag_sent(fixture);
    fixture_wait(fixture, 30000);
    fixture_receive(fixture, 0, "GET obs=0 /a 2:1/0/64", 0, 0);
    assert_string_equal(fixture->request, "GET /a");
    expect_sent(fixture, "2.05 etag 2:1/0/64 #64", 64);
    assert_true(lwm2m_bytes_equal(etag, etag_sent(fixture)));
    fixture_receive(fixture, 1, "GET /a 2:9/0/64", 0, 0);
    expect_sent(fixture, "4.00", 0);
    answer_with(fixture, "2.05", 0, 1);
    fixture_receive(fixture, 2, "GET /a 2:1/0/64", 0, 0);
    expect_sent(fixture, "4.00", 0);
}

static void what_is_not_a_whole_read_is_never_carried_out_for_a_later_block(void **state)
{
    static const char *const asked[] = {"POST /a 2:1/0/64", "PUT /a 2:1/0/64", "DELETE /a 2:1/0/64",
                                        "iPATCH /a 2:1/0/64", "FETCH /a 2:1/0/64"};
    struct blockwise_fixture *fixture = *state;

    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        fixture_receive(fixture, 0, asked[i], 0, 0);
        expect_sent(fixture, "4.08", 0);
    }
    assert_int_equal(fixture->requests, 0);
    answer_with(fixture, "2.05", 0, 100);
    fixture_receive(fixture, 0, "FETCH /a 2:1/0/64", 0, 10);
    expect_sent(fixture, "2.05 etag 2:1/0/64 #36", 64);
}

static void answers_to_other_requests_and_peers_do_not_mix(void **state)
{
    struct blockwise_fixture *fixture = *state;

    answer_with(fixture, "2.05", 0, 100);
    fixture_receive(fixture, 0, "GET /a", 0, 0);
    answer_with(fixture, "2.05", 200, 100);
    fixture_receive(fixture, 0, "GET /b", 0, 0);
    answer_with(fixture, "2.05", 300, 100);
    fixture_receive(fixture, 1, "GET /a", 0, 0);
    fixture_receive(fixture, 0, "GET /a 2:1/0/64", 0, 0);
    expect_sent(fixture, "2.05 etag 2:1/0/64 #36", 64);
    fixture_receive(fixture, 0, "GET /b 2:1/0/64", 0, 0);
    expect_sent(fixture, "2.05 etag 2:1/0/64 #36", 264);
    fixture_receive(fixture, 1, "GET /a 2:1/0/64", 0, 0);
    expect_sent(fixture, "2.05 etag 2:1/0/64 #36", 364);
    assert_int_equal(fixture->requests, 3);
}

static void the_oldest_kept_answer_makes_way(void **state)
{
    struct blockwise_fixture *fixture = *state;
    char text[32];

    answer_with(fixture, "2.05", 0, 100);
    for (unsigned i = 0; i < 5; i++) {
        snprintf(text, sizeof(text), "GET /%u", i);
        fixture_receive(fixture, 0, text, 0, 0);
    }
    fixture_receive(fixture, 0, "GET /4 2:1/0/64", 0, 0);
    fixture_receive(fixture, 0, "GET /1 2:1/0/64", 0, 0);
    assert_int_equal(fixture->requests, 5);
    fixture_receive(fixture, 0, "GET /0 2:1/0/64", 0, 0);
    assert_int_equal(fixture->requests, 6);
    /* So it is for the bytes of all together. */
    answer_with(fixture, "2.05", 0, 2000);
    for (unsigned i = 0; i < 5; i++) {
        fixture_receive(fixture, i % 3, "GET /large", 0, 0);
        expect_sent(fixture, "2.05 etag 2:0/1/64 size2=2000 #64", 0);
        assert_true(lwm2m_blockwise_bytes(fixture->blockwise) <= 4000);
    }
    /* And kept answers make way for bodies that arrive. */
    fixture_receive(fixture, 0, "PUT /new 1:0/1/1024", 0, 1024);
    fixture_receive(fixture, 1, "PUT /new 1:0/1/1024", 0, 1024);
    expect_sent(fixture, "2.31 1:0/1/64", 0);
}

static void an_answer_that_cannot_be_kept_is_an_error(void **state)
{
    struct blockwise_fixture *fixture = *state;
    struct message_text answer;

    fixture_receive(fixture, 0, "GET /a", 0, 0);
    message_text_read(&answer, "2.05", fixture_slice(fixture, 0, 5000));
    assert_int_equal(
        lwm2m_incoming_respond(fixture_peer(fixture, 0), fixture->incoming, &answer.message),
        LWM2M_NO_MEMORY);
    expect_sent(fixture, "5.00", 0);
}

static void a_large_request_may_have_a_large_answer(void **state)
{
    struct blockwise_fixture *fixture = *state;

    answer_with(fixture, "2.04", 0, 100);
    fixture_receive(fixture, 0, "POST /a 1:0/1/64", 0, 64);
    fixture_receive(fixture, 0, "POST /a 1:1/0/64", 64, 3);
    expect_sent(fixture, "2.04 etag 2:0/1/64 1:1/0/64 size2=100 #64", 0);
    fixture_receive(fixture, 0, "POST /a 2:1/0/64", 0, 0);
    expect_sent(fixture, "2.04 etag 2:1/0/64 #36", 64);
    assert_int_equal(fixture->requests, 1);
}

static enum lwm2m_error notify(struct blockwise_fixture *fixture, const char *text, size_t offset,
                               size_t length)
{
    struct message_text message;

    message_text_read(&message, text, fixture_slice(fixture, offset, length));
    message.message.token = (struct lwm2m_token){2, {0, 7}};
    return lwm2m_peer_notify(fixture_peer(fixture, 0), &message.message, true);
}

static void a_small_notification_is_sent_as_it_is(void **state)
{
    struct blockwise_fixture *fixture = *state;

    assert_int_equal(notify(fixture, "2.05 obs=6", 0, 64), LWM2M_OK);
    expect_sent(fixture, "2.05 obs=6 #64", 0);
    assert_true(fixture->below.sendings->confirmable);
    assert_int_equal(fixture->below.sendings->message.token.length, 2);
}

static void a_large_notification_is_pushed_and_fetched(void **state)
{
    struct blockwise_fixture *fixture = *state;
    struct lwm2m_bytes etag;

    answer_with(fixture, "2.05 obs=5", 0, 10);
    fixture_receive(fixture, 0, "GET obs=0 /a", 0, 0);
    assert_int_equal(notify(fixture, "2.05 obs=6", 100, 150), LWM2M_OK);
    expect_sent(fixture, "2.05 etag obs=6 2:0/1/64 size2=150 #64", 100);
    etag = etag_sent(fixture);
    fixture_receive(fixture, 0, "GET /a 2:1/0/64", 0, 0);
    expect_sent(fixture, "2.05 etag 2:1/1/64 #64", 164);
    assert_true(lwm2m_bytes_equal(etag, etag_sent(fixture)));
    fixture_receive(fixture, 0, "GET /a 2:2/0/64", 0, 0);
    expect_sent(fixture, "2.05 etag 2:2/0/64 #22", 228);
    assert_int_equal(fixture->requests, 1);
}

static void an_observer_keeps_the_block_size_it_asked_for(void **state)
{
    struct blockwise_fixture *fixture = *state;

    answer_with(fixture, "2.05 obs=5", 0, 100);
    fixture_receive(fixture, 0, "GET obs=0 /a 2:0/0/32", 0, 0);
    expect_sent(fixture, "2.05 etag obs=5 2:0/1/32 size2=100 #32", 0);
    assert_int_equal(notify(fixture, "2.05 obs=6", 0, 50), LWM2M_OK);
    expect_sent(fixture, "2.05 etag obs=6 2:0/1/32 size2=50 #32", 0);
}

static void a_notification_of_an_unknown_observation_is_read_again(void **state)
{
    struct blockwise_fixture *fixture = *state;
    struct lwm2m_token token = {2, {0, 7}};

    answer_with(fixture, "2.05 obs=5", 0, 10);
    fixture_receive(fixture, 0, "GET obs=0 /a", 0, 0);
    fixture->below.transport.receiver->notification_failed(
        fixture->below.transport.receiver_context, fixture_peer(fixture, 0), &token, LWM2M_RESET);
    assert_int_equal(fixture->failed, 1);
    assert_int_equal(notify(fixture, "2.05 obs=6", 0, 100), LWM2M_OK);
    assert_int_equal(lwm2m_blockwise_bytes(fixture->blockwise), 0);
    answer_with(fixture, "2.05", 0, 100);
    fixture_receive(fixture, 0, "GET /a 2:1/0/64", 0, 0);
    expect_sent(fixture, "2.05 etag 2:1/0/64 #36", 64);
    assert_int_equal(fixture->requests, 2);
}

static void reports_on_notifications_go_up(void **state)
{
    struct blockwise_fixture *fixture = *state;
    struct lwm2m_token token = {2, {0, 7}};

    fixture->below.transport.receiver->notification_delivered(
        fixture->below.transport.receiver_context, fixture_peer(fixture, 0), &token);
    assert_int_equal(fixture->delivered, 1);
}

static void a_notification_that_cannot_be_sent_is_refused(void **state)
{
    struct blockwise_fixture *fixture = *state;

    fixture->below.next_error = LWM2M_BUSY;
    assert_int_equal(notify(fixture, "2.05 obs=6", 0, 10), LWM2M_BUSY);
    fixture->below.next_error = LWM2M_BUSY;
    assert_int_equal(notify(fixture, "2.05 obs=6", 0, 100), LWM2M_BUSY);
}

static void what_concerns_the_peer_passes_through(void **state)
{
    struct blockwise_fixture *fixture = *state;
    struct lwm2m_peer *peer = fixture_peer(fixture, 0);
    char text[LWM2M_ADDRESS_TEXT_MAX];
    struct lwm2m_bytes identity;

    lwm2m_peer_retain(peer);
    assert_int_equal(fixture->below.peers[0].retained, 1);
    lwm2m_peer_release(peer);
    lwm2m_peer_print_address(peer, text);
    assert_string_equal(text, "scripted");
    assert_int_equal(lwm2m_peer_identity(peer, &identity), LWM2M_SECURITY_PSK);
    assert_true(lwm2m_bytes_equal_text(identity, "script"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAIN(an_answer_that_fits_is_sent_as_it_is),
        PLAIN(a_larger_answer_is_fetched_block_by_block),
        PLAIN(the_etag_of_the_engine_is_kept),
        PLAIN(another_body_has_another_etag),
        PLAIN(the_peer_may_ask_for_smaller_blocks),
        PLAIN(a_small_answer_names_the_block_that_was_asked_for),
        PLAIN(a_block_behind_the_end_is_refused),
        PLAIN(what_is_no_longer_kept_is_read_again),
        PLAIN(what_is_not_a_whole_read_is_never_carried_out_for_a_later_block),
        PLAIN(answers_to_other_requests_and_peers_do_not_mix),
        PLAIN(the_oldest_kept_answer_makes_way),
        PLAIN(an_answer_that_cannot_be_kept_is_an_error),
        PLAIN(a_large_request_may_have_a_large_answer),
        PLAIN(a_small_notification_is_sent_as_it_is),
        PLAIN(a_large_notification_is_pushed_and_fetched),
        PLAIN(an_observer_keeps_the_block_size_it_asked_for),
        PLAIN(a_notification_of_an_unknown_observation_is_read_again),
        PLAIN(reports_on_notifications_go_up),
        PLAIN(a_notification_that_cannot_be_sent_is_refused),
        PLAIN(what_concerns_the_peer_passes_through),
    };

    return cmocka_run_group_tests_name("block answer", tests, NULL, NULL);
}
