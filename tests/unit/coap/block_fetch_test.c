/*
 * Tests of answers and notifications of peers that come by Block2.
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

/* The largest block size, so that requests carry no Block2 of their own. */
static void large_blocks(struct lwm2m_blockwise_config *config)
{
    config->block_bytes = 1024;
    config->max_body_bytes = 4096;
}

static int set_up(void **state)
{
    *state = malloc(sizeof(struct blockwise_fixture));
    blockwise_fixture_init(*state, large_blocks);
    return 0;
}

static int tear_down(void **state)
{
    blockwise_fixture_release(*state);
    free(*state);
    return 0;
}

#define PLAIN(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

static void begin(struct blockwise_fixture *fixture, const char *text, size_t length)
{
    assert_int_equal(fixture_request(fixture, text, length), LWM2M_OK);
}

static void expect_body(struct blockwise_fixture *fixture, const char *text, size_t offset,
                        size_t length)
{
    assert_string_equal(fixture->response, text);
    assert_memory_equal(fixture->response_body, fixture->body + offset, length);
    assert_int_equal(lwm2m_blockwise_bytes(fixture->blockwise), 0);
}

static void an_answer_of_one_message_goes_up(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "GET /a", 0);
    assert_string_equal(fixture_asked(fixture), "GET /a");
    fixture_answer(fixture, "2.05 cf=11542", 0, 30);
    expect_body(fixture, "2.05 cf=11542 #30", 0, 30);
}

static void the_block_option_of_a_single_block_is_taken_off(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "GET /a", 0);
    fixture_answer(fixture, "2.05 cf=0 2:0/0/64 size2=30", 0, 30);
    expect_body(fixture, "2.05 cf=0 size2=30 #30", 0, 30);
}

static void an_answer_by_blocks_is_put_together(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "GET /a ?q accept=110", 0);
    fixture_answer(fixture, "2.05 etag=01 cf=110 2:0/1/64 size2=150", 0, 64);
    assert_string_equal(fixture_asked(fixture), "GET /a ?q accept=110 2:1/0/64");
    fixture_answer(fixture, "2.05 etag=01 cf=110 2:1/1/64", 64, 64);
    assert_string_equal(fixture_asked(fixture), "GET /a ?q accept=110 2:2/0/64");
    assert_int_equal(fixture->responses, 0);
    fixture_answer(fixture, "2.05 etag=01 2:2/0/64", 128, 22);
    expect_body(fixture, "2.05 etag cf=110 size2=150 #150", 0, 150);
    assert_int_equal(fixture->responses, 1);
}

static void blocks_may_become_smaller_underway(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "GET /a", 0);
    fixture_answer(fixture, "2.05 2:0/1/64", 0, 64);
    fixture_answer(fixture, "2.05 2:2/1/32", 64, 32);
    assert_string_equal(fixture_asked(fixture), "GET /a 2:3/0/32");
    fixture_answer(fixture, "2.05 2:3/0/32", 96, 1);
    expect_body(fixture, "2.05 #97", 0, 97);
}

static void blocks_larger_than_ours_are_asked_for_in_our_size(void **state)
{
    struct blockwise_fixture *fixture = *state;

    fixture->below.max_payload = 90;
    begin(fixture, "GET /a", 0);
    assert_string_equal(fixture_asked(fixture), "GET /a 2:0/0/64");
    fixture_answer(fixture, "2.05 2:0/1/128", 0, 128);
    assert_string_equal(fixture_asked(fixture), "GET /a 2:2/0/64");
    fixture_answer(fixture, "2.05 2:2/0/64", 128, 10);
    expect_body(fixture, "2.05 #138", 0, 138);
}

static void a_body_that_changes_is_fetched_once_more(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "GET /a", 0);
    fixture_answer(fixture, "2.05 etag=01 2:0/1/64", 0, 64);
    fixture_answer(fixture, "2.05 etag=02 2:1/0/64", 564, 64);
    assert_string_equal(fixture_asked(fixture), "GET /a 2:0/0/64");
    fixture_answer(fixture, "2.05 etag=02 2:0/1/64", 500, 64);
    fixture_answer(fixture, "2.05 etag=02 2:1/0/64", 564, 64);
    expect_body(fixture, "2.05 etag #128", 500, 128);
}

static void a_body_that_changes_again_is_incomplete(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "GET /a", 0);
    fixture_answer(fixture, "2.05 etag=01 2:0/1/64", 0, 64);
    fixture_answer(fixture, "2.05 etag=02 2:1/0/64", 564, 64);
    fixture_answer(fixture, "2.05 etag=02 2:0/1/64", 500, 64);
    fixture_answer(fixture, "2.05 2:1/0/64", 564, 64);
    expect_body(fixture, "INCOMPLETE", 0, 0);
}

static void a_body_that_changed_may_now_fit_or_be_gone(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "GET /a", 0);
    fixture_answer(fixture, "2.05 etag=01 2:0/1/64", 0, 64);
    fixture_answer(fixture, "4.00", 0, 0);
    fixture_answer(fixture, "2.05 etag=02", 70, 20);
    expect_body(fixture, "2.05 etag #20", 70, 20);
    begin(fixture, "GET /a", 0);
    fixture_answer(fixture, "2.05 etag=01 2:0/1/64", 0, 64);
    fixture_answer(fixture, "4.04", 0, 0);
    fixture_answer(fixture, "4.04", 0, 0);
    expect_body(fixture, "4.04", 0, 0);
}

/* The observation ended with the first answer: that a later block claims to be a notification is
 * not believed. */
static void an_observation_that_has_ended_is_not_said_to_go_on(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "GET obs=0 /a", 0);
    fixture_answer(fixture, "2.05 etag=01 2:0/1/64", 0, 64);
    fixture_answer(fixture, "2.05 etag=02 2:1/0/64", 564, 64);
    fixture_answer(fixture, "2.05 etag=02 obs=9", 70, 20);
    expect_body(fixture, "2.05 etag #20", 70, 20);
}

static void an_answer_to_a_post_is_never_asked_for_from_the_start(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "POST /a", 10);
    fixture_answer(fixture, "2.04 etag=01 2:0/1/64", 0, 64);
    assert_string_equal(fixture_asked(fixture), "POST /a 2:1/0/64");
    fixture_answer(fixture, "2.04 etag=02 2:1/0/64", 64, 1);
    expect_body(fixture, "INCOMPLETE", 0, 0);
    assert_string_equal(fixture_asked(fixture), "none");
}

static void a_fetch_repeats_its_body_with_every_block(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "FETCH cf=112 accept=112", 10);
    fixture_answer(fixture, "2.05 cf=112 2:0/1/64", 0, 64);
    assert_string_equal(fixture_asked(fixture), "FETCH cf=112 accept=112 2:1/0/64 #10");
    fixture_answer(fixture, "2.05 2:1/0/64", 64, 5);
    expect_body(fixture, "2.05 cf=112 #69", 0, 69);
}

static void a_large_request_may_have_a_large_answer(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "POST /a", 1500);
    fixture_answer(fixture, "2.31 1:0/1/1024", 0, 0);
    fixture_answer(fixture, "2.04 2:0/1/64 1:1/0/1024", 0, 64);
    assert_string_equal(fixture_asked(fixture), "POST /a 2:1/0/64");
    fixture_answer(fixture, "2.04 2:1/0/64", 64, 10);
    expect_body(fixture, "2.04 #74", 0, 74);
}

static void blocks_that_cannot_be_right_end_the_request(void **state)
{
    static const struct {
        const char *first;
        size_t first_length;
        const char *second;
        size_t second_length;
        const char *error;
    } cases[] = {
        {"2.05 2:1/1/64", 64, NULL, 0, "INCOMPLETE"},   /* not the first */
        {"2.05 2:1/0/64", 64, NULL, 0, "INCOMPLETE"},   /* nor here */
        {"2.05 2:0/1/64", 63, NULL, 0, "INCOMPLETE"},   /* shorter than its size */
        {"2.05 2:0/1/64", 0, NULL, 0, "INCOMPLETE"},    /* empty */
        {"2.05 2:0/1/2048", 64, NULL, 0, "INCOMPLETE"}, /* the reserved size */
        {"2.05 raw2=0x1000008", 16, NULL, 0, "INCOMPLETE"},
        {"2.05 2:0/1/64 size2=4097", 64, NULL, 0, "TOO_LARGE"},
        {"2.05 2:0/1/64", 64, "2.05 2:2/1/64", 64, "INCOMPLETE"}, /* a gap */
        {"2.05 2:0/1/64", 64, "2.05 2:0/1/64", 64, "INCOMPLETE"}, /* the same once more */
        {"2.05 2:0/1/64", 64, "2.05 2:1048575/1/64", 64, "INCOMPLETE"},
        {"2.05 2:0/1/64", 64, "2.05 2:1/1/64", 10, "INCOMPLETE"},
        {"2.05 2:0/1/64", 64, "2.05 2:1/0/64", 65, "INCOMPLETE"},
        {"2.05 2:0/1/64", 64, "2.05", 64, "INCOMPLETE"}, /* without the option */
    };
    struct blockwise_fixture *fixture = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        begin(fixture, "GET /a", 0);
        fixture_answer(fixture, cases[i].first, 0, cases[i].first_length);
        if (cases[i].second != NULL) {
            fixture_answer(fixture, cases[i].second, 64, cases[i].second_length);
        }
        expect_body(fixture, cases[i].error, 0, 0);
        assert_int_equal(fixture->responses, i + 1);
        assert_string_equal(fixture_asked(fixture), "none");
    }
}

static void a_body_over_the_limit_is_given_up(void **state)
{
    struct blockwise_fixture *fixture = *state;
    char text[64];

    begin(fixture, "GET /a", 0);
    for (unsigned i = 0; fixture->responses == 0; i++) {
        assert_in_range(i, 0, 4);
        snprintf(text, sizeof(text), "2.05 2:%u/1/1024", i);
        fixture_answer(fixture, text, 0, 1024);
    }
    expect_body(fixture, "TOO_LARGE", 0, 0);
}

static void a_block_is_asked_for_again_once(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "GET /a", 0);
    fixture_answer(fixture, "2.05 2:0/1/64", 0, 64);
    scripted_fail(&fixture->below, scripted_open_request(&fixture->below), LWM2M_TIMEOUT);
    assert_string_equal(fixture_asked(fixture), "GET /a 2:1/0/64");
    fixture_answer(fixture, "2.05 2:1/1/64", 64, 64);
    scripted_fail(&fixture->below, scripted_open_request(&fixture->below), LWM2M_TIMEOUT);
    scripted_fail(&fixture->below, scripted_open_request(&fixture->below), LWM2M_TIMEOUT);
    expect_body(fixture, "TIMEOUT", 0, 0);
}

static void a_notification_by_blocks_is_fetched_without_observing(void **state)
{
    struct blockwise_fixture *fixture = *state;
    struct scripted_request *observation;

    begin(fixture, "GET obs=0 /a", 0);
    observation = scripted_open_request(&fixture->below);
    fixture_answer(fixture, "2.05 obs=5", 0, 10);
    expect_body(fixture, "2.05 obs=5 #10", 0, 10);
    scripted_answer(&fixture->below, observation, "2.05 etag=01 obs=6 2:0/1/64",
                    fixture_slice(fixture, 0, 64));
    assert_string_equal(fixture_asked(fixture), "GET /a 2:1/0/64");
    assert_int_equal(fixture->responses, 1);
    fixture_answer(fixture, "2.05 etag=01 2:1/0/64", 64, 6);
    expect_body(fixture, "2.05 etag obs=6 #70", 0, 70);
    assert_true(observation->open);
    scripted_answer(&fixture->below, observation, "2.05 obs=7", fixture_slice(fixture, 9, 1));
    expect_body(fixture, "2.05 obs=7 #1", 9, 1);
    lwm2m_exchange_cancel(fixture_peer(fixture, 0), fixture->exchange);
    assert_true(observation->cancelled);
}

static void a_newer_notification_wins_over_one_that_is_fetched(void **state)
{
    struct blockwise_fixture *fixture = *state;
    struct scripted_request *observation;
    struct scripted_request *block;

    begin(fixture, "GET obs=0 /a", 0);
    observation = scripted_open_request(&fixture->below);
    fixture_answer(fixture, "2.05 etag=01 obs=5 2:0/1/64", 0, 64);
    block = scripted_open_request(&fixture->below);
    /* An older one is of no interest. */
    scripted_answer(&fixture->below, observation, "2.05 obs=4", fixture_slice(fixture, 0, 1));
    assert_int_equal(fixture->responses, 0);
    assert_true(block->open);
    scripted_answer(&fixture->below, observation, "2.05 etag=02 obs=6 2:0/1/64",
                    fixture_slice(fixture, 500, 64));
    assert_true(block->cancelled);
    fixture_answer(fixture, "2.05 etag=02 2:1/0/64", 564, 1);
    expect_body(fixture, "2.05 etag obs=6 #65", 500, 65);
    assert_int_equal(fixture->responses, 1);

    scripted_answer(&fixture->below, observation, "2.05 obs=7 2:0/1/64",
                    fixture_slice(fixture, 0, 64));
    scripted_answer(&fixture->below, observation, "2.05 obs=8", fixture_slice(fixture, 7, 2));
    expect_body(fixture, "2.05 obs=8 #2", 7, 2);
    lwm2m_exchange_cancel(fixture_peer(fixture, 0), fixture->exchange);
}

static void a_notification_that_changes_keeps_its_number(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "GET obs=0 /a", 0);
    fixture_answer(fixture, "2.05 etag=01 obs=5 2:0/1/64", 0, 64);
    fixture_answer(fixture, "2.05 etag=02 2:1/0/64", 564, 1);
    fixture_answer(fixture, "2.05 etag=02 2:0/1/64", 500, 64);
    fixture_answer(fixture, "2.05 etag=02 2:1/0/64", 564, 1);
    expect_body(fixture, "2.05 etag obs=5 #65", 500, 65);

    scripted_answer(&fixture->below, scripted_open_request(&fixture->below),
                    "2.05 etag=03 obs=6 2:0/1/64", fixture_slice(fixture, 0, 64));
    fixture_answer(fixture, "4.00", 0, 0);
    fixture_answer(fixture, "2.05 etag=04", 300, 5);
    expect_body(fixture, "2.05 etag obs=6 #5", 300, 5);
    lwm2m_exchange_cancel(fixture_peer(fixture, 0), fixture->exchange);
}

static void an_observation_ends_with_what_it_cannot_fetch(void **state)
{
    struct blockwise_fixture *fixture = *state;
    struct scripted_request *observation;

    begin(fixture, "GET obs=0 /a", 0);
    observation = scripted_open_request(&fixture->below);
    fixture_answer(fixture, "2.05 obs=5 2:0/1/64", 0, 64);
    fixture_answer(fixture, "2.05 2:3/1/64", 0, 64);
    expect_body(fixture, "INCOMPLETE", 0, 0);
    assert_true(observation->cancelled);
    assert_int_equal(fixture->below.peers[0].retained, 0);
}

static void an_observation_that_ends_ends_its_fetch(void **state)
{
    static const char *const last[] = {"4.04", "2.05", NULL};
    struct blockwise_fixture *fixture = *state;

    for (size_t i = 0; i < sizeof(last) / sizeof(last[0]); i++) {
        struct scripted_request *observation;

        begin(fixture, "GET obs=0 /a", 0);
        observation = scripted_open_request(&fixture->below);
        fixture_answer(fixture, "2.05 obs=5 2:0/1/64", 0, 64);
        if (last[i] != NULL) {
            scripted_answer(&fixture->below, observation, last[i], fixture_slice(fixture, 0, 0));
        } else {
            scripted_fail(&fixture->below, observation, LWM2M_TIMEOUT);
        }
        expect_body(fixture, last[i] != NULL ? last[i] : "TIMEOUT", 0, 0);
        assert_string_equal(fixture_asked(fixture), "none");
        assert_int_equal(fixture->below.peers[0].retained, 0);
    }
}

static void a_refused_observation_with_a_large_answer_is_fetched(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "GET obs=0 /a", 0);
    fixture_answer(fixture, "2.05 2:0/1/64", 0, 64);
    fixture_answer(fixture, "2.05 2:1/0/64", 64, 1);
    expect_body(fixture, "2.05 #65", 0, 65);
    assert_int_equal(fixture->below.peers[0].retained, 0);
}

static void a_request_is_cancelled_while_it_fetches(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "GET obs=0 /a", 0);
    fixture_answer(fixture, "2.05 obs=5 2:0/1/64", 0, 64);
    lwm2m_exchange_cancel(fixture_peer(fixture, 0), fixture->exchange);
    assert_string_equal(fixture_asked(fixture), "none");
    assert_int_equal(lwm2m_blockwise_bytes(fixture->blockwise), 0);

    fixture->cancel_in_handler = true;
    begin(fixture, "GET obs=0 /a", 0);
    fixture_answer(fixture, "2.05 obs=5 2:0/1/64", 0, 64);
    fixture_answer(fixture, "2.05 2:1/0/64", 64, 1);
    expect_body(fixture, "2.05 obs=5 #65", 0, 65);
    assert_string_equal(fixture_asked(fixture), "none");
}

static void free_ends_fetches(void **state)
{
    struct blockwise_fixture *fixture = *state;

    begin(fixture, "GET /a", 0);
    fixture_answer(fixture, "2.05 2:0/1/64", 0, 64);
    begin(fixture, "GET obs=0 /a", 0);
    fixture_answer(fixture, "2.05 obs=5 2:0/1/64", 0, 64);
    begin(fixture, "GET obs=0 /a", 0);
    fixture_answer(fixture, "2.05 obs=5", 0, 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAIN(an_answer_of_one_message_goes_up),
        PLAIN(the_block_option_of_a_single_block_is_taken_off),
        PLAIN(an_answer_by_blocks_is_put_together),
        PLAIN(blocks_may_become_smaller_underway),
        PLAIN(blocks_larger_than_ours_are_asked_for_in_our_size),
        PLAIN(a_body_that_changes_is_fetched_once_more),
        PLAIN(a_body_that_changes_again_is_incomplete),
        PLAIN(a_body_that_changed_may_now_fit_or_be_gone),
        PLAIN(an_observation_that_has_ended_is_not_said_to_go_on),
        PLAIN(an_answer_to_a_post_is_never_asked_for_from_the_start),
        PLAIN(a_fetch_repeats_its_body_with_every_block),
        PLAIN(a_large_request_may_have_a_large_answer),
        PLAIN(blocks_that_cannot_be_right_end_the_request),
        PLAIN(a_body_over_the_limit_is_given_up),
        PLAIN(a_block_is_asked_for_again_once),
        PLAIN(a_notification_by_blocks_is_fetched_without_observing),
        PLAIN(a_newer_notification_wins_over_one_that_is_fetched),
        PLAIN(a_notification_that_changes_keeps_its_number),
        PLAIN(an_observation_ends_with_what_it_cannot_fetch),
        PLAIN(an_observation_that_ends_ends_its_fetch),
        PLAIN(a_refused_observation_with_a_large_answer_is_fetched),
        PLAIN(a_request_is_cancelled_while_it_fetches),
        PLAIN(free_ends_fetches),
    };

    return cmocka_run_group_tests_name("block fetch", tests, NULL, NULL);
}
