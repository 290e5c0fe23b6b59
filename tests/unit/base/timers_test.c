/*
 * Timers, against a plain array of deadlines.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdlib.h>

#include <lwm2m/list.h>
#include <lwm2m/timers.h>

#include "support/virtual_port.h"

enum { FIXTURE_START_MS = 1000000 };

struct fixture {
    struct virtual_port port;
    struct lwm2m_timers timers;
};

struct alarm {
    struct lwm2m_timer timer;
    struct fixture *fixture;
    int fired;
    uint64_t fired_order; /* a counter over all alarms */
};

static uint64_t order;

static void note(struct lwm2m_timer *timer)
{
    struct alarm *alarm = LWM2M_CONTAINER_OF(timer, struct alarm, timer);
    assert_false(lwm2m_timer_is_armed(timer));
    assert_true(timer->deadline_ms <= alarm->fixture->port.now_ms);
    alarm->fired++;
    alarm->fired_order = ++order;
}

static void fixture_init(struct fixture *fixture, struct alarm *alarms, size_t count)
{
    virtual_port_init(&fixture->port, 7);
    fixture->port.now_ms = FIXTURE_START_MS;
    lwm2m_timers_init(&fixture->timers, &fixture->port.port);
    memset(alarms, 0, count * sizeof *alarms);
    for (size_t i = 0; i < count; i++) {
        alarms[i].timer.fire = note;
        alarms[i].fixture = fixture;
    }
}

static void a_timer_fires_once_when_it_is_due(void **state)
{
    (void)state;
    struct fixture fixture;
    struct alarm alarm;

    fixture_init(&fixture, &alarm, 1);
    assert_int_equal(lwm2m_timers_step(&fixture.timers), LWM2M_NEVER);
    lwm2m_timer_arm_in(&fixture.timers, &alarm.timer, 10);
    assert_true(lwm2m_timer_is_armed(&alarm.timer));
    assert_int_equal(lwm2m_timers_step(&fixture.timers), FIXTURE_START_MS + 10);
    fixture.port.now_ms += 9;
    assert_int_equal(lwm2m_timers_step(&fixture.timers), FIXTURE_START_MS + 10);
    assert_int_equal(alarm.fired, 0);
    fixture.port.now_ms += 1;
    assert_int_equal(lwm2m_timers_step(&fixture.timers), LWM2M_NEVER);
    assert_int_equal(alarm.fired, 1);
    fixture.port.now_ms += 1000;
    assert_int_equal(lwm2m_timers_step(&fixture.timers), LWM2M_NEVER);
    assert_int_equal(alarm.fired, 1);
}

static void due_timers_fire_earliest_first_even_if_put_off(void **state)
{
    (void)state;
    struct fixture fixture;
    struct alarm alarms[4];

    fixture_init(&fixture, alarms, 4);
    lwm2m_timer_arm_in(&fixture.timers, &alarms[0].timer, 40);
    lwm2m_timer_arm_in(&fixture.timers, &alarms[1].timer, 20);
    lwm2m_timer_arm_in(&fixture.timers, &alarms[2].timer, 10);
    lwm2m_timer_arm_in(&fixture.timers, &alarms[3].timer, 50);
    lwm2m_timer_arm_in(&fixture.timers, &alarms[2].timer, 30);
    fixture.port.now_ms += 100;
    assert_int_equal(lwm2m_timers_step(&fixture.timers), LWM2M_NEVER);
    assert_true(alarms[1].fired_order < alarms[2].fired_order);
    assert_true(alarms[2].fired_order < alarms[0].fired_order);
    assert_true(alarms[0].fired_order < alarms[3].fired_order);
}

static void a_disarmed_timer_does_not_fire(void **state)
{
    (void)state;
    struct fixture fixture;
    struct alarm alarms[2];

    fixture_init(&fixture, alarms, 2);
    lwm2m_timer_arm_in(&fixture.timers, &alarms[0].timer, 10);
    lwm2m_timer_arm_in(&fixture.timers, &alarms[1].timer, 10);
    lwm2m_timer_disarm(&fixture.timers, &alarms[0].timer);
    lwm2m_timer_disarm(&fixture.timers, &alarms[0].timer);
    lwm2m_timer_arm_at(&fixture.timers, &alarms[1].timer, LWM2M_NEVER);
    assert_false(lwm2m_timer_is_armed(&alarms[1].timer));
    fixture.port.now_ms += 10;
    assert_int_equal(lwm2m_timers_step(&fixture.timers), LWM2M_NEVER);
    assert_int_equal(alarms[0].fired + alarms[1].fired, 0);
}

static void a_delay_past_the_end_of_time_never_comes(void **state)
{
    (void)state;
    struct fixture fixture;
    struct alarm alarm;

    fixture_init(&fixture, &alarm, 1);
    lwm2m_timer_arm_in(&fixture.timers, &alarm.timer, UINT64_MAX - 5);
    assert_false(lwm2m_timer_is_armed(&alarm.timer));
    lwm2m_timer_arm_in(&fixture.timers, &alarm.timer, UINT64_MAX - FIXTURE_START_MS - 1);
    assert_int_equal(lwm2m_timers_step(&fixture.timers), UINT64_MAX - 1);
}

static void rearm_for_now(struct lwm2m_timer *timer)
{
    struct alarm *alarm = LWM2M_CONTAINER_OF(timer, struct alarm, timer);
    alarm->fired++;
    lwm2m_timer_arm_in(&alarm->fixture->timers, timer, 0);
}

static void a_timer_that_rearms_itself_for_now_waits_for_the_next_step(void **state)
{
    (void)state;
    struct fixture fixture;
    struct alarm alarm;

    fixture_init(&fixture, &alarm, 1);
    alarm.timer.fire = rearm_for_now;
    lwm2m_timer_arm_in(&fixture.timers, &alarm.timer, 0);
    for (int i = 1; i <= 3; i++) {
        assert_int_equal(lwm2m_timers_step(&fixture.timers), fixture.port.now_ms);
        assert_int_equal(alarm.fired, i);
    }
}

/* Of the three alarms behind its own: disarms one, moves one to the past, does both to the last. */
static void meddle(struct lwm2m_timer *timer)
{
    struct alarm *alarm = LWM2M_CONTAINER_OF(timer, struct alarm, timer);
    struct alarm *others = alarm + 1;
    lwm2m_timer_disarm(&alarm->fixture->timers, &others[0].timer);
    lwm2m_timer_arm_at(&alarm->fixture->timers, &others[1].timer, 1);
    lwm2m_timer_arm_at(&alarm->fixture->timers, &others[2].timer, 1);
    lwm2m_timer_disarm(&alarm->fixture->timers, &others[2].timer);
}

static void a_firing_timer_may_disarm_and_move_others(void **state)
{
    (void)state;
    struct fixture fixture;
    struct alarm alarms[4];

    fixture_init(&fixture, alarms, 4);
    alarms[0].timer.fire = meddle;
    for (uint64_t i = 0; i < 4; i++) {
        lwm2m_timer_arm_in(&fixture.timers, &alarms[i].timer, i);
    }
    fixture.port.now_ms += 10;
    assert_int_equal(lwm2m_timers_step(&fixture.timers), 1);
    assert_int_equal(lwm2m_timers_step(&fixture.timers), LWM2M_NEVER);
    assert_int_equal(alarms[1].fired, 0);
    assert_int_equal(alarms[2].fired, 1);
    assert_int_equal(alarms[3].fired, 0);
}

/* Arms the three alarms behind its own for this very moment, and disarms the first of them again.
 */
static void arm_others_for_now(struct lwm2m_timer *timer)
{
    struct alarm *alarm = LWM2M_CONTAINER_OF(timer, struct alarm, timer);
    struct lwm2m_timers *timers = &alarm->fixture->timers;
    for (size_t i = 1; i <= 3; i++) {
        lwm2m_timer_arm_in(timers, &alarm[i].timer, 0);
    }
    lwm2m_timer_disarm(timers, &alarm[1].timer);
    assert_int_equal(lwm2m_timers_deadline(timers), alarm->fixture->port.now_ms);
}

static void what_a_firing_timer_arms_may_be_disarmed_in_the_same_step(void **state)
{
    (void)state;
    struct fixture fixture;
    struct alarm alarms[4];

    fixture_init(&fixture, alarms, 4);
    alarms[0].timer.fire = arm_others_for_now;
    lwm2m_timer_arm_in(&fixture.timers, &alarms[0].timer, 0);
    assert_int_equal(lwm2m_timers_step(&fixture.timers), fixture.port.now_ms);
    assert_int_equal(alarms[2].fired + alarms[3].fired, 0);
    assert_int_equal(lwm2m_timers_step(&fixture.timers), LWM2M_NEVER);
    assert_int_equal(alarms[1].fired, 0);
    assert_int_equal(alarms[2].fired, 1);
    assert_int_equal(alarms[3].fired, 1);
}

static void the_deadline_is_that_of_the_earliest_timer(void **state)
{
    (void)state;
    struct fixture fixture;
    struct alarm alarms[2];

    fixture_init(&fixture, alarms, 2);
    assert_true(lwm2m_timers_deadline(&fixture.timers) == LWM2M_NEVER);
    lwm2m_timer_arm_in(&fixture.timers, &alarms[0].timer, 20);
    lwm2m_timer_arm_in(&fixture.timers, &alarms[1].timer, 10);
    assert_int_equal(lwm2m_timers_deadline(&fixture.timers), FIXTURE_START_MS + 10);
    lwm2m_timer_disarm(&fixture.timers, &alarms[1].timer);
    assert_int_equal(lwm2m_timers_deadline(&fixture.timers), FIXTURE_START_MS + 20);
}

static void free_itself(struct lwm2m_timer *timer)
{
    free(LWM2M_CONTAINER_OF(timer, struct alarm, timer));
}

static void a_firing_timer_may_be_freed(void **state)
{
    (void)state;
    struct fixture fixture;
    struct alarm alarm;
    struct alarm *freed = calloc(1, sizeof *freed);

    assert_non_null(freed);
    fixture_init(&fixture, &alarm, 1);
    freed->timer.fire = free_itself;
    lwm2m_timer_arm_in(&fixture.timers, &freed->timer, 1);
    lwm2m_timer_arm_in(&fixture.timers, &alarm.timer, 2);
    fixture.port.now_ms += 2;
    assert_int_equal(lwm2m_timers_step(&fixture.timers), LWM2M_NEVER);
    assert_int_equal(alarm.fired, 1);
}

static void maybe_rearm(struct lwm2m_timer *timer)
{
    struct alarm *alarm = LWM2M_CONTAINER_OF(timer, struct alarm, timer);
    note(timer);
    if (virtual_port_random_below(&alarm->fixture->port, 2) == 0) {
        lwm2m_timer_arm_in(&alarm->fixture->timers, timer,
                           virtual_port_random_below(&alarm->fixture->port, 60));
    }
}

/* Steps, and checks that nothing that was due is left, and that the returned deadline is not late.
 */
static void step_and_check(struct fixture *fixture, const struct alarm *alarms, size_t count)
{
    bool due[128];
    int fired[128];
    uint64_t earliest = LWM2M_NEVER;

    for (size_t i = 0; i < count; i++) {
        fired[i] = alarms[i].fired;
        due[i] = lwm2m_timer_is_armed(&alarms[i].timer) &&
                 alarms[i].timer.deadline_ms <= fixture->port.now_ms;
    }
    uint64_t next_ms = lwm2m_timers_step(&fixture->timers);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(alarms[i].fired, fired[i] + (due[i] ? 1 : 0));
        if (lwm2m_timer_is_armed(&alarms[i].timer) && alarms[i].timer.deadline_ms < earliest) {
            earliest = alarms[i].timer.deadline_ms;
        }
    }
    assert_true(next_ms <= earliest);
    assert_true((next_ms == LWM2M_NEVER) == (earliest == LWM2M_NEVER));
}

static void any_sequence_of_calls_fires_what_is_due(void **state)
{
    (void)state;
    enum { COUNT = 128, STEPS = 40000 };
    struct fixture fixture;
    static struct alarm alarms[COUNT];

    fixture_init(&fixture, alarms, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        alarms[i].timer.fire = maybe_rearm;
    }
    for (int step = 0; step < STEPS; step++) {
        struct alarm *alarm = &alarms[virtual_port_random_below(&fixture.port, COUNT)];
        switch (virtual_port_random_below(&fixture.port, 5)) {
        case 0:
            lwm2m_timer_disarm(&fixture.timers, &alarm->timer);
            break;
        case 1:
            fixture.port.now_ms += virtual_port_random_below(&fixture.port, 9);
            step_and_check(&fixture, alarms, COUNT);
            break;
        default:
            lwm2m_timer_arm_in(&fixture.timers, &alarm->timer,
                               virtual_port_random_below(&fixture.port, 100));
        }
    }
}

static void a_timer_put_off_again_and_again_is_not_moved(void **state)
{
    (void)state;
    struct fixture fixture;
    struct alarm alarm;

    fixture_init(&fixture, &alarm, 1);
    lwm2m_timer_arm_in(&fixture.timers, &alarm.timer, 5);
    for (uint64_t i = 1; i <= 1000; i++) {
        lwm2m_timer_arm_in(&fixture.timers, &alarm.timer, 5 + i);
        assert_int_equal(alarm.timer.queued_ms, FIXTURE_START_MS + 5);
    }
    fixture.port.now_ms += 5;
    assert_int_equal(lwm2m_timers_step(&fixture.timers), FIXTURE_START_MS + 1005);
    assert_int_equal(alarm.fired, 0);
    fixture.port.now_ms += 1000;
    assert_int_equal(lwm2m_timers_step(&fixture.timers), LWM2M_NEVER);
    assert_int_equal(alarm.fired, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_timer_fires_once_when_it_is_due),
        cmocka_unit_test(due_timers_fire_earliest_first_even_if_put_off),
        cmocka_unit_test(a_disarmed_timer_does_not_fire),
        cmocka_unit_test(a_delay_past_the_end_of_time_never_comes),
        cmocka_unit_test(a_timer_that_rearms_itself_for_now_waits_for_the_next_step),
        cmocka_unit_test(a_firing_timer_may_disarm_and_move_others),
        cmocka_unit_test(what_a_firing_timer_arms_may_be_disarmed_in_the_same_step),
        cmocka_unit_test(the_deadline_is_that_of_the_earliest_timer),
        cmocka_unit_test(a_firing_timer_may_be_freed),
        cmocka_unit_test(any_sequence_of_calls_fires_what_is_due),
        cmocka_unit_test(a_timer_put_off_again_and_again_is_not_moved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
