/*
 * Plain text: one value, in the form of its type.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "support/random_tree.h"
#include "support/record_lines.h"

static const struct {
    const char *path;
    const char *text;
    const char *lines;
} vectors[] = {
    {"/3/0/0", "Open Mobile Alliance", "/3/0/0 string Open Mobile Alliance\n"},
    {"/3/0/0", "", "/3/0/0 string\n"},
    {"/3/0/9", "-9223372036854775808", "/3/0/9 int -9223372036854775808\n"},
    {"/3/0/13", "1367491215", "/3/0/13 time 1367491215\n"},
    {"/3/0/7/1", "5000", "/3/0/7/1 int 5000\n"},
    {"/65/0/3", "21.5", "/65/0/3 float 21.5\n"},
    {"/65/0/4", "18446744073709551615", "/65/0/4 uint 18446744073709551615\n"},
    {"/65/0/0", "66:1", "/65/0/0 objlnk 66:1\n"},
    {"/65/0/5", "AAH/", "/65/0/5 opaque AAH/\n"},
    {"/65/0/6", "</3>", "/65/0/6 corelnk </3>\n"},
    {"/1/0/6", "1", "/1/0/6 bool 1\n"},
    {"/99/0/1", "12", "/99/0/1 string 12\n"},
};

static const struct {
    const char *path;
    const char *text;
    enum lwm2m_error error;
} bad_inputs[] = {
    {"/3/0", "x", LWM2M_MALFORMED},       {"/", "x", LWM2M_MALFORMED},
    {"/3/0/9", "", LWM2M_TYPE},           {"/3/0/9", "1 ", LWM2M_TYPE},
    {"/3/0/9", "1.5", LWM2M_TYPE},        {"/3/0/9", "9223372036854775808", LWM2M_RANGE},
    {"/65/0/4", "-1", LWM2M_TYPE},        {"/65/0/3", "1e999", LWM2M_RANGE},
    {"/65/0/3", "nan", LWM2M_TYPE},       {"/65/0/0", "66", LWM2M_TYPE},
    {"/65/0/0", "66:65536", LWM2M_RANGE}, {"/65/0/5", "A===", LWM2M_TYPE},
    {"/1/0/6", "true", LWM2M_TYPE},       {"/3/0/0", "\xC3\x28", LWM2M_TYPE},
    {"/99/0/1", "\xFF", LWM2M_TYPE},      {"/1/0/8", "", LWM2M_TYPE},
};

static void reads_values_of_every_type(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        struct record_lines lines;

        assert_int_equal(record_lines_decode(&lines, &lwm2m_codec_text, example_types(),
                                             example_path(vectors[i].path),
                                             lwm2m_bytes_from_text(vectors[i].text)),
                         LWM2M_OK);
        assert_string_equal(lines.text, vectors[i].lines);
    }
}

static void refuses_text_that_is_no_value_of_the_type(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_inputs / sizeof bad_inputs[0]; i++) {
        struct record_lines lines;
        enum lwm2m_error error = record_lines_decode(&lines, &lwm2m_codec_text, example_types(),
                                                     example_path(bad_inputs[i].path),
                                                     lwm2m_bytes_from_text(bad_inputs[i].text));

        if (error != bad_inputs[i].error || lines.fault.error != error) {
            fail_msg("'%s' at %s: %s", bad_inputs[i].text, bad_inputs[i].path,
                     lwm2m_error_name(error));
        }
    }
}

static void needs_scratch_for_base64_only(void **state)
{
    struct record_lines lines;
    struct lwm2m_decoding decoding = {.payload = lwm2m_bytes_from_text("AAH/"),
                                      .base = example_path("/65/0/5"),
                                      .types = example_types()};

    (void)state;
    assert_int_equal(lwm2m_codec_text.decode(&decoding, record_lines_sink(&lines), NULL),
                     LWM2M_NO_SPACE);
    decoding.base = example_path("/3/0/0");
    assert_int_equal(lwm2m_codec_text.decode(&decoding, record_lines_sink(&lines), NULL), LWM2M_OK);
}

static enum lwm2m_error write_records(const char *base, const struct lwm2m_record *records,
                                      size_t count)
{
    uint8_t memory[64];
    struct lwm2m_buffer out;
    struct lwm2m_encoder encoder;
    enum lwm2m_error error;

    lwm2m_buffer_init(&out, memory, sizeof memory);
    error = lwm2m_encoder_begin(&encoder, &lwm2m_codec_text, example_path(base), &out);
    for (size_t i = 0; i < count && error == LWM2M_OK; i++) {
        error = lwm2m_encoder_put(&encoder, &records[i]);
    }
    return error != LWM2M_OK ? error : lwm2m_encoder_end(&encoder);
}

static void carries_one_value_and_no_more(void **state)
{
    struct lwm2m_record records[2] = {{.path = example_path("/3/0/9"),
                                       .value = lwm2m_value_integer(1),
                                       .time_ms = LWM2M_NO_TIME}};

    (void)state;
    records[1] = records[0];
    assert_int_equal(write_records("/3/0/9", records, 1), LWM2M_OK);
    assert_int_equal(write_records("/3/0/9", records, 2), LWM2M_UNSUPPORTED);
    assert_int_equal(write_records("/3/0/9", records, 0), LWM2M_UNSUPPORTED);
    assert_int_equal(write_records("/3/0", records, 1), LWM2M_UNSUPPORTED);
    assert_int_equal(write_records("/3/0/8", records, 1), LWM2M_ARGUMENT);
    records[0].path = example_path("/3/0/9/0");
    assert_int_equal(write_records("/3/0/9", records, 1), LWM2M_UNSUPPORTED);
    records[0].path = example_path("/3/0/9");
    records[0].value = lwm2m_value_none();
    assert_int_equal(write_records("/3/0/9", records, 1), LWM2M_UNSUPPORTED);
}

static void random_values_come_back(void **state)
{
    (void)state;
    random_tree_assert_round_trips(&lwm2m_codec_text, RANDOM_TREE_SINGLE, 20000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_values_of_every_type),
        cmocka_unit_test(refuses_text_that_is_no_value_of_the_type),
        cmocka_unit_test(needs_scratch_for_base64_only),
        cmocka_unit_test(carries_one_value_and_no_more),
        cmocka_unit_test(random_values_come_back),
    };

    return cmocka_run_group_tests_name("codec/text", tests, NULL, NULL);
}
