/*
 * Values as people type them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "control/value_json.h"
#include "control/value_text.h"

static const struct {
    enum lwm2m_type type;
    const char *text;
    const char *printed; /* as value_text_new prints it; NULL: refused */
} vectors[] = {
    {LWM2M_TYPE_STRING, "Acme", "Acme"},
    {LWM2M_TYPE_STRING, "", ""},
    {LWM2M_TYPE_STRING, "0x00", "0x00"},
    {LWM2M_TYPE_STRING, "\xff", NULL},
    {LWM2M_TYPE_INTEGER, "-9223372036854775808", "-9223372036854775808"},
    {LWM2M_TYPE_INTEGER, "9223372036854775808", NULL},
    {LWM2M_TYPE_INTEGER, "1.5", NULL},
    {LWM2M_TYPE_INTEGER, "", NULL},
    {LWM2M_TYPE_INTEGER, " 1", NULL},
    {LWM2M_TYPE_INTEGER, "0x10", NULL},
    {LWM2M_TYPE_UNSIGNED, "18446744073709551615", "18446744073709551615"},
    {LWM2M_TYPE_UNSIGNED, "-1", NULL},
    {LWM2M_TYPE_FLOAT, "21.5", "21.5"},
    {LWM2M_TYPE_FLOAT, "1e3", "1000"},
    {LWM2M_TYPE_FLOAT, "warm", NULL},
    {LWM2M_TYPE_BOOLEAN, "true", "true"},
    {LWM2M_TYPE_BOOLEAN, "False", "false"},
    {LWM2M_TYPE_BOOLEAN, "1", "true"},
    {LWM2M_TYPE_BOOLEAN, "0", "false"},
    {LWM2M_TYPE_BOOLEAN, "yes", NULL},
    {LWM2M_TYPE_TIME, "0", "1970-01-01T00:00:00Z"},
    {LWM2M_TYPE_TIME, "2026-11-23T06:11:02Z", "2026-11-23T06:11:02Z"},
    {LWM2M_TYPE_TIME, "noon", NULL},
    {LWM2M_TYPE_OBJLNK, "66:1", "66:1"},
    {LWM2M_TYPE_OBJLNK, "66", NULL},
    {LWM2M_TYPE_OBJLNK, "66:70000", NULL},
    {LWM2M_TYPE_CORELNK, "</3>", "</3>"},
    {LWM2M_TYPE_OPAQUE, "0x0aFF", "0x0aff"},
    {LWM2M_TYPE_OPAQUE, "0x", "0x"},
    {LWM2M_TYPE_OPAQUE, "0xabc", NULL},
    {LWM2M_TYPE_OPAQUE, "0xzz", NULL},
    {LWM2M_TYPE_OPAQUE, "b64:AAH/", "0x0001ff"},
    {LWM2M_TYPE_OPAQUE, "b64:A===", NULL},
    {LWM2M_TYPE_OPAQUE, "abc", "0x616263"},
    {LWM2M_TYPE_NONE, "", NULL},
};

static void reads_each_type_and_refuses_what_is_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        struct owned_value value;
        char message[200] = "";
        bool good =
            value_text_parse(vectors[i].text, vectors[i].type, &value, message, sizeof(message));
        if (good != (vectors[i].printed != NULL)) {
            fail_msg("'%s' as %s: %s", vectors[i].text, lwm2m_type_name(vectors[i].type), message);
        }
        if (good) {
            char *printed = value_text_new(&value.value);
            assert_string_equal(printed, vectors[i].printed);
            free(printed);
        } else {
            assert_int_not_equal(strlen(message), 0);
        }
        owned_value_release(&value);
    }
}

static void says_what_is_wrong_and_what_is_allowed(void **state)
{
    struct owned_value value;
    char message[200];
    (void)state;
    assert_false(value_text_parse("x", LWM2M_TYPE_INTEGER, &value, message, sizeof(message)));
    assert_string_equal(message, "'x' is not an integer");
    assert_false(value_text_parse("99999999999999999999", LWM2M_TYPE_INTEGER, &value, message,
                                  sizeof(message)));
    assert_string_equal(message, "'99999999999999999999' does not fit into 64 bits");
    assert_false(value_text_parse("maybe", LWM2M_TYPE_BOOLEAN, &value, message, sizeof(message)));
    assert_string_equal(message, "'maybe' is not a boolean: true, false, 1 or 0");
}

static void takes_base64_as_bytes_or_as_text(void **state)
{
    struct owned_value value;
    char message[200];
    (void)state;
    assert_true(
        value_base64_parse("QWNtZQ==", LWM2M_TYPE_STRING, &value, message, sizeof(message)));
    assert_int_equal(value.value.type, LWM2M_TYPE_STRING);
    assert_true(lwm2m_bytes_equal_text(value.value.as.bytes, "Acme"));
    owned_value_release(&value);
    assert_false(value_base64_parse("/w==", LWM2M_TYPE_STRING, &value, message, sizeof(message)));
    assert_true(value_base64_parse("/w==", LWM2M_TYPE_OPAQUE, &value, message, sizeof(message)));
    assert_int_equal(value.value.as.bytes.length, 1);
    owned_value_release(&value);
    assert_true(value_base64_parse("", LWM2M_TYPE_OPAQUE, &value, message, sizeof(message)));
    assert_int_equal(value.value.as.bytes.length, 0);
    owned_value_release(&value);
}

static void copies_own_their_bytes(void **state)
{
    char text[] = "abc";
    struct lwm2m_value value = lwm2m_value_text(text);
    struct owned_value copy;
    (void)state;
    assert_true(owned_value_copy(&copy, &value));
    text[0] = 'X';
    assert_true(lwm2m_bytes_equal_text(copy.value.as.bytes, "abc"));
    owned_value_release(&copy);
    value = lwm2m_value_integer(5);
    assert_true(owned_value_copy(&copy, &value));
    assert_null(copy.memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_each_type_and_refuses_what_is_none),
        cmocka_unit_test(says_what_is_wrong_and_what_is_allowed),
        cmocka_unit_test(takes_base64_as_bytes_or_as_text),
        cmocka_unit_test(copies_own_their_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
