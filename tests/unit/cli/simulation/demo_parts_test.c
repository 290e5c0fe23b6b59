/*
 * The button, the lamp and the thermometer of the demo device, on virtual time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "simulation/demo_parts.h"
#include "support/virtual_port.h"

struct fixture {
    struct virtual_port port;
    struct lwm2m_timers timers;
    struct lwm2m_object *object;
    char diary[1000]; /* of the LED */
};

static void begin(struct fixture *fixture)
{
    memset(fixture, 0, sizeof(*fixture));
    virtual_port_init(&fixture->port, 7);
    lwm2m_timers_init(&fixture->timers, &fixture->port.port);
}

static void end(struct fixture *fixture)
{
    lwm2m_object_free(fixture->object);
    assert_int_equal(lwm2m_timers_step(&fixture->timers), LWM2M_NEVER);
    virtual_port_assert_empty(&fixture->port);
}

/* Lets time pass from deadline to deadline. */
static void pass(struct fixture *fixture, uint64_t duration_ms)
{
    uint64_t end_ms = fixture->port.now_ms + duration_ms;
    for (;;) {
        uint64_t next_ms = lwm2m_timers_step(&fixture->timers);
        if (next_ms > end_ms) {
            break;
        }
        fixture->port.now_ms = next_ms > fixture->port.now_ms ? next_ms : fixture->port.now_ms;
    }
    fixture->port.now_ms = end_ms;
}

static struct lwm2m_value get(struct fixture *fixture, uint16_t resource)
{
    struct lwm2m_path path = lwm2m_path_resource(fixture->object->definition.id, 0, resource);
    struct lwm2m_value value;
    assert_int_equal(lwm2m_table_object_get(fixture->object, path, &value), LWM2M_OK);
    return value;
}

static void execute(struct fixture *fixture, uint16_t resource, enum lwm2m_error expected)
{
    struct lwm2m_path path = lwm2m_path_resource(fixture->object->definition.id, 0, resource);
    assert_int_equal(
        fixture->object->operations->execute(fixture->object, path, (struct lwm2m_bytes){NULL, 0}),
        expected);
}

/* ---- the button ---- */

static void the_button_is_pressed_every_five_seconds(void **state)
{
    struct fixture fixture;
    (void)state;
    begin(&fixture);
    assert_int_equal(demo_button_new(&fixture.timers, &fixture.object), LWM2M_OK);
    pass(&fixture, 4999);
    assert_int_equal(get(&fixture, 5501).as.integer, 0);
    pass(&fixture, 1);
    assert_int_equal(get(&fixture, 5501).as.integer, 1);
    pass(&fixture, 60000);
    assert_int_equal(get(&fixture, 5501).as.integer, 13);
    execute(&fixture, 5505, LWM2M_OK);
    assert_int_equal(get(&fixture, 5501).as.integer, 0);
    pass(&fixture, 5000);
    assert_int_equal(get(&fixture, 5501).as.integer, 1);
    end(&fixture);
}

/* ---- the lamp ---- */

static void note_led(void *context, const struct demo_led *led)
{
    struct fixture *fixture = context;
    size_t length = strlen(fixture->diary);
    snprintf(fixture->diary + length, sizeof(fixture->diary) - length, "%llu %s %u/%u%s\n",
             (unsigned long long)(fixture->port.now_ms - 1000000), led->on ? "on" : "off",
             led->blink, led->blinks, led->over ? " over" : "");
}

static void the_lamp_blinks_five_times_for_its_on_time(void **state)
{
    struct fixture fixture;
    (void)state;
    begin(&fixture);
    assert_int_equal(demo_lamp_new(&fixture.timers, note_led, &fixture, &fixture.object), LWM2M_OK);
    execute(&fixture, 5850, LWM2M_OK);
    pass(&fixture, 10000);
    assert_string_equal(fixture.diary, "0 on 1/5\n500 off 1/5\n1000 on 2/5\n1500 off 2/5\n"
                                       "2000 on 3/5\n2500 off 3/5\n3000 on 4/5\n3500 off 4/5\n"
                                       "4000 on 5/5\n4500 off 5/5 over\n");
    assert_false(get(&fixture, 5550).as.boolean);
    end(&fixture);
}

static void a_new_pattern_takes_the_place_of_the_old(void **state)
{
    struct fixture fixture;
    (void)state;
    begin(&fixture);
    assert_int_equal(demo_lamp_new(&fixture.timers, note_led, &fixture, &fixture.object), LWM2M_OK);
    execute(&fixture, 5850, LWM2M_OK);
    pass(&fixture, 1100);
    assert_int_equal(lwm2m_table_object_set(fixture.object, lwm2m_path_resource(3201, 0, 5853),
                                            lwm2m_value_text("10")),
                     LWM2M_OK);
    fixture.diary[0] = '\0';
    execute(&fixture, 5850, LWM2M_OK);
    pass(&fixture, 1000);
    assert_string_equal(fixture.diary, "1100 on 1/5\n1110 off 1/5\n1120 on 2/5\n1130 off 2/5\n"
                                       "1140 on 3/5\n1150 off 3/5\n1160 on 4/5\n1170 off 4/5\n"
                                       "1180 on 5/5\n1190 off 5/5 over\n");
    end(&fixture);
}

static void the_on_time_is_a_text_of_milliseconds(void **state)
{
    static const struct {
        const char *text;
        enum lwm2m_error error;
    } cases[] = {
        {"1", LWM2M_OK},     {"60000", LWM2M_OK},
        {"0", LWM2M_RANGE},  {"60001", LWM2M_RANGE},
        {"", LWM2M_RANGE},   {"fast", LWM2M_RANGE},
        {"-5", LWM2M_RANGE}, {"1.5", LWM2M_RANGE},
        {" 5", LWM2M_RANGE}, {"99999999999999999999", LWM2M_RANGE},
    };
    struct fixture fixture;
    (void)state;
    begin(&fixture);
    assert_int_equal(demo_lamp_new(&fixture.timers, NULL, NULL, &fixture.object), LWM2M_OK);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct lwm2m_record record = {
            .path = lwm2m_path_resource(3201, 0, 5853),
            .value = lwm2m_value_text(cases[i].text),
            .time_ms = LWM2M_NO_TIME,
        };
        assert_int_equal(fixture.object->operations->validate(fixture.object, &record),
                         cases[i].error);
    }
    end(&fixture);
}

/* ---- the thermometer ---- */

static void the_thermometer_wanders_within_its_range(void **state)
{
    struct fixture fixture;
    double least = 21, most = 21;
    (void)state;
    begin(&fixture);
    assert_int_equal(demo_thermometer_new(&fixture.timers, &fixture.object), LWM2M_OK);
    for (int i = 0; i < 20000; i++) {
        pass(&fixture, 2000);
        double now = get(&fixture, 5700).as.number;
        least = now < least ? now : least;
        most = now > most ? now : most;
        assert_true(now >= 18 && now <= 24);
    }
    assert_true(least < 20 && most > 22);
    assert_true(get(&fixture, 5601).as.number == least);
    assert_true(get(&fixture, 5602).as.number == most);
    execute(&fixture, 5605, LWM2M_OK);
    assert_true(get(&fixture, 5601).as.number == get(&fixture, 5700).as.number);
    assert_true(get(&fixture, 5602).as.number == get(&fixture, 5700).as.number);
    end(&fixture);
}

static void the_thermometer_goes_on_from_where_it_is_set(void **state)
{
    struct fixture fixture;
    (void)state;
    begin(&fixture);
    assert_int_equal(demo_thermometer_new(&fixture.timers, &fixture.object), LWM2M_OK);
    assert_int_equal(lwm2m_table_object_set(fixture.object, lwm2m_path_resource(3303, 0, 5700),
                                            lwm2m_value_float(35)),
                     LWM2M_OK);
    pass(&fixture, 2000);
    assert_true(get(&fixture, 5700).as.number == 34.9);
    assert_true(get(&fixture, 5602).as.number == 35);
    pass(&fixture, 2000 * 108);
    assert_true(get(&fixture, 5700).as.number == 24.1);
    pass(&fixture, 2000 * 1000);
    assert_true(get(&fixture, 5700).as.number <= 24);
    end(&fixture);
}

static void every_part_survives_short_memory(void **state)
{
    (void)state;
    for (size_t count = 0; count < 60; count++) {
        for (int part = 0; part < 3; part++) {
            struct fixture fixture;
            begin(&fixture);
            virtual_port_fail_after(&fixture.port, count);
            enum lwm2m_error error =
                part == 0   ? demo_button_new(&fixture.timers, &fixture.object)
                : part == 1 ? demo_lamp_new(&fixture.timers, NULL, NULL, &fixture.object)
                            : demo_thermometer_new(&fixture.timers, &fixture.object);
            assert_true(error == LWM2M_OK || error == LWM2M_NO_MEMORY);
            if (error == LWM2M_OK) {
                pass(&fixture, 20000);
            }
            end(&fixture);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_button_is_pressed_every_five_seconds),
        cmocka_unit_test(the_lamp_blinks_five_times_for_its_on_time),
        cmocka_unit_test(a_new_pattern_takes_the_place_of_the_old),
        cmocka_unit_test(the_on_time_is_a_text_of_milliseconds),
        cmocka_unit_test(the_thermometer_wanders_within_its_range),
        cmocka_unit_test(the_thermometer_goes_on_from_where_it_is_set),
        cmocka_unit_test(every_part_survives_short_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
