/*
 * Tests of lib/base/version.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <lwm2m/version.h>

static void library_and_headers_are_of_one_version(void **state)
{
    (void)state;
    assert_string_equal(lwm2m_library_version(), LWM2M_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(library_and_headers_are_of_one_version)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
