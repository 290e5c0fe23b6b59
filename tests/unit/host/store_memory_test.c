/*
 * Tests of lib/host/store_memory.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <lwm2m/store.h>

static void done(void *context, enum lwm2m_error error)
{
    unsigned *calls = context;
    assert_int_equal(error, LWM2M_OK);
    (*calls)++;
}

static void every_change_is_done_at_once(void **state)
{
    const struct lwm2m_store *store = &lwm2m_store_memory;
    unsigned calls = 0;
    (void)state;
    store->save(store->context, NULL, done, &calls);
    assert_int_equal(calls, 1);
    store->remove(store->context, "id", done, &calls);
    assert_int_equal(calls, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_change_is_done_at_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
