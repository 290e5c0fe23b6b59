/*
 * Notifications that are kept.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "client/history.h"
#include "support/virtual_port.h"

/* Keeps the words of a text one after the other, and says what is left of them. */
static void assert_kept(const char *words, struct lwm2m_history_limits limits, const char *expected)
{
    struct virtual_port port;
    struct lwm2m_history history = {0};
    char got[128] = "";
    size_t total = 0, longest = 0, count = 0;

    virtual_port_init(&port, 1);
    for (int64_t time_ms = 1; *words != '\0'; time_ms++) {
        size_t length = strcspn(words, " ");

        assert_int_equal(lwm2m_history_keep(&history, &port.port, &limits, time_ms,
                                            (struct lwm2m_bytes){(const uint8_t *)words, length}),
                         LWM2M_OK);
        words += length + strspn(words + length, " ");
    }
    for (struct lwm2m_kept_content *kept = history.oldest; kept != NULL; kept = kept->next) {
        memcpy(got + strlen(got), kept->bytes, kept->length);
        strcat(got, kept->next == NULL ? "" : " ");
        total += sizeof(*kept) + kept->length;
        longest = kept->length > longest ? kept->length : longest;
        count++;
        assert_int_equal(kept->next == NULL, kept == history.youngest);
    }
    assert_string_equal(got, expected);
    assert_int_equal(history.count, count);
    assert_int_equal(history.total_bytes, total);
    assert_int_equal(lwm2m_history_longest(&history), longest);
    lwm2m_history_release(&history, &port.port);
    assert_int_equal(history.count, 0);
    virtual_port_assert_empty(&port);
}

static void the_newest_are_kept(void **state)
{
    /* Each takes this much beside its content. */
    const size_t one = sizeof(struct lwm2m_kept_content);

    (void)state;
    assert_kept("a bb ccc", (struct lwm2m_history_limits){3, 1000}, "a bb ccc");
    assert_kept("a bb ccc", (struct lwm2m_history_limits){2, 1000}, "bb ccc");
    assert_kept("a bb ccc", (struct lwm2m_history_limits){1, 1000}, "ccc");
    assert_kept("a bb ccc", (struct lwm2m_history_limits){0, 1000}, "");
    assert_kept("a bb ccc", (struct lwm2m_history_limits){100, 2 * one + 5}, "bb ccc");
    assert_kept("a bb ccc", (struct lwm2m_history_limits){100, 2 * one + 4}, "ccc");
    assert_kept("a bb ccc", (struct lwm2m_history_limits){100, one + 2}, "");
    assert_kept("a bb ccc d", (struct lwm2m_history_limits){100, one + 2}, "d");
}

static void without_memory_nothing_changes(void **state)
{
    const struct lwm2m_history_limits limits = {1, 100};
    const struct lwm2m_bytes content = {(const uint8_t *)"x", 1};
    struct virtual_port port;
    struct lwm2m_history history = {0};

    (void)state;
    virtual_port_init(&port, 1);
    assert_int_equal(lwm2m_history_keep(&history, &port.port, &limits, 5, content), LWM2M_OK);
    virtual_port_fail_after(&port, 0);
    assert_int_equal(lwm2m_history_keep(&history, &port.port, &limits, 6, content),
                     LWM2M_NO_MEMORY);
    assert_int_equal(history.count, 1);
    assert_int_equal(history.oldest->time_ms, 5);
    lwm2m_history_release(&history, &port.port);
    virtual_port_assert_empty(&port);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_are_kept),
        cmocka_unit_test(without_memory_nothing_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
