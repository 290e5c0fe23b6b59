/*
 * How wide texts are, and what is left of them where they are cut.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Both cmocka and the printer have a function of this name. */
#define print_error cmocka_print_error
#include <cmocka.h>
#undef print_error

#include "output/screen.h"

static void widths_are_of_columns_not_of_bytes(void **state)
{
    (void)state;
    assert_int_equal(text_width(""), 0);
    assert_int_equal(text_width("abc"), 3);
    assert_int_equal(text_width("Größe"), 5);
    assert_int_equal(text_width("温度"), 4);
    assert_int_equal(text_width("e\u0301"), 1);
    assert_int_equal(text_width("\xff\xfe"
                                "a"),
                     3);
}

static void what_is_cut_fits_and_ends_in_the_mark(void **state)
{
    static const struct {
        const char *text;
        size_t columns;
        const char *cut;
    } cases[] = {
        {"abc", 3, "abc"},    {"abcd", 3, "ab…"},   {"abcd", 1, "…"},
        {"", 1, ""},          {"Größe", 4, "Grö…"}, {"温度計", 5, "温度…"},
        {"温度計", 4, "温…"}, {"温", 1, "…"},       {"\xff\xfe\xfd", 2, "\xff…"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *cut = text_cut(cases[i].text, cases[i].columns, "…");
        assert_string_equal(cut, cases[i].cut);
        assert_true(text_width(cut) <= cases[i].columns);
        free(cut);
    }
}

static void no_character_is_halved_where_the_locale_knows_none(void **state)
{
    (void)state;
    assert_non_null(setlocale(LC_ALL, "C"));
    char *cut = text_cut("Größe", 4, "~");
    assert_string_equal(cut, "Gr~");
    free(cut);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(widths_are_of_columns_not_of_bytes),
        cmocka_unit_test(what_is_cut_fits_and_ends_in_the_mark),
        cmocka_unit_test(no_character_is_halved_where_the_locale_knows_none),
    };
    if (setlocale(LC_ALL, "C.UTF-8") == NULL) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
