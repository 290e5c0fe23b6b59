/*
 * Tests of requests of peers that come by Block1.
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

static void a_request_without_blocks_goes_up_as_it_is(void **state)
{
    struct blockwise_fixture *fixture = *state;

    fixture->answer = "2.04";
    fixture_receive(fixture, 0, "PUT /a cf=42 size1=10", 0, 10);
    assert_string_equal(fixture->request, "PUT /a cf=42 size1=10 #10");
    assert_string_equal(fixture_sent(fixture), "2.04");
}

static void a_body_goes_up_when_its_last_block_is_there(void **state)
{
    struct blockwise_fixture *fixture = *state;

    fixture->answer = "2.04";
    fixture_receive(fixture, 0, "PUT /a cf=42 1:0/1/64 size1=150", 0, 64);
    assert_string_equal(fixture_sent(fixture), "2.31 1:0/1/64");
    fixture_receive(fixture, 0, "PUT /a cf=42 1:1/1/64", 64, 64);
    assert_string_equal(fixture_sent(fixture), "2.31 1:1/1/64");
    assert_int_equal(fixture->requests, 0);
    fixture_receive(fixture, 0, "PUT /a cf=42 1:2/0/64", 128, 22);
    assert_string_equal(fixture_sent(fixture), "2.04 1:2/0/64");
    assert_string_equal(fixture->request, "PUT /a cf=42 size1=150 #150");
    assert_memory_equal(fixture->request_body, fixture->body, 150);
    assert_int_equal(lwm2m_blockwise_bytes(fixture->blockwise), 0);
}

static void size1_is_not_needed(void **state)
{
    struct blockwise_fixture *fixture = *state;

    fixture->answer = "2.01";
    fixture_receive(fixture, 0, "POST /rd ?ep=a 1:0/1/64", 0, 64);
    assert_int_equal(fixture->requests, 0);
    fixture_receive(fixture, 0, "POST /rd ?ep=a 1:1/0/64", 64, 1);
    assert_string_equal(fixture->request, "POST /rd ?ep=a #65");
}

static void a_last_block_may_be_full_or_empty(void **state)
{
    struct blockwise_fixture *fixture = *state;

    fixture->answer = "2.04";
    fixture_receive(fixture, 0, "PUT /a 1:0/1/64", 0, 64);
    fixture_receive(fixture, 0, "PUT /a 1:1/0/64", 64, 64);
    assert_string_equal(fixture->request, "PUT /a #128");
    fixture_receive(fixture, 0, "PUT /a 1:0/1/64", 0, 64);
    fixture_receive(fixture, 0, "PUT /a 1:1/0/64", 64, 0);
    assert_string_equal(fixture->request, "PUT /a #64");
}

static void a_body_of_one_block_goes_up_at_once(void **state)
{
    struct blockwise_fixture *fixture = *state;

    fixture->answer = "2.04";
    fixture_receive(fixture, 0, "PUT /a 1:0/0/64", 0, 5);
    assert_string_equal(fixture->request, "PUT /a #5");
    assert_string_equal(fixture_sent(fixture), "2.04 1:0/0/64");
}

static void what_cannot_be_a_block_is_refused(void **state)
{
    static const struct {
        const char *text;
        size_t length;
        const char *answer;
    } cases[] = {
        {"PUT /a 1:0/1/64", 0, "4.00"},           /* libcoap R1 a: an empty first block */
        {"PUT /a 1:0/1/64", 63, "4.00"},          /* shorter than its size */
        {"PUT /a 1:0/1/64", 65, "4.00"},          /* longer */
        {"PUT /a 1:0/0/64", 65, "4.00"},          /* the last one too */
        {"PUT /a 1:0/1/2048", 64, "4.00"},        /* the reserved size */
        {"PUT /a 1:0/0/2048", 64, "4.00"},        /* the same, alone */
        {"PUT /a raw1=0x1000000", 16, "4.02"},    /* four bytes long */
        {"GET /a 2:0/0/2048", 0, "4.00"},         /* the reserved size in Block2 */
        {"GET /a raw2=0x1000000", 0, "4.02"},     /* four bytes long */
        {"PUT /a 1:0/1/64 2:1/0/64", 64, "4.00"}, /* a later block of what is not there */
        {"PUT /a 1:1/1/64", 64, "4.08"},          /* no first block */
        {"PUT /a 1:1/0/64", 1, "4.08"},           /* nor here */
        {"PUT /a 1:1048575/1/16", 16, "4.08"},    /* the last number there is */
        {"PUT /a 1:1048575/0/1024", 16, "4.08"},
        {"PUT /a 1:0/1/64 size1=0xfffffff0", 64, "4.13 size1=65536"}, /* libcoap R3 */
        {"PUT /a 1:0/1/64 size1=65537", 64, "4.13 size1=65536"},
    };
    struct blockwise_fixture *fixture = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        fixture_receive(fixture, 0, cases[i].text, 0, cases[i].length);
        assert_string_equal(fixture_sent(fixture), cases[i].answer);
        assert_int_equal(lwm2m_blockwise_bytes(fixture->blockwise), 0);
    }
    assert_int_equal(fixture->requests, 0);
}

static void an_empty_last_block_after_one_full_one_does_no_harm(void **state)
{
    struct blockwise_fixture *fixture = *state;

    /* libcoap R1 b. */
    fixture->answer = "2.01";
    fixture_receive(fixture, 0, "POST /rd 1:0/1/1024", 0, 1024);
    assert_string_equal(fixture_sent(fixture), "2.31 1:0/1/64");
    fixture_receive(fixture, 0, "POST /rd 1:1/0/1024", 0, 0);
    assert_string_equal(fixture->request, "POST /rd #1024");
    /* libcoap R1 a. */
    fixture_receive(fixture, 0, "POST /rd 1:0/1/16", 0, 0);
    assert_string_equal(fixture_sent(fixture), "4.00");
    fixture_receive(fixture, 0, "POST /rd 1:0/0/16", 0, 0);
    assert_string_equal(fixture->request, "POST /rd");
}

static void a_gap_is_refused_and_leaves_the_body(void **state)
{
    struct blockwise_fixture *fixture = *state;

    fixture_receive(fixture, 0, "PUT /a 1:0/1/64", 0, 64);
    fixture_receive(fixture, 0, "PUT /a 1:2/1/64", 128, 64);
    assert_string_equal(fixture_sent(fixture), "4.08");
    fixture_receive(fixture, 0, "PUT /a 1:3/0/64", 192, 6);
    assert_string_equal(fixture_sent(fixture), "4.08");
    assert_int_equal(fixture->requests, 0);
    fixture->answer = "2.04";
    fixture_receive(fixture, 0, "PUT /a 1:1/0/64", 64, 4);
    assert_string_equal(fixture->request, "PUT /a #68");
}

static void a_block_that_comes_twice_is_taken_once(void **state)
{
    struct blockwise_fixture *fixture = *state;

    fixture->answer = "2.04";
    fixture_receive(fixture, 0, "PUT /a 1:0/1/64", 0, 64);
    fixture_receive(fixture, 0, "PUT /a 1:1/1/64", 64, 64);
    fixture_receive(fixture, 0, "PUT /a 1:1/1/64", 64, 64);
    assert_string_equal(fixture_sent(fixture), "2.31 1:1/1/64");
    fixture_receive(fixture, 0, "PUT /a 1:2/0/64", 128, 4);
    assert_string_equal(fixture->request, "PUT /a #132");
    assert_memory_equal(fixture->request_body, fixture->body, 132);
}

static void a_block_that_comes_twice_with_other_bytes_is_refused(void **state)
{
    struct blockwise_fixture *fixture = *state;

    fixture_receive(fixture, 0, "PUT /a 1:0/1/64", 0, 64);
    fixture_receive(fixture, 0, "PUT /a 1:1/1/64", 64, 64);
    fixture_receive(fixture, 0, "PUT /a 1:1/1/64", 65, 64);
    assert_string_equal(fixture_sent(fixture), "4.08");
}

static void the_first_block_begins_anew(void **state)
{
    struct blockwise_fixture *fixture = *state;

    fixture->answer = "2.04";
    fixture_receive(fixture, 0, "PUT /a 1:0/1/64", 0, 64);
    fixture_receive(fixture, 0, "PUT /a 1:1/1/64", 64, 64);
    fixture_receive(fixture, 0, "PUT /a 1:0/1/64", 100, 64);
    fixture_receive(fixture, 0, "PUT /a 1:1/0/64", 164, 8);
    assert_string_equal(fixture->request, "PUT /a #72");
    assert_memory_equal(fixture->request_body, fixture->body + 100, 72);
}

static void a_late_copy_of_the_first_block_does_no_harm(void **state)
{
    struct blockwise_fixture *fixture = *state;

    fixture->answer = "2.04";
    fixture_receive(fixture, 0, "PUT /a 1:0/1/64", 0, 64);
    fixture_receive(fixture, 0, "PUT /a 1:1/1/64", 64, 64);
    fixture_receive(fixture, 0, "PUT /a 1:0/1/64", 0, 64);
    assert_string_equal(fixture_sent(fixture), "2.31 1:0/1/64");
    fixture_receive(fixture, 0, "PUT /a 1:2/0/64", 128, 8);
    assert_string_equal(fixture->request, "PUT /a #136");
    assert_memory_equal(fixture->request_body, fixture->body, 136);
}

static void a_peer_that_begins_anew_may_have_another_body(void **state)
{
    struct blockwise_fixture *fixture = *state;

    fixture->answer = "2.04";
    for (unsigned second = 0; second < 2; second++) {
        fixture_receive(fixture, 0, "PUT /a 1:0/1/64", 0, 64);
        fixture_receive(fixture, 0, "PUT /a 1:1/1/64", 64, 64);
        fixture_receive(fixture, 0, "PUT /a 1:2/1/64", 128, 64);
        fixture_receive(fixture, 0, "PUT /a 1:0/1/64", 0, 64);
        fixture_receive(fixture, 0, "PUT /a 1:1/1/64", second * 9 + 64, 64);
        fixture_receive(fixture, 0, "PUT /a 1:2/0/64", 500, 3);
        assert_string_equal(fixture->request, "PUT /a #131");
        assert_memory_equal(fixture->request_body, fixture->body, 64);
        assert_memory_equal(fixture->request_body + 64, fixture->body + 64 + second * 9, 64);
        assert_memory_equal(fixture->request_body + 128, fixture->body + 500, 3);
    }
    assert_int_equal(lwm2m_blockwise_bytes(fixture->blockwise), 0);
}

static void blocks_may_become_smaller_underway(void **state)
{
    struct blockwise_fixture *fixture = *state;

    fixture->answer = "2.04";
    fixture_receive(fixture, 0, "PUT /a 1:0/1/128", 0, 128);
    assert_string_equal(fixture_sent(fixture), "2.31 1:0/1/64");
    fixture_receive(fixture, 0, "PUT /a 1:2/1/64", 128, 64);
    fixture_receive(fixture, 0, "PUT /a 1:12/1/16", 192, 16);
    assert_string_equal(fixture_sent(fixture), "2.31 1:12/1/16");
    fixture_receive(fixture, 0, "PUT /a 1:13/0/16", 208, 3);
    assert_string_equal(fixture->request, "PUT /a #211");
    assert_memory_equal(fixture->request_body, fixture->body, 211);
}

static void another_content_format_underway_ends_the_body(void **state)
{
    struct blockwise_fixture *fixture = *state;

    fixture->answer = "2.04";
    fixture_receive(fixture, 0, "PUT /a cf=42 1:0/1/64", 0, 64);
    fixture_receive(fixture, 0, "PUT /a cf=0 1:1/0/64", 64, 1);
    assert_string_equal(fixture_sent(fixture), "4.08");
    fixture_receive(fixture, 0, "PUT /a cf=42 1:0/1/64", 0, 64);
    fixture_receive(fixture, 0, "PUT /a 1:1/0/64", 64, 1);
    assert_string_equal(fixture->request, "PUT /a cf=42 #65");
}

static void bodies_of_other_resources_and_peers_do_not_mix(void **state)
{
    static const char *const names[] = {"PUT /a", "PUT /b", "POST /a", "PUT /a ?x"};
    struct blockwise_fixture *fixture = *state;
    char text[64];

    fixture->answer = "2.04";
    for (size_t i = 0; i < 4; i++) {
        snprintf(text, sizeof(text), "%s 1:0/1/64", names[i]);
        fixture_receive(fixture, 0, text, 200 * i, 64);
        assert_string_equal(fixture_sent(fixture), "2.31 1:0/1/64");
    }
    fixture_receive(fixture, 1, "PUT /a 1:0/1/64", 800, 64);
    for (size_t i = 0; i < 4; i++) {
        snprintf(text, sizeof(text), "%s 1:1/0/64", names[i]);
        fixture_receive(fixture, 0, text, 200 * i + 64, 10);
        assert_int_equal(fixture->requests, i + 1);
        assert_memory_equal(fixture->request_body, fixture->body + 200 * i, 74);
    }
    fixture_receive(fixture, 1, "PUT /a 1:1/0/64", 864, 10);
    assert_memory_equal(fixture->request_body, fixture->body + 800, 74);
}

static void a_peer_has_a_limited_number_of_bodies(void **state)
{
    struct blockwise_fixture *fixture = *state;
    char text[64];

    for (unsigned i = 0; i < 4; i++) {
        snprintf(text, sizeof(text), "PUT /%u 1:0/1/64", i);
        fixture_receive(fixture, 0, text, 0, 64);
        assert_string_equal(fixture_sent(fixture), "2.31 1:0/1/64");
    }
    fixture_receive(fixture, 0, "PUT /5 1:0/1/64", 0, 64);
    assert_string_equal(fixture_sent(fixture), "5.03");
    /* One of its own may begin again, and others are not concerned. */
    fixture_receive(fixture, 0, "PUT /3 1:0/1/64", 0, 64);
    assert_string_equal(fixture_sent(fixture), "2.31 1:0/1/64");
    fixture_receive(fixture, 1, "PUT /5 1:0/1/64", 0, 64);
    assert_string_equal(fixture_sent(fixture), "2.31 1:0/1/64");
}

static void a_body_whose_next_block_does_not_come_is_dropped(void **state)
{
    struct blockwise_fixture *fixture = *state;

    fixture_receive(fixture, 0, "PUT /a 1:0/1/64", 0, 64);
    fixture_wait(fixture, 20000);
    fixture_receive(fixture, 0, "PUT /a 1:1/1/64", 64, 64);
    fixture_receive(fixture, 1, "PUT /a 1:0/1/64", 0, 64);
    fixture_wait(fixture, 29900);
    assert_true(lwm2m_blockwise_bytes(fixture->blockwise) > 192);
    fixture_wait(fixture, 100);
    assert_int_equal(lwm2m_blockwise_bytes(fixture->blockwise), 0);
    assert_int_equal(fixture->below.peers[0].retained, 0);
    fixture_receive(fixture, 0, "PUT /a 1:2/0/64", 128, 1);
    assert_string_equal(fixture_sent(fixture), "4.08");
}

static void small_limits(struct lwm2m_blockwise_config *config)
{
    config->max_body_bytes = 200;
    config->max_total_bytes = 2000;
}

static void a_body_over_the_limit_is_refused_and_forgotten(void **state)
{
    struct blockwise_fixture *fixture = malloc(sizeof(*fixture));

    (void)state;
    blockwise_fixture_init(fixture, small_limits);
    for (unsigned i = 0; i < 3; i++) {
        fixture_receive(fixture, 0,
                        i == 0   ? "PUT /a 1:0/1/64"
                        : i == 1 ? "PUT /a 1:1/1/64"
                                 : "PUT /a 1:2/1/64",
                        64 * i, 64);
    }
    fixture_receive(fixture, 0, "PUT /a 1:3/0/64", 192, 9);
    assert_string_equal(fixture_sent(fixture), "4.13 size1=200");
    assert_int_equal(lwm2m_blockwise_bytes(fixture->blockwise), 0);
    blockwise_fixture_release(fixture);
    free(fixture);
}

static void all_bodies_together_have_a_limit(void **state)
{
    struct blockwise_fixture *fixture = malloc(sizeof(*fixture));
    char text[64];
    unsigned refused = 0;

    (void)state;
    blockwise_fixture_init(fixture, small_limits);
    for (unsigned i = 0; i < 12; i++) {
        snprintf(text, sizeof(text), "PUT /%u 1:0/1/128", i);
        fixture_receive(fixture, i % 3, text, 0, 128);
        refused += strcmp(fixture_sent(fixture), "5.03") == 0;
        assert_true(lwm2m_blockwise_bytes(fixture->blockwise) <= 2000);
    }
    assert_in_range(refused, 1, 10);
    blockwise_fixture_release(fixture);
    free(fixture);
}

static void memory_grows_by_what_arrived(void **state)
{
    struct blockwise_fixture *fixture = *state;

    fixture_receive(fixture, 0, "PUT /a 1:0/1/16 size1=65536", 0, 16);
    assert_true(fixture->port.allocated_bytes < 8000);
    assert_true(lwm2m_blockwise_bytes(fixture->blockwise) < 600);
}

static void a_request_may_be_answered_later_or_dropped(void **state)
{
    struct blockwise_fixture *fixture = *state;
    struct message_text answer;

    fixture_receive(fixture, 0, "PUT /a 1:0/1/64", 0, 64);
    fixture_receive(fixture, 0, "PUT /a 1:1/0/64", 64, 64);
    message_text_read(&answer, "4.06", fixture_slice(fixture, 0, 3));
    assert_int_equal(
        lwm2m_incoming_respond(fixture_peer(fixture, 0), fixture->incoming, &answer.message),
        LWM2M_OK);
    assert_string_equal(fixture_sent(fixture), "4.06 1:1/0/64 #3");
    fixture_receive(fixture, 0, "PUT /a", 0, 64);
    lwm2m_incoming_drop(fixture_peer(fixture, 0), fixture->incoming);
    assert_string_equal(fixture_sent(fixture), "dropped");
}

static void free_drops_what_was_not_answered(void **state)
{
    struct blockwise_fixture *fixture = *state;

    fixture_receive(fixture, 0, "PUT /a 1:0/1/64", 0, 64);
    fixture_receive(fixture, 0, "GET /b", 0, 0);
    fixture_receive(fixture, 1, "PUT /a 1:0/0/64", 0, 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAIN(a_request_without_blocks_goes_up_as_it_is),
        PLAIN(a_body_goes_up_when_its_last_block_is_there),
        PLAIN(size1_is_not_needed),
        PLAIN(a_last_block_may_be_full_or_empty),
        PLAIN(a_body_of_one_block_goes_up_at_once),
        PLAIN(what_cannot_be_a_block_is_refused),
        PLAIN(an_empty_last_block_after_one_full_one_does_no_harm),
        PLAIN(a_gap_is_refused_and_leaves_the_body),
        PLAIN(a_block_that_comes_twice_is_taken_once),
        PLAIN(a_block_that_comes_twice_with_other_bytes_is_refused),
        PLAIN(the_first_block_begins_anew),
        PLAIN(a_late_copy_of_the_first_block_does_no_harm),
        PLAIN(a_peer_that_begins_anew_may_have_another_body),
        PLAIN(blocks_may_become_smaller_underway),
        PLAIN(another_content_format_underway_ends_the_body),
        PLAIN(bodies_of_other_resources_and_peers_do_not_mix),
        PLAIN(a_peer_has_a_limited_number_of_bodies),
        PLAIN(a_body_whose_next_block_does_not_come_is_dropped),
        cmocka_unit_test(a_body_over_the_limit_is_refused_and_forgotten),
        cmocka_unit_test(all_bodies_together_have_a_limit),
        PLAIN(memory_grows_by_what_arrived),
        PLAIN(a_request_may_be_answered_later_or_dropped),
        PLAIN(free_drops_what_was_not_answered),
    };

    return cmocka_run_group_tests_name("block receive", tests, NULL, NULL);
}
