/*
 * Errors: every one has a name and a sentence, and a number outside the list does no harm.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/error.h>

static void every_error_has_its_own_name_and_text(void **state)
{
    (void)state;
    for (int i = 0; i < LWM2M_ERROR_COUNT; i++) {
        assert_true(strlen(lwm2m_error_name((enum lwm2m_error)i)) > 0);
        assert_true(strlen(lwm2m_error_text((enum lwm2m_error)i)) > 0);
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(lwm2m_error_name((enum lwm2m_error)i),
                                    lwm2m_error_name((enum lwm2m_error)j));
            assert_string_not_equal(lwm2m_error_text((enum lwm2m_error)i),
                                    lwm2m_error_text((enum lwm2m_error)j));
        }
    }
    assert_string_equal(lwm2m_error_name(LWM2M_NO_MEMORY), "NO_MEMORY");
    assert_string_equal(lwm2m_error_text(LWM2M_NO_MEMORY), "out of memory");
}

static void a_number_outside_the_list_is_unknown(void **state)
{
    (void)state;
    assert_string_equal(lwm2m_error_name(LWM2M_ERROR_COUNT), "UNKNOWN");
    assert_string_equal(lwm2m_error_name((enum lwm2m_error) - 1), "UNKNOWN");
    assert_non_null(lwm2m_error_text((enum lwm2m_error)1000));
}

static void a_fault_is_filled_and_its_error_returned(void **state)
{
    (void)state;
    struct lwm2m_fault fault = {0};
    assert_int_equal(lwm2m_fault_set(&fault, LWM2M_MALFORMED, 12, "length runs past the end"),
                     LWM2M_MALFORMED);
    assert_int_equal(fault.error, LWM2M_MALFORMED);
    assert_int_equal(fault.offset, 12);
    assert_string_equal(fault.reason, "length runs past the end");
    assert_int_equal(lwm2m_fault_set(NULL, LWM2M_RANGE, 0, ""), LWM2M_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_error_has_its_own_name_and_text),
        cmocka_unit_test(a_number_outside_the_list_is_unknown),
        cmocka_unit_test(a_fault_is_filled_and_its_error_returned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
