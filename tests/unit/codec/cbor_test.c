/*
 * CBOR items: numbers of every width, strings in chunks, and skipping what is not known.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "codec/cbor.h"
#include "codec/cbor_value.h"
#include "support/hex.h"

static enum lwm2m_error read_value(const char *hex, struct lwm2m_value *value)
{
    uint8_t memory[32];
    struct lwm2m_cbor_reader reader = {.input = hex_decode(hex, memory, sizeof memory)};
    struct lwm2m_cbor_item item;
    enum lwm2m_error error = lwm2m_cbor_read(&reader, &item);

    if (error == LWM2M_OK) {
        error = lwm2m_cbor_item_value(&item, value, NULL);
    }
    if (error == LWM2M_OK) {
        assert_int_equal(reader.offset, reader.input.length);
    }
    return error;
}

/* Of RFC 8949 Appendix A. */
static const struct {
    const char *hex;
    double number;
} floats[] = {
    {"f90000", 0.0},
    {"f98000", -0.0},
    {"f93c00", 1.0},
    {"fb3ff199999999999a", 1.1},
    {"f93e00", 1.5},
    {"f97bff", 65504.0},
    {"fa47c35000", 100000.0},
    {"fa7f7fffff", 3.4028234663852886e+38},
    {"fb7e37e43c8800759c", 1.0e+300},
    {"f90001", 5.960464477539063e-8},
    {"f90400", 0.00006103515625},
    {"f9c400", -4.0},
    {"fbc010666666666666", -4.1},
};

static const struct {
    const char *hex;
    int64_t number;
} integers[] = {
    {"00", 0},
    {"17", 23},
    {"1818", 24},
    {"18ff", 255},
    {"190100", 256},
    {"19ffff", 65535},
    {"1a00010000", 65536},
    {"1affffffff", 4294967295},
    {"1b0000000100000000", 4294967296},
    {"1b7fffffffffffffff", INT64_MAX},
    {"20", -1},
    {"37", -24},
    {"3818", -25},
    {"3903e7", -1000},
    {"3b7fffffffffffffff", INT64_MIN},
};

static void floats_are_read_and_written_in_their_shortest_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof floats / sizeof floats[0]; i++) {
        struct lwm2m_value value;
        struct lwm2m_value expected = lwm2m_value_float(floats[i].number);
        uint8_t memory[16];
        char text[32];
        struct lwm2m_buffer out;

        assert_int_equal(read_value(floats[i].hex, &value), LWM2M_OK);
        assert_true(lwm2m_value_equal(&value, &expected));
        lwm2m_buffer_init(&out, memory, sizeof memory);
        lwm2m_cbor_append_float(&out, floats[i].number);
        assert_string_equal(hex_encode(lwm2m_buffer_bytes(&out), text, sizeof text), floats[i].hex);
    }
}

static void integers_are_read_and_written_in_their_shortest_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof integers / sizeof integers[0]; i++) {
        struct lwm2m_value value;
        uint8_t memory[16];
        char text[32];
        struct lwm2m_buffer out;

        assert_int_equal(read_value(integers[i].hex, &value), LWM2M_OK);
        assert_int_equal(value.type, LWM2M_TYPE_INTEGER);
        assert_true(value.as.integer == integers[i].number);
        lwm2m_buffer_init(&out, memory, sizeof memory);
        lwm2m_cbor_append_integer(&out, integers[i].number);
        assert_string_equal(hex_encode(lwm2m_buffer_bytes(&out), text, sizeof text),
                            integers[i].hex);
    }
}

static void every_half_float_comes_back(void **state)
{
    (void)state;
    for (unsigned half = 0; half <= UINT16_MAX; half++) {
        uint8_t memory[16] = {0xF9, (uint8_t)(half >> 8), (uint8_t)half};
        struct lwm2m_cbor_reader reader = {.input = {.data = memory, .length = 3}};
        struct lwm2m_cbor_item item;
        struct lwm2m_buffer out;

        assert_int_equal(lwm2m_cbor_read(&reader, &item), LWM2M_OK);
        if ((half & 0x7C00) == 0x7C00) {
            assert_true(item.number - item.number != 0);
            continue;
        }
        lwm2m_buffer_init(&out, memory + 8, 8);
        lwm2m_cbor_append_float(&out, item.number);
        assert_int_equal(out.length, 3);
        assert_memory_equal(memory, memory + 8, 3);
    }
}

static void unsigned_numbers_go_beyond_the_signed(void **state)
{
    struct lwm2m_value value;

    (void)state;
    assert_int_equal(read_value("1bffffffffffffffff", &value), LWM2M_OK);
    assert_int_equal(value.type, LWM2M_TYPE_UNSIGNED);
    assert_true(value.as.unsigned_integer == UINT64_MAX);
    assert_int_equal(read_value("3bffffffffffffffff", &value), LWM2M_RANGE);
}

static void what_is_no_value_is_refused(void **state)
{
    static const char *const inputs[] = {
        "f6", "f7", "e0",   "f97e00", "f97c00", "f9fc00", "fa7fc000", "c249010000", "80",
        "a0", "ff", "f818", "f8ff",   "1c",     "df",     "1f",       "3f",         ""};

    (void)state;
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
        struct lwm2m_value value;

        assert_int_equal(read_value(inputs[i], &value), LWM2M_MALFORMED);
    }
}

static void chunks_are_joined_in_scratch(void **state)
{
    uint8_t memory[16];
    uint8_t scratch_memory[4];
    struct lwm2m_buffer scratch;
    struct lwm2m_cbor_reader reader = {.input = hex_decode("7f6261626063636465ff", memory, 16),
                                       .scratch = &scratch};
    struct lwm2m_cbor_item item;

    (void)state;
    lwm2m_buffer_init(&scratch, scratch_memory, 4);
    assert_int_equal(lwm2m_cbor_read(&reader, &item), LWM2M_NO_SPACE);
    reader.offset = 0;
    reader.scratch = NULL;
    assert_int_equal(lwm2m_cbor_read(&reader, &item), LWM2M_NO_SPACE);
    reader.input = hex_decode("7f626162606163ff", memory, 16);
    reader.offset = 0;
    reader.scratch = &scratch;
    lwm2m_buffer_init(&scratch, scratch_memory, 4);
    assert_int_equal(lwm2m_cbor_read(&reader, &item), LWM2M_OK);
    assert_true(lwm2m_bytes_equal_text(item.bytes, "abc"));
}

static enum lwm2m_error skip_item(const char *hex, unsigned depth)
{
    uint8_t memory[64];
    uint8_t scratch_memory[64];
    struct lwm2m_buffer scratch;
    struct lwm2m_cbor_reader reader = {.input = hex_decode(hex, memory, sizeof memory),
                                       .scratch = &scratch};
    struct lwm2m_cbor_item head;
    enum lwm2m_error error;

    lwm2m_buffer_init(&scratch, scratch_memory, sizeof scratch_memory);
    error = lwm2m_cbor_read(&reader, &head);
    if (error == LWM2M_OK) {
        error = lwm2m_cbor_skip(&reader, &head, depth);
    }
    if (error == LWM2M_OK) {
        assert_int_equal(reader.offset, reader.input.length);
    }
    return error;
}

static void skips_whatever_is_well_formed(void **state)
{
    (void)state;
    assert_int_equal(skip_item("00", 0), LWM2M_OK);
    assert_int_equal(skip_item("80", 1), LWM2M_OK);
    assert_int_equal(skip_item("80", 0), LWM2M_MALFORMED);
    assert_int_equal(skip_item("83018202039f0405ff", 2), LWM2M_OK);
    assert_int_equal(skip_item("83018202039f0405ff", 1), LWM2M_MALFORMED);
    assert_int_equal(skip_item("bf6161016162820203ff", 2), LWM2M_OK);
    assert_int_equal(skip_item("c11a514b67b0", 1), LWM2M_OK);
    assert_int_equal(skip_item("82f6f7", 1), LWM2M_OK);
}

static void stops_at_what_is_not(void **state)
{
    (void)state;
    assert_int_equal(skip_item("9bffffffffffffffff0000", 3), LWM2M_MALFORMED);
    assert_int_equal(skip_item("bf00ff", 3), LWM2M_MALFORMED);
    assert_int_equal(skip_item("82ff", 3), LWM2M_MALFORMED);
    assert_int_equal(skip_item("c1ff", 3), LWM2M_MALFORMED);
    assert_int_equal(skip_item("9f", 3), LWM2M_MALFORMED);
    assert_int_equal(skip_item("81f818", 3), LWM2M_MALFORMED);
    assert_int_equal(skip_item("7f7f 20202020 20202020 20202020 20202020 20202020 20202020 20202020"
                               "202020 ff",
                               3),
                     LWM2M_MALFORMED);
    assert_int_equal(skip_item("c1", 3), LWM2M_MALFORMED);
    assert_int_equal(skip_item("ff", 3), LWM2M_MALFORMED);
}

static void an_array_gets_its_count_when_it_is_known(void **state)
{
    static const struct {
        uint32_t count;
        const char *hex;
    } heads[] = {{0, "aa80bb"},
                 {23, "aa97bb"},
                 {24, "aa9818bb"},
                 {256, "aa990100bb"},
                 {65536, "aa9a00010000bb"}};

    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        uint8_t memory[8];
        char text[32];
        struct lwm2m_buffer out;
        size_t mark;

        lwm2m_buffer_init(&out, memory, strlen(heads[i].hex) / 2);
        lwm2m_buffer_append_byte(&out, 0xAA);
        mark = lwm2m_cbor_array_begin(&out);
        lwm2m_buffer_append_byte(&out, 0xBB);
        assert_int_equal(lwm2m_cbor_array_end(&out, mark, heads[i].count), LWM2M_OK);
        assert_string_equal(hex_encode(lwm2m_buffer_bytes(&out), text, sizeof text), heads[i].hex);
        lwm2m_buffer_init(&out, memory, strlen(heads[i].hex) / 2 - 1);
        lwm2m_buffer_append_byte(&out, 0xAA);
        mark = lwm2m_cbor_array_begin(&out);
        lwm2m_buffer_append_byte(&out, 0xBB);
        assert_int_equal(lwm2m_cbor_array_end(&out, mark, heads[i].count), LWM2M_NO_SPACE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(floats_are_read_and_written_in_their_shortest_form),
        cmocka_unit_test(integers_are_read_and_written_in_their_shortest_form),
        cmocka_unit_test(every_half_float_comes_back),
        cmocka_unit_test(unsigned_numbers_go_beyond_the_signed),
        cmocka_unit_test(what_is_no_value_is_refused),
        cmocka_unit_test(chunks_are_joined_in_scratch),
        cmocka_unit_test(skips_whatever_is_well_formed),
        cmocka_unit_test(stops_at_what_is_not),
        cmocka_unit_test(an_array_gets_its_count_when_it_is_known),
    };

    return cmocka_run_group_tests_name("codec/cbor", tests, NULL, NULL);
}
