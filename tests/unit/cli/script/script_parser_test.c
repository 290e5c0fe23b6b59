/*
 * Texts and the statements that they are taken apart into.
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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/script.h"

/* "LINE:KIND variable words>partner" of each statement, ended by |; "!LINE: message" if refused. */
static void parse(const char *text, char *shown, size_t size)
{
    static const char kinds[] = {
        [STATEMENT_COMMAND] = 'c', [STATEMENT_SHELL] = '!', [STATEMENT_EXPECT] = 'e',
        [STATEMENT_SET] = 's',     [STATEMENT_SLEEP] = 'z', [STATEMENT_WITHIN] = 'w',
        [STATEMENT_REPEAT] = 'r',  [STATEMENT_END] = '}',   [STATEMENT_ON] = 'o',
    };
    struct script script;
    struct script_error error;
    size_t length = 0;
    shown[0] = '\0';
    if (!script_parse(text, strlen(text), commands, &script, &error)) {
        snprintf(shown, size, "!%u: %s", error.line, error.usage.message);
        return;
    }
    for (size_t i = 0; i < script.count; i++) {
        const struct statement *statement = &script.statements[i];
        length += (size_t)snprintf(
            shown + length, size - length, "%u:%c %s%s%s>%zu|", statement->line,
            kinds[statement->kind], statement->variable != NULL ? statement->variable : "",
            statement->variable != NULL ? "=" : "", statement->words, statement->partner);
    }
    script_release(&script);
}

static void statements_keep_their_lines_and_words(void **state)
{
    static const struct {
        const char *text;
        const char *statements;
    } rows[] = {
        {"", ""},
        {"\n \t\n# nothing\r\n", ""},
        {"read /3/0\n", "1:c read /3/0>0|"},
        {"\n  read '/3 /0' # x", "2:c read '/3 /0' # x>0|"},
        {"$verb /3", "1:c $verb /3>0|"},
        {"!echo {", "1:! echo {>0|"},
        {"let v=read /3/0/3", "1:c v=read /3/0/3>0|"},
        {"let v = !date", "1:! v=date>0|"},
        {"list\nexpect ok\n\nexpect $x", "1:c list>0|2:e ok>0|4:e $x>0|"},
        {"set ep a\nset $n b\nsleep $t", "1:s ep a>0|2:s $n b>0|3:z $t>0|"},
        {"repeat 2 {\nlist\n}\n", "1:r 2>2|2:c list>0|3:} >0|"},
        {"within 1s { }", "1:w 1s>1|1:} >0|"},
        {"repeat 2 { within 3s { list } }", "1:r 2>4|1:w 3s>3|1:c list>0|1:} >1|1:} >0|"},
        {"on notify /3/0 {\nlist\n}", "1:o /3/0>2|2:c list>0|3:} >0|"},
        {"on notify $p { list }", "1:o $p>2|1:c list>0|1:} >0|"},
        {"on notify /3/0 !echo $value", "1:o /3/0>2|1:! echo $value>0|1:} >0|"},
        {"within ${t} { # to here\n} # and\n", "1:w ${t}>1|2:} >0|"},
    };
    char shown[512];
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        parse(rows[i].text, shown, sizeof(shown));
        assert_string_equal(shown, rows[i].statements);
    }
}

static void blocks_are_bounded_in_depth(void **state)
{
    char text[512] = "";
    char shown[2048];
    (void)state;
    for (int i = 0; i < SCRIPT_BLOCKS_MAX; i++) {
        strcat(text, "repeat 1 { ");
    }
    for (int i = 0; i < SCRIPT_BLOCKS_MAX; i++) {
        strcat(text, "} ");
    }
    parse(text, shown, sizeof(shown));
    assert_true(shown[0] == '1');
    memmove(text + strlen("repeat 1 { "), text, strlen(text) + 1);
    memcpy(text, "repeat 1 { ", strlen("repeat 1 { "));
    parse(text, shown, sizeof(shown));
    assert_string_equal(shown, "!1: more than 16 blocks inside each other");
}

static void a_script_is_bounded_in_length(void **state)
{
    struct script script;
    struct script_error error;
    char *text = malloc(SCRIPT_BYTES_MAX + 1);
    (void)state;
    assert_non_null(text);
    memset(text, '\n', SCRIPT_BYTES_MAX + 1);
    assert_true(script_parse(text, SCRIPT_BYTES_MAX, commands, &script, &error));
    assert_int_equal(script.count, 0);
    assert_false(script_parse(text, SCRIPT_BYTES_MAX + 1, commands, &script, &error));
    assert_int_equal(error.line, 0);
    free(text);
}

static void codes_are_told_from_values(void **state)
{
    (void)state;
    assert_true(script_is_code("4.04"));
    assert_true(script_is_code("2.05"));
    assert_false(script_is_code("4.4"));
    assert_false(script_is_code("6.04"));
    assert_false(script_is_code("4.041"));
    assert_false(script_is_code(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_keep_their_lines_and_words),
        cmocka_unit_test(blocks_are_bounded_in_depth),
        cmocka_unit_test(a_script_is_bounded_in_length),
        cmocka_unit_test(codes_are_told_from_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
