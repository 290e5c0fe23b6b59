/*
 * CBOR of one value: every type, and what other programs write for it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "support/codec_vectors.h"
#include "support/random_tree.h"
#include "support/record_lines.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Read and written alike; numbers, strings and times of RFC 8949 Appendix A. */
static const struct codec_vector vectors[] = {
    {"/3/0/9", "182a", "/3/0/9 int 42\n"},
    {"/3/0/9", "3829", "/3/0/9 int -42\n"},
    {"/65/0/2", "3b7fffffffffffffff", "/65/0/2 int -9223372036854775808\n"},
    {"/65/0/4", "1bffffffffffffffff", "/65/0/4 uint 18446744073709551615\n"},
    {"/65/0/3", "f94480", "/65/0/3 float 4.5\n"},
    {"/65/0/3", "fa47c35000", "/65/0/3 float 100000\n"},
    {"/65/0/3", "fb3ff199999999999a", "/65/0/3 float 1.1\n"},
    {"/1/0/6", "f5", "/1/0/6 bool 1\n"},
    {"/1/0/6", "f4", "/1/0/6 bool 0\n"},
    {"/3/0/0", "6449455446", "/3/0/0 string IETF\n"},
    {"/3/0/0", "60", "/3/0/0 string\n"},
    {"/3/0/0/2", "62c3bc", "/3/0/0/2 string \xC3\xBC\n"},
    {"/65/0/5", "4401020304", "/65/0/5 opaque AQIDBA==\n"},
    {"/65/0/5", "40", "/65/0/5 opaque\n"},
    {"/65/0/0", "69313233343a35363738", "/65/0/0 objlnk 1234:5678\n"},
    {"/65/0/0", "6b36353533353a3635353335", "/65/0/0 objlnk 65535:65535\n"},
    {"/65/0/6", "643c2f333e", "/65/0/6 corelnk </3>\n"},
    {"/3/0/13", "c11a514b67b0", "/3/0/13 time 1363896240\n"},
    {"/3/0/13", "c120", "/3/0/13 time -1\n"},
    {"/99/0/1", "c11a514b67b0", "/99/0/1 time 1363896240\n"},
};

static const struct codec_vector tolerated[] = {
    {"/3/0/13", "1a514b67b0", "/3/0/13 time 1363896240\n"},
    {"/3/0/13", "c074323031332d30332d32315432303a30343a30305a", "/3/0/13 time 1363896240\n"},
    {"/3/0/13", "c074323030332d31322d31335431383a33303a30325a", "/3/0/13 time 1071340202\n"},
    {"/99/0/1", "c074323030332d31322d31335431383a33303a30325a", "/99/0/1 time 1071340202\n"},
    {"/3/0/13", "c1fb41d452d9ec000000", "/3/0/13 time 1363896240\n"},
    {"/3/0/9", "c11a514b67b0", "/3/0/9 int 1363896240\n"},
    {"/3/0/9", "1b000000000000002a", "/3/0/9 int 42\n"},
    {"/3/0/9", "f93c00", "/3/0/9 int 1\n"},
    {"/65/0/3", "03", "/65/0/3 float 3\n"},
    {"/65/0/3", "fb4012000000000000", "/65/0/3 float 4.5\n"},
    {"/65/0/5", "5f42010243030405ff", "/65/0/5 opaque AQIDBAU=\n"},
    {"/3/0/0", "7f657374726561646d696e67ff", "/3/0/0 string streaming\n"},
    {"/65/0/0", "7f6131623a32ff", "/65/0/0 objlnk 1:2\n"},
    {"/99/0/1", "fa47c35000", "/99/0/1 float 100000\n"},
};

static const struct codec_refusal bad_inputs[] = {
    {"/3/0/9", "", LWM2M_MALFORMED},
    {"/3/0", "01", LWM2M_MALFORMED},
    {"/3", "01", LWM2M_MALFORMED},
    {"/", "01", LWM2M_MALFORMED},
    {"/3/0/9", "0101", LWM2M_MALFORMED},
    {"/3/0/9", "f6", LWM2M_MALFORMED},
    {"/3/0/9", "f7", LWM2M_MALFORMED},
    {"/3/0/9", "ff", LWM2M_MALFORMED},
    {"/3/0/9", "1c", LWM2M_MALFORMED},
    {"/3/0/9", "8101", LWM2M_MALFORMED},
    {"/3/0/9", "a0", LWM2M_MALFORMED},
    {"/3/0/0", "62c328", LWM2M_MALFORMED},
    {"/3/0/0", "5f6161ff", LWM2M_MALFORMED},
    {"/3/0/0", "7bffffffffffffffff61", LWM2M_MALFORMED},
    {"/65/0/3", "f97e00", LWM2M_MALFORMED},
    {"/65/0/3", "f9fc00", LWM2M_MALFORMED},
    {"/65/0/3", "c48221196ab3", LWM2M_MALFORMED},
    {"/65/0/2", "c249010000000000000000", LWM2M_MALFORMED},
    {"/65/0/2", "1bffffffffffffffff", LWM2M_RANGE},
    {"/65/0/2", "3bffffffffffffffff", LWM2M_RANGE},
    {"/65/0/4", "20", LWM2M_RANGE},
    {"/3/0/9", "6131", LWM2M_TYPE},
    {"/3/0/0", "01", LWM2M_TYPE},
    {"/1/0/6", "01", LWM2M_TYPE},
    {"/1/0/8", "01", LWM2M_TYPE},
    {"/65/0/0", "6136", LWM2M_TYPE},
    {"/65/0/0", "6b36353533363a3635353335", LWM2M_RANGE},
    /* times */
    {"/3/0/13", "c1", LWM2M_MALFORMED},
    {"/3/0/13", "c1f6", LWM2M_MALFORMED},
    {"/3/0/13", "c16130", LWM2M_MALFORMED},
    {"/3/0/13", "c001", LWM2M_MALFORMED},
    {"/3/0/13", "c1c101", LWM2M_MALFORMED},
    {"/3/0/13", "c1f5", LWM2M_TYPE},
    {"/3/0/13", "c11bffffffffffffffff", LWM2M_RANGE},
    {"/3/0/13", "c1fb41d452d9ec200000", LWM2M_TYPE},
    {"/3/0/13", "c06a323030332d31322d3133", LWM2M_TYPE},
    {"/3/0/13", "74323030332d31322d31335431383a33303a30325a", LWM2M_TYPE},
    {"/3/0/0", "c11a514b67b0", LWM2M_TYPE},
};

static void reads_every_type(void **state)
{
    (void)state;
    codec_vectors_assert_read(&lwm2m_codec_cbor, vectors, COUNT(vectors));
    codec_vectors_assert_read(&lwm2m_codec_cbor, tolerated, COUNT(tolerated));
}

static void writes_every_type_in_its_shortest_form(void **state)
{
    (void)state;
    codec_vectors_assert_written(&lwm2m_codec_cbor, vectors, COUNT(vectors));
}

static void refuses_bad_input(void **state)
{
    (void)state;
    codec_vectors_assert_refused(&lwm2m_codec_cbor, bad_inputs, COUNT(bad_inputs));
    codec_vectors_assert_truncations_refused(&lwm2m_codec_cbor, vectors, COUNT(vectors));
}

static enum lwm2m_error write_one(const char *base, const char *path, struct lwm2m_value value)
{
    struct lwm2m_record record = {
        .path = example_path(path), .value = value, .time_ms = LWM2M_NO_TIME};
    struct lwm2m_encoder encoder;
    struct lwm2m_buffer out;
    uint8_t memory[64];

    lwm2m_buffer_init(&out, memory, sizeof memory);
    assert_int_equal(lwm2m_encoder_begin(&encoder, &lwm2m_codec_cbor, example_path(base), &out),
                     LWM2M_OK);
    return lwm2m_encoder_put(&encoder, &record);
}

static void writes_one_value_and_nothing_else(void **state)
{
    struct lwm2m_encoder encoder;
    struct lwm2m_buffer out;
    uint8_t memory[64];
    uint8_t latin[] = {0xE9};
    struct lwm2m_value untyped = {.type = LWM2M_TYPE_UNTYPED};
    double zero = 0;

    (void)state;
    lwm2m_buffer_init(&out, memory, sizeof memory);
    assert_int_equal(lwm2m_encoder_begin(&encoder, &lwm2m_codec_cbor, example_path("/3/0"), &out),
                     LWM2M_UNSUPPORTED);
    assert_int_equal(write_one("/3/0/7", "/3/0/7", lwm2m_value_integer(1)), LWM2M_OK);
    assert_int_equal(write_one("/3/0/7", "/3/0/7/0", lwm2m_value_integer(1)), LWM2M_UNSUPPORTED);
    assert_int_equal(write_one("/3/0/7", "/3/0/7", lwm2m_value_none()), LWM2M_UNSUPPORTED);
    assert_int_equal(write_one("/3/0/7", "/3/0/7", untyped), LWM2M_UNSUPPORTED);
    assert_int_equal(write_one("/3/0/7", "/3/0/7", lwm2m_value_float(zero / zero)), LWM2M_RANGE);
    assert_int_equal(write_one("/3/0/7", "/3/0/7", lwm2m_value_float(1 / zero)), LWM2M_RANGE);
    assert_int_equal(
        write_one("/3/0/7", "/3/0/7",
                  lwm2m_value_string((struct lwm2m_bytes){.data = latin, .length = 1})),
        LWM2M_MALFORMED);
    assert_int_equal(lwm2m_encoder_begin(&encoder, &lwm2m_codec_cbor, example_path("/3/0/7"), &out),
                     LWM2M_OK);
    assert_int_equal(lwm2m_encoder_end(&encoder), LWM2M_UNSUPPORTED);
}

static void random_values_come_back(void **state)
{
    (void)state;
    random_tree_assert_round_trips(&lwm2m_codec_cbor, RANDOM_TREE_SINGLE, 20000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_type),
        cmocka_unit_test(writes_every_type_in_its_shortest_form),
        cmocka_unit_test(refuses_bad_input),
        cmocka_unit_test(writes_one_value_and_nothing_else),
        cmocka_unit_test(random_values_come_back),
    };

    return cmocka_run_group_tests_name("codec/plain_cbor", tests, NULL, NULL);
}
