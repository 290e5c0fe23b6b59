/*
 * Values as JSON and as text, exactly.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "control/value_json.h"

#define BYTES(literal)                                                                             \
    ((struct lwm2m_bytes){.data = (const uint8_t *)(literal), .length = sizeof(literal) - 1})

static void assert_json(struct lwm2m_value value, const char *expected)
{
    cJSON *object = cJSON_CreateObject();
    assert_true(value_json_add(object, &value));
    char *text = cJSON_PrintUnformatted(object);
    assert_string_equal(text, expected);
    cJSON_free(text);
    cJSON_Delete(object);
}

static void assert_text(struct lwm2m_value value, const char *expected)
{
    char *text = value_text_new(&value);
    if (expected == NULL) {
        assert_null(text);
    } else {
        assert_non_null(text);
        assert_string_equal(text, expected);
    }
    free(text);
}

static void keeps_64_bit_integers_exact(void **state)
{
    (void)state;
    assert_json(lwm2m_value_integer(87), "{\"type\":\"int\",\"value\":87}");
    assert_json(lwm2m_value_integer(9007199254740992),
                "{\"type\":\"int\",\"value\":9007199254740992}");
    assert_json(lwm2m_value_integer(9007199254740993),
                "{\"type\":\"int\",\"value\":9007199254740993,\"text\":\"9007199254740993\"}");
    assert_json(lwm2m_value_integer(INT64_MIN), "{\"type\":\"int\",\"value\":-9223372036854775808,"
                                                "\"text\":\"-9223372036854775808\"}");
    assert_json(lwm2m_value_unsigned(UINT64_MAX),
                "{\"type\":\"uint\",\"value\":18446744073709551615,"
                "\"text\":\"18446744073709551615\"}");
    assert_json(lwm2m_value_time(-1), "{\"type\":\"time\",\"value\":-1}");
}

static void prints_floats_as_short_as_they_read_back(void **state)
{
    (void)state;
    assert_json(lwm2m_value_float(21.5), "{\"type\":\"float\",\"value\":21.5}");
    assert_json(lwm2m_value_float(0.1), "{\"type\":\"float\",\"value\":0.1}");
    /* What a device sent as a single. */
    assert_json(lwm2m_value_float((double)21.3f), "{\"type\":\"float\",\"value\":21.3}");
    assert_json(lwm2m_value_float(1e300), "{\"type\":\"float\",\"value\":1e+300}");
    assert_text(lwm2m_value_float((double)21.3f), "21.3");
}

static void gives_numbers_that_json_lacks_as_text(void **state)
{
    (void)state;
    assert_json(lwm2m_value_float(INFINITY),
                "{\"type\":\"float\",\"value\":null,\"text\":\"inf\"}");
    assert_json(lwm2m_value_float(NAN), "{\"type\":\"float\",\"value\":null,\"text\":\"nan\"}");
}

static void gives_strings_that_json_cannot_carry_as_base64(void **state)
{
    (void)state;
    assert_json(lwm2m_value_text("Acme \"1\"\n"),
                "{\"type\":\"string\",\"value\":\"Acme \\\"1\\\"\\n\"}");
    assert_json(lwm2m_value_string(BYTES("a\0b")), "{\"type\":\"string\",\"b64\":\"YQBi\"}");
    assert_json(lwm2m_value_string(BYTES("\xc3\x28")), "{\"type\":\"string\",\"b64\":\"wyg=\"}");
    assert_json(lwm2m_value_string((struct lwm2m_bytes){0}),
                "{\"type\":\"string\",\"value\":\"\"}");
    assert_text(lwm2m_value_string(BYTES("a\0b")), NULL);
    assert_text(lwm2m_value_string(BYTES("\xff")), NULL);
}

static void gives_opaque_as_base64_with_its_length(void **state)
{
    (void)state;
    assert_json(lwm2m_value_opaque(BYTES("\x00\x01\xff")),
                "{\"type\":\"opaque\",\"value\":\"AAH/\",\"len\":3}");
    assert_json(lwm2m_value_opaque((struct lwm2m_bytes){0}),
                "{\"type\":\"opaque\",\"value\":\"\",\"len\":0}");
    struct lwm2m_value untyped = lwm2m_value_opaque(BYTES("\x01"));
    untyped.type = LWM2M_TYPE_UNTYPED;
    assert_json(untyped, "{\"type\":\"opaque\",\"value\":\"AQ==\",\"len\":1}");
}

static void gives_booleans_links_and_nothing_as_such(void **state)
{
    (void)state;
    assert_json(lwm2m_value_boolean(true), "{\"type\":\"bool\",\"value\":true}");
    assert_json(lwm2m_value_objlnk(66, 1), "{\"type\":\"objlnk\",\"value\":\"66:1\"}");
    assert_json(lwm2m_value_none(), "{\"type\":\"none\",\"value\":null}");
}

static void prints_values_for_people(void **state)
{
    uint8_t many[65];
    (void)state;
    memset(many, 0xab, sizeof(many));
    assert_text(lwm2m_value_text("x"), "x");
    assert_text(lwm2m_value_boolean(false), "false");
    assert_text(lwm2m_value_time(1795414262), "2026-11-23T06:11:02Z");
    assert_text(lwm2m_value_objlnk(65535, 65535), "65535:65535");
    assert_text(lwm2m_value_integer(-3), "-3");
    assert_text(lwm2m_value_unsigned(UINT64_MAX), "18446744073709551615");
    assert_text(lwm2m_value_opaque(BYTES("\x00\x9f")), "0x009f");
    assert_text(lwm2m_value_opaque((struct lwm2m_bytes){0}), "0x");
    assert_text(lwm2m_value_none(), NULL);
    struct lwm2m_value value = lwm2m_value_opaque((struct lwm2m_bytes){.data = many, .length = 65});
    char *text = value_text_new(&value);
    assert_int_equal(strncmp(text, "b64:q6ur", 8), 0);
    free(text);
}

static void names_texts_of_peers_that_are_no_utf8(void **state)
{
    (void)state;
    cJSON *object = cJSON_CreateObject();
    assert_true(json_add_bytes(object, "ep", BYTES("\xff")));
    assert_true(json_add_bytes(object, "b", BYTES("U")));
    char *text = cJSON_PrintUnformatted(object);
    assert_string_equal(text, "{\"ep_b64\":\"/w==\",\"b\":\"U\"}");
    cJSON_free(text);
    cJSON_Delete(object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_64_bit_integers_exact),
        cmocka_unit_test(prints_floats_as_short_as_they_read_back),
        cmocka_unit_test(gives_numbers_that_json_lacks_as_text),
        cmocka_unit_test(gives_strings_that_json_cannot_carry_as_base64),
        cmocka_unit_test(gives_opaque_as_base64_with_its_length),
        cmocka_unit_test(gives_booleans_links_and_nothing_as_such),
        cmocka_unit_test(prints_values_for_people),
        cmocka_unit_test(names_texts_of_peers_that_are_no_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
