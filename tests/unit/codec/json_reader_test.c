/*
 * Strings of JSON: UTF-8, escapes and what is neither, wherever in the string they stand. The rest
 * of the reader is tested with the formats that are built on it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdlib.h>

#include "codec/json_reader.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define LETTERS "abcdefghijklmnopqrs"
#define LETTER_COUNT (sizeof(LETTERS) - 1)

/* What one text is read as. */
struct reading {
    struct lwm2m_bytes value; /* in scratch if it had escapes; else gone with the text */
    bool is_borrowed;         /* from the text */
    struct lwm2m_fault fault;
    struct lwm2m_buffer scratch;
    uint8_t scratch_memory[128];
};

/* From memory of its very size, so that a sanitizer sees each byte that is read too many. */
static enum lwm2m_error read_text(struct lwm2m_bytes text, struct reading *reading)
{
    uint8_t *memory = malloc(text.length > 0 ? text.length : 1);
    struct lwm2m_json_reader reader = {
        .input = {memory, text.length}, .scratch = &reading->scratch, .fault = &reading->fault};
    struct lwm2m_json_item item;
    enum lwm2m_error error;

    assert_non_null(memory);
    if (text.length > 0) {
        memcpy(memory, text.data, text.length);
    }
    reading->fault = (struct lwm2m_fault){.reason = ""};
    lwm2m_buffer_init(&reading->scratch, reading->scratch_memory, sizeof reading->scratch_memory);
    error = lwm2m_json_read(&reader, &item);
    if (error == LWM2M_OK) {
        assert_int_equal(reader.offset, text.length);
        assert_int_equal(item.value.type, LWM2M_TYPE_STRING);
        reading->value = item.value.as.bytes;
        reading->is_borrowed = reading->value.data == memory + 1;
        if (reading->is_borrowed) {
            (void)lwm2m_buffer_append(&reading->scratch, reading->value.data,
                                      reading->value.length);
            reading->value.data = reading->scratch_memory;
        }
    }
    free(memory);
    return error;
}

/* Quotes, LETTERS, and `inserted` before the letter at `position`. */
static struct lwm2m_bytes compose(char text[128], const char *inserted, size_t position)
{
    size_t length = strlen(inserted);

    text[0] = '"';
    memcpy(text + 1, LETTERS, position);
    memcpy(text + 1 + position, inserted, length);
    memcpy(text + 1 + position + length, LETTERS + position, LETTER_COUNT - position);
    text[1 + length + LETTER_COUNT] = '"';
    return (struct lwm2m_bytes){(const uint8_t *)text, length + LETTER_COUNT + 2};
}

static void utf8_is_read_at_every_position(void **state)
{
    static const char *const texts[] = {"\xC3\xBC", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\x7F"};

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        for (size_t position = 0; position <= LETTER_COUNT; position++) {
            char memory[128];
            struct lwm2m_bytes text = compose(memory, texts[i], position);
            struct reading reading;

            assert_int_equal(read_text(text, &reading), LWM2M_OK);
            assert_true(reading.is_borrowed);
            assert_int_equal(reading.value.length, text.length - 2);
            assert_memory_equal(reading.value.data, text.data + 1, text.length - 2);
        }
    }
}

/* Alone, and where an escape before or behind it ends the run of plain bytes. */
static void bad_utf8_is_refused_at_every_position(void **state)
{
    static const char *const texts[] = {
        "\x80",
        "\xBF",
        "\xC3",
        "\xC3(",
        "\xC0\x80",
        "\xE2\x82",
        "\xED\xA0\x80",
        "\xF0\x9F\x98",
        "\xF4\x90\x80\x80",
        "\xFF",
        "\\n\x80",
        "\xC3\\n",
        "\xC3\\u00bc",
        "\\u00c3\xBC",
        "\xC3\xBC\\t\xBC",
        "\xC3\xBC\xBC",
        "\xE2\\/\x82\xAC",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        for (size_t position = 0; position <= LETTER_COUNT; position++) {
            char memory[128];
            struct reading reading;

            assert_int_equal(read_text(compose(memory, texts[i], position), &reading),
                             LWM2M_MALFORMED);
            assert_string_equal(reading.fault.reason, "not UTF-8");
            assert_int_equal(reading.fault.offset, 1);
        }
    }
}

static void a_control_character_is_refused_where_it_stands(void **state)
{
    (void)state;
    for (char control = 1; control < ' '; control++) {
        for (size_t position = 0; position <= LETTER_COUNT; position++) {
            const char text[] = {control, '\0'};
            char memory[128];
            struct reading reading;

            assert_int_equal(read_text(compose(memory, text, position), &reading), LWM2M_MALFORMED);
            assert_string_equal(reading.fault.reason, "a control character in a string");
            assert_int_equal(reading.fault.offset, 1 + position);
        }
    }
}

/* One character of a string: as it may be written, and what it stands for. */
static const struct {
    const char *written;
    const char *meant;
} characters[] = {
    {"a", "a"},       {"\xC3\xBC", "\xC3\xBC"},
    {"\\n", "\n"},    {"\\\\", "\\"},
    {"\\\"", "\""},   {"\\u20ac", "\xE2\x82\xAC"},
    {"\\u0041", "A"}, {"\\ud83d\\ude00", "\xF0\x9F\x98\x80"},
};

/* All strings of up to four of them: each run between escapes begins and ends in every way. */
static void plain_characters_and_escapes_follow_each_other_in_any_order(void **state)
{
    (void)state;
    for (unsigned number = 0; number < 8 * 8 * 8 * 8; number++) {
        for (size_t count = 0; count <= 4; count++) {
            char text[64] = "\"";
            char meant[32] = "";
            struct reading reading;

            for (size_t i = 0; i < count; i++) {
                strcat(text, characters[number >> 3 * i & 7].written);
                strcat(meant, characters[number >> 3 * i & 7].meant);
            }
            strcat(text, "\"");
            assert_int_equal(read_text(lwm2m_bytes_from_text(text), &reading), LWM2M_OK);
            assert_int_equal(reading.is_borrowed, strchr(text, '\\') == NULL);
            assert_int_equal(reading.value.length, strlen(meant));
            assert_memory_equal(reading.value.data, meant, strlen(meant));
        }
    }
}

static void a_string_that_is_cut_off_ends_too_early(void **state)
{
    static const char text[] = "\"ab\xC3\xBC\\n\\ud83d\\ude00c\\\\\\\"d\"";

    (void)state;
    for (size_t length = 0; length < sizeof text - 1; length++) {
        struct lwm2m_bytes cut = {(const uint8_t *)text, length};
        struct reading reading;

        assert_int_equal(read_text(cut, &reading), LWM2M_MALFORMED);
        assert_string_equal(reading.fault.reason, "it ends too early");
        assert_int_equal(reading.fault.offset, length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_is_read_at_every_position),
        cmocka_unit_test(bad_utf8_is_refused_at_every_position),
        cmocka_unit_test(a_control_character_is_refused_where_it_stands),
        cmocka_unit_test(plain_characters_and_escapes_follow_each_other_in_any_order),
        cmocka_unit_test(a_string_that_is_cut_off_ends_too_early),
    };

    return cmocka_run_group_tests_name("codec/json_reader", tests, NULL, NULL);
}
