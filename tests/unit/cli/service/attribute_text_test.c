/*
 * Notification attributes as people type them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "service/attribute_text.h"

static void sets_and_unsets(void **state)
{
    struct lwm2m_attributes attributes = {0};
    struct control_outcome failure;
    (void)state;
    assert_true(attribute_text_parse("pmin=10", &attributes, &failure));
    assert_int_equal(attributes.set, LWM2M_ATTRIBUTE_PMIN);
    assert_int_equal(attributes.pmin_s, 10);
    assert_true(attribute_text_parse("pmax=", &attributes, &failure));
    assert_int_equal(attributes.cleared, LWM2M_ATTRIBUTE_PMAX);
    attributes = (struct lwm2m_attributes){0};
    assert_true(attribute_text_parse("pmax", &attributes, &failure));
    assert_int_equal(attributes.cleared, LWM2M_ATTRIBUTE_PMAX);
}

static void says_what_is_wrong(void **state)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"pmn=3", "unknown attribute 'pmn'; did you mean 'pmin'?"},
        {"colour", "unknown attribute 'colour'"},
        {"", "unknown attribute ''"},
        {"=3", "unknown attribute ''"},
        {"pmin=-1", "pmin: '-1' is not a number of seconds, such as 10"},
        {"pmin= 1", "pmin: ' 1' is not a number of seconds, such as 10"},
        {"pmax=1.5", "pmax: '1.5' is not a number of seconds, such as 60"},
        {"pmax=99999999999", "pmax: '99999999999' is not a number of seconds, such as 60"},
        {"gt=warm", "gt: 'warm' is not a number, such as 21.5"},
        {"st=-1", "st: '-1' is not a number that is not negative, such as 0.5"},
        {"edge=2", "edge: '2' is not 0 for falling or 1 for rising"},
        {"con=yes", "con: 'yes' is not 1 for confirmable notifications, else 0"},
        {"hqmax=-1", "hqmax: '-1' is not a number of notifications, such as 5"},
        {"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee=1",
         "unknown attribute 'aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd'"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct lwm2m_attributes attributes = {0};
        struct control_outcome failure = {0};
        assert_false(attribute_text_parse(rows[i].text, &attributes, &failure));
        assert_string_equal(failure.message, rows[i].message);
        assert_int_equal(failure.exit, EXIT_CODE_USAGE);
    }
}

static void refuses_an_attribute_given_twice(void **state)
{
    struct lwm2m_attributes attributes = {0};
    struct control_outcome failure;
    (void)state;
    assert_true(attribute_text_parse("pmin=10", &attributes, &failure));
    assert_false(attribute_text_parse("pmin=", &attributes, &failure));
    assert_string_equal(failure.message, "pmin is given twice");
}

static void knows_all_ten(void **state)
{
    static const char *const texts[] = {"pmin=1",  "pmax=2",  "gt=21.5", "lt=-3", "st=0.5",
                                        "epmin=3", "epmax=4", "edge=1",  "con=1", "hqmax=5"};
    struct lwm2m_attributes attributes = {0};
    struct control_outcome failure;
    char names[80];
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_true(attribute_text_parse(texts[i], &attributes, &failure));
    }
    assert_int_equal(attributes.set, 0x3ff);
    cJSON *object = cJSON_CreateObject();
    attribute_text_add(object, &attributes);
    char *printed = cJSON_PrintUnformatted(object);
    assert_string_equal(
        printed, "{\"pmin\":\"1\",\"pmax\":\"2\",\"gt\":\"21.5\",\"lt\":\"-3\",\"st\":\"0.5\","
                 "\"epmin\":\"3\",\"epmax\":\"4\",\"edge\":\"1\",\"con\":\"1\",\"hqmax\":"
                 "\"5\"}");
    cJSON_free(printed);
    cJSON_Delete(object);
    assert_true(
        attribute_text_too_new(&attributes, (struct lwm2m_version){1, 0}, names, sizeof(names)));
    assert_string_equal(names, "epmin, epmax, edge, con, hqmax");
    assert_false(
        attribute_text_too_new(&attributes, (struct lwm2m_version){1, 2}, names, sizeof(names)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_and_unsets),
        cmocka_unit_test(knows_all_ten),
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(refuses_an_attribute_given_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
