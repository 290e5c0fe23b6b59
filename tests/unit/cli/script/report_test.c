/*
 * What reporters are told, and when; and that what they write stays whole whatever commands print.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/report.h"

static const struct test_point good = {
    .name = "read /3", .file = "t", .line = 1, .results = "one\n", .diagnostics = ""};
static const struct test_point bad = {.name = "read # \\ \n\x1b",
                                      .file = "t",
                                      .line = 2,
                                      .exit = 3,
                                      .failure = "no \"such\"\nthing\xff",
                                      .results = "\x01\nnot ok 7\n",
                                      .diagnostics = ""};

static void what_is_taken_back_is_not_told(void **state)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    struct report report = {.sum = {.file = "t"}};
    (void)state;
    report.reporters[report.reporter_count++] = text_reporter_new(stream, stream);
    assert_true(report_add(&report, &good, true));
    assert_true(report_add(&report, &good, true));
    report_rewind(&report, 1);
    fflush(stream);
    assert_int_equal(length, 0);
    report_settle(&report);
    fflush(stream);
    assert_string_equal(text, "one\n");
    assert_int_equal(report.sum.points, 1);
    report_end(&report);
    report_release(&report);
    fclose(stream);
    free(text);
}

static void what_is_held_is_bounded(void **state)
{
    struct report report = {.sum = {.file = "t"}};
    (void)state;
    for (size_t i = 0; i < REPORT_HELD_MAX; i++) {
        assert_true(report_add(&report, &good, true));
    }
    assert_false(report_add(&report, &good, true));
    report_release(&report);
}

static void tap_is_not_broken_by_what_commands_print(void **state)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    struct report report = {.sum = {.file = "t"}};
    (void)state;
    report.reporters[report.reporter_count++] = tap_reporter_new(stream);
    report_add(&report, &bad, false);
    report_end(&report);
    fflush(stream);
    assert_string_equal(text, "TAP version 14\n"
                              "# \\x01\n"
                              "# not ok 7\n"
                              "not ok 1 - read \\# \\\\ \\\\n\\\\x1b\n"
                              "  ---\n"
                              "  message: \"no \\\"such\\\"\\\\nthing\\\\xff\"\n"
                              "  file: \"t\"\n"
                              "  line: 2\n"
                              "  exit: 3\n"
                              "  duration_ms: 0.0\n"
                              "  ...\n"
                              "1..1\n");
    report_release(&report);
    fclose(stream);
    free(text);
}

static void a_script_that_is_cut_short_has_no_plan(void **state)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    struct report report = {.sum = {.file = "t", .cut = "interrupted"}};
    (void)state;
    report.reporters[report.reporter_count++] = tap_reporter_new(stream);
    report_end(&report);
    fflush(stream);
    assert_string_equal(text, "TAP version 14\nBail out! interrupted\n");
    report_release(&report);
    fclose(stream);
    free(text);
}

static void a_report_that_cannot_be_written_is_known(void **state)
{
    struct report report = {.sum = {.file = "t"}};
    (void)state;
    report.reporters[report.reporter_count++] = junit_reporter_new("/dev/full");
    report_add(&report, &bad, false);
    assert_null(report.broken);
    report_end(&report);
    assert_string_equal(report.broken, "/dev/full");
    report_release(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_taken_back_is_not_told),
        cmocka_unit_test(what_is_held_is_bounded),
        cmocka_unit_test(tap_is_not_broken_by_what_commands_print),
        cmocka_unit_test(a_script_that_is_cut_short_has_no_plan),
        cmocka_unit_test(a_report_that_cannot_be_written_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
