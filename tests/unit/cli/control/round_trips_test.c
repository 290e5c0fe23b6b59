/*
 * Which answer belongs to which request.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "control/round_trips.h"

static const int one_peer, other_peer;

static int set_up(void **state)
{
    *state = round_trips_new();
    return *state == NULL;
}

static int tear_down(void **state)
{
    round_trips_free(*state);
    return 0;
}

/* What is to be said of a message of peer one; its token is one byte. */
struct step {
    uint64_t now_us;
    bool outgoing;
    uint8_t type, code;
    uint16_t message_id;
    uint8_t token;
};

static struct round_trip take(struct round_trips *trips, const void *peer, struct step step)
{
    static const uint8_t path[] = {0xb1, '3', 0x01, '0'};
    bool asks = step.code > 0 && step.code < 32;
    const struct lwm2m_message message = {
        .type = step.type,
        .code = step.code,
        .message_id = step.message_id,
        .token = {.length = step.code != 0, .bytes = {step.token}},
        .options = {path, asks ? sizeof(path) : 0},
    };
    const struct sighting sighting = {peer, step.outgoing, &message, step.now_us};
    struct round_trip trip;
    round_trips_take(trips, &sighting, &trip);
    return trip;
}

#define TAKE(...) take(*state, &one_peer, (struct step){__VA_ARGS__})

static void an_answer_has_the_round_trip_and_path_of_its_request(void **state)
{
    assert_int_equal(TAKE(1000, true, LWM2M_MESSAGE_CON, 1, 7, 9).us, -1);
    struct round_trip trip = TAKE(1500, false, LWM2M_MESSAGE_ACK, 0x45, 7, 9);
    assert_int_equal(trip.us, 500);
    assert_int_equal(trip.again, 0);
    assert_string_equal(trip.path, "/3/0");
}

static void an_answer_apart_is_matched_by_token_and_its_acknowledgement_by_id(void **state)
{
    TAKE(1000, true, LWM2M_MESSAGE_CON, 1, 7, 9);
    assert_int_equal(TAKE(1100, false, LWM2M_MESSAGE_ACK, 0, 7, 0).us, 100);
    assert_int_equal(TAKE(1700, false, LWM2M_MESSAGE_CON, 0x45, 300, 9).us, 700);
    struct round_trip trip = TAKE(1710, true, LWM2M_MESSAGE_ACK, 0, 300, 0);
    assert_int_equal(trip.us, 10);
    assert_string_equal(trip.path, "/3/0");
}

static void copies_are_counted_and_the_first_one_counts_for_the_time(void **state)
{
    TAKE(1000, true, LWM2M_MESSAGE_CON, 1, 7, 9);
    assert_int_equal(TAKE(2000, true, LWM2M_MESSAGE_CON, 1, 7, 9).again, 1);
    assert_int_equal(TAKE(4000, true, LWM2M_MESSAGE_CON, 1, 7, 9).again, 2);
    assert_int_equal(TAKE(4100, false, LWM2M_MESSAGE_ACK, 0x45, 7, 9).us, 3100);
    struct round_trip trip = TAKE(4200, false, LWM2M_MESSAGE_ACK, 0x45, 7, 9);
    assert_int_equal(trip.us, -1);
    assert_int_equal(trip.again, 1);
}

static void notifications_have_the_path_and_no_round_trip(void **state)
{
    TAKE(1000, true, LWM2M_MESSAGE_CON, 1, 7, 9);
    TAKE(1500, false, LWM2M_MESSAGE_ACK, 0x45, 7, 9);
    struct round_trip trip = TAKE(9000, false, LWM2M_MESSAGE_NON, 0x45, 301, 9);
    assert_int_equal(trip.us, -1);
    assert_int_equal(trip.again, 0);
    assert_string_equal(trip.path, "/3/0");
    assert_int_equal(TAKE(9001, false, LWM2M_MESSAGE_NON, 0x45, 301, 9).again, 1);
}

static void peers_and_directions_are_told_apart(void **state)
{
    TAKE(1000, true, LWM2M_MESSAGE_CON, 1, 7, 9);
    assert_int_equal(
        take(*state, &other_peer, (struct step){1500, false, LWM2M_MESSAGE_ACK, 0x45, 7, 9}).us,
        -1);
    assert_int_equal(TAKE(1600, true, LWM2M_MESSAGE_ACK, 0x45, 7, 9).us, -1);
    assert_int_equal(TAKE(1700, false, LWM2M_MESSAGE_CON, 1, 7, 9).again, 0);
}

static void an_id_is_free_again_after_its_lifetime(void **state)
{
    TAKE(1000, true, LWM2M_MESSAGE_CON, 1, 7, 9);
    assert_int_equal(TAKE(247001000, true, LWM2M_MESSAGE_CON, 1, 7, 9).again, 0);
}

static void the_oldest_gives_way_and_the_newest_is_known(void **state)
{
    for (uint32_t i = 0; i < 60000; i++) {
        struct step asked = {i * 10, true, LWM2M_MESSAGE_CON, 1, (uint16_t)i, (uint8_t)i};
        struct step answered = {i * 10 + 5, false,       LWM2M_MESSAGE_ACK,
                                0x45,       (uint16_t)i, (uint8_t)i};
        take(*state, &one_peer, asked);
        assert_int_equal(take(*state, &one_peer, answered).us, 5);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(an_answer_has_the_round_trip_and_path_of_its_request),
        TEST(an_answer_apart_is_matched_by_token_and_its_acknowledgement_by_id),
        TEST(copies_are_counted_and_the_first_one_counts_for_the_time),
        TEST(notifications_have_the_path_and_no_round_trip),
        TEST(peers_and_directions_are_told_apart),
        TEST(an_id_is_free_again_after_its_lifetime),
        TEST(the_oldest_gives_way_and_the_newest_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
