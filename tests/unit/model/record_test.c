/*
 * Records on their way into a sink.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/record.h>

struct collected {
    struct lwm2m_record record;
    int count;
};

static enum lwm2m_error collect(void *context, const struct lwm2m_record *record)
{
    struct collected *collected = context;
    collected->record = *record;
    return ++collected->count < 2 ? LWM2M_OK : LWM2M_TOO_LARGE;
}

static void a_sink_gets_path_and_value_without_time(void **state)
{
    (void)state;
    struct collected collected = {.count = 0};
    struct lwm2m_sink sink = {&collected, collect};
    struct lwm2m_value value = lwm2m_value_integer(42);

    assert_int_equal(lwm2m_sink_put(sink, lwm2m_path_resource(3, 0, 9), value), LWM2M_OK);
    assert_true(lwm2m_path_equal(collected.record.path, lwm2m_path_resource(3, 0, 9)));
    assert_true(lwm2m_value_equal(&collected.record.value, &value));
    assert_true(collected.record.time_ms == LWM2M_NO_TIME);
}

static void the_error_of_a_sink_is_returned(void **state)
{
    (void)state;
    struct collected collected = {.count = 1};
    struct lwm2m_sink sink = {&collected, collect};
    assert_int_equal(lwm2m_sink_put(sink, lwm2m_path_root(), lwm2m_value_none()), LWM2M_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sink_gets_path_and_value_without_time),
        cmocka_unit_test(the_error_of_a_sink_is_returned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
