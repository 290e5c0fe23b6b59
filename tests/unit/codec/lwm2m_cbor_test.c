/*
 * LwM2M CBOR: nested maps, keys of one and of several identifiers, and what is there without a
 * value.
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

/* Read and written alike. */
static const struct codec_vector vectors[] = {
    {"/3", "bf03bf00bf091864ffffff", "/3/0/9 int 100\n"},
    {"/3/0", "bf820300bf00644f4d4141091864ffff", "/3/0/0 string OMAA\n/3/0/9 int 100\n"},
    {"/3/0/9", "bf830300091864ff", "/3/0/9 int 100\n"},
    {"/3/0/7/1", "bf840300070105ff", "/3/0/7/1 int 5\n"},
    {"/3/0", "bf820300bf07bf000001190100ff091864ffff",
     "/3/0/7/0 int 0\n/3/0/7/1 int 256\n/3/0/9 int 100\n"},
    {"/3/0/7", "bf83030007bf00000105ffff", "/3/0/7/0 int 0\n/3/0/7/1 int 5\n"},
    {"/65", "bf1841bf00bf0063363a3003f94d600543010203ff01bf06643c2f333effffff",
     "/65/0/0 objlnk 6:0\n/65/0/3 float 21.5\n/65/0/5 opaque AQID\n/65/1/6 corelnk </3>\n"},
    {"/3/0/13", "bf8303000dc11a514b67b0ff", "/3/0/13 time 1363896240\n"},
    /* Of several objects, instances and levels. */
    {"/", "bf03bf03bf091819ffff01bf01bf010bffffff", "/3/3/9 int 25\n/1/1/1 int 11\n"},
    {"/", "bf03bf03bf091819ff01bf090bffffff", "/3/3/9 int 25\n/3/1/9 int 11\n"},
    {"/", "bf03bf03bf0918190a01ffffff", "/3/3/9 int 25\n/3/3/10 int 1\n"},
    {"/", "bf03bf03bf09bf001819ff0abf000bffffffff", "/3/3/9/0 int 25\n/3/3/10/0 int 11\n"},
    {"/", "bf03bf03bf09bf001819ffff01bf09bf000bffffffff", "/3/3/9/0 int 25\n/3/1/9/0 int 11\n"},
    {"/", "bf03bf03bf0918190abf010bffffffff", "/3/3/9 int 25\n/3/3/10/1 int 11\n"},
    {"/", "bf03bf03bf09181909bf010bffffffff", "/3/3/9 int 25\n/3/3/9/1 int 11\n"},
    {"/", "bf19fffebf00bf0001ffffff", "/65534/0/0 int 1\n"},
    /* Without values: named in composite payloads, found empty in the others. */
    {"/", "bf03bf00bf09f6ffff01bf00f6ff18 42f6ff", "/3/0/9 none\n/1/0 none\n/66 none\n"},
    {"/", "bf03bf00bf07bf01f60203ffffffff", "/3/0/7/1 none\n/3/0/7/2 int 3\n"},
    {"/66", "bf1842bf00a005a0ffff", "/66/0 none\n/66/5 none\n"},
    {"/66/0", "bf82184200a0ff", "/66/0 none\n"},
    {"/3/0/11", "bf8303000ba0ff", "/3/0/11 none\n"},
    {"/3/0", "bf820300bf091864 0ba0ffff", "/3/0/9 int 100\n/3/0/11 none\n"},
    {"/3/0/7/1", "bf8403000701f6ff", "/3/0/7/1 none\n"},
    {"/", "bfff", ""},
    {"/3", "bfff", ""},
};

/* Read, but written in another way. */
static const struct codec_vector tolerated[] = {
    {"/13/26/1", "a1830d181a01182a", "/13/26/1 int 42\n"},
    {"/13/26/1", "bf9f0d181a01ff182aff", "/13/26/1 int 42\n"},
    {"/13/26/1", "a10da1181aa101182a", "/13/26/1 int 42\n"},
    {"/13/26/1", "bf0dbf181abf01182affffff", "/13/26/1 int 42\n"},
    {"/13/26/1", "a1810da181181aa18101182a", "/13/26/1 int 42\n"},
    {"/13/26", "a1820d181aa201182a0215", "/13/26/1 int 42\n/13/26/2 int 21\n"},
    {"/13/26", "a2830d181a01182a830d181a0215", "/13/26/1 int 42\n/13/26/2 int 21\n"},
    {"/13/26", "a2820d181aa101182a830d181a0215", "/13/26/1 int 42\n/13/26/2 int 21\n"},
    {"/13/26", "a2830d181a01182a820d181aa1810215", "/13/26/1 int 42\n/13/26/2 int 21\n"},
    {"/13/26/1", "a1830d181a015f4201024103ff", "/13/26/1 opaque AQID\n"},
    {"/13/26/1", "a1830d181a01a202f60305", "/13/26/1/2 none\n/13/26/1/3 int 5\n"},
    {"/3/0/13", "a18303000d1a514b67b0", "/3/0/13 time 1363896240\n"},
    {"/3/0/13", "a18303000dc074323030332d31322d31335431383a33303a30325a",
     "/3/0/13 time 1071340202\n"},
    {"/3/0", "a1190003a100a1190009f95640", "/3/0/9 int 100\n"},
    {"/3/0", "a103a0", "/3/0 none\n"},
    {"/3/0", "a1820300a0", "/3/0 none\n"},
    {"/3/0", "a1820300f6", "/3/0 none\n"},
    {"/3/0", "a0", "/3/0 none\n"},
    {"/3/0", "", "/3/0 none\n"},
    {"/3/0/7", "bfff", "/3/0/7 none\n"},
    {"/3", "a103a0", ""},
    {"/3", "a103bfff", ""},
    {"/3", "a103f6", "/3 none\n"},
    {"/3", "", ""},
    {"/", "a103bf00bfffff", "/3/0 none\n"},
    {"/3/0/7/1", "bfff", ""},
};

static const struct codec_refusal bad_inputs[] = {
    {"/", "", LWM2M_MALFORMED},
    {"/3/0/7/1", "", LWM2M_MALFORMED},
    {"/3/0", "80", LWM2M_MALFORMED},
    {"/3/0", "f6", LWM2M_MALFORMED},
    {"/3/0", "ff", LWM2M_MALFORMED},
    {"/3/0", "bf", LWM2M_MALFORMED},
    {"/3/0", "a000", LWM2M_MALFORMED},
    {"/3/0", "bfff00", LWM2M_MALFORMED},
    {"/3/0", "bbffffffffffffffff", LWM2M_MALFORMED},
    {"/3/0", "bbffffffffffffffff830300091864", LWM2M_MALFORMED},
    {"/3/0", "a1830300 09ff", LWM2M_MALFORMED},
    {"/3/0", "bf83030009ff", LWM2M_MALFORMED},
    /* keys */
    {"/3/0", "a18001", LWM2M_MALFORMED},
    {"/3/0", "a19fff01", LWM2M_MALFORMED},
    {"/3/0", "a1613301", LWM2M_MALFORMED},
    {"/3/0", "a1413301", LWM2M_MALFORMED},
    {"/3/0", "a12001", LWM2M_MALFORMED},
    {"/3/0", "a1f601", LWM2M_MALFORMED},
    {"/3/0", "a1a001", LWM2M_MALFORMED},
    {"/3/0", "a1c10301", LWM2M_MALFORMED},
    {"/3/0", "a1f9420001", LWM2M_MALFORMED},
    {"/3/0", "a1 8303008109 01", LWM2M_MALFORMED},
    {"/3/0", "a1 830300f6 01", LWM2M_MALFORMED},
    {"/3/0", "a1 83030019ffff 01", LWM2M_MALFORMED},
    {"/3/0", "a1 8303001a00010000 01", LWM2M_MALFORMED},
    {"/3/0", "a1 8303001b0000000100000009 01", LWM2M_MALFORMED},
    {"/3/0", "a1 8503000700 00 01", LWM2M_MALFORMED},
    {"/3/0", "a1 840300 0700 a10001", LWM2M_MALFORMED},
    {"/3/0", "a1 83030007 a1820000 01", LWM2M_MALFORMED},
    {"/3/0", "a1 9bffffffffffffffff 03", LWM2M_MALFORMED},
    /* paths */
    {"/3/0", "a183030109 01", LWM2M_MALFORMED},
    {"/3/0", "a1820400a0", LWM2M_MALFORMED},
    {"/3/0", "a103f6", LWM2M_MALFORMED},
    {"/3/0/9", "a1820300a0", LWM2M_MALFORMED},
    {"/3/0", "a10301", LWM2M_MALFORMED},
    {"/3/0", "a182030001", LWM2M_MALFORMED},
    {"/", "a10301", LWM2M_MALFORMED},
    /* values */
    {"/3/0", "a183030009f7", LWM2M_MALFORMED},
    {"/3/0", "a183030009820102", LWM2M_MALFORMED},
    {"/3/0", "a183030009c48221196ab3", LWM2M_MALFORMED},
    {"/3/0", "a18303000062c328", LWM2M_MALFORMED},
    {"/65/0", "a18318410003f97e00", LWM2M_MALFORMED},
    {"/65/0", "a1831841000420", LWM2M_RANGE},
    {"/3/0", "a1830300096131", LWM2M_TYPE},
    {"/1/0", "a183010008 01", LWM2M_TYPE},
};

static void reads_nested_maps(void **state)
{
    (void)state;
    codec_vectors_assert_read(&lwm2m_codec_lwm2m_cbor, vectors, COUNT(vectors));
}

static void reads_what_devices_write_otherwise(void **state)
{
    (void)state;
    codec_vectors_assert_read(&lwm2m_codec_lwm2m_cbor, tolerated, COUNT(tolerated));
}

static void writes_the_base_as_one_key_and_maps_below(void **state)
{
    (void)state;
    codec_vectors_assert_written(&lwm2m_codec_lwm2m_cbor, vectors, COUNT(vectors));
}

static void refuses_bad_input(void **state)
{
    (void)state;
    codec_vectors_assert_refused(&lwm2m_codec_lwm2m_cbor, bad_inputs, COUNT(bad_inputs));
    codec_vectors_assert_truncations_refused(&lwm2m_codec_lwm2m_cbor, vectors, COUNT(vectors));
}

static void the_root_has_no_key(void **state)
{
    struct lwm2m_record record = {.path = lwm2m_path_root(), .time_ms = LWM2M_NO_TIME};
    struct lwm2m_encoder encoder;
    struct lwm2m_buffer out;
    uint8_t memory[16];

    (void)state;
    lwm2m_buffer_init(&out, memory, sizeof memory);
    assert_int_equal(
        lwm2m_encoder_begin(&encoder, &lwm2m_codec_lwm2m_cbor, lwm2m_path_root(), &out), LWM2M_OK);
    assert_int_equal(lwm2m_encoder_put(&encoder, &record), LWM2M_UNSUPPORTED);
}

static void random_trees_come_back(void **state)
{
    (void)state;
    random_tree_assert_round_trips(&lwm2m_codec_lwm2m_cbor, RANDOM_TREE_EMPTY, 20000);
    random_tree_assert_round_trips(&lwm2m_codec_lwm2m_cbor,
                                   RANDOM_TREE_EMPTY | RANDOM_TREE_COMPOSITE, 20000);
    random_tree_assert_round_trips(&lwm2m_codec_lwm2m_cbor,
                                   RANDOM_TREE_COMPOSITE | RANDOM_TREE_NAMES_ONLY, 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_nested_maps),
        cmocka_unit_test(reads_what_devices_write_otherwise),
        cmocka_unit_test(writes_the_base_as_one_key_and_maps_below),
        cmocka_unit_test(refuses_bad_input),
        cmocka_unit_test(the_root_has_no_key),
        cmocka_unit_test(random_trees_come_back),
    };

    return cmocka_run_group_tests_name("codec/lwm2m_cbor", tests, NULL, NULL);
}
