/*
 * Which lines the shell's history keeps.
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

#include "shell/history.h"

static void usual_lines_are_kept(void **state)
{
    static const char *const lines[] = {
        "list",
        "read -e dut-1 /3/0/0",
        "observe --keep /3/0/9",
        "write /3/0/15=\"a b\"",
        "read /0/0/10",
        "use psk",
        "set timeout 5s",
        "help -- key",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        assert_true(history_line_is_kept(lines[i]));
    }
}

static void lines_that_tell_keys_are_not(void **state)
{
    static const char *const lines[] = {
        "client --psk 00ff",      "client --psk=00ff",        "client --psk-file k",
        "client --ps 00ff",       "client --key k.pem",       "client -u x --key=k",
        "client '--psk' 00ff",    "client --p\"sk\" 00ff",    "client -\\-psk 00ff",
        "client\t--identity dut", "client --password secret", "write /0/0/5=0x00ff",
        "write '/0/0/5=0x00ff'",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        assert_false(history_line_is_kept(lines[i]));
    }
}

static void lines_that_begin_with_a_blank_or_have_no_word_are_not(void **state)
{
    (void)state;
    assert_false(history_line_is_kept(""));
    assert_false(history_line_is_kept(" list"));
    assert_false(history_line_is_kept("\tlist"));
    assert_false(history_line_is_kept("# list"));
}

static void lines_without_end_are_not(void **state)
{
    char line[70000];
    (void)state;
    memset(line, 'x', sizeof(line) - 1);
    line[sizeof(line) - 1] = '\0';
    assert_false(history_line_is_kept(line));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usual_lines_are_kept),
        cmocka_unit_test(lines_that_tell_keys_are_not),
        cmocka_unit_test(lines_that_begin_with_a_blank_or_have_no_word_are_not),
        cmocka_unit_test(lines_without_end_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
