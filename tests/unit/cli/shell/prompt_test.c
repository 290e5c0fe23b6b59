/*
 * The text of the shell's prompt.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Both cmocka and the printer have a function of this name. */
#define print_error cmocka_print_error
#include <cmocka.h>
#undef print_error

#include "shell/prompt.h"

static void assert_prompt(struct printer printer, const char *endpoint, enum presence presence,
                          const char *expected)
{
    char text[PROMPT_TEXT_MAX];
    prompt_print(&printer, endpoint, presence, text);
    assert_string_equal(text, expected);
}

static void it_shows_the_device_and_how_it_is(void **state)
{
    const struct printer printer = {.utf8 = true};
    (void)state;
    assert_prompt(printer, "dev1", PRESENCE_UP, "lwm2m[dev1 ●]> ");
    assert_prompt(printer, "dev1", PRESENCE_ASLEEP, "lwm2m[dev1 ◐]> ");
    assert_prompt(printer, "dev1", PRESENCE_GONE, "lwm2m[dev1 ○]> ");
    assert_prompt(printer, "dev1", PRESENCE_UNKNOWN, "lwm2m[dev1 ?]> ");
    assert_prompt(printer, "dev1", PRESENCE_NO_SERVER, "lwm2m[dev1 ✗]> ");
}

static void it_has_signs_of_ascii(void **state)
{
    const struct printer printer = {.utf8 = false};
    (void)state;
    assert_prompt(printer, "dev1", PRESENCE_UP, "lwm2m[dev1 *]> ");
    assert_prompt(printer, "dev1", PRESENCE_ASLEEP, "lwm2m[dev1 ~]> ");
    assert_prompt(printer, "dev1", PRESENCE_GONE, "lwm2m[dev1 -]> ");
    assert_prompt(printer, "dev1", PRESENCE_NO_SERVER, "lwm2m[dev1 x]> ");
}

static void without_a_device_it_shows_no_more_than_that_there_is_no_server(void **state)
{
    const struct printer printer = {.utf8 = true};
    (void)state;
    assert_prompt(printer, NULL, PRESENCE_UNKNOWN, "lwm2m> ");
    assert_prompt(printer, NULL, PRESENCE_NO_SERVER, "lwm2m[✗]> ");
}

static void colour_takes_no_column(void **state)
{
    const struct printer printer = {.utf8 = true, .colour_results = true};
    (void)state;
    assert_prompt(printer, "dev1", PRESENCE_UP, "lwm2m[dev1 \001\033[32m\002●\001\033[0m\002]> ");
}

static void a_name_is_escaped_and_cut_between_characters(void **state)
{
    const struct printer printer = {.utf8 = true};
    (void)state;
    assert_prompt(printer, "a\033[31m", PRESENCE_UP, "lwm2m[a\\x1b[31m ●]> ");
    assert_prompt(printer, "01234567890123456789012345678901", PRESENCE_UP,
                  "lwm2m[01234567890123456789012345678901 ●]> ");
    assert_prompt(printer, "012345678901234567890123456789ü-long", PRESENCE_UP,
                  "lwm2m[012345678901234567890123456789ü… ●]> ");
    assert_prompt(printer, "0123456789012345678901234567890ü", PRESENCE_UP,
                  "lwm2m[0123456789012345678901234567890… ●]> ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_shows_the_device_and_how_it_is),
        cmocka_unit_test(it_has_signs_of_ascii),
        cmocka_unit_test(without_a_device_it_shows_no_more_than_that_there_is_no_server),
        cmocka_unit_test(colour_takes_no_column),
        cmocka_unit_test(a_name_is_escaped_and_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
