/*
 * Natural numbers, against the 64-bit arithmetic of the machine, and beyond it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdbool.h>

#include "base/natural.h"
#include "support/virtual_port.h"

static struct lwm2m_natural natural(uint64_t value)
{
    struct lwm2m_natural number;
    lwm2m_natural_set(&number, value);
    return number;
}

static uint64_t value_of(const struct lwm2m_natural *number)
{
    uint64_t value = 0;
    assert_true(number->length <= 2);
    for (unsigned i = number->length; i-- > 0;) {
        value = value << 32 | number->words[i];
    }
    return value;
}

static int sign_of(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static void small_numbers_agree_with_the_machine(void **state)
{
    (void)state;
    struct virtual_port port;
    virtual_port_init(&port, 13);
    for (int i = 0; i < 100000; i++) {
        /* a * factor and a + 4 * b stay below 2^64. */
        uint64_t a = virtual_port_random(&port) >> (10 + virtual_port_random_below(&port, 50));
        uint64_t b = virtual_port_random(&port) >> (10 + virtual_port_random_below(&port, 50));
        uint32_t factor = 1 + virtual_port_random_below(&port, 4);
        uint64_t c = i % 3 == 0 ? a + b * factor : virtual_port_random(&port) >> (i % 50);
        struct lwm2m_natural big_a = natural(a);
        struct lwm2m_natural big_b = natural(b);
        struct lwm2m_natural big_c = natural(c);

        assert_true(value_of(&big_a) == a);
        assert_int_equal(lwm2m_natural_compare(&big_a, &big_b), sign_of(a, b));
        assert_int_equal(lwm2m_natural_compare_sum(&big_a, &big_b, factor, &big_c),
                         sign_of(a + b * factor, c));
        struct lwm2m_natural *larger = a > b ? &big_a : &big_b;
        lwm2m_natural_subtract(larger, a > b ? &big_b : &big_a);
        assert_true(value_of(larger) == (a > b ? a - b : b - a));
        struct lwm2m_natural product = natural(a);
        lwm2m_natural_multiply_add(&product, factor * 250, factor);
        assert_true(value_of(&product) == a * factor * 250 + factor);
    }
}

static void zero_has_no_words(void **state)
{
    (void)state;
    struct lwm2m_natural zero = natural(0);
    struct lwm2m_natural one = natural(1);

    assert_int_equal(zero.length, 0);
    assert_int_equal(lwm2m_natural_bit_length(&zero), 0);
    lwm2m_natural_shift_left(&zero, 100);
    lwm2m_natural_multiply_add(&zero, 10, 0);
    assert_int_equal(zero.length, 0);
    lwm2m_natural_subtract(&one, &one);
    assert_int_equal(one.length, 0);
}

static void a_shift_is_a_product_with_a_power_of_two(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits <= 1000; bits++) {
        struct lwm2m_natural shifted = natural(UINT64_C(0x123456789abcdef1));
        struct lwm2m_natural multiplied = shifted;
        lwm2m_natural_shift_left(&shifted, bits);
        for (unsigned i = 0; i < bits; i++) {
            lwm2m_natural_multiply_add(&multiplied, 2, 0);
        }
        assert_int_equal(lwm2m_natural_compare(&shifted, &multiplied), 0);
        assert_int_equal(lwm2m_natural_bit_length(&shifted), 61 + bits);
    }
}

static void a_power_of_five_is_a_product_of_fives(void **state)
{
    (void)state;
    struct lwm2m_natural expected = natural(3);
    for (unsigned exponent = 0; exponent <= 1130; exponent++) {
        struct lwm2m_natural power = natural(3);
        lwm2m_natural_multiply_power_of_five(&power, exponent);
        assert_int_equal(lwm2m_natural_compare(&power, &expected), 0);
        lwm2m_natural_multiply_add(&expected, 5, 0);
    }
}

static void what_would_be_too_large_is_cut_off_inside_the_memory(void **state)
{
    (void)state;
    struct {
        struct lwm2m_natural number;
        uint32_t behind;
    } guarded = {.behind = 0x5a5a5a5a};

    lwm2m_natural_set(&guarded.number, UINT64_MAX);
    lwm2m_natural_shift_left(&guarded.number, 32 * LWM2M_NATURAL_WORDS - 10);
    lwm2m_natural_multiply_power_of_five(&guarded.number, 2000);
    lwm2m_natural_shift_left(&guarded.number, 64 * LWM2M_NATURAL_WORDS);
    assert_true(guarded.number.length <= LWM2M_NATURAL_WORDS);
    assert_int_equal(guarded.behind, 0x5a5a5a5a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_numbers_agree_with_the_machine),
        cmocka_unit_test(zero_has_no_words),
        cmocka_unit_test(a_shift_is_a_product_with_a_power_of_two),
        cmocka_unit_test(a_power_of_five_is_a_product_of_fives),
        cmocka_unit_test(what_would_be_too_large_is_cut_off_inside_the_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
