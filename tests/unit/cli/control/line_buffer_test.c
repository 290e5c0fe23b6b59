/*
 * Lines out of a stream.
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

#include "control/line_buffer.h"

static void feed(struct line_buffer *buffer, const char *text)
{
    assert_int_equal(line_buffer_feed(buffer, text, strlen(text)), LINE_FOUND);
}

static void assert_line(struct line_buffer *buffer, const char *expected)
{
    const char *line;
    size_t length;
    assert_int_equal(line_buffer_next(buffer, &line, &length), LINE_FOUND);
    assert_int_equal(length, strlen(expected));
    assert_memory_equal(line, expected, length);
}

static void assert_no_line(struct line_buffer *buffer, enum line_result expected)
{
    const char *line;
    size_t length;
    assert_int_equal(line_buffer_next(buffer, &line, &length), expected);
}

static void cuts_lines_wherever_the_stream_was_split(void **state)
{
    static const char stream[] = "{}\n\n{\"id\":1}\r\nend\n";
    (void)state;
    for (size_t split = 0; split < sizeof(stream); split++) {
        struct line_buffer buffer = {.limit = 100};
        char head[sizeof(stream)];
        memcpy(head, stream, split);
        head[split] = '\0';
        feed(&buffer, head);
        feed(&buffer, stream + split);
        assert_line(&buffer, "{}");
        assert_line(&buffer, "");
        assert_line(&buffer, "{\"id\":1}\r");
        assert_line(&buffer, "end");
        assert_no_line(&buffer, LINE_INCOMPLETE);
        line_buffer_release(&buffer);
    }
}

static void takes_lines_while_more_arrive(void **state)
{
    struct line_buffer buffer = {.limit = 10};
    (void)state;
    for (int i = 0; i < 1000; i++) {
        feed(&buffer, "abc\nde");
        assert_line(&buffer, i == 0 ? "abc" : "deabc");
    }
    feed(&buffer, "\n");
    assert_line(&buffer, "de");
    assert_true(buffer.capacity <= 4096);
    line_buffer_release(&buffer);
}

static void refuses_a_line_over_the_limit_whether_it_ends_or_not(void **state)
{
    struct line_buffer buffer = {.limit = 4};
    (void)state;
    feed(&buffer, "1234\n12345");
    assert_line(&buffer, "1234");
    assert_no_line(&buffer, LINE_TOO_LONG);
    assert_no_line(&buffer, LINE_TOO_LONG);
    line_buffer_release(&buffer);
    feed(&buffer, "12345\n");
    assert_no_line(&buffer, LINE_TOO_LONG);
    line_buffer_release(&buffer);
}

static void holds_nothing_after_release(void **state)
{
    struct line_buffer buffer = {.limit = 4};
    (void)state;
    feed(&buffer, "ab");
    line_buffer_release(&buffer);
    assert_null(buffer.data);
    assert_no_line(&buffer, LINE_INCOMPLETE);
    line_buffer_release(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_lines_wherever_the_stream_was_split),
        cmocka_unit_test(takes_lines_while_more_arrive),
        cmocka_unit_test(refuses_a_line_over_the_limit_whether_it_ends_or_not),
        cmocka_unit_test(holds_nothing_after_release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
