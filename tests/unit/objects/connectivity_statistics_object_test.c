/*
 * Tests of lib/objects/connectivity_statistics_object.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <lwm2m/objects.h>

#include "support/virtual_port.h"

enum { TX_DATA = 2, MAX_MESSAGE_SIZE = 4, START = 6, STOP = 7, COLLECTION_PERIOD = 8 };

static struct lwm2m_traffic now;

static void traffic(void *context, struct lwm2m_traffic *result)
{
    (void)context;
    *result = now;
}

static enum lwm2m_error keep(void *context, const struct lwm2m_record *record)
{
    int64_t *last = context;
    *last = record->value.as.integer;
    return LWM2M_OK;
}

static int64_t read_number(struct lwm2m_object *object, uint16_t id)
{
    int64_t last = -1;
    struct lwm2m_sink sink = {&last, keep};
    assert_int_equal(object->operations->read(object, lwm2m_path_resource(7, 0, id), sink),
                     LWM2M_OK);
    return last;
}

static void execute(struct lwm2m_object *object, uint16_t id)
{
    assert_int_equal(
        object->operations->execute(object, lwm2m_path_resource(7, 0, id), (struct lwm2m_bytes){0}),
        LWM2M_OK);
}

static void only_what_goes_between_start_and_stop_is_counted(void **state)
{
    struct lwm2m_connectivity_statistics_config config = {.traffic = traffic};
    struct virtual_port port;
    struct lwm2m_timers timers;
    struct lwm2m_object *object;
    (void)state;
    virtual_port_init(&port, 1);
    lwm2m_timers_init(&timers, &port.port);
    now = (struct lwm2m_traffic){.sent_bytes = 10240, .messages = 5, .largest_message_bytes = 90};
    assert_int_equal(
        lwm2m_connectivity_statistics_object_new(&timers, &lwm2m_registry, &config, &object),
        LWM2M_OK);
    execute(object, START);
    assert_int_equal(read_number(object, TX_DATA), 0);
    assert_int_equal(read_number(object, MAX_MESSAGE_SIZE), 0);
    now.sent_bytes += 3 * 1024;
    now.messages++;
    assert_int_equal(read_number(object, TX_DATA), 3);
    execute(object, STOP);
    now.sent_bytes += 1 << 20;
    assert_int_equal(read_number(object, TX_DATA), 3);
    lwm2m_object_free(object);
    virtual_port_assert_empty(&port);
}

static void period_stops_the_count_by_itself(void **state)
{
    struct lwm2m_connectivity_statistics_config config = {.traffic = traffic};
    struct lwm2m_record period = {.path = lwm2m_path_resource(7, 0, COLLECTION_PERIOD),
                                  .value = lwm2m_value_integer(60),
                                  .time_ms = LWM2M_NO_TIME};
    struct virtual_port port;
    struct lwm2m_timers timers;
    struct lwm2m_object *object;
    (void)state;
    virtual_port_init(&port, 1);
    lwm2m_timers_init(&timers, &port.port);
    now = (struct lwm2m_traffic){0};
    assert_int_equal(
        lwm2m_connectivity_statistics_object_new(&timers, &lwm2m_registry, &config, &object),
        LWM2M_OK);
    const struct lwm2m_object_operations *operations = object->operations;
    assert_int_equal(operations->validate(object, &period), LWM2M_OK);
    assert_int_equal(operations->write(object, &period), LWM2M_OK);
    execute(object, START);
    now.sent_bytes = 2048;
    port.now_ms += 60000;
    (void)lwm2m_timers_step(&timers);
    now.sent_bytes = 1 << 20;
    assert_int_equal(read_number(object, TX_DATA), 2);
    period.value = lwm2m_value_integer(-1);
    assert_int_equal(operations->validate(object, &period), LWM2M_RANGE);
    lwm2m_object_free(object);
    virtual_port_assert_empty(&port);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_goes_between_start_and_stop_is_counted),
        cmocka_unit_test(period_stops_the_count_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
