/*
 * Contradictions between devices and definitions, case by case.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "control/contradictions.h"

#define PATHS_MAX 12

struct told {
    char text[1024];
};

static void note(void *context, struct lwm2m_path path, const char *text)
{
    struct told *told = context;
    char printed[LWM2M_PATH_TEXT_MAX];
    size_t length = strlen(told->text);
    lwm2m_path_print(path, printed);
    snprintf(told->text + length, sizeof(told->text) - length, "%s %s;", printed, text);
}

static void find(const char *const *texts, struct lwm2m_version version, struct told *told)
{
    struct lwm2m_path paths[PATHS_MAX];
    size_t count = 0;
    *told = (struct told){.text = ""};
    for (; texts[count] != NULL; count++) {
        assert_int_equal(lwm2m_path_parse(lwm2m_bytes_from_text(texts[count]), &paths[count], NULL),
                         LWM2M_OK);
    }
    contradictions_find(&lwm2m_registry, version, paths, count, note, told);
}

/* Object 6, Location: single; 0, 1 and 5 are mandatory. Object 3303: multiple; 5700 is. */
static void tells_what_contradicts(void **state)
{
    static const struct {
        const char *paths[PATHS_MAX];
        struct lwm2m_version version;
        const char *told;
    } cases[] = {
        {{NULL}, {1, 0}, ""},
        {{"/6", "/6/0", "/6/0/0", "/6/0/1", "/6/0/5", NULL}, {1, 0}, ""},
        {{"/6", "/6/0", NULL}, {1, 0}, ""},
        {{"/6/0/3", NULL}, {1, 0}, ""},
        {{"/6", "/6/0", "/6/0/0", "/6/0/5", NULL},
         {1, 0},
         "/6/0 mandatory resource 1 (Longitude) is missing;"},
        {{"/6", "/6/0", "/6/0/2", NULL},
         {0, 0},
         "/6/0 mandatory resource 0 (Latitude) is missing;/6/0 mandatory resource 1 (Longitude) is "
         "missing;/6/0 mandatory resource 5 (Timestamp) is missing;"},
        {{"/6", "/6/0", "/6/1", NULL}, {1, 0}, "/6 2 instances, but the object has a single one;"},
        {{"/3303", "/3303/0", "/3303/1", NULL}, {1, 1}, ""},
        {{"/3303", "/3303/0", NULL},
         {1, 7},
         "/3303 version 1.7 of the object is not known, 1.1 is;"},
        {{"/6", "/6/0", "/6/0/0", "/6/0/1", "/6/0/5", "/6/0/99", NULL},
         {1, 0},
         "/6/0/99 the object (Location) has no resource 99;"},
        {{"/3303/0/5700", "/3303/0/5850", NULL}, {1, 1}, ""},
        {{"/60000", "/60000/0", "/60000/0/1", NULL},
         {1, 0},
         "/60000 no definition of the object is known;"},
    };
    struct told told;
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        find(cases[i].paths, cases[i].version, &told);
        assert_string_equal(told.text, cases[i].told);
    }
}

static void a_type_contradicts_another_kind(void **state)
{
    struct lwm2m_resource_definition number = {.type = LWM2M_TYPE_INTEGER};
    struct lwm2m_resource_definition text = {.type = LWM2M_TYPE_STRING};
    (void)state;
    assert_false(contradicts_type(&number, LWM2M_TYPE_FLOAT));
    assert_false(contradicts_type(&number, LWM2M_TYPE_UNTYPED));
    assert_true(contradicts_type(&number, LWM2M_TYPE_STRING));
    assert_true(contradicts_type(&number, LWM2M_TYPE_BOOLEAN));
    assert_false(contradicts_type(&text, LWM2M_TYPE_CORELNK));
    assert_true(contradicts_type(&text, LWM2M_TYPE_OPAQUE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_contradicts),
        cmocka_unit_test(a_type_contradicts_another_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
