/*
 * Lines and the words that they are split into.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Both cmocka and the printer have a function of this name. */
#define print_error cmocka_print_error
#include <cmocka.h>
#undef print_error
#include <stdlib.h>
#include <string.h>

#include "command/words.h"

static const char *find_variable(void *context, const char *name)
{
    (void)context;
    if (strcmp(name, "ep") == 0) {
        return "pump 7";
    }
    return strcmp(name, "none") == 0 ? "" : NULL;
}

static const struct word_variables variables = {.find = find_variable};

/* The words with a | behind each; "!" and the message where the line is refused. */
static void split(const char *line, const struct word_variables *given, char text[512])
{
    struct words words;
    struct usage_error error = {0};
    text[0] = '\0';
    if (!words_split(line, given, &words, &error)) {
        strcat(strcpy(text, "!"), error.message);
        return;
    }
    for (int i = 0; i < words.count; i++) {
        strcat(strcat(text, words.texts[i]), "|");
    }
    assert_null(words.texts[words.count]);
    words_release(&words);
}

struct row {
    const char *line;
    const char *words;
};

static void quotes_and_backslashes_keep_words_together(void **state)
{
    static const struct row rows[] = {
        {"", ""},
        {" \t ", ""},
        {"read /3/0", "read|/3/0|"},
        {"  write   /3/0/14=+01:00\n", "write|/3/0/14=+01:00|"},
        {"write '/3/0/15=Europe/ Berlin'", "write|/3/0/15=Europe/ Berlin|"},
        {"write /3/0/15=\"a b\"c", "write|/3/0/15=a bc|"},
        {"a\\ b \\' \\\" \\\\", "a b|'|\"|\\|"},
        {"\"a\\\"b\\\\c\\d\"", "a\"b\\c\\d|"},
        {"'' \"\"", "||"},
        {"''s", "s|"},
        {"'it'\\''s'", "it's|"},
        {"a #b c", "a|"},
        {"a#b '#c'", "a#b|#c|"},
        {"# all", ""},
        {"`id` $(id) *.c ~ a;b|c>d&", "`id`|$(id)|*.c|~|a;b|c>d&|"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[512];
        split(rows[i].line, NULL, text);
        /* A | of the line itself reads the same. */
        assert_string_equal(text, rows[i].words);
    }
}

static void variables_stay_one_word(void **state)
{
    static const struct row rows[] = {
        {"read -e $ep", "read|-e|pump 7|"},
        {"${ep}x \"<$ep>\"", "pump 7x|<pump 7>|"},
        {"'$ep' \\$ep \"\\$ep\"", "$ep|$ep|$ep|"},
        {"$none a$none", "|a|"},
        {"$ $1a", "!there is no variable '1a'"},
        {"cost $ 5 $,", "cost|$|5|$,|"},
        {"$nobody", "!there is no variable 'nobody'"},
        {"${ep", "!'${' begins no name of a variable"},
        {"${}", "!'${' begins no name of a variable"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[512];
        split(rows[i].line, &variables, text);
        assert_string_equal(text, rows[i].words);
    }
}

static void without_variables_a_dollar_is_a_character(void **state)
{
    char text[512];
    (void)state;
    split("$ep \"${\"", NULL, text);
    assert_string_equal(text, "$ep|${|");
}

static void broken_lines_are_refused(void **state)
{
    static const struct row rows[] = {
        {"a 'b", "!a ' is not closed"},
        {"a \"b", "!a \" is not closed"},
        {"a \"b\\", "!a \" is not closed"},
        {"a \\", "!the line ends with a backslash"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[512];
        split(rows[i].line, &variables, text);
        assert_string_equal(text, rows[i].words);
    }
}

/* A line of `count` times `piece`. */
static bool splits_repeated(const char *piece, size_t count)
{
    size_t length = strlen(piece);
    char *line = malloc(length * count + 1);
    struct words words;
    struct usage_error error = {0};
    assert_non_null(line);
    for (size_t i = 0; i < count; i++) {
        memcpy(line + i * length, piece, length);
    }
    line[length * count] = '\0';
    bool good = words_split(line, &variables, &words, &error);
    if (good) {
        words_release(&words);
    } else {
        assert_string_not_equal(error.message, "");
    }
    free(line);
    return good;
}

static void what_is_too_much_is_refused(void **state)
{
    (void)state;
    assert_true(splits_repeated("a", WORDS_LINE_BYTES_MAX - 1));
    assert_false(splits_repeated("a", WORDS_LINE_BYTES_MAX));
    assert_true(splits_repeated("a ", WORDS_MAX));
    assert_false(splits_repeated("a ", WORDS_MAX + 1));
    assert_false(splits_repeated("$ep", WORDS_LINE_BYTES_MAX / 5));
    assert_false(splits_repeated("a", 1u << 20));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_and_backslashes_keep_words_together),
        cmocka_unit_test(variables_stay_one_word),
        cmocka_unit_test(without_variables_a_dollar_is_a_character),
        cmocka_unit_test(broken_lines_are_refused),
        cmocka_unit_test(what_is_too_much_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
