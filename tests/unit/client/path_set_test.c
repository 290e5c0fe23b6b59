/*
 * The paths that a composite operation names.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "client/path_set.h"

static enum lwm2m_error add(struct lwm2m_path_set *set, const char *text)
{
    struct lwm2m_path path;

    assert_int_equal(lwm2m_path_parse(lwm2m_bytes_from_text(text), &path, NULL), LWM2M_OK);
    return lwm2m_path_set_add(set, path);
}

static void they_stand_in_order_and_contain_none_another(void **state)
{
    static const struct {
        const char *added[6];
        const char *expected;
    } cases[] = {
        {{"/3/0/1", "/1/0", "/3/0/0"}, "/1/0 /3/0/0 /3/0/1 "},
        {{"/3/0/1", "/3/0/1"}, "/3/0/1 "},
        {{"/3", "/3/0/1", "/3/0"}, "/3 "},
        {{"/3/0/1", "/3/1", "/4", "/3"}, "/3 /4 "},
        {{"/3/0/11/0", "/3/0/1", "/3/0/11"}, "/3/0/1 /3/0/11 "},
        {{"/3", "/33", "/3/0", "/33/0"}, "/3 /33 "},
        {{"/3", "/4/0/1", "/"}, "/ "},
        {{"/", "/3"}, "/ "},
        {{"/1/0/1", "/1/1/1", "/1/2", "/1/0", "/1/1"}, "/1/0 /1/1 /1/2 "},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct lwm2m_path_set set = {0};
        char got[256] = "";

        for (size_t j = 0; j < 6 && cases[i].added[j] != NULL; j++) {
            assert_int_equal(add(&set, cases[i].added[j]), LWM2M_OK);
        }
        for (size_t j = 0; j < set.count; j++) {
            lwm2m_path_print(set.paths[j], got + strlen(got));
            strcat(got, " ");
        }
        assert_string_equal(got, cases[i].expected);
    }
}

static void their_number_is_bounded(void **state)
{
    struct lwm2m_path_set set = {0};

    (void)state;
    for (uint16_t i = 0; i < LWM2M_PATH_SET_MAX; i++) {
        assert_int_equal(lwm2m_path_set_add(&set, lwm2m_path_resource(5, 9, (uint16_t)(90 - i))),
                         LWM2M_OK);
    }
    assert_int_equal(add(&set, "/3"), LWM2M_TOO_LARGE);
    assert_int_equal(add(&set, "/6"), LWM2M_TOO_LARGE);
    assert_int_equal(set.count, LWM2M_PATH_SET_MAX);
    /* One that is there, or that takes the place of others, needs no room. */
    assert_int_equal(add(&set, "/5/9/90"), LWM2M_OK);
    assert_int_equal(add(&set, "/5"), LWM2M_OK);
    assert_int_equal(set.count, 1);
    assert_int_equal(add(&set, "/3"), LWM2M_OK);
    assert_int_equal(set.count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_stand_in_order_and_contain_none_another),
        cmocka_unit_test(their_number_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
