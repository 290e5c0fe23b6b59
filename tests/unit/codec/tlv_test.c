/*
 * TLV: the examples of the specification, input that is not well formed, and random trees.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "support/hex.h"
#include "support/random_tree.h"
#include "support/record_lines.h"

#define DEVICE                                                                                     \
    "c80014 4f70656e204d6f62696c6520416c6c69616e6365"                                              \
    "c80116 4c69676874776569676874204d324d20436c69656e74"                                          \
    "c80209 333435303030313233 c303312e30 8606 410001 410105"                                      \
    "880708 42000ed8 42011388 8708 41007d 42010384 c10964 c10a0f 830b 410000"                      \
    "c40d5182428f c60e2b30323a3030 c11055"

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

struct vector {
    const char *base;
    const char *hex;
    const char *lines;
};

/* Read and written alike. */
static const struct vector vectors[] = {
    {"/3/0", DEVICE, DEVICE_LINES},
    {"/3", "080079" DEVICE, DEVICE_LINES},
    {"/2",
     "08000e c10001 c10100 8302 417f07 c1037f 080212 c10003 c10100 8702 417f07 61013601 c1037f",
     "/2/0/0 int 1\n/2/0/1 int 0\n/2/0/2/127 int 7\n/2/0/3 int 127\n"
     "/2/2/0 int 3\n/2/2/1 int 0\n/2/2/2/127 int 7\n/2/2/2/310 int 1\n/2/2/3 int 127\n"},
    {"/1", "08000f c10001 c40100015180 c10601 c10755",
     "/1/0/0 int 1\n/1/0/1 int 86400\n/1/0/6 bool 1\n/1/0/7 string U\n"},
    {"/65/0", "88000c 440000420000 440100420001 c8010d38363133383030373535353030 c40212345678",
     "/65/0/0/0 objlnk 66:0\n/65/0/0/1 objlnk 66:1\n/65/0/1 string 8613800755500\n"
     "/65/0/2 int 305419896\n"},
    {"/66",
     "080026 c8000b6d79536572766963652031 c8010f496e7465726e65742e31352e323334 c40200430000"
     "080126 c8000b6d79536572766963652032 c8010f496e7465726e65742e31352e323335 c402ffffffff",
     "/66/0/0 string myService 1\n/66/0/1 string Internet.15.234\n/66/0/2 objlnk 67:0\n"
     "/66/1/0 string myService 2\n/66/1/1 string Internet.15.235\n/66/1/2 objlnk 65535:65535\n"},
    {"/65/0/2", "c10265", "/65/0/2 int 101\n"},
    {"/65/0/3", "c40341ac0000", "/65/0/3 float 21.5\n"},
    {"/65/0/3", "c803083fb999999999999a", "/65/0/3 float 0.1\n"},
    {"/65/0/4", "c20400c8", "/65/0/4 uint 200\n"},
    {"/65/0/4", "c80408ffffffffffffffff", "/65/0/4 uint 18446744073709551615\n"},
    {"/65/0/2", "c802088000000000000000", "/65/0/2 int -9223372036854775808\n"},
    {"/65/0/2", "c10280", "/65/0/2 int -128\n"},
    {"/65/0/2", "c202ff7f", "/65/0/2 int -129\n"},
    {"/65/0/2", "c2028000", "/65/0/2 int -32768\n"},
    {"/65/0/2", "c40280000000", "/65/0/2 int -2147483648\n"},
    {"/65/0/1", "c001", "/65/0/1 string\n"},
    {"/65/0/5", "c20500ff", "/65/0/5 opaque AP8=\n"},
    {"/65/0/6", "c4063c2f333e", "/65/0/6 corelnk </3>\n"},
    {"/3/0/7", "880708 42000ed8 42011388", "/3/0/7/0 int 3800\n/3/0/7/1 int 5000\n"},
    {"/3/0/7/1", "42011388", "/3/0/7/1 int 5000\n"},
    /* What exists and is empty. */
    {"/3/0", "", "/3/0 none\n"},
    {"/66", "", ""},
    {"/66", "0000 0005", "/66/0 none\n/66/5 none\n"},
    {"/3/0", "800b c10964", "/3/0/11 none\n/3/0/9 int 100\n"},
    {"/3/0/11", "800b", "/3/0/11 none\n"},
    {"/66", "200400", "/66/1024 none\n"},
    /* What no definition names stays as it was. */
    {"/99/0", "c1ff01 e1010002", "/99/0/255 untyped AQ==\n/99/0/256 untyped Ag==\n"},
    {"/99/0", "c10101 e20fa00102", "/99/0/1 untyped AQ==\n/99/0/4000 untyped AQI=\n"},
};

/* Read, but written in another way. */
static const struct vector tolerated[] = {
    {"/3/0", "080003 c10964", "/3/0/9 int 100\n"},
    {"/3/0", "0000", "/3/0 none\n"},
    {"/3/0/9", "080003 c10964", "/3/0/9 int 100\n"},
    {"/3/0/7", "42000ed8", "/3/0/7/0 int 3800\n"},
    {"/3/0/7/0", "8407 42000ed8", "/3/0/7/0 int 3800\n"},
    {"/3/0/11", "", "/3/0/11 none\n"},
    {"/3/0/9", "c80901 64", "/3/0/9 int 100\n"},
    {"/3/0/9", "d0090001 64", "/3/0/9 int 100\n"},
    {"/3/0/9", "d809000001 64", "/3/0/9 int 100\n"},
    {"/3/0/9", "e1000964", "/3/0/9 int 100\n"},
    {"/3/0/9", "c20900ff", "/3/0/9 int 255\n"},
    {"/65/0/3", "c803084035800000000000", "/65/0/3 float 21.5\n"},
    {"/65/0/4", "c104c8", "/65/0/4 uint 200\n"},
};

static const struct bad_input {
    const char *base;
    const char *hex;
    enum lwm2m_error error;
    size_t offset;
} bad_inputs[] = {
    {"/", "c10964", LWM2M_MALFORMED, 0},
    {"/3/0", "c10964 c2", LWM2M_MALFORMED, 4},
    {"/3/0", "c10964 c8", LWM2M_MALFORMED, 4},
    {"/3/0", "c2 09 64", LWM2M_MALFORMED, 0},
    {"/3/0", "c8 09 ff 64", LWM2M_MALFORMED, 0},
    {"/3/0", "d8 09 ffffff 64", LWM2M_MALFORMED, 0},
    {"/3/0", "e1 ffff 64", LWM2M_MALFORMED, 0},
    {"/3/0", "410964", LWM2M_MALFORMED, 0},
    {"/3/0", "080103 c10964", LWM2M_MALFORMED, 0},
    {"/3/0", "0802 0000", LWM2M_MALFORMED, 0},
    {"/3", "c10964", LWM2M_MALFORMED, 0},
    {"/3", "080205 00", LWM2M_MALFORMED, 0},
    {"/3", "080201 c1 c10964", LWM2M_MALFORMED, 4},
    {"/3", "02000000", LWM2M_MALFORMED, 2},
    {"/3/0", "8302 c10101", LWM2M_MALFORMED, 2},
    {"/3/0", "c10964 0000", LWM2M_MALFORMED, 3},
    {"/3/0/9", "c10a64", LWM2M_MALFORMED, 0},
    {"/3/0/7/1", "41007d", LWM2M_MALFORMED, 0},
    {"/3/0/7/1", "c10701", LWM2M_MALFORMED, 0},
    {"/3/0/7/1", "", LWM2M_MALFORMED, 0},
    {"/3/0/7/1", "8007", LWM2M_MALFORMED, 2},
    {"/3/0/7", "0000", LWM2M_MALFORMED, 2},
    {"/3/0/9", "c009", LWM2M_TYPE, 2},
    {"/3/0/9", "c309010203", LWM2M_TYPE, 2},
    {"/3/0/9", "c509 0102030405", LWM2M_TYPE, 2},
    {"/65/0/3", "c303010203", LWM2M_TYPE, 2},
    {"/65/0/3", "c2033c00", LWM2M_TYPE, 2},
    {"/65/0/0", "c30000420000", LWM2M_TYPE, 2},
    {"/65/0/1", "c201c328", LWM2M_TYPE, 2},
    {"/1/0/6", "c10602", LWM2M_TYPE, 2},
    {"/1/0/6", "c006", LWM2M_TYPE, 2},
    {"/1/0/6", "c2060001", LWM2M_TYPE, 2},
    {"/1/0/8", "c10801", LWM2M_TYPE, 2},
};

static enum lwm2m_error decode(struct record_lines *lines, const char *base, const char *hex)
{
    uint8_t memory[512];

    return record_lines_decode(lines, &lwm2m_codec_tlv, example_types(), example_path(base),
                               hex_decode(hex, memory, sizeof memory));
}

static void reads(const struct vector *vector)
{
    struct record_lines lines;
    enum lwm2m_error error = decode(&lines, vector->base, vector->hex);

    if (error != LWM2M_OK) {
        fail_msg("%s at %s: %s, offset %zu: %s", vector->hex, vector->base, lwm2m_error_name(error),
                 lines.fault.offset, lines.fault.reason);
    }
    assert_string_equal(lines.text, vector->lines);
}

static void reads_the_examples(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        reads(&vectors[i]);
    }
}

static void reads_what_devices_write_otherwise(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof tolerated / sizeof tolerated[0]; i++) {
        reads(&tolerated[i]);
    }
}

/* Decodes straight into an encoder, as a gateway would. */
static void writes_the_examples_byte_for_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        uint8_t in[512];
        uint8_t memory[512];
        char expected[1025];
        char written[1025];
        struct lwm2m_buffer out;
        struct lwm2m_encoder encoder;
        struct lwm2m_decoding decoding = {.payload = hex_decode(vectors[i].hex, in, sizeof in),
                                          .base = example_path(vectors[i].base),
                                          .types = example_types()};

        lwm2m_buffer_init(&out, memory, sizeof memory);
        assert_int_equal(lwm2m_encoder_begin(&encoder, &lwm2m_codec_tlv, decoding.base, &out),
                         LWM2M_OK);
        assert_int_equal(lwm2m_codec_tlv.decode(&decoding, lwm2m_encoder_sink(&encoder), NULL),
                         LWM2M_OK);
        assert_int_equal(lwm2m_encoder_end(&encoder), LWM2M_OK);
        hex_encode(decoding.payload, expected, sizeof expected);
        assert_string_equal(hex_encode(lwm2m_buffer_bytes(&out), written, sizeof written),
                            expected);
    }
}

static void refuses_bad_input(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_inputs / sizeof bad_inputs[0]; i++) {
        const struct bad_input *input = &bad_inputs[i];
        struct record_lines lines;
        enum lwm2m_error error = decode(&lines, input->base, input->hex);

        if (error != input->error || lines.fault.error != input->error ||
            lines.fault.offset != input->offset) {
            fail_msg("%s at %s: %s, offset %zu: %s", input->hex, input->base,
                     lwm2m_error_name(error), lines.fault.offset, lines.fault.reason);
        }
    }
}

/* A cut at the border of two elements leaves a shorter payload that is well formed; no other does.
 */
static void a_truncated_device_is_refused_or_shorter(void **state)
{
    uint8_t memory[512];
    struct lwm2m_bytes whole = hex_decode(DEVICE, memory, sizeof memory);
    struct record_lines lines;
    unsigned accepted = 0;

    (void)state;
    for (size_t length = 0; length < whole.length; length++) {
        struct lwm2m_bytes cut = {.data = memory, .length = length};

        if (record_lines_decode(&lines, &lwm2m_codec_tlv, example_types(), example_path("/3/0"),
                                cut) == LWM2M_OK) {
            accepted++;
        } else {
            assert_int_equal(lines.fault.offset <= length, 1);
        }
    }
    assert_int_equal(accepted, 13);
}

static void a_truncated_object_is_refused(void **state)
{
    uint8_t memory[512];
    struct lwm2m_bytes whole = hex_decode("080079" DEVICE, memory, sizeof memory);
    struct record_lines lines;

    (void)state;
    for (size_t length = 1; length < whole.length; length++) {
        struct lwm2m_bytes cut = {.data = memory, .length = length};

        assert_int_equal(
            record_lines_decode(&lines, &lwm2m_codec_tlv, example_types(), example_path("/3"), cut),
            LWM2M_MALFORMED);
    }
}

static void passes_on_what_the_sink_returns(void **state)
{
    uint8_t memory[8];
    uint8_t out_memory[1];
    struct lwm2m_buffer out;
    struct lwm2m_encoder encoder;
    struct lwm2m_decoding decoding = {.payload = hex_decode("c10964", memory, sizeof memory),
                                      .base = example_path("/3/0"),
                                      .types = example_types()};

    (void)state;
    lwm2m_buffer_init(&out, out_memory, sizeof out_memory);
    assert_int_equal(lwm2m_encoder_begin(&encoder, &lwm2m_codec_tlv, decoding.base, &out),
                     LWM2M_OK);
    assert_int_equal(lwm2m_codec_tlv.decode(&decoding, lwm2m_encoder_sink(&encoder), NULL),
                     LWM2M_NO_SPACE);
}

static void does_not_carry_several_objects(void **state)
{
    struct lwm2m_encoder encoder;
    struct lwm2m_buffer out;
    uint8_t memory[8];

    (void)state;
    lwm2m_buffer_init(&out, memory, sizeof memory);
    assert_int_equal(lwm2m_encoder_begin(&encoder, &lwm2m_codec_tlv, lwm2m_path_root(), &out),
                     LWM2M_UNSUPPORTED);
}

/* Contradictory, but what a device said of an instance twice is not to swallow what follows. */
static void an_empty_instance_stays_apart_from_one_of_the_same_id(void **state)
{
    uint8_t memory[64];
    char text[32];
    struct lwm2m_buffer out;
    struct lwm2m_encoder encoder;
    struct lwm2m_decoding decoding = {.payload = hex_decode("0000 080003c10964 0000", memory, 32),
                                      .base = example_path("/3"),
                                      .types = example_types()};

    (void)state;
    lwm2m_buffer_init(&out, memory + 32, 32);
    assert_int_equal(lwm2m_encoder_begin(&encoder, &lwm2m_codec_tlv, decoding.base, &out),
                     LWM2M_OK);
    assert_int_equal(lwm2m_codec_tlv.decode(&decoding, lwm2m_encoder_sink(&encoder), NULL),
                     LWM2M_OK);
    assert_int_equal(lwm2m_encoder_end(&encoder), LWM2M_OK);
    assert_string_equal(hex_encode(lwm2m_buffer_bytes(&out), text, sizeof text),
                        "00000300c109640000");
}

static void appends_behind_what_the_buffer_holds(void **state)
{
    uint8_t memory[64];
    struct lwm2m_buffer out;
    struct lwm2m_encoder encoder;
    struct lwm2m_record record = {.path = example_path("/66/0/0"),
                                  .value = lwm2m_value_text("eight ch"),
                                  .time_ms = LWM2M_NO_TIME};
    char text[128];

    (void)state;
    lwm2m_buffer_init(&out, memory, sizeof memory);
    lwm2m_buffer_append_byte(&out, 0xFF);
    assert_int_equal(lwm2m_encoder_begin(&encoder, &lwm2m_codec_tlv, example_path("/66"), &out),
                     LWM2M_OK);
    assert_int_equal(lwm2m_encoder_put(&encoder, &record), LWM2M_OK);
    assert_int_equal(lwm2m_encoder_end(&encoder), LWM2M_OK);
    assert_string_equal(hex_encode(lwm2m_buffer_bytes(&out), text, sizeof text),
                        "ff08000bc800086569676874206368");
}

static void lengths_take_no_more_bytes_than_they_need(void **state)
{
    static const struct {
        size_t length;
        const char *header;
    } headers[] = {{0, "c005"},           {7, "c705"},          {8, "c80508"},
                   {255, "c805ff"},       {256, "d0050100"},    {65535, "d005ffff"},
                   {65536, "d805010000"}, {70000, "d805011170"}};
    static uint8_t content[70000];
    static uint8_t memory[70010];

    (void)state;
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        struct lwm2m_bytes bytes = {.data = content, .length = headers[i].length};
        struct lwm2m_record record = {.path = example_path("/65/0/5"),
                                      .value = lwm2m_value_opaque(bytes),
                                      .time_ms = LWM2M_NO_TIME};
        struct lwm2m_encoder encoder;
        struct lwm2m_buffer out;
        struct lwm2m_bytes header;
        char text[16];

        lwm2m_buffer_init(&out, memory, sizeof memory);
        assert_int_equal(
            lwm2m_encoder_begin(&encoder, &lwm2m_codec_tlv, example_path("/65/0"), &out), LWM2M_OK);
        assert_int_equal(lwm2m_encoder_put(&encoder, &record), LWM2M_OK);
        assert_int_equal(lwm2m_encoder_end(&encoder), LWM2M_OK);
        header = (struct lwm2m_bytes){.data = memory, .length = out.length - headers[i].length};
        assert_string_equal(hex_encode(header, text, sizeof text), headers[i].header);
    }
}

static void random_trees_come_back(void **state)
{
    (void)state;
    random_tree_assert_round_trips(&lwm2m_codec_tlv, RANDOM_TREE_EMPTY | RANDOM_TREE_NOT_A_NUMBER,
                                   20000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_examples),
        cmocka_unit_test(reads_what_devices_write_otherwise),
        cmocka_unit_test(writes_the_examples_byte_for_byte),
        cmocka_unit_test(refuses_bad_input),
        cmocka_unit_test(a_truncated_device_is_refused_or_shorter),
        cmocka_unit_test(a_truncated_object_is_refused),
        cmocka_unit_test(passes_on_what_the_sink_returns),
        cmocka_unit_test(does_not_carry_several_objects),
        cmocka_unit_test(an_empty_instance_stays_apart_from_one_of_the_same_id),
        cmocka_unit_test(appends_behind_what_the_buffer_holds),
        cmocka_unit_test(lengths_take_no_more_bytes_than_they_need),
        cmocka_unit_test(random_trees_come_back),
    };

    return cmocka_run_group_tests_name("codec/tlv", tests, NULL, NULL);
}
