/*
 * Tests of bodies of ours that go out by Block1.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/blockwise_fixture.h"

static int set_up(void **state)
{
    *state = malloc(sizeof(struct blockwise_fixture));
    blockwise_fixture_init(*state, NULL);
    return 0;
}

static int tear_down(void **state)
{
    blockwise_fixture_release(*state);
    free(*state);
    return 0;
}

#define PLAIN(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

static void expect_asked(struct blockwise_fixture *fixture, const char *text, size_t offset)
{
    struct scripted_request *open = scripted_open_request(&fixture->below);

    assert_string_equal(fixture_asked(fixture), text);
    assert_memory_equal(open->message.payload.data, fixture->body + offset,
                        open->message.payload.length);
}

static void begin(struct blockwise_fixture *fixture, const char *text, size_t length)
{
    assert_int_equal(fixture_request(fixture, text, length), LWM2M_OK);
}

static void a_body_that_fits_goes_out_undivided(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "PUT /a cf=42", 64);
    expect_asked(fixture, "PUT /a cf=42 #64", 0);
    fixture_answer(fixture, "2.04", 0, 0);
    assert_string_equal(fixture->response, "2.04");
    assert_int_equal(lwm2m_blockwise_bytes(fixture->blockwise), 0);
}

static void a_larger_body_goes_out_block_by_block(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "PUT /a cf=42", 150);
    expect_asked(fixture, "PUT /a cf=42 1:0/1/64 size1=150 #64", 0);
    fixture_answer(fixture, "2.31 1:0/1/64", 0, 0);
    expect_asked(fixture, "PUT /a cf=42 1:1/1/64 #64", 64);
    fixture_answer(fixture, "2.31 1:1/1/64", 0, 0);
    expect_asked(fixture, "PUT /a cf=42 1:2/0/64 #22", 128);
    assert_int_equal(fixture->responses, 0);
    fixture_answer(fixture, "2.04 1:2/0/64", 0, 0);
    assert_string_equal(fixture->response, "2.04");
    assert_int_equal(fixture->responses, 1);
    assert_string_equal(fixture_asked(fixture), "none");
    assert_int_equal(lwm2m_blockwise_bytes(fixture->blockwise), 0);
}

static void the_peer_may_ask_for_smaller_blocks(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "PUT /a", 100);
    fixture_answer(fixture, "2.31 1:0/1/32", 0, 0);
    expect_asked(fixture, "PUT /a 1:2/1/32 #32", 64);
    fixture_answer(fixture, "2.04 1:2/1/16", 0, 0);
    expect_asked(fixture, "PUT /a 1:6/0/16 #4", 96);
    fixture_answer(fixture, "2.04 1:6/0/16", 0, 0);
    assert_string_equal(fixture->response, "2.04");
}

static void a_larger_size_than_ours_is_not_taken_up(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "PUT /a", 100);
    fixture_answer(fixture, "2.31 1:0/1/1024", 0, 0);
    expect_asked(fixture, "PUT /a 1:1/0/64 #36", 64);
    fixture_answer(fixture, "2.04 1:1/0/64", 0, 0);
}

static void too_large_with_a_smaller_size_begins_anew(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "PUT /a", 100);
    fixture_answer(fixture, "4.13 1:0/1/32", 0, 0);
    expect_asked(fixture, "PUT /a 1:0/1/32 size1=100 #32", 0);
    fixture_answer(fixture, "2.31 1:0/1/32", 0, 0);
    fixture_answer(fixture, "4.13 1:1/1/16", 0, 0);
    expect_asked(fixture, "PUT /a 1:0/1/16 size1=100 #16", 0);
    /* The same size again is no help. */
    fixture_answer(fixture, "4.13 1:0/1/16", 0, 0);
    assert_string_equal(fixture->response, "4.13");
}

static void too_large_for_an_undivided_body_begins_blocks(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "PUT /a", 40);
    fixture_answer(fixture, "4.13 1:0/1/32", 0, 0);
    expect_asked(fixture, "PUT /a 1:0/1/32 size1=40 #32", 0);
    fixture_answer(fixture, "2.31 1:0/1/32", 0, 0);
    expect_asked(fixture, "PUT /a 1:1/0/32 #8", 32);
    fixture_answer(fixture, "2.04 1:1/0/32", 0, 0);
    assert_string_equal(fixture->response, "2.04");
}

static void too_large_without_a_size_is_the_answer(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "PUT /a", 100);
    fixture_answer(fixture, "4.13 size1=80", 0, 0);
    assert_string_equal(fixture->response, "4.13 size1=80");
}

static void incomplete_begins_anew_once(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "PUT /a", 100);
    fixture_answer(fixture, "2.31 1:0/1/64", 0, 0);
    fixture_answer(fixture, "4.08", 0, 0);
    expect_asked(fixture, "PUT /a 1:0/1/64 size1=100 #64", 0);
    fixture_answer(fixture, "4.08", 0, 0);
    assert_string_equal(fixture->response, "INCOMPLETE");
    assert_int_equal(fixture->responses, 1);
}

static void answers_that_cannot_be_right_end_the_request(void **state)
{
    static const char *const answers[] = {
        "2.31 1:1/1/64",   /* another block */
        "2.31 1:0/1/2048", /* the reserved size */
        "2.04",            /* took the first block for the whole body (libcoap R2) */
        "2.01 size1=5",
    };
    struct blockwise_fixture *fixture = *state;

    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        begin(fixture, "PUT /a", 100);
        fixture_answer(fixture, answers[i], 0, 0);
        assert_string_equal(fixture->response, "INCOMPLETE");
        assert_int_equal(fixture->responses, i + 1);
    }
    /* A 2.31 to what was the last block. */
    begin(fixture, "PUT /a", 10);
    fixture_answer(fixture, "2.31 1:0/1/64", 0, 0);
    assert_string_equal(fixture->response, "INCOMPLETE");
}

static void an_error_before_the_end_is_the_answer(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "PUT /a", 100);
    fixture_answer(fixture, "4.05 1:0/1/64", 0, 0);
    assert_string_equal(fixture->response, "4.05");
    assert_string_equal(fixture_asked(fixture), "none");
}

static void a_block_is_tried_again_once_but_not_the_last(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "PUT /a", 150);
    scripted_fail(&fixture->below, scripted_open_request(&fixture->below), LWM2M_TIMEOUT);
    expect_asked(fixture, "PUT /a 1:0/1/64 size1=150 #64", 0);
    fixture_answer(fixture, "2.31 1:0/1/64", 0, 0);
    scripted_fail(&fixture->below, scripted_open_request(&fixture->below), LWM2M_TIMEOUT);
    expect_asked(fixture, "PUT /a 1:1/1/64 #64", 64);
    fixture_answer(fixture, "2.31 1:1/1/64", 0, 0);
    scripted_fail(&fixture->below, scripted_open_request(&fixture->below), LWM2M_TIMEOUT);
    assert_string_equal(fixture->response, "TIMEOUT");

    begin(fixture, "PUT /a", 150);
    scripted_fail(&fixture->below, scripted_open_request(&fixture->below), LWM2M_TIMEOUT);
    scripted_fail(&fixture->below, scripted_open_request(&fixture->below), LWM2M_TIMEOUT);
    assert_int_equal(fixture->responses, 2);
    begin(fixture, "PUT /a", 150);
    scripted_fail(&fixture->below, scripted_open_request(&fixture->below), LWM2M_RESET);
    assert_string_equal(fixture->response, "RESET");
}

static void bodies_for_one_resource_go_one_after_the_other(void **state)
{
    struct blockwise_fixture *fixture = *state;
    struct lwm2m_exchange *second;

    begin(fixture, "POST /dp", 65);
    begin(fixture, "POST /dp", 66);
    second = fixture->exchange;
    begin(fixture, "POST /dp", 67);
    begin(fixture, "POST /dp", 68);
    assert_int_equal(fixture->below.request_count, 1);
    /* Another resource need not wait. */
    begin(fixture, "POST /other", 65);
    assert_int_equal(fixture->below.request_count, 2);
    fixture_answer(fixture, "4.04", 0, 0);

    lwm2m_exchange_cancel(fixture_peer(fixture, 0), second);
    fixture_answer(fixture, "2.31 1:0/1/64", 0, 0);
    fixture_answer(fixture, "2.04 1:1/0/64", 0, 0);
    assert_string_equal(fixture_asked(fixture), "none");
    fixture_wait(fixture, 0);
    expect_asked(fixture, "POST /dp 1:0/1/64 size1=67 #64", 0);
    lwm2m_exchange_cancel(
        fixture_peer(fixture, 0),
        (struct lwm2m_exchange *)scripted_open_request(&fixture->below)->request.context);
    fixture_wait(fixture, 0);
    expect_asked(fixture, "POST /dp 1:0/1/64 size1=68 #64", 0);
    fixture_answer(fixture, "4.00", 0, 0);
    assert_int_equal(fixture->responses, 3);
}

static void what_waits_fails_when_it_cannot_be_sent(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "POST /dp", 65);
    begin(fixture, "POST /dp", 66);
    fixture_answer(fixture, "4.04", 0, 0);
    fixture->below.next_error = LWM2M_BUSY;
    fixture_wait(fixture, 0);
    assert_string_equal(fixture->response, "BUSY");
    assert_int_equal(fixture->responses, 2);
}

static void a_request_that_cannot_be_sent_is_refused(void **state)
{
    struct blockwise_fixture *fixture = *state;

    fixture->below.next_error = LWM2M_BUSY;
    assert_int_equal(fixture_request(fixture, "PUT /a", 100), LWM2M_BUSY);
    fixture->below.next_error = LWM2M_NO_MEMORY;
    assert_int_equal(fixture_request(fixture, "GET /a", 0), LWM2M_NO_MEMORY);
    assert_int_equal(lwm2m_blockwise_bytes(fixture->blockwise), 0);
    assert_int_equal(fixture->below.peers[0].retained, 0);
}

static void a_request_is_cancelled_at_every_stage(void **state)
{
    struct blockwise_fixture *fixture = *state;

    for (size_t blocks = 0; blocks < 3; blocks++) {
        begin(fixture, "PUT /a", 150);
        for (size_t i = 0; i < blocks; i++) {
            fixture_answer(fixture, i == 0 ? "2.31 1:0/1/64" : "2.31 1:1/1/64", 0, 0);
        }
        lwm2m_exchange_cancel(fixture_peer(fixture, 0), fixture->exchange);
        assert_string_equal(fixture_asked(fixture), "none");
        assert_int_equal(lwm2m_blockwise_bytes(fixture->blockwise), 0);
    }
    assert_int_equal(fixture->responses, 0);
    fixture->cancel_in_handler = true;
    begin(fixture, "PUT /a", 10);
    fixture_answer(fixture, "2.04", 0, 0);
    assert_int_equal(fixture->responses, 1);
}

static void free_ends_requests_at_every_stage(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "PUT /a", 150);
    begin(fixture, "PUT /a", 150);
    begin(fixture, "PUT /a", 150);
    begin(fixture, "PUT /b", 150);
    fixture_answer(fixture, "2.31 1:0/1/64", 0, 0);
    begin(fixture, "GET /c", 0);
}

static void the_path_decides_the_block_size_too(void **state)
{
    struct blockwise_fixture *fixture = *state;

    fixture->below.max_payload = 60;
    begin(fixture, "PUT /a", 60);
    expect_asked(fixture, "PUT /a 1:0/1/32 size1=60 #32", 0);
    fixture_answer(fixture, "4.00", 0, 0);
    /* Options take room as well. */
    fixture->below.max_payload = 100;
    begin(fixture, "PUT /twenty/bytes/of/options", 60);
    expect_asked(fixture, "PUT /twenty/bytes/of/options 1:0/1/32 size1=60 #32", 0);
    fixture_answer(fixture, "4.00", 0, 0);
    fixture->below.max_payload = 5050;
    fixture->below.transport.capabilities = LWM2M_TRANSPORT_RELIABLE;
    begin(fixture, "PUT /a", 5000);
    expect_asked(fixture, "PUT /a #5000", 0);
    fixture_answer(fixture, "2.04", 0, 0);
}

static void a_divided_request_that_ends_an_observation_forgets_it(void **state)
{
    struct blockwise_fixture *fixture = *state;
    struct scripted_request *observation;

    begin(fixture, "FETCH obs=0", 10);
    observation = scripted_open_request(&fixture->below);
    fixture_answer(fixture, "2.05 obs=1", 0, 10);
    fixture->ends = fixture->exchange;
    begin(fixture, "FETCH obs=1", 100);
    assert_true(observation->cancelled);
    fixture_answer(fixture, "2.31 1:0/1/64", 0, 0);
    fixture_answer(fixture, "2.05 1:1/0/64", 0, 10);
    assert_string_equal(fixture->response, "2.05 #10");
    assert_int_equal(fixture->below.peers[0].retained, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAIN(a_body_that_fits_goes_out_undivided),
        PLAIN(a_larger_body_goes_out_block_by_block),
        PLAIN(the_peer_may_ask_for_smaller_blocks),
        PLAIN(a_larger_size_than_ours_is_not_taken_up),
        PLAIN(too_large_with_a_smaller_size_begins_anew),
        PLAIN(too_large_for_an_undivided_body_begins_blocks),
        PLAIN(too_large_without_a_size_is_the_answer),
        PLAIN(incomplete_begins_anew_once),
        PLAIN(answers_that_cannot_be_right_end_the_request),
        PLAIN(an_error_before_the_end_is_the_answer),
        PLAIN(a_block_is_tried_again_once_but_not_the_last),
        PLAIN(bodies_for_one_resource_go_one_after_the_other),
        PLAIN(what_waits_fails_when_it_cannot_be_sent),
        PLAIN(a_request_that_cannot_be_sent_is_refused),
        PLAIN(a_request_is_cancelled_at_every_stage),
        PLAIN(free_ends_requests_at_every_stage),
        PLAIN(the_path_decides_the_block_size_too),
        PLAIN(a_divided_request_that_ends_an_observation_forgets_it),
    };

    return cmocka_run_group_tests_name("block upload", tests, NULL, NULL);
}
