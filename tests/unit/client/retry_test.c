/*
 * When to try again: tables of numbers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <lwm2m/port.h>

#include "client/retry.h"

static void doubles_up_to_the_most(void **state)
{
    static const uint32_t expected[] = {2000,  4000,   8000,   16000,  32000,
                                        64000, 128000, 256000, 300000, 300000};

    (void)state;
    for (uint32_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        assert_int_equal(lwm2m_retry_delay_ms(2000, 300000, i + 1), expected[i]);
    }
    assert_int_equal(lwm2m_retry_delay_ms(2000, 300000, UINT32_MAX), 300000);
    assert_int_equal(lwm2m_retry_delay_ms(UINT32_MAX, UINT32_MAX, 9), UINT32_MAX);
    assert_int_equal(lwm2m_retry_delay_ms(5000, 1000, 1), 1000);
    assert_int_equal(lwm2m_retry_delay_ms(0, 1000, UINT32_MAX), 0);
}

static void updates_before_the_end_with_room_for_retransmissions(void **state)
{
    static const struct {
        uint32_t lifetime_s;
        uint64_t delay_ms;
    } cases[] = {
        {1, 500},
        {20, 10000},
        {60, 30000},
        {186, 93000},
        {300, 207000},
        {930, 837000},
        {1000, 900000},
        {86400, 77760000},
        {UINT32_MAX, UINT32_MAX * 1000ull - UINT32_MAX * 100ull},
        {0, LWM2M_NEVER},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(lwm2m_update_delay_ms(cases[i].lifetime_s), cases[i].delay_ms);
    }
}

static void attempts_come_in_sequences(void **state)
{
    static const struct {
        struct lwm2m_retry_sequences sequences;
        uint64_t delays_s[8]; /* 1: never */
    } cases[] = {
        {{5, 60, 86400, 1}, {60, 120, 240, 480, 1}},
        {{3, 60, 86400, 2}, {60, 120, 86400, 60, 120, 1}},
        {{1, 60, 100, 3}, {100, 100, 1}},
        {{2, 60, UINT32_MAX, 9}, {60, 1}},
        {{0, 60, 100, 0}, {1}},
        {{4, UINT32_MAX, 100, 1}, {UINT32_MAX, UINT32_MAX, UINT32_MAX, 1}},
        {{4, 0, 0, 2}, {0, 0, 0, 0, 0, 0, 0, 1}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint32_t failures = 0;
        uint64_t delay_ms;

        do {
            uint64_t expected_s = cases[i].delays_s[failures++];

            delay_ms = lwm2m_retry_sequence_delay_ms(&cases[i].sequences, failures);
            assert_true(delay_ms == (expected_s == 1 ? LWM2M_NEVER : expected_s * 1000));
        } while (delay_ms != LWM2M_NEVER);
        assert_true(lwm2m_retry_sequence_delay_ms(&cases[i].sequences, UINT32_MAX) > 0 ||
                    cases[i].sequences.timer_s == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubles_up_to_the_most),
        cmocka_unit_test(attempts_come_in_sequences),
        cmocka_unit_test(updates_before_the_end_with_room_for_retransmissions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
