/*
 * SenML CBOR: the example of the specification, how records are completed, input that is not well
 * formed, and random trees.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "support/codec_vectors.h"
#include "support/random_tree.h"
#include "support/record_lines.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define DEVICE                                                                                     \
    "90 a321652f332f302f 006130 03744f70656e204d6f62696c6520416c6c69616e6365"                      \
    "a2006131 03764c69676874776569676874204d324d20436c69656e74"                                    \
    "a2006132 0369333435303030313233 a2006133 0363312e30 a20063362f30 0201 a20063362f31 0205"      \
    "a20063372f30 02190ed8 a20063372f31 02191388 a20063382f30 02187d a20063382f31 02190384"        \
    "a2006139 021864 a200623130 020f a2006431312f30 0200 a200623133 021a5182428f"                  \
    "a200623134 03662b30323a3030 a200623136 036155"

#define DEVICE_LINES                                                                               \
    "/3/0/0 string Open Mobile Alliance\n"                                                         \
    "/3/0/1 string Lightweight M2M Client\n"                                                       \
    "/3/0/2 string 345000123\n"                                                                    \
    "/3/0/3 string 1.0\n"                                                                          \
    "/3/0/6/0 int 1\n"                                                                             \
    "/3/0/6/1 int 5\n"                                                                             \
    "/3/0/7/0 int 3800\n"                                                                          \
    "/3/0/7/1 int 5000\n"                                                                          \
    "/3/0/8/0 int 125\n"                                                                           \
    "/3/0/8/1 int 900\n"                                                                           \
    "/3/0/9 int 100\n"                                                                             \
    "/3/0/10 int 15\n"                                                                             \
    "/3/0/11/0 int 0\n"                                                                            \
    "/3/0/13 time 1367491215\n"                                                                    \
    "/3/0/14 string +02:00\n"                                                                      \
    "/3/0/16 string U\n"

/* Read and written alike. */
static const struct codec_vector vectors[] = {
    {"/3/0", DEVICE, DEVICE_LINES},
    {"/65/0/0", "82 a321682f36352f302f302f 006130 63766c6f6436363a30 a2006131 63766c6f6436363a31",
     "/65/0/0/0 objlnk 66:0\n/65/0/0/1 objlnk 66:1\n"},
    {"/3/0/9", "81a221662f332f302f39021864", "/3/0/9 int 100\n"},
    {"/65/0/3", "81a221672f36352f302f3302f94d60", "/65/0/3 float 21.5\n"},
    {"/65/0/3", "81a221672f36352f302f3302fa47c35000", "/65/0/3 float 100000\n"},
    {"/65/0/3", "81a221672f36352f302f3302fb3fb999999999999a", "/65/0/3 float 0.1\n"},
    {"/65/0/2", "81a221672f36352f302f32023b7fffffffffffffff", "/65/0/2 int -9223372036854775808\n"},
    {"/65/0/4", "81a221672f36352f302f34021bffffffffffffffff",
     "/65/0/4 uint 18446744073709551615\n"},
    {"/65/0/5", "81a221672f36352f302f3508420001", "/65/0/5 opaque AAE=\n"},
    {"/65/0/6", "81a221672f36352f302f3603643c2f333e", "/65/0/6 corelnk </3>\n"},
    {"/1/0/6", "81a221662f312f302f3604f5", "/1/0/6 bool 1\n"},
    {"/3/0/7",
     "83 a221662f332f302f37 0201 a321672f332f302f372f 006130 0202 a221662f332f302f37 0203",
     "/3/0/7 int 1\n/3/0/7/0 int 2\n/3/0/7 int 3\n"},
    /* What exists and is empty. */
    {"/66", "80", ""},
    {"/66/0", "80", "/66/0 none\n"},
    {"/3/0/11", "80", "/3/0/11 none\n"},
    {"/66", "82 a221642f36362f 006130 a1006135", "/66/0 none\n/66/5 none\n"},
    /* Composite: names only, and values of several objects. */
    {"/", "82 a100662f332f302f39 a100642f312f30", "/3/0/9 none\n/1/0 none\n"},
    {"/", "82 a200662f332f302f39 021864 a200662f312f302f31 021905dc",
     "/3/0/9 int 100\n/1/0/1 int 1500\n"},
    /* Times. */
    {"/3/0/9", "82 a321662f332f302f39 221a6553f100 021864 a2221a6553f10a 021863",
     "/3/0/9 int 100 @1700000000000\n/3/0/9 int 99 @1700000010000\n"},
    {"/3/0/9", "81 a321662f332f302f39 22fb41e017a39e5f0a3d 021864",
     "/3/0/9 int 100 @2159877362970\n"},
    {"/3/0/9", "82 a321662f332f302f39 22fb41d954fc40200000 021864 a22200 021863",
     "/3/0/9 int 100 @1700000000500\n/3/0/9 int 99\n"},
};

/* Read, but written in another way. */
static const struct codec_vector tolerated[] = {
    {"/3/0", "9fbf 21652f332f302f 006139 021864 ffff", "/3/0/9 int 100\n"},
    {"/3/0", "81a2 021864 00662f332f302f39", "/3/0/9 int 100\n"},
    {"/3/0", "82a121652f332f302f a2 006139 021864", "/3/0/9 int 100\n"},
    {"/3/0", "81a3 21642f332f30 00622f39 021864", "/3/0/9 int 100\n"},
    {"/3/0", "81a2 007f642f332f30622f39ff 02f95640", "/3/0/9 int 100\n"},
    {"/3/0", "81a2 00662f332f302f30 037f62616261636164ff", "/3/0/0 string abcd\n"},
    {"/65/0", "81a2 00672f36352f302f35 085f4101420203ff", "/65/0/5 opaque AQID\n"},
    {"/65/0", "81a2 00672f36352f302f33 0203", "/65/0/3 float 3\n"},
    {"/65/0", "81a2 00672f36352f302f30 63766c6f6436363a30", "/65/0/0 objlnk 66:0\n"},
    {"/65/0", "81a2 00672f36352f302f30 036436363a30", "/65/0/0 objlnk 66:0\n"},
    {"/3/0", "81a3 00662f332f302f39 021864 01612f", "/3/0/9 int 100\n"},
    {"/3/0", "81a3 00662f332f302f39 021864 617881a10182f6c10a", "/3/0/9 int 100\n"},
    {"/3/0", "81a3 00662f332f302f39 021864 200a", "/3/0/9 int 100\n"},
    {"/3/0", "81a2 616e662f332f302f39 6176 1864", "/3/0/9 int 100\n"},
    {"/3/0", "", "/3/0 none\n"},
    {"/3", "", ""},
    {"/3/0/9", "81a321662f332f302f39 0624 021864", "/3/0/9 int 100\n"},
    {"/3/0/9", "81a421662f332f302f39 221a6553f100 0624 021864", "/3/0/9 int 100 @1699999995000\n"},
    {"/99/0", "82a200672f39392f302f31 0201 a200672f39392f302f32 02f93c00",
     "/99/0/1 int 1\n/99/0/2 float 1\n"},
};

/* The first one is what SenML-ETCH takes. */
enum { FIRST_OF_BOTH = 1 };

static const struct codec_refusal bad_inputs[] = {
    {"/3/0", "81a2 00662f332f302f39 02f6", LWM2M_MALFORMED},
    {"/", "", LWM2M_MALFORMED},
    {"/3/0/7/1", "", LWM2M_MALFORMED},
    {"/3/0", "a0", LWM2M_MALFORMED},
    {"/3/0", "8101", LWM2M_MALFORMED},
    {"/3/0", "81ff", LWM2M_MALFORMED},
    {"/3/0", "9f", LWM2M_MALFORMED},
    {"/3/0", "9bffffffffffffffff", LWM2M_MALFORMED},
    {"/3/0", "8000", LWM2M_MALFORMED},
    {"/3/0", "81bf00ff", LWM2M_MALFORMED},
    /* heads */
    {"/3/0", "9c", LWM2M_MALFORMED},
    {"/3/0", "81a2 00662f332f302f39 021f", LWM2M_MALFORMED},
    {"/3/0", "81a2 00662f332f302f39 02f818", LWM2M_MALFORMED},
    {"/3/0", "81a2 007bffffffffffffffff 2f", LWM2M_MALFORMED},
    {"/3/0", "81a2 007f41 2fff 0201", LWM2M_MALFORMED},
    {"/3/0", "81a2 007f7f612fffff 0201", LWM2M_MALFORMED},
    {"/3/0", "81a2 00662f332f302f30 0362c328", LWM2M_MALFORMED},
    /* names */
    {"/3/0", "81a2 00662f332f312f39 021864", LWM2M_MALFORMED},
    {"/3/0", "81a2 00672f332f302f392f 021864", LWM2M_MALFORMED},
    {"/3/0", "81a3 21652f332f302f 00622f39 021864", LWM2M_MALFORMED},
    {"/3/0", "81a2 00642f332f30 021864", LWM2M_MALFORMED},
    {"/3/0", "81a1 021864", LWM2M_MALFORMED},
    {"/3/0",
     "81a2 00782a2f332f302f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f"
     "2f2f2f39 0201",
     LWM2M_MALFORMED},
    {"/3/0", "81a2 0001 0201", LWM2M_MALFORMED},
    /* labels */
    {"/3/0", "81a3 00662f332f302f39 00662f332f302f39 0201", LWM2M_MALFORMED},
    {"/3/0", "81a3 00662f332f302f39 0201 0201", LWM2M_MALFORMED},
    {"/3/0", "81a3 00662f332f302f39 0201 6176 01", LWM2M_MALFORMED},
    {"/3/0", "81a3 00662f332f302f39 0201 036131", LWM2M_MALFORMED},
    {"/3/0", "81a3 00662f332f302f39 0201 62785f00", LWM2M_MALFORMED},
    {"/3/0", "81a2 00662f332f302f39 0501", LWM2M_MALFORMED},
    {"/3/0", "81a3 00662f332f302f39 0201 2401", LWM2M_MALFORMED},
    {"/3/0", "81a3 00662f332f302f39 0201 2501", LWM2M_MALFORMED},
    {"/3/0", "81a3 00662f332f302f39 0201 200b", LWM2M_MALFORMED},
    {"/3/0", "81a3 00662f332f302f39 0201 4100 00", LWM2M_MALFORMED},
    /* values */
    {"/3/0", "81a2 00662f332f302f39 026131", LWM2M_MALFORMED},
    {"/3/0", "81a2 00662f332f302f30 0301", LWM2M_MALFORMED},
    {"/1/0", "81a2 00662f312f302f36 0401", LWM2M_MALFORMED},
    {"/65/0", "81a2 00672f36352f302f35 086100", LWM2M_MALFORMED},
    {"/65/0", "81a2 00672f36352f302f33 02f97e00", LWM2M_MALFORMED},
    {"/65/0", "81a2 00672f36352f302f33 02f97c00", LWM2M_MALFORMED},
    {"/65/0", "81a2 00672f36352f302f33 02fafF800000", LWM2M_MALFORMED},
    {"/65/0", "81a2 00672f36352f302f33 02fb7ff8000000000000", LWM2M_MALFORMED},
    {"/65/0", "81a2 00672f36352f302f33 02c48221196ab3", LWM2M_MALFORMED},
    {"/65/0", "81a2 00672f36352f302f32 02c249010000000000000000", LWM2M_MALFORMED},
    {"/65/0", "81a2 00672f36352f302f32 023b8000000000000000", LWM2M_RANGE},
    {"/65/0", "81a2 00672f36352f302f32 021b8000000000000000", LWM2M_RANGE},
    {"/65/0", "81a2 00672f36352f302f34 0220", LWM2M_RANGE},
    {"/65/0", "81a2 00672f36352f302f32 02f93e00", LWM2M_TYPE},
    {"/65/0", "81a2 00672f36352f302f30 63766c6f623636", LWM2M_TYPE},
    {"/65/0", "81a2 00672f36352f302f30 63766c6f6136", LWM2M_TYPE},
    {"/1/0", "81a2 00662f312f302f38 0201", LWM2M_TYPE},
    {"/3/0", "81a2 00662f332f302f39 034131", LWM2M_MALFORMED},
    /* times */
    {"/3/0", "81a3 00662f332f302f39 0201 066131", LWM2M_MALFORMED},
    {"/3/0", "81a3 00662f332f302f39 0201 061b7fffffffffffffff", LWM2M_RANGE},
    {"/3/0", "81a3 00662f332f302f39 0201 06fb7fefffffffffffff", LWM2M_RANGE},
    {"/3/0", "81a4 221b0020c49ba5e353f7 00662f332f302f39 0201 061b0020c49ba5e353f7", LWM2M_RANGE},
};

/* What null says in SenML-ETCH, and paths that stand without a value as in SenML. */
static const struct codec_vector etch_vectors[] = {
    {"/", "82 a200682f332f302f372f31 02f6 a200682f332f302f372f32 0203",
     "/3/0/7/1 none\n/3/0/7/2 int 3\n"},
    {"/3/0/7/1", "81 a221682f332f302f372f31 02f6", "/3/0/7/1 none\n"},
    {"/", "82 a100642f332f30 a100662f312f302f31", "/3/0 none\n/1/0/1 none\n"},
    {"/3/0", DEVICE, DEVICE_LINES},
};

static const struct codec_vector etch_tolerated[] = {
    {"/", "81 a100682f332f302f372f31", "/3/0/7/1 none\n"},
    {"/", "81 a200662f312f302f31 02f6", "/1/0/1 none\n"},
    {"/", "81 a3 00682f332f302f372f31 221a6553f100 02f6", "/3/0/7/1 none\n"},
};

static const struct codec_refusal etch_bad_inputs[] = {
    {"/", "81 a200682f332f302f372f31 03f6", LWM2M_MALFORMED},
    {"/", "81 a200682f332f302f372f31 02f7", LWM2M_MALFORMED},
    {"/", "81 a300682f332f302f372f31 02f6 02f6", LWM2M_MALFORMED},
    {"/", "81 a300682f332f302f372f31 02f6 0201", LWM2M_MALFORMED},
    {"/", "81 a221652f332f302f 02f6", LWM2M_MALFORMED},
    {"/", "81 a100f6", LWM2M_MALFORMED},
};

static void reads_the_examples(void **state)
{
    (void)state;
    codec_vectors_assert_read(&lwm2m_codec_senml_cbor, vectors, COUNT(vectors));
}

static void reads_what_devices_write_otherwise(void **state)
{
    (void)state;
    codec_vectors_assert_read(&lwm2m_codec_senml_cbor, tolerated, COUNT(tolerated));
}

static void writes_the_examples_byte_for_byte(void **state)
{
    (void)state;
    codec_vectors_assert_written(&lwm2m_codec_senml_cbor, vectors, COUNT(vectors));
}

static void refuses_bad_input(void **state)
{
    (void)state;
    codec_vectors_assert_refused(&lwm2m_codec_senml_cbor, bad_inputs, COUNT(bad_inputs));
    codec_vectors_assert_refused(&lwm2m_codec_senml_etch_cbor, bad_inputs + FIRST_OF_BOTH,
                                 COUNT(bad_inputs) - FIRST_OF_BOTH);
}

static void refuses_every_truncation(void **state)
{
    (void)state;
    codec_vectors_assert_truncations_refused(&lwm2m_codec_senml_cbor, vectors, COUNT(vectors));
}

static void etch_removes_with_null(void **state)
{
    (void)state;
    codec_vectors_assert_read(&lwm2m_codec_senml_etch_cbor, etch_vectors, COUNT(etch_vectors));
    codec_vectors_assert_written(&lwm2m_codec_senml_etch_cbor, etch_vectors, COUNT(etch_vectors));
    codec_vectors_assert_read(&lwm2m_codec_senml_etch_cbor, etch_tolerated, COUNT(etch_tolerated));
    codec_vectors_assert_refused(&lwm2m_codec_senml_etch_cbor, etch_bad_inputs,
                                 COUNT(etch_bad_inputs));
    codec_vectors_assert_truncations_refused(&lwm2m_codec_senml_etch_cbor, etch_vectors,
                                             COUNT(etch_vectors));
}

/* [{"n": "/3/0/9", "v": 1, "x": [[[…]]]}] */
static enum lwm2m_error decode_nested(unsigned depth, uint8_t head)
{
    static const uint8_t start[] = {0x81, 0xA3, 0x00, 0x66, '/', '3',  '/',
                                    '0',  '/',  '9',  0x02, 1,   0x61, 'x'};
    uint8_t memory[64];
    struct record_lines lines;

    memcpy(memory, start, sizeof start);
    memset(memory + sizeof start, head, depth);
    memory[sizeof start + depth] = 0x00;
    return record_lines_decode(
        &lines, &lwm2m_codec_senml_cbor, example_types(), example_path("/3/0"),
        (struct lwm2m_bytes){.data = memory, .length = sizeof start + depth + 1});
}

static void ignores_nesting_up_to_its_limit(void **state)
{
    (void)state;
    assert_int_equal(decode_nested(LWM2M_DECODE_DEPTH_MAX - 2, 0x81), LWM2M_OK);
    assert_int_equal(decode_nested(LWM2M_DECODE_DEPTH_MAX - 1, 0x81), LWM2M_MALFORMED);
    assert_int_equal(decode_nested(LWM2M_DECODE_DEPTH_MAX - 2, 0xC1), LWM2M_OK);
    assert_int_equal(decode_nested(LWM2M_DECODE_DEPTH_MAX - 1, 0xC1), LWM2M_MALFORMED);
}

static enum lwm2m_error write_one(struct lwm2m_record record)
{
    struct lwm2m_encoder encoder;
    struct lwm2m_buffer out;
    uint8_t memory[64];

    lwm2m_buffer_init(&out, memory, sizeof memory);
    assert_int_equal(
        lwm2m_encoder_begin(&encoder, &lwm2m_codec_senml_cbor, example_path("/65/0"), &out),
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
    random_tree_assert_round_trips(&lwm2m_codec_senml_cbor, RANDOM_TREE_EMPTY | RANDOM_TREE_TIMES,
                                   20000);
}

static void random_composites_come_back(void **state)
{
    (void)state;
    random_tree_assert_round_trips(&lwm2m_codec_senml_cbor,
                                   RANDOM_TREE_EMPTY | RANDOM_TREE_TIMES | RANDOM_TREE_COMPOSITE,
                                   20000);
    random_tree_assert_round_trips(&lwm2m_codec_senml_cbor,
                                   RANDOM_TREE_COMPOSITE | RANDOM_TREE_NAMES_ONLY, 2000);
    random_tree_assert_round_trips(&lwm2m_codec_senml_etch_cbor,
                                   RANDOM_TREE_COMPOSITE | RANDOM_TREE_NAMES_ONLY, 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_examples),
        cmocka_unit_test(reads_what_devices_write_otherwise),
        cmocka_unit_test(writes_the_examples_byte_for_byte),
        cmocka_unit_test(refuses_bad_input),
        cmocka_unit_test(refuses_every_truncation),
        cmocka_unit_test(etch_removes_with_null),
        cmocka_unit_test(ignores_nesting_up_to_its_limit),
        cmocka_unit_test(refuses_to_write_what_no_reader_could_read),
        cmocka_unit_test(random_trees_come_back),
        cmocka_unit_test(random_composites_come_back),
    };

    return cmocka_run_group_tests_name("codec/senml_cbor", tests, NULL, NULL);
}
