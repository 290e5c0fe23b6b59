/*
 * The registration of a device: what it says, and when, over days of virtual time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/device_fixture.h"

static void registers_and_says_what_it_has(void **state)
{
    struct device_fixture *fixture = device_fixture_new();

    (void)state;
    device_fixture_start(fixture);
    device_fixture_run(fixture, 1000);
    device_fixture_assert_diary(fixture, "REGISTERING\n"
                                         "0 POST /rd cf=40 ?ep=dev ?lt=300 ?lwm2m=1.1 ?b=U #63\n"
                                         "REGISTERED /rd/a1\n");
    assert_string_equal(fixture->links, "</>;rt=\"oma.lwm2m\";ct=\"0 42 11542 112\","
                                        "</1/0>,</6/0>,</33000/0>");
    device_fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registers_and_says_what_it_has),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
