/*
 * Borrowed bytes and the bounded writer.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/bytes.h>

static void text_becomes_bytes_without_its_end(void **state)
{
    (void)state;
    assert_int_equal(lwm2m_bytes_from_text("abc").length, 3);
    assert_int_equal(lwm2m_bytes_from_text("").length, 0);
    assert_int_equal(lwm2m_bytes_from_text(NULL).length, 0);
}

static void bytes_are_equal_by_content(void **state)
{
    (void)state;
    struct lwm2m_bytes abc = lwm2m_bytes_from_text("abc");
    struct lwm2m_bytes empty = {NULL, 0};
    assert_true(lwm2m_bytes_equal_text(abc, "abc"));
    assert_false(lwm2m_bytes_equal_text(abc, "abd"));
    assert_false(lwm2m_bytes_equal_text(abc, "abcd"));
    assert_false(lwm2m_bytes_equal_text(abc, "ab"));
    assert_true(lwm2m_bytes_equal(empty, lwm2m_bytes_from_text("")));
    assert_true(lwm2m_bytes_equal_text(empty, ""));
}

static void appends_follow_each_other(void **state)
{
    (void)state;
    uint8_t memory[8];
    const uint8_t expected[] = {'a', 'b', 'c', 0x12, 0x34, 'z'};
    struct lwm2m_buffer buffer;

    lwm2m_buffer_init(&buffer, memory, sizeof memory);
    assert_int_equal(lwm2m_buffer_append_text(&buffer, "abc"), LWM2M_OK);
    assert_int_equal(lwm2m_buffer_append_number(&buffer, 0xff1234, 2), LWM2M_OK);
    assert_int_equal(lwm2m_buffer_append_byte(&buffer, 'z'), LWM2M_OK);
    assert_int_equal(lwm2m_buffer_append(&buffer, NULL, 0), LWM2M_OK);
    assert_int_equal(lwm2m_buffer_check(&buffer), LWM2M_OK);
    assert_int_equal(lwm2m_buffer_bytes(&buffer).length, sizeof expected);
    assert_memory_equal(lwm2m_buffer_bytes(&buffer).data, expected, sizeof expected);
}

static void a_number_is_written_big_endian_in_any_width(void **state)
{
    (void)state;
    const uint8_t expected[] = {1, 2, 3, 4, 5, 6, 7, 8};
    for (unsigned width = 1; width <= 8; width++) {
        uint8_t memory[8];
        struct lwm2m_buffer buffer;
        lwm2m_buffer_init(&buffer, memory, sizeof memory);
        assert_int_equal(lwm2m_buffer_append_number(&buffer, 0x0102030405060708, width), LWM2M_OK);
        assert_int_equal(buffer.length, width);
        assert_memory_equal(memory, expected + 8 - width, width);
    }
}

static void what_does_not_fit_leaves_nothing_and_is_remembered(void **state)
{
    (void)state;
    uint8_t memory[4] = {0, 0, 0, 0x55};
    struct lwm2m_buffer buffer;

    lwm2m_buffer_init(&buffer, memory, 3);
    assert_int_equal(lwm2m_buffer_append_text(&buffer, "ab"), LWM2M_OK);
    assert_int_equal(lwm2m_buffer_append_text(&buffer, "cd"), LWM2M_NO_SPACE);
    assert_int_equal(buffer.length, 2);
    /* It would fit, but a result with a hole is worse than none. */
    assert_int_equal(lwm2m_buffer_append_byte(&buffer, 'c'), LWM2M_NO_SPACE);
    assert_int_equal(lwm2m_buffer_check(&buffer), LWM2M_NO_SPACE);
    assert_int_equal(memory[2], 0);
    assert_int_equal(memory[3], 0x55);
}

static void a_length_near_the_largest_does_not_wrap(void **state)
{
    (void)state;
    uint8_t memory[4];
    struct lwm2m_buffer buffer;
    lwm2m_buffer_init(&buffer, memory, sizeof memory);
    assert_int_equal(lwm2m_buffer_append_byte(&buffer, 1), LWM2M_OK);
    assert_int_equal(lwm2m_buffer_append(&buffer, memory, SIZE_MAX), LWM2M_NO_SPACE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_becomes_bytes_without_its_end),
        cmocka_unit_test(bytes_are_equal_by_content),
        cmocka_unit_test(appends_follow_each_other),
        cmocka_unit_test(a_number_is_written_big_endian_in_any_width),
        cmocka_unit_test(what_does_not_fit_leaves_nothing_and_is_remembered),
        cmocka_unit_test(a_length_near_the_largest_does_not_wrap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
