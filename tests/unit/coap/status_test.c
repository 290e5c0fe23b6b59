/*
 * CoAP codes: numbers, bytes and texts, and the answers that errors deserve.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/status.h>

static void codes_and_numbers_convert_both_ways(void **state)
{
    (void)state;
    assert_int_equal(lwm2m_status_code(LWM2M_STATUS_NOT_FOUND), 0x84);
    assert_int_equal(lwm2m_status_code(LWM2M_STATUS_CONTINUE), 0x5f);
    assert_int_equal(lwm2m_status_code(LWM2M_STATUS_NONE), 0);
    for (unsigned code = 0; code < 256; code++) {
        enum lwm2m_status status = lwm2m_status_from_code((uint8_t)code);

        if (code >> 5 < 2 || code >> 5 > 5) {
            assert_int_equal(status, LWM2M_STATUS_NONE);
            continue;
        }
        assert_int_equal(lwm2m_status_code(status), code);
        assert_int_equal(lwm2m_status_is_success(status), code >> 5 == 2);
    }
}

static void texts_are_those_of_the_list_or_of_the_class(void **state)
{
    char text[LWM2M_STATUS_TEXT_MAX];

    (void)state;
    assert_string_equal(lwm2m_status_text(LWM2M_STATUS_NOT_FOUND), "Not Found");
    assert_string_equal(lwm2m_status_text((enum lwm2m_status)229), "Success");
    assert_string_equal(lwm2m_status_text((enum lwm2m_status)431), "Client Error");
    assert_string_equal(lwm2m_status_text((enum lwm2m_status)531), "Server Error");
    assert_string_equal(lwm2m_status_text(LWM2M_STATUS_NONE), "Unknown");
    assert_string_equal(lwm2m_status_print(LWM2M_STATUS_NOT_FOUND, text), "4.04");
    assert_string_equal(lwm2m_status_print(LWM2M_STATUS_CONTINUE, text), "2.31");
    assert_string_equal(lwm2m_status_print(LWM2M_STATUS_NONE, text), "0.00");
}

static void methods_have_names(void **state)
{
    static const char *const names[] = {"?",      "GET",   "POST",  "PUT",
                                        "DELETE", "FETCH", "PATCH", "iPATCH"};

    (void)state;
    for (uint8_t i = 0; i < 8; i++) {
        assert_string_equal(lwm2m_method_name(i), names[i]);
    }
    assert_string_equal(lwm2m_method_name(9), "?");
    assert_string_equal(lwm2m_method_name(0x45), "?");
}

static void every_error_has_an_answer(void **state)
{
    static const struct {
        enum lwm2m_error error;
        unsigned status;
    } cases[] = {
        {LWM2M_NOT_FOUND, 404}, {LWM2M_NOT_ALLOWED, 405}, {LWM2M_UNAUTHORIZED, 401},
        {LWM2M_FORMAT, 415},    {LWM2M_MALFORMED, 400},   {LWM2M_TYPE, 400},
        {LWM2M_RANGE, 400},     {LWM2M_ARGUMENT, 400},    {LWM2M_EXISTS, 400},
        {LWM2M_TOO_LARGE, 413}, {LWM2M_INCOMPLETE, 408},  {LWM2M_UNSUPPORTED, 501},
        {LWM2M_BUSY, 503},      {LWM2M_NO_MEMORY, 500},   {LWM2M_STATE, 500},
        {LWM2M_IO, 500},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(lwm2m_status_from_error(cases[i].error), cases[i].status);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_and_numbers_convert_both_ways),
        cmocka_unit_test(texts_are_those_of_the_list_or_of_the_class),
        cmocka_unit_test(methods_have_names),
        cmocka_unit_test(every_error_has_an_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
