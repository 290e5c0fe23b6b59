/*
 * Codecs: looking them up by number and name, and what the encoder's front refuses.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <lwm2m/codec.h>

static const struct lwm2m_codec *const list[] = {
    &lwm2m_codec_text,       &lwm2m_codec_opaque,     &lwm2m_codec_tlv,
    &lwm2m_codec_senml_cbor, &lwm2m_codec_senml_json, &lwm2m_codec_senml_etch_json,
    &lwm2m_codec_json,
};
static const struct lwm2m_codecs codecs = {.list = list, .count = sizeof list / sizeof list[0]};

static void finds_a_codec_by_its_numbers(void **state)
{
    (void)state;
    assert_ptr_equal(lwm2m_codecs_find(codecs, LWM2M_FORMAT_TEXT), &lwm2m_codec_text);
    assert_ptr_equal(lwm2m_codecs_find(codecs, LWM2M_FORMAT_TLV), &lwm2m_codec_tlv);
    assert_ptr_equal(lwm2m_codecs_find(codecs, LWM2M_FORMAT_TLV_LEGACY), &lwm2m_codec_tlv);
    assert_ptr_equal(lwm2m_codecs_find(codecs, LWM2M_FORMAT_SENML_CBOR), &lwm2m_codec_senml_cbor);
    assert_ptr_equal(lwm2m_codecs_find(codecs, LWM2M_FORMAT_JSON_LEGACY), &lwm2m_codec_json);
    assert_null(lwm2m_codecs_find(codecs, LWM2M_FORMAT_LINK));
    assert_null(lwm2m_codecs_find(codecs, LWM2M_NO_FORMAT));
    assert_null(lwm2m_codecs_find((struct lwm2m_codecs){.count = 0}, LWM2M_FORMAT_TEXT));
}

static void finds_a_codec_by_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < codecs.count; i++) {
        assert_ptr_equal(lwm2m_codecs_find_name(codecs, lwm2m_bytes_from_text(list[i]->name)),
                         list[i]);
        assert_string_equal(lwm2m_content_format_name(list[i]->content_format), list[i]->name);
    }
    assert_null(lwm2m_codecs_find_name(codecs, lwm2m_bytes_from_text("tl")));
    assert_null(lwm2m_codecs_find_name(codecs, lwm2m_bytes_from_text("")));
}

static void names_formats_that_have_no_codec(void **state)
{
    (void)state;
    assert_string_equal(lwm2m_content_format_name(LWM2M_FORMAT_LINK), "link");
    assert_string_equal(lwm2m_content_format_name(LWM2M_FORMAT_TLV_LEGACY), "tlv-legacy");
    assert_null(lwm2m_content_format_name(41));
    assert_null(lwm2m_content_format_name(LWM2M_NO_FORMAT));
}

static void an_encoder_takes_no_record_outside_its_base(void **state)
{
    uint8_t memory[64];
    struct lwm2m_buffer out;
    struct lwm2m_encoder encoder;
    struct lwm2m_record record = {.path = lwm2m_path_resource(3, 1, 9),
                                  .value = lwm2m_value_integer(1),
                                  .time_ms = LWM2M_NO_TIME};

    (void)state;
    lwm2m_buffer_init(&out, memory, sizeof memory);
    assert_int_equal(
        lwm2m_encoder_begin(&encoder, &lwm2m_codec_tlv, lwm2m_path_instance(3, 0), &out), LWM2M_OK);
    assert_int_equal(lwm2m_encoder_put(&encoder, &record), LWM2M_ARGUMENT);
    record.path = lwm2m_path_instance(3, 0);
    assert_int_equal(lwm2m_encoder_put(&encoder, &record), LWM2M_ARGUMENT);
    record.path = lwm2m_path_resource(3, 0, 9);
    assert_int_equal(lwm2m_encoder_put(&encoder, &record), LWM2M_OK);
}

static void types_come_from_definitions(void **state)
{
    static const struct lwm2m_resource_definition resources[] = {
        {.id = 5, .type = LWM2M_TYPE_FLOAT, .name = "Level", .range = "", .units = ""}};
    static const struct lwm2m_object_definition object = {.id = 40000,
                                                          .version = {1, 0},
                                                          .name = "Tank",
                                                          .urn = "",
                                                          .resource_count = 1,
                                                          .resources = resources};
    static const struct lwm2m_definitions definitions = {.objects = &object, .count = 1};
    struct lwm2m_type_source types = lwm2m_type_source_from_definitions(&definitions);

    (void)state;
    assert_int_equal(types.find(types.context, lwm2m_path_resource(40000, 0, 5)), LWM2M_TYPE_FLOAT);
    assert_int_equal(types.find(types.context, lwm2m_path_resource(40000, 0, 6)),
                     LWM2M_TYPE_UNTYPED);
    types = lwm2m_type_source_from_definitions(NULL);
    assert_int_equal(types.find(types.context, lwm2m_path_resource(3, 0, 9)), LWM2M_TYPE_UNTYPED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_a_codec_by_its_numbers),
        cmocka_unit_test(finds_a_codec_by_its_name),
        cmocka_unit_test(names_formats_that_have_no_codec),
        cmocka_unit_test(an_encoder_takes_no_record_outside_its_base),
        cmocka_unit_test(types_come_from_definitions),
    };

    return cmocka_run_group_tests_name("codec/codec", tests, NULL, NULL);
}
