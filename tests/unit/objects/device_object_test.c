/*
 * Tests of lib/objects/device_object.c: what a server sees and does at object 3.
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

enum { REBOOT = 4, FACTORY_RESET = 5, ERROR_CODE = 11, RESET_ERRORS = 12, CURRENT_TIME = 13 };

struct fixture {
    struct virtual_port port;
    struct lwm2m_timers timers;
    struct lwm2m_object *object;
    unsigned reboots;
    int64_t last; /* value of the last record that was read */
};

static void reboot(void *context)
{
    struct fixture *fixture = context;
    fixture->reboots++;
}

static int64_t time_s(void *context)
{
    struct fixture *fixture = context;
    return (int64_t)(fixture->port.now_ms / 1000);
}

static void set_up(struct fixture *fixture)
{
    struct lwm2m_device_config config = {
        .manufacturer = "Acme", .context = fixture, .current_time_s = time_s, .reboot = reboot};
    *fixture = (struct fixture){0};
    virtual_port_init(&fixture->port, 1);
    lwm2m_timers_init(&fixture->timers, &fixture->port.port);
    assert_int_equal(
        lwm2m_device_object_new(&fixture->timers, &lwm2m_registry, &config, &fixture->object),
        LWM2M_OK);
}

static void tear_down(struct fixture *fixture)
{
    lwm2m_object_free(fixture->object);
    virtual_port_assert_empty(&fixture->port);
}

static enum lwm2m_error keep(void *context, const struct lwm2m_record *record)
{
    struct fixture *fixture = context;
    fixture->last = record->value.as.integer;
    return LWM2M_OK;
}

static int64_t read_number(struct fixture *fixture, struct lwm2m_path path)
{
    struct lwm2m_sink sink = {fixture, keep};
    assert_int_equal(fixture->object->operations->read(fixture->object, path, sink), LWM2M_OK);
    return fixture->last;
}

static enum lwm2m_error execute(struct fixture *fixture, uint16_t id)
{
    return fixture->object->operations->execute(fixture->object, lwm2m_path_resource(3, 0, id),
                                                (struct lwm2m_bytes){0});
}

static void texts_that_are_not_given_are_no_resources(void **state)
{
    struct fixture fixture;
    (void)state;
    set_up(&fixture);
    const struct lwm2m_object_operations *operations = fixture.object->operations;
    assert_int_equal(operations->next_instance(fixture.object, 0), 0);
    assert_int_equal(operations->next_resource(fixture.object, 0, 0), 0);
    assert_int_equal(operations->next_resource(fixture.object, 0, 1), REBOOT);
    tear_down(&fixture);
}

static void reboot_happens_after_the_answer_has_left(void **state)
{
    struct fixture fixture;
    (void)state;
    set_up(&fixture);
    assert_int_equal(execute(&fixture, REBOOT), LWM2M_OK);
    (void)lwm2m_timers_step(&fixture.timers);
    assert_int_equal(fixture.reboots, 0);
    fixture.port.now_ms = lwm2m_timers_deadline(&fixture.timers);
    (void)lwm2m_timers_step(&fixture.timers);
    assert_int_equal(fixture.reboots, 1);
    assert_int_equal(execute(&fixture, FACTORY_RESET), LWM2M_UNSUPPORTED);
    tear_down(&fixture);
}

static void errors_are_reported_once_and_reset(void **state)
{
    struct fixture fixture;
    struct lwm2m_path first = lwm2m_path_resource_instance(3, 0, ERROR_CODE, 0);
    (void)state;
    set_up(&fixture);
    assert_int_equal(lwm2m_device_object_report_error(fixture.object, 2), LWM2M_OK);
    assert_int_equal(lwm2m_device_object_report_error(fixture.object, 2), LWM2M_OK);
    const struct lwm2m_object_operations *operations = fixture.object->operations;
    uint16_t id = operations->next_resource_instance(fixture.object, 0, ERROR_CODE, 0);
    assert_int_equal(read_number(&fixture, lwm2m_path_resource_instance(3, 0, ERROR_CODE, id)), 2);
    assert_int_equal(
        operations->next_resource_instance(fixture.object, 0, ERROR_CODE, (uint16_t)(id + 1)),
        LWM2M_NO_ID);
    assert_int_equal(execute(&fixture, RESET_ERRORS), LWM2M_OK);
    assert_int_equal(read_number(&fixture, first), 0);
    tear_down(&fixture);
}

static void clock_that_was_set_goes_on_from_there(void **state)
{
    struct fixture fixture;
    struct lwm2m_record record = {.path = lwm2m_path_resource(3, 0, CURRENT_TIME),
                                  .value = lwm2m_value_time(2000000000),
                                  .time_ms = LWM2M_NO_TIME};
    (void)state;
    set_up(&fixture);
    assert_int_equal(read_number(&fixture, record.path), time_s(&fixture));
    const struct lwm2m_object_operations *operations = fixture.object->operations;
    assert_int_equal(operations->validate(fixture.object, &record), LWM2M_OK);
    assert_int_equal(operations->write(fixture.object, &record), LWM2M_OK);
    operations->written(fixture.object, record.path);
    fixture.port.now_ms += 5000;
    assert_int_equal(read_number(&fixture, record.path), 2000000005);
    record.value = lwm2m_value_time(-1);
    assert_int_equal(operations->validate(fixture.object, &record), LWM2M_RANGE);
    tear_down(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_that_are_not_given_are_no_resources),
        cmocka_unit_test(reboot_happens_after_the_answer_has_left),
        cmocka_unit_test(errors_are_reported_once_and_reset),
        cmocka_unit_test(clock_that_was_set_goes_on_from_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
