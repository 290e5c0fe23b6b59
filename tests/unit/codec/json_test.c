/*
 * LwM2M JSON: the examples of the specification, what devices write otherwise, input that is not
 * well formed, and random trees.
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

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define DEVICE                                                                                     \
    "{\"bn\":\"/3/0/\",\"e\":[{\"n\":\"0\",\"sv\":\"Open Mobile Alliance\"},"                      \
    "{\"n\":\"1\",\"sv\":\"Lightweight M2M Client\"},{\"n\":\"2\",\"sv\":\"345000123\"},"          \
    "{\"n\":\"3\",\"sv\":\"1.0\"},{\"n\":\"6/0\",\"v\":1},{\"n\":\"6/1\",\"v\":5},"                \
    "{\"n\":\"7/0\",\"v\":3800},{\"n\":\"7/1\",\"v\":5000},{\"n\":\"8/0\",\"v\":125},"             \
    "{\"n\":\"8/1\",\"v\":900},{\"n\":\"9\",\"v\":100},{\"n\":\"10\",\"v\":15},"                   \
    "{\"n\":\"11/0\",\"v\":0},{\"n\":\"13\",\"v\":1367491215},{\"n\":\"14\",\"sv\":\"+02:00\"},"   \
    "{\"n\":\"16\",\"sv\":\"U\"}]}"

#define DEVICE_LINES                                                                               \
    "/3/0/0 string Open Mobile Alliance\n/3/0/1 string Lightweight M2M Client\n"                   \
    "/3/0/2 string 345000123\n/3/0/3 string 1.0\n/3/0/6/0 int 1\n/3/0/6/1 int 5\n"                 \
    "/3/0/7/0 int 3800\n/3/0/7/1 int 5000\n/3/0/8/0 int 125\n/3/0/8/1 int 900\n/3/0/9 int 100\n"   \
    "/3/0/10 int 15\n/3/0/11/0 int 0\n/3/0/13 time 1367491215\n/3/0/14 string +02:00\n"            \
    "/3/0/16 string U\n"

struct vector {
    const char *base;
    const char *text;
    const char *lines;
};

/* Read and written alike. */
static const struct vector vectors[] = {
    {"/3/0", DEVICE, DEVICE_LINES},
    {"/65",
     "{\"bn\":\"/65/\",\"e\":[{\"n\":\"0/0/0\",\"ov\":\"66:0\"},{\"n\":\"0/0/1\",\"ov\":\"66:1\"},"
     "{\"n\":\"0/1\",\"sv\":\"8613800755500\"},{\"n\":\"0/2\",\"v\":1}]}",
     "/65/0/0/0 objlnk 66:0\n/65/0/0/1 objlnk 66:1\n/65/0/1 string 8613800755500\n"
     "/65/0/2 int 1\n"},
    {"/3/0/9", "{\"bn\":\"/3/0/\",\"e\":[{\"n\":\"9\",\"v\":100}]}", "/3/0/9 int 100\n"},
    {"/3/0/7/1", "{\"bn\":\"/3/0/\",\"e\":[{\"n\":\"7/1\",\"v\":100}]}", "/3/0/7/1 int 100\n"},
    {"/", "{\"bn\":\"/\",\"e\":[{\"n\":\"3/0/9\",\"v\":100},{\"n\":\"1/0/1\",\"v\":1500}]}",
     "/3/0/9 int 100\n/1/0/1 int 1500\n"},
    {"/65/0", "{\"bn\":\"/65/0/\",\"e\":[{\"n\":\"3\",\"v\":21.5},{\"n\":\"2\",\"v\":-1}]}",
     "/65/0/3 float 21.5\n/65/0/2 int -1\n"},
    {"/65/0/2", "{\"bn\":\"/65/0/\",\"e\":[{\"n\":\"2\",\"v\":9007199254740993}]}",
     "/65/0/2 int 9007199254740993\n"},
    {"/65/0/5", "{\"bn\":\"/65/0/\",\"e\":[{\"n\":\"5\",\"sv\":\"+/8=\"}]}",
     "/65/0/5 opaque +/8=\n"},
    {"/65/0/6", "{\"bn\":\"/65/0/\",\"e\":[{\"n\":\"6\",\"sv\":\"</3>\"}]}",
     "/65/0/6 corelnk </3>\n"},
    {"/1/0/6", "{\"bn\":\"/1/0/\",\"e\":[{\"n\":\"6\",\"bv\":false}]}", "/1/0/6 bool 0\n"},
    /* What exists and is empty. */
    {"/66", "{\"bn\":\"/66/\",\"e\":[]}", ""},
    {"/66/0", "{\"bn\":\"/66/0/\",\"e\":[]}", "/66/0 none\n"},
    {"/3/0/11", "{\"bn\":\"/3/0/\",\"e\":[]}", "/3/0/11 none\n"},
    {"/66", "{\"bn\":\"/66/\",\"e\":[{\"n\":\"0\"},{\"n\":\"5\"}]}", "/66/0 none\n/66/5 none\n"},
    /* Values of different times: all relative to the first. */
    {"/3/0/9",
     "{\"bn\":\"/3/0/\",\"bt\":1700000030,\"e\":[{\"n\":\"9\",\"v\":100},"
     "{\"n\":\"9\",\"t\":-5,\"v\":99},{\"n\":\"9\",\"t\":-29.5,\"v\":98}]}",
     "/3/0/9 int 100 @1700000030000\n/3/0/9 int 99 @1700000025000\n"
     "/3/0/9 int 98 @1700000000500\n"},
    {"/3/0/9",
     "{\"bn\":\"/3/0/\",\"bt\":1700000000,\"e\":[{\"n\":\"9\",\"v\":100},"
     "{\"n\":\"9\",\"t\":-1700000000,\"v\":99}]}",
     "/3/0/9 int 100 @1700000000000\n/3/0/9 int 99\n"},
    {"/3/0/9",
     "{\"bn\":\"/3/0/\",\"e\":[{\"n\":\"9\",\"v\":100},{\"n\":\"9\",\"t\":1700000000,\"v\":99}]}",
     "/3/0/9 int 100\n/3/0/9 int 99 @1700000000000\n"},
};

/* Read, but written in another way. */
static const struct vector tolerated[] = {
    /* Without a base name: of the whole, and of the request, as LwM2M 1.0 had it first. */
    {"/3/0", "{\"e\":[{\"n\":\"/3/0/9\",\"v\":100}]}", "/3/0/9 int 100\n"},
    {"/3/0", "{\"e\":[{\"n\":\"9\",\"v\":100},{\"n\":\"7/0\",\"v\":1}]}",
     "/3/0/9 int 100\n/3/0/7/0 int 1\n"},
    {"/3/0/9", "{\"e\":[{\"v\":100}]}", "/3/0/9 int 100\n"},
    {"/3/0/7", "{\"e\":[{\"n\":\"1\",\"v\":100}]}", "/3/0/7/1 int 100\n"},
    /* The '/' left out or written twice, a name that says it all. */
    {"/3/0", "{\"bn\":\"/3/0\",\"e\":[{\"n\":\"9\",\"v\":100}]}\r", "/3/0/9 int 100\n"},
    {"/3/0", "{\"bn\":\"/3/0/\",\"e\":[{\"n\":\"/9\",\"v\":100}]}", "/3/0/9 int 100\n"},
    {"/3/0/9", "{\"bn\":\"/3/0/9\",\"e\":[{\"n\":\"\",\"v\":100}]}", "/3/0/9 int 100\n"},
    {"/3/0/9", "{\"bn\":\"/3/0/9/\",\"e\":[{\"v\":100}]}", "/3/0/9 int 100\n"},
    {"/3/0", "{\"bn\":\"/\",\"e\":[{\"n\":\"3/0/9\",\"v\":100}]}", "/3/0/9 int 100\n"},
    {"/3/0", "{\"bn\":\"\",\"e\":[{\"n\":\"3/0/9\",\"v\":100}]}", "/3/0/9 int 100\n"},
    /* Members in another order. */
    {"/3/0",
     " { \"e\" : [ { \"v\" : 100 , \"n\" : \"9\" } ] , \"bt\" : 1.7e9 , \"bn\" : \"/3/0/\" } ",
     "/3/0/9 int 100 @1700000000000\n"},
    /* What is not known is passed over. */
    {"/3/0",
     "{\"x_\":[{}],\"bn\":\"/3/0/\",\"bver\":{},\"e\":[{\"n\":\"9\",\"v\":1,\"u\":[[\"%\"]]}]}",
     "/3/0/9 int 1\n"},
    /* A time before 2^28 seconds counts from the arrival. */
    {"/3/0", "{\"bn\":\"/3/0/\",\"bt\":25462634,\"e\":[{\"n\":\"9\",\"v\":22,\"t\":-5}]}",
     "/3/0/9 int 22\n"},
    {"/65/0",
     "{\"bn\":\"/65/0/\",\"e\":[{\"n\":\"5\",\"sv\":\"\\u0041AE\"},{\"n\":\"0\",\"sv\":\"66:0\"}]}",
     "/65/0/5 opaque AAE=\n/65/0/0 objlnk 66:0\n"},
    {"/3/0", "{\"bn\":\"\\/3\\/0\\/\",\"e\":[{\"n\":\"0\",\"sv\":\"\\ud83d\\ude00\"}]}",
     "/3/0/0 string \xF0\x9F\x98\x80\n"},
    {"/3/0", "", "/3/0 none\n"},
    {"/3", "", ""},
};

static const struct {
    const char *base;
    const char *text;
    enum lwm2m_error error;
} bad_inputs[] = {
    {"/", "", LWM2M_MALFORMED},
    {"/3/0", "[]", LWM2M_MALFORMED},
    {"/3/0", "{}", LWM2M_MALFORMED},
    {"/3/0", "{\"bn\":\"/3/0/\"}", LWM2M_MALFORMED},
    {"/3/0", "{\"e\":{}}", LWM2M_MALFORMED},
    {"/3/0", "{\"e\":null}", LWM2M_MALFORMED},
    {"/3/0", "{\"e\":[1]}", LWM2M_MALFORMED},
    {"/3/0", "{\"e\":[]}}", LWM2M_MALFORMED},
    {"/3/0", "{\"e\":[],\"e\":[]}", LWM2M_MALFORMED},
    {"/3/0", "{\"e\":[],\"bn\":\"/3\",\"bn\":\"/3\"}", LWM2M_MALFORMED},
    {"/3/0", "{\"e\":[],\"bt\":1,\"bt\":1}", LWM2M_MALFORMED},
    {"/3/0", "{\"e\":[],}", LWM2M_MALFORMED},
    {"/3/0", "{\"e\":[{\"n\":\"9\",\"v\":1},]}", LWM2M_MALFORMED},
    {"/3/0", "{\"e\":[],\"bn\":3}", LWM2M_MALFORMED},
    {"/3/0", "{\"e\":[],\"bn\":null}", LWM2M_MALFORMED},
    {"/3/0", "{\"e\":[],\"bt\":\"1\"}", LWM2M_MALFORMED},
    {"/3/0", "{\"e\":[],\"bt\":1e300}", LWM2M_RANGE},
    {"/3/0", "{\"e\":[],\"bn\":\"/3/0///////////////////////////////\"}", LWM2M_MALFORMED},
    {"/3/0", "{\"e\":[{\"n\":\"/3/0////////////////////////////////9\"}]}", LWM2M_MALFORMED},
    {"/3/0", "{\"bn\":\"/3/1/\",\"e\":[{\"n\":\"9\",\"v\":1}]}", LWM2M_MALFORMED},
    {"/3/0", "{\"bn\":\"/3/0/\",\"e\":[{\"n\":\"09\",\"v\":1}]}", LWM2M_MALFORMED},
    {"/3/0", "{\"bn\":\"/3/0/\",\"e\":[{\"v\":1}]}", LWM2M_MALFORMED},
    {"/3/0", "{\"e\":[{\"n\":\"9\",\"v\":1,\"v\":2}]}", LWM2M_MALFORMED},
    {"/3/0", "{\"e\":[{\"n\":\"9\",\"v\":1,\"sv\":\"2\"}]}", LWM2M_MALFORMED},
    {"/3/0", "{\"e\":[{\"n\":\"9\",\"n\":\"9\",\"v\":1}]}", LWM2M_MALFORMED},
    {"/3/0", "{\"e\":[{\"n\":\"9\",\"v\":\"1\"}]}", LWM2M_MALFORMED},
    {"/3/0", "{\"e\":[{\"n\":\"9\",\"v\":null}]}", LWM2M_MALFORMED},
    {"/3/0", "{\"e\":[{\"n\":\"9\",\"v\":0101}]}", LWM2M_MALFORMED},
    {"/3/0", "{\"e\":[{\"n\":\"9\",\"v\":1.5}]}", LWM2M_TYPE},
    {"/3/0", "{\"e\":[{\"n\":\"9\",\"sv\":\"1\"}]}", LWM2M_TYPE},
    {"/3/0", "{\"e\":[{\"n\":\"9\",\"v\":9223372036854775808}]}", LWM2M_RANGE},
    {"/1/0", "{\"e\":[{\"n\":\"6\",\"bv\":1}]}", LWM2M_MALFORMED},
    {"/65/0", "{\"e\":[{\"n\":\"5\",\"sv\":\"A\"}]}", LWM2M_MALFORMED},
    {"/65/0", "{\"e\":[{\"n\":\"0\",\"ov\":\"66\"}]}", LWM2M_TYPE},
};

static void read_all(const struct vector *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct lwm2m_bytes payload = lwm2m_bytes_from_text(list[i].text);
        struct record_lines lines;
        enum lwm2m_error error = record_lines_decode(&lines, &lwm2m_codec_json, example_types(),
                                                     example_path(list[i].base), payload);

        if (error != LWM2M_OK) {
            fail_msg("%s: %s, offset %zu: %s", list[i].text, lwm2m_error_name(error),
                     lines.fault.offset, lines.fault.reason);
        }
        assert_string_equal(lines.text, list[i].lines);
    }
}

static void reads_the_examples(void **state)
{
    (void)state;
    read_all(vectors, COUNT(vectors));
}

static void reads_what_devices_write_otherwise(void **state)
{
    (void)state;
    read_all(tolerated, COUNT(tolerated));
}

/* Decodes straight into an encoder, as a gateway would. */
static void writes_the_examples_byte_for_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(vectors); i++) {
        uint8_t memory[1024];
        uint8_t scratch_memory[1024];
        struct lwm2m_buffer out;
        struct lwm2m_buffer scratch;
        struct lwm2m_encoder encoder;
        struct lwm2m_decoding decoding = {.payload = lwm2m_bytes_from_text(vectors[i].text),
                                          .base = example_path(vectors[i].base),
                                          .types = example_types(),
                                          .scratch = &scratch};

        lwm2m_buffer_init(&out, memory, sizeof memory);
        lwm2m_buffer_init(&scratch, scratch_memory, sizeof scratch_memory);
        assert_int_equal(lwm2m_encoder_begin(&encoder, &lwm2m_codec_json, decoding.base, &out),
                         LWM2M_OK);
        assert_int_equal(lwm2m_codec_json.decode(&decoding, lwm2m_encoder_sink(&encoder), NULL),
                         LWM2M_OK);
        assert_int_equal(lwm2m_encoder_end(&encoder), LWM2M_OK);
        assert_int_equal(lwm2m_buffer_append_byte(&out, '\0'), LWM2M_OK);
        assert_string_equal((const char *)memory, vectors[i].text);
    }
}

static void refuses_bad_input(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad_inputs); i++) {
        struct lwm2m_bytes payload = lwm2m_bytes_from_text(bad_inputs[i].text);
        struct record_lines lines;
        enum lwm2m_error error = record_lines_decode(&lines, &lwm2m_codec_json, example_types(),
                                                     example_path(bad_inputs[i].base), payload);

        if (error != bad_inputs[i].error || lines.fault.error != error ||
            lines.fault.offset > payload.length) {
            fail_msg("%s: %s, offset %zu: %s", bad_inputs[i].text, lwm2m_error_name(error),
                     lines.fault.offset, lines.fault.reason);
        }
    }
}

/* What is cut off is refused before anything of it is put. */
static void refuses_every_truncation(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(vectors); i++) {
        struct lwm2m_bytes cut = lwm2m_bytes_from_text(vectors[i].text);
        struct record_lines lines;

        while (--cut.length > 0) {
            assert_int_equal(record_lines_decode(&lines, &lwm2m_codec_json, example_types(),
                                                 example_path(vectors[i].base), cut),
                             LWM2M_MALFORMED);
            assert_string_equal(lines.text, "");
        }
    }
}

static enum lwm2m_error decode_nested(const char *start, unsigned depth, const char *end)
{
    char text[128] = "";
    struct record_lines lines;

    strcat(text, start);
    memset(text + strlen(start), '[', depth);
    memset(text + strlen(start) + depth, ']', depth);
    strcat(text, end);
    return record_lines_decode(&lines, &lwm2m_codec_json, example_types(), example_path("/3/0"),
                               lwm2m_bytes_from_text(text));
}

static void ignores_nesting_up_to_its_limit(void **state)
{
    (void)state;
    assert_int_equal(decode_nested("{\"e\":[],\"x\":", LWM2M_DECODE_DEPTH_MAX - 1, "}"), LWM2M_OK);
    assert_int_equal(decode_nested("{\"e\":[],\"x\":", LWM2M_DECODE_DEPTH_MAX, "}"),
                     LWM2M_MALFORMED);
    assert_int_equal(
        decode_nested("{\"e\":[{\"n\":\"9\",\"x\":", LWM2M_DECODE_DEPTH_MAX - 3, "}]}"), LWM2M_OK);
    assert_int_equal(
        decode_nested("{\"e\":[{\"n\":\"9\",\"x\":", LWM2M_DECODE_DEPTH_MAX - 2, "}]}"),
        LWM2M_MALFORMED);
}

static void answers_to_its_number_of_lwm2m_1_0_drafts(void **state)
{
    static const struct lwm2m_codec *const list[] = {&lwm2m_codec_json};
    struct lwm2m_codecs codecs = {.list = list, .count = 1};

    (void)state;
    assert_ptr_equal(lwm2m_codecs_find(codecs, 1543), &lwm2m_codec_json);
}

static void refuses_to_write_what_no_reader_could_read(void **state)
{
    struct lwm2m_record record = {.path = example_path("/65/0/3"), .time_ms = LWM2M_NO_TIME};
    struct lwm2m_encoder encoder;
    struct lwm2m_buffer out;
    uint8_t memory[128];
    double zero = 0;

    (void)state;
    lwm2m_buffer_init(&out, memory, sizeof memory);
    assert_int_equal(lwm2m_encoder_begin(&encoder, &lwm2m_codec_json, example_path("/65/0"), &out),
                     LWM2M_OK);
    record.value = lwm2m_value_float(1 / zero);
    assert_int_equal(lwm2m_encoder_put(&encoder, &record), LWM2M_RANGE);
    record.value = lwm2m_value_text("\xE9");
    assert_int_equal(lwm2m_encoder_put(&encoder, &record), LWM2M_MALFORMED);
    record.value.type = LWM2M_TYPE_UNTYPED;
    assert_int_equal(lwm2m_encoder_put(&encoder, &record), LWM2M_UNSUPPORTED);
    record.value = lwm2m_value_integer(1);
    record.time_ms = 1000;
    assert_int_equal(lwm2m_encoder_put(&encoder, &record), LWM2M_RANGE);
}

static void random_trees_come_back(void **state)
{
    unsigned shape = RANDOM_TREE_EMPTY | RANDOM_TREE_TIMES;

    (void)state;
    random_tree_assert_round_trips(&lwm2m_codec_json, shape, 10000);
    random_tree_assert_round_trips(&lwm2m_codec_json, shape | RANDOM_TREE_COMPOSITE, 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_examples),
        cmocka_unit_test(reads_what_devices_write_otherwise),
        cmocka_unit_test(writes_the_examples_byte_for_byte),
        cmocka_unit_test(refuses_bad_input),
        cmocka_unit_test(refuses_every_truncation),
        cmocka_unit_test(ignores_nesting_up_to_its_limit),
        cmocka_unit_test(answers_to_its_number_of_lwm2m_1_0_drafts),
        cmocka_unit_test(refuses_to_write_what_no_reader_could_read),
        cmocka_unit_test(random_trees_come_back),
    };

    return cmocka_run_group_tests_name("codec/json", tests, NULL, NULL);
}
