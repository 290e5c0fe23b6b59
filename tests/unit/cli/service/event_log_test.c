/*
 * The last events, in order.
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

#include "service/event_log.h"

static void append(struct event_log *log, int64_t now_ms)
{
    struct logged_event event = {.id = event_log_next_id(log, now_ms),
                                 .type = "registered",
                                 .endpoint = strdup("dev"),
                                 .text = strdup("{}")};
    event_log_append(log, &event);
}

static void assert_after(const struct event_log *log, const char *after, const char *expected)
{
    struct event_id id;
    char text[EVENT_ID_TEXT_MAX] = "none";
    assert_true(event_id_parse(after, &id));
    const struct logged_event *event = event_log_find_after(log, id);
    if (event != NULL) {
        event_id_print(event->id, text);
    }
    assert_string_equal(text, expected);
}

static void numbers_events_upwards_also_when_the_clock_goes_back(void **state)
{
    struct event_log *log = event_log_new();
    (void)state;
    assert_after(log, "0", "none");
    append(log, 1000);
    append(log, 1000);
    append(log, 400);
    append(log, 2000);
    assert_after(log, "0", "1000-0");
    assert_after(log, "1000-0", "1000-1");
    assert_after(log, "1000-1", "1000-2");
    assert_after(log, "1000-2", "2000-0");
    assert_after(log, "1500-7", "2000-0");
    assert_after(log, "2000", "none");
    event_log_free(log);
}

static void forgets_the_oldest(void **state)
{
    struct event_log *log = event_log_new();
    (void)state;
    for (int i = 1; i <= EVENT_LOG_CAPACITY + 5; i++) {
        append(log, i);
    }
    assert_after(log, "0", "6-0");
    assert_after(log, "10004", "10005-0");
    assert_after(log, "10005", "none");
    event_log_free(log);
}

static void reads_ids_and_refuses_what_is_none(void **state)
{
    static const char *const bad[] = {
        "", "-", "1-", "-1", "a", "1-2-3", "1-4294967296", "1 ", "9223372036854775808-0"};
    struct event_id id;
    (void)state;
    assert_true(event_id_parse("1732342262123-4294967295", &id));
    assert_true(id.time_ms == 1732342262123 && id.count == 4294967295u);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(event_id_parse(bad[i], &id));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_events_upwards_also_when_the_clock_goes_back),
        cmocka_unit_test(forgets_the_oldest),
        cmocka_unit_test(reads_ids_and_refuses_what_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
