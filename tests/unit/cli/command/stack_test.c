/*
 * --stack: which names it knows, and what cannot be had with libcoap.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "command/stack.h"

static void stacks_have_names(void **state)
{
    (void)state;
    assert_int_equal(stack_parse("endpoint", LWM2M_STACK_LIBCOAP), LWM2M_STACK_ENDPOINT);
    assert_int_equal(stack_parse("libcoap", LWM2M_STACK_ENDPOINT), LWM2M_STACK_LIBCOAP);
    assert_int_equal(stack_parse(NULL, LWM2M_STACK_LIBCOAP), LWM2M_STACK_LIBCOAP);
}

static void what_libcoap_cannot_have_is_refused(void **state)
{
    static const struct {
        struct lwm2m_transmission transmission;
        const char *word; /* NULL: it can */
    } cases[] = {
        {{.ack_timeout_ms = 1000, .max_retransmit = 1}, NULL},
        {{.ack_timeout_ms = 999, .max_retransmit = 4}, "--ack-timeout"},
        {{.ack_timeout_ms = 2000, .max_retransmit = 0}, "--max-retransmit"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct usage_error error = {0};
        assert_true(stack_check(LWM2M_STACK_ENDPOINT, &cases[i].transmission, &error));
        bool possible = stack_check(LWM2M_STACK_LIBCOAP, &cases[i].transmission, &error);
        assert_int_equal(possible, cases[i].word == NULL);
        if (cases[i].word != NULL) {
            assert_non_null(strstr(error.message, cases[i].word));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stacks_have_names),
        cmocka_unit_test(what_libcoap_cannot_have_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
