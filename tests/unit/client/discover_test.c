/*
 * Discover: how deep it goes, and what it is refused for.
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

#include "support/device_fixture.h"

#define RESOURCES "</33000/0/0>,</33000/0/1>,</33000/0/2>,</33000/0/3>,</33000/0/4>,"

static struct device_fixture *registered(uint8_t minor)
{
    struct device_fixture *fixture = device_fixture_new();

    fixture->config.version = (struct lwm2m_version){1, minor};
    device_fixture_register(fixture);
    return fixture;
}

static void a_depth_says_how_many_levels_are_shown(void **state)
{
    static const struct {
        const char *target, *links;
    } cases[] = {
        {"/33000 ?depth=0", "</33000>"},
        {"/33000 ?depth=1", "</33000>,</33000/0>"},
        {"/33000 ?depth=2", "</33000>,</33000/0>," RESOURCES "</33000/0/5>;dim=2,</33000/0/6>"},
        {"/33000", "</33000>,</33000/0>," RESOURCES "</33000/0/5>;dim=2,</33000/0/6>"},
        {"/33000 ?depth=3", "</33000>,</33000/0>," RESOURCES
                            "</33000/0/5>;dim=2,</33000/0/5/0>,</33000/0/5/3>,</33000/0/6>"},
        {"/33000/0 ?depth=0", "</33000/0>"},
        {"/33000/0 ?depth=1", "</33000/0>," RESOURCES "</33000/0/5>;dim=2,</33000/0/6>"},
        {"/33000/0 ?depth=2",
         "</33000/0>," RESOURCES "</33000/0/5>;dim=2,</33000/0/5/0>,</33000/0/5/3>,</33000/0/6>"},
        {"/33000/0/5 ?depth=0", "</33000/0/5>;dim=2"},
        {"/33000/0/5 ?depth=1", "</33000/0/5>;dim=2,</33000/0/5/0>,</33000/0/5/3>"},
        {"/33000/0/5 ?depth=3", "</33000/0/5>;dim=2,</33000/0/5/0>,</33000/0/5/3>"},
        {"/33000/0/1 ?depth=3", "</33000/0/1>"},
    };
    struct device_fixture *fixture = registered(2);

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char request[64];

        snprintf(request, sizeof(request), "GET %s accept=40", cases[i].target);
        device_fixture_ask(fixture, fixture->server, 1, request, (struct lwm2m_bytes){0});
        assert_memory_equal(fixture->answer, "2.05 cf=40", 10);
        device_fixture_assert_text(fixture, cases[i].links);
    }
    device_fixture_free(fixture);
}

static void a_wrong_depth_is_refused(void **state)
{
    static const char *const queries[] = {"?depth=4", "?depth=-1",         "?depth=",   "?depth",
                                          "?depth=x", "?depth=1 ?depth=1", "?depths=1", "?pmin=1"};
    struct device_fixture *fixture = registered(2);

    (void)state;
    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        char request[64];

        snprintf(request, sizeof(request), "GET /33000 accept=40 %s", queries[i]);
        device_fixture_expect(fixture, request, "", "4.00");
    }
    device_fixture_free(fixture);
}

static void before_1_2_there_is_no_depth(void **state)
{
    struct device_fixture *fixture = registered(1);

    (void)state;
    device_fixture_expect(fixture, "GET /33000 accept=40 ?depth=1", "", "4.02");
    device_fixture_free(fixture);
}

static void a_1_0_server_sees_no_resource_instances(void **state)
{
    struct device_fixture *fixture = registered(0);

    (void)state;
    device_fixture_expect(fixture, "GET /33000/0/5 accept=40", "", "2.05 cf=40 #18");
    device_fixture_assert_text(fixture, "</33000/0/5>;dim=2");
    device_fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_depth_says_how_many_levels_are_shown),
        cmocka_unit_test(a_wrong_depth_is_refused),
        cmocka_unit_test(before_1_2_there_is_no_depth),
        cmocka_unit_test(a_1_0_server_sees_no_resource_instances),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
