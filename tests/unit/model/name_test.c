/*
 * Names as people type them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <lwm2m/definition.h>

static void names_match_but_for_case_blanks_and_punctuation(void **state)
{
    static const struct {
        const char *name, *typed;
        enum lwm2m_name_match match;
    } cases[] = {
        {"Battery Level", "Battery Level", LWM2M_NAME_IS_SAME},
        {"Battery Level", "battery level", LWM2M_NAME_IS_SAME},
        {"Battery Level", "battery_level", LWM2M_NAME_IS_ALIKE},
        {"Battery Level", "-BatteryLevel_", LWM2M_NAME_IS_ALIKE},
        {"Battery Level", "battery_leve", LWM2M_NAME_DIFFERS},
        {"Battery Level", "battery_levels", LWM2M_NAME_DIFFERS},
        {"Battery Level", "battery(level", LWM2M_NAME_DIFFERS},
        {"Rate (max.)", "rate_max", LWM2M_NAME_IS_ALIKE},
        {"Rate (max.)", "rate(max", LWM2M_NAME_IS_ALIKE},
        {"Rate (max.)", "rate)max", LWM2M_NAME_DIFFERS},
        {"Größe", "größe", LWM2M_NAME_IS_SAME},
        {"Größe", "gre", LWM2M_NAME_DIFFERS},
        {"(-)", "_", LWM2M_NAME_DIFFERS},
        {"A", "", LWM2M_NAME_DIFFERS},
        {"A", "__", LWM2M_NAME_DIFFERS},
        {"", "", LWM2M_NAME_IS_SAME},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        enum lwm2m_name_match match =
            lwm2m_name_match(cases[i].name, lwm2m_bytes_from_text(cases[i].typed));
        if (match != cases[i].match) {
            fail_msg("%s, %s: %d", cases[i].name, cases[i].typed, (int)match);
        }
    }
}

static void what_is_behind_the_beginning_is_told(void **state)
{
    static const struct {
        const char *name, *typed, *rest; /* NULL: it begins otherwise */
    } cases[] = {
        {"Battery Level", "", "Battery Level"},
        {"Battery Level", "_", "Battery Level"},
        {"Battery Level", "BATT", "ery Level"},
        {"Battery Level", "battery", " Level"},
        {"Battery Level", "battery_", " Level"},
        {"Battery Level", "battery_l", "evel"},
        {"Battery Level", "batteryLEVEL", ""},
        {"Battery Level", "level", NULL},
        {"On/Off", "on_o", "ff"},
        {"A-B", "a-", "-B"},
        {"Rate (max.)", "ratem", "ax.)"},
        {"Rate (max.)", "rate(", "max.)"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *rest;
        bool begins =
            lwm2m_name_begins(cases[i].name, lwm2m_bytes_from_text(cases[i].typed), &rest);
        assert_int_equal(begins, cases[i].rest != NULL);
        if (begins) {
            assert_string_equal(rest, cases[i].rest);
        }
    }
}

static void names_are_written_as_they_are_typed(void **state)
{
    static const struct {
        const char *name, *text;
    } cases[] = {
        {"Battery Level", "battery_level"},
        {" Level", "_level"},
        {"On/Off", "on_off"},
        {"Rate (max.)", "rate_max"},
        {"Größe", "größe"},
        {"(...)", ""},
        {"A -- b", "a_b"},
        {"", ""},
    };
    char text[32];
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t length = lwm2m_name_print(cases[i].name, text, sizeof(text));
        assert_string_equal(text, cases[i].text);
        assert_int_equal(length, strlen(text));
    }
    for (size_t size = 2; size < sizeof(text); size++) {
        memset(text, '#', sizeof(text));
        assert_true(lwm2m_name_print("Battery Level of it", text, size) < size);
        assert_null(memchr(text + size, '\0', sizeof(text) - size));
    }
}

/* What is written matches the name it was written for. */
static bool check_name(void *context, const struct lwm2m_object_definition *object)
{
    struct lwm2m_resource_definition resource;
    size_t *count = context;
    for (size_t i = 0; i < object->resource_count; i++) {
        char text[256];
        lwm2m_object_definition_get(object, i, &resource);
        lwm2m_name_print(resource.name, text, sizeof(text));
        if (lwm2m_name_match(resource.name, lwm2m_bytes_from_text(text)) == LWM2M_NAME_DIFFERS) {
            fail_msg("%u/x/%u: %s, %s", object->id, resource.id, resource.name, text);
        }
        ++*count;
    }
    return true;
}

static void every_name_of_the_registry_matches_what_is_written_for_it(void **state)
{
    size_t count = 0;
    (void)state;
    lwm2m_definitions_visit(&lwm2m_registry, check_name, &count);
    assert_true(count > 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_match_but_for_case_blanks_and_punctuation),
        cmocka_unit_test(what_is_behind_the_beginning_is_told),
        cmocka_unit_test(names_are_written_as_they_are_typed),
        cmocka_unit_test(every_name_of_the_registry_matches_what_is_written_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
