/*
 * UTF-8: every code point is taken, and nothing else is.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/utf8.h>

static struct lwm2m_bytes bytes_of(const void *data, size_t length)
{
    return (struct lwm2m_bytes){data, length};
}

/* Encodes as RFC 3629 lays it out; the test's own way, so that both have to agree. */
static size_t encode(uint32_t code_point, uint8_t out[4])
{
    if (code_point < 0x80) {
        out[0] = (uint8_t)code_point;
        return 1;
    }
    size_t length = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    for (size_t i = length; i-- > 1; code_point >>= 6) {
        out[i] = (uint8_t)(0x80 | (code_point & 0x3f));
    }
    out[0] = (uint8_t)(0xf00 >> length | code_point);
    return length;
}

static void every_code_point_is_read_back(void **state)
{
    (void)state;
    for (uint32_t code_point = 0; code_point <= 0x10ffff; code_point++) {
        uint8_t letters[4];
        uint32_t found = UINT32_MAX;
        struct lwm2m_bytes text = bytes_of(letters, encode(code_point, letters));
        bool is_surrogate = code_point >= 0xd800 && code_point <= 0xdfff;

        assert_int_equal(lwm2m_utf8_is_valid(text), !is_surrogate);
        if (is_surrogate) {
            continue;
        }
        assert_true(lwm2m_utf8_next(&text, &found));
        assert_int_equal(found, code_point);
        assert_int_equal(text.length, 0);
    }
}

static void what_is_not_utf8_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "\x80",             /* a continuation on its own */
        "a\xbf",            /* the same behind a letter */
        "\xc0\x80",         /* overlong NUL */
        "\xc1\xbf",         /* overlong DEL */
        "\xe0\x80\x80",     /* overlong in three bytes */
        "\xe0\x9f\xbf",     /* the largest overlong one of these */
        "\xf0\x80\x80\x80", /* overlong in four bytes */
        "\xf0\x8f\xbf\xbf", /* the largest overlong one of these */
        "\xed\xa0\x80",     /* the first surrogate */
        "\xed\xbf\xbf",     /* the last surrogate */
        "\xf4\x90\x80\x80", /* above U+10FFFF */
        "\xf5\x80\x80\x80", /* far above it */
        "\xfe",
        "\xff",
        "\xc3",         /* cut off */
        "\xe2\x82",     /* cut off */
        "\xf0\x9f\x98", /* cut off */
        "\xc3(",        /* no continuation */
        "\xe2\x82(",    /* no second continuation */
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_false(lwm2m_utf8_is_valid(bytes_of(texts[i], strlen(texts[i]))));
    }
}

static void the_walk_stops_where_text_is_not_valid(void **state)
{
    (void)state;
    struct lwm2m_bytes text = bytes_of("\xc3\xbc\xff", 3);
    uint32_t code_point;

    assert_true(lwm2m_utf8_next(&text, &code_point));
    assert_int_equal(code_point, 0xfc);
    assert_false(lwm2m_utf8_next(&text, &code_point));
    assert_int_equal(text.length, 1);
}

static void empty_text_is_valid_and_has_no_first_character(void **state)
{
    (void)state;
    struct lwm2m_bytes text = bytes_of(NULL, 0);
    uint32_t code_point;
    assert_true(lwm2m_utf8_is_valid(text));
    assert_false(lwm2m_utf8_next(&text, &code_point));
}

static void control_characters_are_c0_del_and_c1(void **state)
{
    (void)state;
    for (uint32_t code_point = 0; code_point < 0x200; code_point++) {
        assert_int_equal(lwm2m_utf8_is_control(code_point),
                         code_point <= 0x1f || (code_point >= 0x7f && code_point <= 0x9f));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_is_read_back),
        cmocka_unit_test(what_is_not_utf8_is_refused),
        cmocka_unit_test(the_walk_stops_where_text_is_not_valid),
        cmocka_unit_test(empty_text_is_valid_and_has_no_first_character),
        cmocka_unit_test(control_characters_are_c0_del_and_c1),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
