/*
 * Which links of a registration count as objects.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "service/object_links.h"

static enum lwm2m_error note(void *context, const struct lwm2m_registered_object *object)
{
    char path[LWM2M_PATH_TEXT_MAX];
    char *text = context;
    lwm2m_path_print(object->path, path);
    snprintf(text + strlen(text), 200 - strlen(text), "%s ", path);
    return strstr(text, "/99") != NULL ? LWM2M_CANCELLED : LWM2M_OK;
}

static void an_object_is_left_out_where_its_instances_follow(void **state)
{
    static const struct {
        const char *links, *visited;
    } cases[] = {
        {"</1/0>,</3/0>", "/1/0 /3/0 "},
        {"</>;rt=\"oma.lwm2m\",</3>;ver=1.0,</3/0>,</3303>", "/3/0 /3303 "},
        {"</3303>;ver=1.1,</3303/0>,</3303/1>", "/3303/0 /3303/1 "},
        {"</3303>,</3304>,</3304/0>", "/3303 /3304/0 "},
        {"</5>", "/5 "},
        {"", ""},
        {"</98/0>,</99/0>,</100/0>", "/98/0 /99/0 "},
        {"</99>,</100/0>", "/99 "},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char visited[200] = "";
        object_links_visit(lwm2m_bytes_from_text(cases[i].links), note, visited);
        assert_string_equal(visited, cases[i].visited);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_object_is_left_out_where_its_instances_follow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
