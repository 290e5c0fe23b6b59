/*
 * Formats of lines: what is wrong in them, and what they print.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "output/line_format.h"

static char *text(void *context, char letter)
{
    char name[] = {letter, '\0'};
    return context != NULL ? NULL : strdup(strcmp(name, "x") == 0 ? "100%\\n" : "");
}

static void prints_fields_and_escapes(void **state)
{
    static const struct {
        const char *format, *line;
    } cases[] = {
        {"", ""},
        {"plain", "plain"},
        {"%x", "100%\\n"}, /* what a field holds means nothing */
        {"[%y]", "[]"},
        {"%%x%x%%", "%x100%\\n%"},
        {"a\\tb\\nc\\rd\\\\n\\e[1m", "a\tb\nc\rd\\n\033[1m"},
        {"°%x", "°100%\\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct line_fields fields = {.text = text};
        char *line = NULL;
        size_t size = 0;
        FILE *stream = open_memstream(&line, &size);
        assert_non_null(stream);
        assert_null(line_format_fault(cases[i].format, "xy"));
        assert_true(line_format_print(stream, cases[i].format, &fields));
        assert_int_equal(fclose(stream), 0);
        assert_string_equal(line, cases[i].line);
        free(line);
    }
}

static void finds_where_a_format_is_wrong(void **state)
{
    static const struct {
        const char *format;
        int offset;
    } cases[] = {
        {"%z", 0}, {"%x %q", 3}, {"%", 0},     {"%%%", 2},
        {"\\", 0}, {"%x\\q", 2}, {"%x%5x", 2}, {"\\x41", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *fault = line_format_fault(cases[i].format, "xy");
        assert_non_null(fault);
        assert_int_equal(fault - cases[i].format, cases[i].offset);
    }
}

static void tells_of_fields_and_streams_that_fail(void **state)
{
    int fails = 0;
    struct line_fields fields = {.text = text, .context = &fails};

    (void)state;
    FILE *full = fopen("/dev/full", "w");
    assert_non_null(full);
    assert_false(line_format_print(full, "%x", &fields));
    setvbuf(full, NULL, _IONBF, 0);
    fields.context = NULL;
    assert_false(line_format_print(full, "%x", &fields));
    assert_false(line_format_print(full, "x", &fields));
    fclose(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_fields_and_escapes),
        cmocka_unit_test(finds_where_a_format_is_wrong),
        cmocka_unit_test(tells_of_fields_and_streams_that_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
