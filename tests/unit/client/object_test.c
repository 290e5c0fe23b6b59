/*
 * Arguments of an Execute.
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

#include <lwm2m/object.h>

/* Writes all arguments down as "0=a 2 3=b"; what ended it is returned. */
static enum lwm2m_error walk(const char *text, char *out, size_t size)
{
    struct lwm2m_bytes rest = lwm2m_bytes_from_text(text);
    struct lwm2m_execute_argument argument;
    uint16_t seen = 0;
    enum lwm2m_error error;
    size_t length = 0;

    out[0] = '\0';
    while ((error = lwm2m_execute_argument_next(&rest, &seen, &argument)) == LWM2M_OK) {
        length +=
            (size_t)snprintf(out + length, size - length, "%s%u", length ? " " : "", argument.id);
        if (argument.has_value) {
            length +=
                (size_t)snprintf(out + length, size - length, "=%.*s", (int)argument.value.length,
                                 (const char *)argument.value.data);
        }
    }
    return error;
}

static void reads_what_the_grammar_allows(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"5", "5"},
        {"0='a',2,3='b'", "0=a 2 3=b"},
        {"9=''", "9="},
        {"1='a,2=b'", "1=a,2=b"},
        {"0='hello world'", "0=hello world"},
        {"0,1,2,3,4,5,6,7,8,9", "0 1 2 3 4 5 6 7 8 9"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char out[128];

        assert_int_equal(walk(cases[i][0], out, sizeof(out)), LWM2M_NOT_FOUND);
        assert_string_equal(out, cases[i][1]);
    }
}

static void refuses_everything_else(void **state)
{
    static const char *const cases[] = {
        "a",        ",",        "0,",     "0,,1",   "0 ",      "10",    "0=",
        "0=a",      "0='",      "0='a",   "0='a'b", "0=\"a\"", "0,0",   "1='x',1",
        "0='a''b'", "0='\x01'", "0='\\'", "0='\"'", "-1",      "0=''1", "0='\xc3\xa4'",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char out[128];

        if (walk(cases[i], out, sizeof(out)) != LWM2M_MALFORMED) {
            fail_msg("%s was taken", cases[i]);
        }
    }
}

static void freeing_nothing_does_nothing(void **state)
{
    (void)state;
    lwm2m_object_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_the_grammar_allows),
        cmocka_unit_test(refuses_everything_else),
        cmocka_unit_test(freeing_nothing_does_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
