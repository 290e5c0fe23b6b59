/*
 * Opaque: the bytes of one resource, and of no other type.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "support/random_tree.h"
#include "support/record_lines.h"

static const uint8_t payload_bytes[] = {0, 1, 0xFF};
static const struct lwm2m_bytes payload = {.data = payload_bytes, .length = 3};

static enum lwm2m_error decode(struct record_lines *lines, const char *path)
{
    return record_lines_decode(lines, &lwm2m_codec_opaque, example_types(), example_path(path),
                               payload);
}

static void reads_the_bytes_as_they_are(void **state)
{
    struct record_lines lines;

    (void)state;
    assert_int_equal(decode(&lines, "/65/0/5"), LWM2M_OK);
    assert_string_equal(lines.text, "/65/0/5 opaque AAH/\n");
    assert_int_equal(decode(&lines, "/65/0/5/3"), LWM2M_OK);
    assert_string_equal(lines.text, "/65/0/5/3 opaque AAH/\n");
    assert_int_equal(decode(&lines, "/99/0/1"), LWM2M_OK);
    assert_string_equal(lines.text, "/99/0/1 opaque AAH/\n");
}

static void refuses_resources_of_other_types_and_what_is_no_resource(void **state)
{
    struct record_lines lines;

    (void)state;
    assert_int_equal(decode(&lines, "/3/0/0"), LWM2M_TYPE);
    assert_int_equal(decode(&lines, "/3/0/9"), LWM2M_TYPE);
    assert_int_equal(decode(&lines, "/1/0/8"), LWM2M_TYPE);
    assert_int_equal(decode(&lines, "/65/0"), LWM2M_MALFORMED);
    assert_int_equal(decode(&lines, "/"), LWM2M_MALFORMED);
}

static void writes_nothing_but_opaque_values(void **state)
{
    struct lwm2m_record record = {.path = example_path("/3/0/9"), .time_ms = LWM2M_NO_TIME};
    uint8_t memory[8];
    struct lwm2m_buffer out;
    struct lwm2m_encoder encoder;

    (void)state;
    for (int type = LWM2M_TYPE_NONE; type < LWM2M_TYPE_COUNT; type++) {
        record.value = (struct lwm2m_value){.type = (enum lwm2m_type)type};
        lwm2m_buffer_init(&out, memory, sizeof memory);
        assert_int_equal(lwm2m_encoder_begin(&encoder, &lwm2m_codec_opaque, record.path, &out),
                         LWM2M_OK);
        assert_int_equal(lwm2m_encoder_put(&encoder, &record),
                         type == LWM2M_TYPE_OPAQUE ? LWM2M_OK : LWM2M_UNSUPPORTED);
    }
}

static void random_values_come_back(void **state)
{
    (void)state;
    random_tree_assert_round_trips(&lwm2m_codec_opaque, RANDOM_TREE_SINGLE | RANDOM_TREE_OPAQUE,
                                   20000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_bytes_as_they_are),
        cmocka_unit_test(refuses_resources_of_other_types_and_what_is_no_resource),
        cmocka_unit_test(writes_nothing_but_opaque_values),
        cmocka_unit_test(random_values_come_back),
    };

    return cmocka_run_group_tests_name("codec/opaque", tests, NULL, NULL);
}
