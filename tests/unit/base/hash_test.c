/*
 * SipHash-1-3, against what another implementation (that of CPython 3.11) computes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"

static void known_messages_have_the_known_hash(void **state)
{
    (void)state;
    static const struct {
        size_t length;
        uint32_t hash;
    } vectors[] = {
        {0, 0x150c532c},  {1, 0x8e01e473},  {2, 0xc41e3669},  {3, 0x8ef6e0ad},  {4, 0x813e4dbd},
        {7, 0xc751325a},  {8, 0x7ebe2eea},  {9, 0x95124362},  {15, 0xbb91c9ea}, {16, 0x33a5c5b7},
        {17, 0x2c009c1d}, {63, 0xe5f37359}, {64, 0xbbc870c6},
    };
    const struct lwm2m_hash_key key = {{0, 0}};
    uint8_t message[64];

    for (size_t i = 0; i < sizeof message; i++) {
        message[i] = (uint8_t)i;
    }
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        assert_int_equal(lwm2m_hash(&key, message, vectors[i].length), vectors[i].hash);
    }
}

static void the_key_changes_the_hash(void **state)
{
    (void)state;
    const struct lwm2m_hash_key first = {{1, 0}};
    const struct lwm2m_hash_key second = {{0, 1}};
    assert_int_not_equal(lwm2m_hash(&first, "abc", 3), lwm2m_hash(&second, "abc", 3));
}

static void every_bit_of_the_message_counts(void **state)
{
    (void)state;
    const struct lwm2m_hash_key key = {{42, 43}};
    uint8_t message[21] = {0};
    uint32_t hash = lwm2m_hash(&key, message, sizeof message);

    for (size_t bit = 0; bit < 8 * sizeof message; bit++) {
        message[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_not_equal(lwm2m_hash(&key, message, sizeof message), hash);
        message[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

static void no_message_may_be_null(void **state)
{
    (void)state;
    const struct lwm2m_hash_key key = {{0, 0}};
    assert_int_equal(lwm2m_hash(&key, NULL, 0), 0x150c532c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_messages_have_the_known_hash),
        cmocka_unit_test(the_key_changes_the_hash),
        cmocka_unit_test(every_bit_of_the_message_counts),
        cmocka_unit_test(no_message_may_be_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
