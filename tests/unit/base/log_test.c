/*
 * The log puts parts together into one harmless line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"

struct captured {
    char text[256];
    enum lwm2m_log_level level;
    int lines;
};

static void capture(void *context, enum lwm2m_log_level level, const char *text)
{
    struct captured *captured = context;
    assert_true(strlen(text) < sizeof captured->text);
    strcpy(captured->text, text);
    captured->level = level;
    captured->lines++;
}

static void parts_become_one_line(void **state)
{
    (void)state;
    struct captured captured = {.lines = 0};
    const struct lwm2m_port port = {.context = &captured, .log = capture};

    LWM2M_LOG(&port, LWM2M_LOG_WARNING, "peer ", "10.0.0.1", ": gone");
    assert_string_equal(captured.text, "peer 10.0.0.1: gone");
    assert_int_equal(captured.level, LWM2M_LOG_WARNING);
    assert_int_equal(captured.lines, 1);
}

static void a_long_line_is_cut_at_200_bytes(void **state)
{
    (void)state;
    struct captured captured = {.lines = 0};
    const struct lwm2m_port port = {.context = &captured, .log = capture};
    char part[152];

    memset(part, 'a', sizeof part - 1);
    part[sizeof part - 1] = '\0';
    LWM2M_LOG(&port, LWM2M_LOG_INFO, part, part);
    assert_int_equal(strlen(captured.text), 200);
}

static void a_cut_leaves_no_half_of_a_character(void **state)
{
    (void)state;
    struct captured captured = {.lines = 0};
    const struct lwm2m_port port = {.context = &captured, .log = capture};
    char part[200];

    memset(part, 'a', sizeof part - 1);
    part[sizeof part - 1] = '\0';
    /* 199 letters, then three bytes for the euro sign. */
    LWM2M_LOG(&port, LWM2M_LOG_INFO, part, "\xe2\x82\xac");
    assert_int_equal(strlen(captured.text), 199);
    /* 198 letters leave room for two of the three. */
    LWM2M_LOG(&port, LWM2M_LOG_INFO, part + 1, "\xe2\x82\xac");
    assert_int_equal(strlen(captured.text), 198);
    LWM2M_LOG(&port, LWM2M_LOG_INFO, part + 2, "\xe2\x82\xac");
    assert_int_equal(strlen(captured.text), 200);
}

static void control_characters_cannot_forge_a_line(void **state)
{
    (void)state;
    struct captured captured = {.lines = 0};
    const struct lwm2m_port port = {.context = &captured, .log = capture};

    LWM2M_LOG(&port, LWM2M_LOG_INFO, "name \"a\nERROR b\x1b[2J\x7f\"");
    assert_string_equal(captured.text, "name \"a?ERROR b?[2J?\"");
    /* As terminals know them too: behind 7 bits, as UTF-8 and alone. */
    LWM2M_LOG(&port, LWM2M_LOG_INFO,
              "a\xc2\x9b"
              "2J b\x9b"
              "2J c\xc2\x85"
              "d \xc3\xa9\xff");
    assert_string_equal(captured.text, "a?2J b?2J c?d \xc3\xa9?");
}

static void without_a_log_nothing_happens(void **state)
{
    (void)state;
    const struct lwm2m_port port = {.log = NULL};
    LWM2M_LOG(&port, LWM2M_LOG_ERROR, "unheard");
}

static void note_failure(void *context, const char *file, int line, const char *condition)
{
    struct captured *captured = context;
    assert_non_null(strstr(file, "log_test.c"));
    assert_true(line > 0);
    assert_string_equal(condition, "1 == 2");
    captured->lines++;
}

static void a_broken_invariant_reaches_the_port(void **state)
{
    (void)state;
    struct captured captured = {.lines = 0};
    const struct lwm2m_port port = {.context = &captured, .assert_failed = note_failure};

    LWM2M_ASSERT(&port, 1 == 1);
    assert_int_equal(captured.lines, 0);
    LWM2M_ASSERT(&port, 1 == 2);
    assert_int_equal(captured.lines, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_become_one_line),
        cmocka_unit_test(a_long_line_is_cut_at_200_bytes),
        cmocka_unit_test(a_cut_leaves_no_half_of_a_character),
        cmocka_unit_test(control_characters_cannot_forge_a_line),
        cmocka_unit_test(without_a_log_nothing_happens),
        cmocka_unit_test(a_broken_invariant_reaches_the_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
