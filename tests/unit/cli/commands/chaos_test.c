/*
 * --chaos: what it reads, and what it refuses with which words.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "commands/chaos.h"

static void reads_every_fault(void **state)
{
    struct usage_error error = {0};
    struct lwm2m_chaos chaos;
    char text[CHAOS_TEXT_MAX];

    (void)state;
    assert_true(chaos_parse("loss=10%,dup=1%,reorder=5%,delay=50..400ms,corrupt=0.1%,seed=7",
                            &chaos, &error));
    assert_true(chaos.loss == 0.1 && chaos.duplication == 0.01 && chaos.reordering == 0.05 &&
                chaos.corruption == 0.001);
    assert_int_equal(chaos.delay_least_ms, 50);
    assert_int_equal(chaos.delay_most_ms, 400);
    assert_int_equal(chaos.seed, 7);
    chaos_print(&chaos, text);
    assert_string_equal(text, "loss=10%,dup=1%,reorder=5%,corrupt=0.1%,delay=50..400ms,seed=7");
}

static void reads_delays_in_any_unit(void **state)
{
    static const struct {
        const char *text;
        uint32_t least_ms, most_ms;
    } cases[] = {
        {"delay=50ms", 50, 50},   {"delay=1..2s", 1000, 2000}, {"delay=500ms..2s", 500, 2000},
        {"delay=0..20ms", 0, 20}, {"delay=2", 2000, 2000},     {"delay=0.5s", 500, 500},
        {"delay=0ms..0ms", 0, 0},
    };
    struct usage_error error = {0};
    struct lwm2m_chaos chaos;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_true(chaos_parse(cases[i].text, &chaos, &error));
        assert_int_equal(chaos.delay_least_ms, cases[i].least_ms);
        assert_int_equal(chaos.delay_most_ms, cases[i].most_ms);
    }
}

static void draws_a_seed_where_none_is_given(void **state)
{
    struct usage_error error = {0};
    struct lwm2m_chaos a, b;

    (void)state;
    assert_true(chaos_parse("loss=1%", &a, &error));
    assert_true(chaos_parse("loss=1%", &b, &error));
    assert_true(a.seed != b.seed);
}

static void refuses_with_the_word_that_is_wrong(void **state)
{
    static const struct {
        const char *text, *complaint;
    } cases[] = {
        {"", "'' is none of"},
        {"loss", "'loss' is none of"},
        {"lost=1%", "'lost=1%' is none of"},
        {"loss=10", "'loss=10' is not a percentage"},
        {"loss=101%", "is not a percentage"},
        {"loss=-1%", "is not a percentage"},
        {"loss=%", "is not a percentage"},
        {"loss=nan%", "is not a percentage"},
        {"loss=1%,loss=2%", "'loss=2%' comes twice"},
        {"loss=1%,", "'' is none of"},
        {"delay=400..50ms", "is not a time"},
        {"delay=..50ms", "is not a time"},
        {"delay=50..", "is not a time"},
        {"delay=1h", "is not a time"},
        {"delay=-5ms", "is not a time"},
        {"seed=-1", "is not a number"},
        {"seed=18446744073709551616", "is not a number"},
        {"seed=7777777777777777777777777777777777777777777777777777777777777777777", "too long"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct usage_error error = {0};
        struct lwm2m_chaos chaos;

        assert_false(chaos_parse(cases[i].text, &chaos, &error));
        assert_non_null(strstr(error.message, cases[i].complaint));
        assert_non_null(strstr(error.hint, "--chaos loss="));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_fault),
        cmocka_unit_test(reads_delays_in_any_unit),
        cmocka_unit_test(draws_a_seed_where_none_is_given),
        cmocka_unit_test(refuses_with_the_word_that_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
