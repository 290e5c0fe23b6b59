/*
 * SenML JSON and SenML-ETCH JSON: the example of the specification, how records are completed,
 * what Python's json writes, input that is not well formed, and random trees.
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

#define DEVICE                                                                                     \
    "[{\"bn\":\"/3/0/\",\"n\":\"0\",\"vs\":\"Open Mobile Alliance\"},"                             \
    "{\"n\":\"1\",\"vs\":\"Lightweight M2M Client\"},{\"n\":\"2\",\"vs\":\"345000123\"},"          \
    "{\"n\":\"3\",\"vs\":\"1.0\"},{\"n\":\"6/0\",\"v\":1},{\"n\":\"6/1\",\"v\":5},"                \
    "{\"n\":\"7/0\",\"v\":3800},{\"n\":\"7/1\",\"v\":5000},{\"n\":\"8/0\",\"v\":125},"             \
    "{\"n\":\"8/1\",\"v\":900},{\"n\":\"9\",\"v\":100},{\"n\":\"10\",\"v\":15},"                   \
    "{\"n\":\"11/0\",\"v\":0},{\"n\":\"13\",\"v\":1367491215},{\"n\":\"14\",\"vs\":\"+02:00\"},"   \
    "{\"n\":\"16\",\"vs\":\"U\"}]"

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
    {"/65/0/0",
     "[{\"bn\":\"/65/0/0/\",\"n\":\"0\",\"vlo\":\"66:0\"},{\"n\":\"1\",\"vlo\":\"66:1\"}]",
     "/65/0/0/0 objlnk 66:0\n/65/0/0/1 objlnk 66:1\n"},
    {"/3/0/9", "[{\"bn\":\"/3/0/9\",\"v\":100}]", "/3/0/9 int 100\n"},
    {"/65/0/3", "[{\"bn\":\"/65/0/3\",\"v\":21.5}]", "/65/0/3 float 21.5\n"},
    {"/65/0/3", "[{\"bn\":\"/65/0/3\",\"v\":100000.0}]", "/65/0/3 float 100000\n"},
    {"/65/0/3", "[{\"bn\":\"/65/0/3\",\"v\":-0.0}]", "/65/0/3 float -0.0\n"},
    {"/65/0/3", "[{\"bn\":\"/65/0/3\",\"v\":1e+300}]", "/65/0/3 float 1e+300\n"},
    {"/65/0/2", "[{\"bn\":\"/65/0/2\",\"v\":-9223372036854775808}]",
     "/65/0/2 int -9223372036854775808\n"},
    {"/65/0/2", "[{\"bn\":\"/65/0/2\",\"v\":9007199254740993}]", "/65/0/2 int 9007199254740993\n"},
    {"/65/0/4", "[{\"bn\":\"/65/0/4\",\"v\":18446744073709551615}]",
     "/65/0/4 uint 18446744073709551615\n"},
    {"/65/0/5", "[{\"bn\":\"/65/0/5\",\"vd\":\"AAE\"}]", "/65/0/5 opaque AAE=\n"},
    {"/65/0/5", "[{\"bn\":\"/65/0/5\",\"vd\":\"-_8\"}]", "/65/0/5 opaque +/8=\n"},
    {"/65/0/5", "[{\"bn\":\"/65/0/5\",\"vd\":\"\"}]", "/65/0/5 opaque\n"},
    {"/65/0/6", "[{\"bn\":\"/65/0/6\",\"vs\":\"</3>\"}]", "/65/0/6 corelnk </3>\n"},
    {"/1/0/6", "[{\"bn\":\"/1/0/6\",\"vb\":true}]", "/1/0/6 bool 1\n"},
    {"/3/0/0", "[{\"bn\":\"/3/0/0\",\"vs\":\"a\\\"b\\\\c/\\u0001\xC3\xA9\"}]",
     "/3/0/0 string a\"b\\c/\001\xC3\xA9\n"},
    {"/3/0/0", "[{\"bn\":\"/3/0/0\",\"vs\":\"\\n\\t\\r\\b\\f\"}]", "/3/0/0 string \n\t\r\b\f\n"},
    /* What exists and is empty. */
    {"/66", "[]", ""},
    {"/66/0", "[]", "/66/0 none\n"},
    {"/3/0/11", "[]", "/3/0/11 none\n"},
    {"/66", "[{\"bn\":\"/66/\",\"n\":\"0\"},{\"n\":\"5\"}]", "/66/0 none\n/66/5 none\n"},
    /* Composite: names only, and values of several objects. */
    {"/", "[{\"n\":\"/3/0/9\"},{\"n\":\"/1/0\"}]", "/3/0/9 none\n/1/0 none\n"},
    {"/", "[{\"n\":\"/3/0/9\",\"v\":100},{\"n\":\"/1/0/1\",\"v\":1500}]",
     "/3/0/9 int 100\n/1/0/1 int 1500\n"},
    /* Times: a batch of notifications, and a value without a time behind one that has it. */
    {"/3/0/9", "[{\"bn\":\"/3/0/9\",\"bt\":1700000000,\"v\":100},{\"bt\":1700000010,\"v\":99}]",
     "/3/0/9 int 100 @1700000000000\n/3/0/9 int 99 @1700000010000\n"},
    {"/3/0/9", "[{\"bn\":\"/3/0/9\",\"bt\":1700000000.5,\"v\":100},{\"bt\":0,\"v\":99}]",
     "/3/0/9 int 100 @1700000000500\n/3/0/9 int 99\n"},
    {"/3/0/9", "[{\"bn\":\"/3/0/9\",\"bt\":1700000000.001,\"v\":100}]",
     "/3/0/9 int 100 @1700000000001\n"},
};

/* Read, but written in another way. */
static const struct vector tolerated[] = {
    {"/3/0", " [ { \"n\" : \"9\" ,\t\"bn\" :\r\n\"/3/0/\" , \"v\" : 100 } ] \n",
     "/3/0/9 int 100\n"},
    {"/3/0", "[{\"bn\":\"/3/0/\"},{\"n\":\"9\",\"v\":100}]", "/3/0/9 int 100\n"},
    {"/3/0", "[{\"bn\":\"/3/0\",\"n\":\"/9\",\"v\":1e2}]", "/3/0/9 int 100\n"},
    {"/3/0", "[{\"n\":\"\\/3\\/0\\/9\",\"\\u0076\":100.0}]", "/3/0/9 int 100\n"},
    {"/65/0", "[{\"n\":\"/65/0/3\",\"v\":3}]", "/65/0/3 float 3\n"},
    {"/65/0", "[{\"n\":\"/65/0/3\",\"v\":100000000000000000000}]",
     "/65/0/3 float 100000000000000000000\n"},
    {"/65/0", "[{\"n\":\"/65/0/2\",\"v\":-0}]", "/65/0/2 int 0\n"},
    {"/65/0", "[{\"n\":\"/65/0/0\",\"vs\":\"66:0\"}]", "/65/0/0 objlnk 66:0\n"},
    {"/65/0", "[{\"vd\":\"AAE=\",\"n\":\"/65/0/5\"}]", "/65/0/5 opaque AAE=\n"},
    {"/65/0", "[{\"n\":\"/65/0/5\",\"vd\":\"+\\/8=\"}]", "/65/0/5 opaque +/8=\n"},
    /* json.dumps("grüße 😀") of Python. */
    {"/3/0", "[{\"n\": \"/3/0/0\", \"vs\": \"gr\\u00fc\\u00dfe \\ud83d\\ude00\"}]",
     "/3/0/0 string gr\xC3\xBC\xC3\x9F"
     "e \xF0\x9F\x98\x80\n"},
    /* Units, update times and what is not known are passed over. */
    {"/3/0", "[{\"n\":\"/3/0/9\",\"v\":100,\"u\":\"%\",\"ut\":5,\"bu\":\"V\",\"bver\":10}]",
     "/3/0/9 int 100\n"},
    {"/3/0",
     "[{\"x\":{\"a\":[1,{},[],\"\\\"]\",{\"v\":null}],\"b\":[[1e999]]},\"n\":\"/3/0/9\",\"v\":1}]",
     "/3/0/9 int 1\n"},
    {"/3/0", "", "/3/0 none\n"},
    {"/3", "", ""},
    /* Times relative to the arrival, and to a base. */
    {"/3/0/9", "[{\"bn\":\"/3/0/9\",\"t\":-5,\"v\":100}]", "/3/0/9 int 100\n"},
    {"/3/0/9", "[{\"bn\":\"/3/0/9\",\"bt\":1700000000,\"t\":-5,\"v\":100},{\"t\":-2.5,\"v\":99}]",
     "/3/0/9 int 100 @1699999995000\n/3/0/9 int 99 @1699999997500\n"},
    {"/3/0/9", "[{\"bn\":\"/3/0/9\",\"bt\":1.7e9,\"v\":100}]", "/3/0/9 int 100 @1700000000000\n"},
    /* The examples of RFC 8428 §5.1.1, as far as they are LwM2M. */
    {"/99/0",
     "[{\"bn\":\"/99/0/\",\"bt\":1.276020076001e+09,\"bu\":\"A\",\"bver\":5,"
     "\"n\":\"1\",\"u\":\"V\",\"v\":120.1},{\"n\":\"2\",\"t\":-5,\"v\":1.2}]",
     "/99/0/1 float 120.1 @1276020076001\n/99/0/2 float 1.2 @1276020071001\n"},
};

/* With null, which SenML alone does not have. */
static const struct vector etch_vectors[] = {
    {"/", "[{\"n\":\"/3/0/7/1\",\"v\":null},{\"n\":\"/3/0/9\",\"v\":5}]",
     "/3/0/7/1 none\n/3/0/9 int 5\n"},
    {"/", "[{\"n\":\"/3/0\"},{\"n\":\"/1\"}]", "/3/0 none\n/1 none\n"},
};

static const struct vector etch_tolerated[] = {
    {"/", "[{\"bn\":\"/3/0/7/\",\"n\":\"1\",\"vs\":null,\"t\":1700000000},{\"n\":\"2\"}]",
     "/3/0/7/1 none\n/3/0/7/2 none\n"},
};

struct bad_input {
    const char *base;
    const char *text;
    enum lwm2m_error error;
};

#define NINE "[{\"n\":\"/3/0/9\","

static const struct bad_input bad_inputs[] = {
    {"/", "", LWM2M_MALFORMED},
    {"/3/0/7/1", "", LWM2M_MALFORMED},
    {"/3/0", "{}", LWM2M_MALFORMED},
    {"/3/0", "[1]", LWM2M_MALFORMED},
    {"/3/0", "[]]", LWM2M_MALFORMED},
    {"/3/0", "[] x", LWM2M_MALFORMED},
    {"/3/0", "[,]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":1},]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":1,}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":1}{}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\" 1}]", LWM2M_MALFORMED},
    {"/3/0", NINE "v:1}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":1]", LWM2M_MALFORMED},
    {"/3/0", "\xEF\xBB\xBF[]", LWM2M_MALFORMED},
    /* numbers */
    {"/3/0", NINE "\"v\":01}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":+1}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":1.}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":.5}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":-}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":1e}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":1e+}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":0x10}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":NaN}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":Infinity}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":1e999}]", LWM2M_RANGE},
    {"/3/0", NINE "\"v\":9223372036854775808}]", LWM2M_RANGE},
    {"/3/0", NINE "\"v\":-9223372036854775809000}]", LWM2M_RANGE},
    {"/3/0", NINE "\"v\":1.5}]", LWM2M_TYPE},
    {"/65/0", "[{\"n\":\"/65/0/4\",\"v\":-1}]", LWM2M_RANGE},
    {"/65/0", "[{\"n\":\"/65/0/3\",\"v\":9007199254740993}]", LWM2M_RANGE},
    /* strings */
    {"/3/0", "[{\"n\":\"/3/0/0\",\"vs\":\"a\nb\"}]", LWM2M_MALFORMED},
    {"/3/0", "[{\"n\":\"/3/0/0\",\"vs\":\"\xC3(\"}]", LWM2M_MALFORMED},
    {"/3/0", "[{\"n\":\"/3/0/0\",\"vs\":\"\xED\xA0\x80\"}]", LWM2M_MALFORMED},
    {"/3/0", "[{\"n\":\"/3/0/0\",\"vs\":\"\\x41\"}]", LWM2M_MALFORMED},
    {"/3/0", "[{\"n\":\"/3/0/0\",\"vs\":\"\\u12g4\"}]", LWM2M_MALFORMED},
    {"/3/0", "[{\"n\":\"/3/0/0\",\"vs\":\"\\ud83d\"}]", LWM2M_MALFORMED},
    {"/3/0", "[{\"n\":\"/3/0/0\",\"vs\":\"\\ud83d\\u0041\"}]", LWM2M_MALFORMED},
    {"/3/0", "[{\"n\":\"/3/0/0\",\"vs\":\"\\ude00\"}]", LWM2M_MALFORMED},
    {"/3/0", "[{\"n\":\"/3/0/0\",\"vs\":'a'}]", LWM2M_MALFORMED},
    /* names */
    {"/3/0", "[{\"n\":\"/3/1/9\",\"v\":1}]", LWM2M_MALFORMED},
    {"/3/0", "[{\"n\":\"/3/0/9/\",\"v\":1}]", LWM2M_MALFORMED},
    {"/3/0", "[{\"n\":\"/3/0\",\"v\":1}]", LWM2M_MALFORMED},
    {"/3/0", "[{\"v\":1}]", LWM2M_MALFORMED},
    {"/3/0", "[{\"n\":9,\"v\":1}]", LWM2M_MALFORMED},
    {"/3/0", "[{\"n\":\"/3/0/////////////////////////////9\",\"v\":1}]", LWM2M_MALFORMED},
    {"/3/0", "[{\"n\":\"/3/0/9\\u0000\",\"v\":1}]", LWM2M_MALFORMED},
    /* labels */
    {"/3/0", NINE "\"n\":\"/3/0/9\",\"v\":1}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":1,\"v\":1}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":1,\"vs\":\"1\"}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":1,\"x_\":0}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":1,\"bver\":11}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"s\":1}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":1,\"bs\":1}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":1,\"bv\":1}]", LWM2M_MALFORMED},
    /* values */
    {"/3/0", NINE "\"v\":null}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":\"1\"}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":true}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":[1]}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":{}}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":tru}]", LWM2M_MALFORMED},
    {"/1/0", "[{\"n\":\"/1/0/6\",\"vb\":1}]", LWM2M_MALFORMED},
    {"/1/0", "[{\"n\":\"/1/0/6\",\"vb\":\"true\"}]", LWM2M_MALFORMED},
    {"/1/0", "[{\"n\":\"/1/0/8\",\"v\":1}]", LWM2M_TYPE},
    {"/65/0", "[{\"n\":\"/65/0/5\",\"vd\":\"AA=\"}]", LWM2M_MALFORMED},
    {"/65/0", "[{\"n\":\"/65/0/5\",\"vd\":\"A\"}]", LWM2M_MALFORMED},
    {"/65/0", "[{\"n\":\"/65/0/5\",\"vd\":\"A*AA\"}]", LWM2M_MALFORMED},
    {"/65/0", "[{\"n\":\"/65/0/5\",\"vd\":1}]", LWM2M_MALFORMED},
    {"/65/0", "[{\"n\":\"/65/0/0\",\"vlo\":\"66\"}]", LWM2M_TYPE},
    {"/65/0", "[{\"n\":\"/65/0/0\",\"vlo\":66}]", LWM2M_MALFORMED},
    /* times */
    {"/3/0", NINE "\"v\":1,\"t\":\"a\"}]", LWM2M_MALFORMED},
    {"/3/0", NINE "\"v\":1,\"t\":9223372036854775807}]", LWM2M_RANGE},
    {"/3/0", NINE "\"v\":1,\"t\":1e300}]", LWM2M_RANGE},
    {"/3/0", NINE "\"v\":1,\"bt\":1e12,\"t\":1e12}]", LWM2M_RANGE},
};

static const struct bad_input etch_bad_inputs[] = {
    {"/", "[{\"n\":null}]", LWM2M_MALFORMED},
    {"/", "[{\"n\":\"/3/0/9\",\"t\":null}]", LWM2M_MALFORMED},
    {"/", "[{\"n\":\"/3/0/9\",\"v\":null,\"vs\":null}]", LWM2M_MALFORMED},
    {"/", "[{\"n\":\"/3/0/9\",\"v\":nul}]", LWM2M_MALFORMED},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void read_all(const struct lwm2m_codec *codec, const struct vector *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct lwm2m_bytes payload = lwm2m_bytes_from_text(list[i].text);
        struct record_lines lines;
        enum lwm2m_error error = record_lines_decode(&lines, codec, example_types(),
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
    read_all(&lwm2m_codec_senml_json, vectors, COUNT(vectors));
    read_all(&lwm2m_codec_senml_etch_json, vectors, COUNT(vectors));
    read_all(&lwm2m_codec_senml_etch_json, etch_vectors, COUNT(etch_vectors));
}

static void reads_what_devices_write_otherwise(void **state)
{
    (void)state;
    read_all(&lwm2m_codec_senml_json, tolerated, COUNT(tolerated));
    read_all(&lwm2m_codec_senml_etch_json, etch_tolerated, COUNT(etch_tolerated));
}

/* Decodes straight into an encoder, as a gateway would. */
static void write_all(const struct lwm2m_codec *codec, const struct vector *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t memory[1024];
        uint8_t scratch_memory[1024];
        struct lwm2m_buffer out;
        struct lwm2m_buffer scratch;
        struct lwm2m_encoder encoder;
        struct lwm2m_decoding decoding = {.payload = lwm2m_bytes_from_text(list[i].text),
                                          .base = example_path(list[i].base),
                                          .types = example_types(),
                                          .scratch = &scratch};

        lwm2m_buffer_init(&out, memory, sizeof memory);
        lwm2m_buffer_init(&scratch, scratch_memory, sizeof scratch_memory);
        assert_int_equal(lwm2m_encoder_begin(&encoder, codec, decoding.base, &out), LWM2M_OK);
        assert_int_equal(codec->decode(&decoding, lwm2m_encoder_sink(&encoder), NULL), LWM2M_OK);
        assert_int_equal(lwm2m_encoder_end(&encoder), LWM2M_OK);
        assert_int_equal(lwm2m_buffer_append_byte(&out, '\0'), LWM2M_OK);
        assert_string_equal((const char *)memory, list[i].text);
    }
}

static void writes_the_examples_byte_for_byte(void **state)
{
    (void)state;
    write_all(&lwm2m_codec_senml_json, vectors, COUNT(vectors));
    write_all(&lwm2m_codec_senml_etch_json, etch_vectors, COUNT(etch_vectors));
}

static void refuse_all(const struct lwm2m_codec *codec, const struct bad_input *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct lwm2m_bytes payload = lwm2m_bytes_from_text(list[i].text);
        struct record_lines lines;
        enum lwm2m_error error = record_lines_decode(&lines, codec, example_types(),
                                                     example_path(list[i].base), payload);

        if (error != list[i].error || lines.fault.error != error ||
            lines.fault.offset > payload.length) {
            fail_msg("%s: %s, offset %zu: %s", list[i].text, lwm2m_error_name(error),
                     lines.fault.offset, lines.fault.reason);
        }
    }
}

static void refuses_bad_input(void **state)
{
    (void)state;
    refuse_all(&lwm2m_codec_senml_json, bad_inputs, COUNT(bad_inputs));
    refuse_all(&lwm2m_codec_senml_etch_json, etch_bad_inputs, COUNT(etch_bad_inputs));
}

static void refuses_every_truncation(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(vectors); i++) {
        struct lwm2m_bytes cut = lwm2m_bytes_from_text(vectors[i].text);
        struct record_lines lines;

        while (--cut.length > 0) {
            assert_int_equal(record_lines_decode(&lines, &lwm2m_codec_senml_json, example_types(),
                                                 example_path(vectors[i].base), cut),
                             LWM2M_MALFORMED);
            assert_true(lines.fault.offset <= cut.length);
        }
    }
}

static enum lwm2m_error decode_nested(unsigned depth)
{
    char text[128] = NINE "\"v\":1,\"x\":";
    struct record_lines lines;

    for (unsigned i = 0; i < depth; i++) {
        strcat(text, i % 2 == 0 ? "[" : "{\"y\":");
    }
    strcat(text, "0");
    for (unsigned i = depth; i-- > 0;) {
        strcat(text, i % 2 == 0 ? "]" : "}");
    }
    strcat(text, "}]");
    return record_lines_decode(&lines, &lwm2m_codec_senml_json, example_types(),
                               example_path("/3/0"), lwm2m_bytes_from_text(text));
}

static void ignores_nesting_up_to_its_limit(void **state)
{
    (void)state;
    assert_int_equal(decode_nested(1), LWM2M_OK);
    assert_int_equal(decode_nested(LWM2M_DECODE_DEPTH_MAX - 2), LWM2M_OK);
    assert_int_equal(decode_nested(LWM2M_DECODE_DEPTH_MAX - 1), LWM2M_MALFORMED);
}

/* A buffer is needed for escapes and for base64, and for nothing else. */
static void needs_room_only_for_what_it_decodes(void **state)
{
    struct record_lines lines;
    struct lwm2m_decoding decoding = {.base = example_path("/3/0"), .types = example_types()};
    struct lwm2m_fault fault = {.reason = NULL};

    (void)state;
    decoding.payload = lwm2m_bytes_from_text("[{\"n\":\"/3/0/0\",\"vs\":\"a\",\"x\":\"\\n\"}]");
    assert_int_equal(lwm2m_codec_senml_json.decode(&decoding, record_lines_sink(&lines), &fault),
                     LWM2M_OK);
    decoding.payload = lwm2m_bytes_from_text("[{\"n\":\"/3/0/0\",\"vs\":\"a\\n\"}]");
    assert_int_equal(lwm2m_codec_senml_json.decode(&decoding, record_lines_sink(&lines), &fault),
                     LWM2M_NO_SPACE);
    decoding.payload = lwm2m_bytes_from_text("[{\"n\":\"/3/0/0\",\"vd\":\"AAAA\"}]");
    assert_int_equal(lwm2m_codec_senml_json.decode(&decoding, record_lines_sink(&lines), &fault),
                     LWM2M_NO_SPACE);
}

static enum lwm2m_error write_one(struct lwm2m_record record)
{
    struct lwm2m_encoder encoder;
    struct lwm2m_buffer out;
    uint8_t memory[64];

    lwm2m_buffer_init(&out, memory, sizeof memory);
    assert_int_equal(
        lwm2m_encoder_begin(&encoder, &lwm2m_codec_senml_json, example_path("/65/0"), &out),
        LWM2M_OK);
    return lwm2m_encoder_put(&encoder, &record);
}

static void refuses_to_write_what_no_reader_could_read(void **state)
{
    struct lwm2m_record record = {.path = example_path("/65/0/3"), .time_ms = LWM2M_NO_TIME};
    uint8_t latin[] = {0xE9};
    double zero = 0;

    (void)state;
    record.value = lwm2m_value_float(1 / zero);
    assert_int_equal(write_one(record), LWM2M_RANGE);
    record.value = lwm2m_value_float(zero / zero);
    assert_int_equal(write_one(record), LWM2M_RANGE);
    record.value = lwm2m_value_string((struct lwm2m_bytes){.data = latin, .length = 1});
    assert_int_equal(write_one(record), LWM2M_MALFORMED);
    record.value = lwm2m_value_opaque((struct lwm2m_bytes){.data = latin, .length = 1});
    assert_int_equal(write_one(record), LWM2M_OK);
    record.value.type = LWM2M_TYPE_UNTYPED;
    assert_int_equal(write_one(record), LWM2M_UNSUPPORTED);
    record.value = lwm2m_value_integer(1);
    record.time_ms = 1000;
    assert_int_equal(write_one(record), LWM2M_RANGE);
}

static void random_trees_come_back(void **state)
{
    (void)state;
    random_tree_assert_round_trips(&lwm2m_codec_senml_json, RANDOM_TREE_EMPTY | RANDOM_TREE_TIMES,
                                   10000);
}

static void random_composites_come_back(void **state)
{
    static const struct lwm2m_codec *const codecs[] = {&lwm2m_codec_senml_json,
                                                       &lwm2m_codec_senml_etch_json};

    (void)state;
    for (size_t i = 0; i < COUNT(codecs); i++) {
        random_tree_assert_round_trips(
            codecs[i], RANDOM_TREE_EMPTY | RANDOM_TREE_TIMES | RANDOM_TREE_COMPOSITE, 10000);
        random_tree_assert_round_trips(codecs[i], RANDOM_TREE_COMPOSITE | RANDOM_TREE_NAMES_ONLY,
                                       2000);
    }
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
        cmocka_unit_test(needs_room_only_for_what_it_decodes),
        cmocka_unit_test(refuses_to_write_what_no_reader_could_read),
        cmocka_unit_test(random_trees_come_back),
        cmocka_unit_test(random_composites_come_back),
    };

    return cmocka_run_group_tests_name("codec/senml_json", tests, NULL, NULL);
}
