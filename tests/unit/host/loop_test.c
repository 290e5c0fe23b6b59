/*
 * Tests of lib/host/loop.c, with pipes, signals and short real times.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <lwm2m/host_port.h>
#include <lwm2m/loop.h>

struct fixture {
    struct lwm2m_host_port host;
    struct lwm2m_timers timers;
    struct lwm2m_loop *loop;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    if (fixture == NULL) {
        return -1;
    }
    lwm2m_host_port_init(&fixture->host, NULL, NULL);
    lwm2m_timers_init(&fixture->timers, &fixture->host.port);
    if (lwm2m_loop_new(&fixture->timers, &fixture->loop) != LWM2M_OK) {
        return -1;
    }
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    lwm2m_loop_free(fixture->loop);
    lwm2m_host_port_release(&fixture->host);
    free(fixture);
    return 0;
}

static uint64_t now_ms(struct fixture *fixture)
{
    return lwm2m_timers_now(&fixture->timers);
}

/* A pipe whose reading end is watched. */
struct piped {
    struct lwm2m_watch watch;
    struct lwm2m_loop *loop;
    struct piped *removes; /* another one, removed and overwritten when this one is ready */
    int write_fd;
    unsigned calls, events;
};

static void piped_ready(struct lwm2m_watch *watch, unsigned events)
{
    struct piped *piped = (struct piped *)(void *)watch; /* its first member */
    char byte;
    piped->calls++;
    piped->events |= events;
    if (events & LWM2M_WATCH_READ) {
        assert_true(read(watch->fd, &byte, 1) >= 0);
    }
    if (piped->removes != NULL) {
        lwm2m_loop_remove(piped->loop, &piped->removes->watch);
        piped->removes->watch.ready = NULL;
    }
}

static void piped_open(struct piped *piped, struct lwm2m_loop *loop)
{
    int fds[2];
    assert_int_equal(pipe2(fds, O_NONBLOCK | O_CLOEXEC), 0);
    *piped = (struct piped){
        .watch = {.fd = fds[0], .ready = piped_ready}, .loop = loop, .write_fd = fds[1]};
    assert_int_equal(lwm2m_loop_add(loop, &piped->watch, LWM2M_WATCH_READ), LWM2M_OK);
}

static void piped_close(struct piped *piped)
{
    if (piped->write_fd >= 0) {
        close(piped->write_fd);
    }
    close(piped->watch.fd);
}

static void watch_is_called_once_for_each_turn_that_finds_it_ready(void **state)
{
    struct fixture *fixture = *state;
    struct piped piped;
    piped_open(&piped, fixture->loop);
    assert_int_equal(lwm2m_loop_turn(fixture->loop, 0), LWM2M_OK);
    assert_int_equal(piped.calls, 0);
    assert_int_equal(write(piped.write_fd, "ab", 2), 2);
    assert_int_equal(lwm2m_loop_turn(fixture->loop, LWM2M_NEVER), LWM2M_OK);
    assert_int_equal(piped.calls, 1);
    assert_int_equal(lwm2m_loop_turn(fixture->loop, LWM2M_NEVER), LWM2M_OK);
    assert_int_equal(piped.calls, 2);
    assert_int_equal(lwm2m_loop_turn(fixture->loop, 0), LWM2M_OK);
    assert_int_equal(piped.calls, 2);
    assert_int_equal(piped.events, LWM2M_WATCH_READ);
    lwm2m_loop_remove(fixture->loop, &piped.watch);
    piped_close(&piped);
}

static void closed_pipe_is_reported_as_hangup(void **state)
{
    struct fixture *fixture = *state;
    struct piped piped;
    piped_open(&piped, fixture->loop);
    close(piped.write_fd);
    piped.write_fd = -1;
    assert_int_equal(lwm2m_loop_turn(fixture->loop, LWM2M_NEVER), LWM2M_OK);
    assert_true(piped.events & LWM2M_WATCH_HANGUP);
    lwm2m_loop_remove(fixture->loop, &piped.watch);
    piped_close(&piped);
}

static void modified_watch_waits_for_the_new_events_only(void **state)
{
    struct fixture *fixture = *state;
    struct piped piped;
    piped_open(&piped, fixture->loop);
    assert_int_equal(write(piped.write_fd, "a", 1), 1);
    assert_int_equal(lwm2m_loop_modify(fixture->loop, &piped.watch, 0), LWM2M_OK);
    assert_int_equal(lwm2m_loop_turn(fixture->loop, 0), LWM2M_OK);
    assert_int_equal(piped.calls, 0);
    assert_int_equal(lwm2m_loop_modify(fixture->loop, &piped.watch, LWM2M_WATCH_READ), LWM2M_OK);
    assert_int_equal(lwm2m_loop_turn(fixture->loop, 0), LWM2M_OK);
    assert_int_equal(piped.calls, 1);
    lwm2m_loop_remove(fixture->loop, &piped.watch);
    piped_close(&piped);
}

static void removed_watch_is_not_called_for_what_has_happened_already(void **state)
{
    struct fixture *fixture = *state;
    struct piped one, other;
    piped_open(&one, fixture->loop);
    piped_open(&other, fixture->loop);
    one.removes = &other;
    other.removes = &one;
    assert_int_equal(write(one.write_fd, "a", 1), 1);
    assert_int_equal(write(other.write_fd, "a", 1), 1);
    assert_int_equal(lwm2m_loop_turn(fixture->loop, LWM2M_NEVER), LWM2M_OK);
    assert_int_equal(one.calls + other.calls, 1);
    piped_close(&one);
    piped_close(&other);
}

static void descriptors_that_cannot_be_watched_are_refused(void **state)
{
    struct fixture *fixture = *state;
    struct piped piped;
    struct lwm2m_watch closed = {.fd = -1, .ready = piped_ready};
    FILE *file = tmpfile();
    assert_non_null(file);
    struct lwm2m_watch regular = {.fd = fileno(file), .ready = piped_ready};
    assert_int_equal(lwm2m_loop_add(fixture->loop, &regular, LWM2M_WATCH_READ), LWM2M_UNSUPPORTED);
    assert_int_equal(lwm2m_loop_add(fixture->loop, &closed, LWM2M_WATCH_READ), LWM2M_IO);
    piped_open(&piped, fixture->loop);
    assert_int_equal(lwm2m_loop_add(fixture->loop, &piped.watch, LWM2M_WATCH_READ), LWM2M_EXISTS);
    piped_close(&piped);
    fclose(file);
}

struct alarm {
    struct lwm2m_timer timer;
    struct lwm2m_loop *loop;
    unsigned fired;
};

static void alarm_fired(struct lwm2m_timer *timer)
{
    struct alarm *alarm = (struct alarm *)(void *)timer;
    alarm->fired++;
    lwm2m_loop_stop(alarm->loop);
}

static void timer_ends_the_sleep_when_it_is_due(void **state)
{
    struct fixture *fixture = *state;
    struct alarm alarm = {.timer.fire = alarm_fired, .loop = fixture->loop};
    uint64_t before = now_ms(fixture);
    lwm2m_timer_arm_in(&fixture->timers, &alarm.timer, 30);
    assert_int_equal(lwm2m_loop_run(fixture->loop), LWM2M_OK);
    assert_int_equal(alarm.fired, 1);
    assert_in_range(now_ms(fixture) - before, 30, 5000);
}

static void timer_that_was_put_off_does_not_keep_the_loop_busy(void **state)
{
    struct fixture *fixture = *state;
    struct alarm alarm = {.timer.fire = alarm_fired, .loop = fixture->loop};
    unsigned turns = 0;
    uint64_t before = now_ms(fixture);
    lwm2m_timer_arm_in(&fixture->timers, &alarm.timer, 10);
    lwm2m_timer_arm_in(&fixture->timers, &alarm.timer, 60);
    while (alarm.fired == 0) {
        assert_int_equal(lwm2m_loop_turn(fixture->loop, LWM2M_NEVER), LWM2M_OK);
        turns++;
    }
    assert_in_range(now_ms(fixture) - before, 60, 5000);
    assert_in_range(turns, 1, 4);
}

static void turn_ends_after_the_time_it_may_wait(void **state)
{
    struct fixture *fixture = *state;
    struct alarm alarm = {.timer.fire = alarm_fired, .loop = fixture->loop};
    uint64_t before = now_ms(fixture);
    lwm2m_timer_arm_in(&fixture->timers, &alarm.timer, 3600 * 1000);
    assert_int_equal(lwm2m_loop_turn(fixture->loop, 20), LWM2M_OK);
    assert_in_range(now_ms(fixture) - before, 20, 5000);
    assert_int_equal(alarm.fired, 0);
    lwm2m_timer_disarm(&fixture->timers, &alarm.timer);
}

static void deadline_in_the_far_future_is_waited_for(void **state)
{
    struct fixture *fixture = *state;
    struct alarm alarm = {.timer.fire = alarm_fired, .loop = fixture->loop};
    lwm2m_timer_arm_at(&fixture->timers, &alarm.timer, LWM2M_NEVER - 1);
    assert_int_equal(lwm2m_loop_turn(fixture->loop, 5), LWM2M_OK);
    assert_int_equal(alarm.fired, 0);
    lwm2m_timer_disarm(&fixture->timers, &alarm.timer);
}

static void stop_before_the_run_ends_it_at_once(void **state)
{
    struct fixture *fixture = *state;
    lwm2m_loop_stop(fixture->loop);
    assert_int_equal(lwm2m_loop_run(fixture->loop), LWM2M_OK);
    struct alarm alarm = {.timer.fire = alarm_fired, .loop = fixture->loop};
    lwm2m_timer_arm_in(&fixture->timers, &alarm.timer, 1);
    assert_int_equal(lwm2m_loop_run(fixture->loop), LWM2M_OK);
    assert_int_equal(alarm.fired, 1);
}

struct received {
    struct lwm2m_signal_watch watch;
    unsigned count;
};

static void signal_received(struct lwm2m_signal_watch *watch, int number)
{
    struct received *received = (struct received *)(void *)watch;
    assert_int_equal(number, watch->number);
    received->count++;
}

static bool is_blocked(int number)
{
    sigset_t set;
    sigemptyset(&set);
    assert_int_equal(sigprocmask(SIG_SETMASK, NULL, &set), 0);
    return sigismember(&set, number) == 1;
}

static void signals_arrive_as_events_and_are_given_back(void **state)
{
    struct fixture *fixture = *state;
    struct received usr1 = {.watch = {signal_received, SIGUSR1}};
    struct received usr2 = {.watch = {signal_received, SIGUSR2}};
    assert_int_equal(lwm2m_loop_add_signal(fixture->loop, &usr1.watch), LWM2M_OK);
    assert_int_equal(lwm2m_loop_add_signal(fixture->loop, &usr2.watch), LWM2M_OK);
    assert_int_equal(raise(SIGUSR2), 0);
    assert_int_equal(raise(SIGUSR1), 0);
    assert_int_equal(lwm2m_loop_turn(fixture->loop, 1000), LWM2M_OK);
    assert_int_equal(usr1.count, 1);
    assert_int_equal(usr2.count, 1);
    lwm2m_loop_remove_signal(fixture->loop, &usr2.watch);
    assert_false(is_blocked(SIGUSR2));
    assert_true(is_blocked(SIGUSR1));
    lwm2m_loop_free(fixture->loop);
    assert_false(is_blocked(SIGUSR1));
    fixture->loop = NULL;
}

static void signals_that_cannot_be_watched_are_refused(void **state)
{
    static const int numbers[] = {0, -1, 65, 1000, SIGKILL, SIGSTOP};
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        struct received received = {.watch = {signal_received, numbers[i]}};
        assert_int_equal(lwm2m_loop_add_signal(fixture->loop, &received.watch), LWM2M_ARGUMENT);
    }
    struct received first = {.watch = {signal_received, SIGUSR1}};
    struct received second = {.watch = {signal_received, SIGUSR1}};
    assert_int_equal(lwm2m_loop_add_signal(fixture->loop, &first.watch), LWM2M_OK);
    assert_int_equal(lwm2m_loop_add_signal(fixture->loop, &second.watch), LWM2M_EXISTS);
    lwm2m_loop_remove_signal(fixture->loop, &second.watch);
    assert_true(is_blocked(SIGUSR1));
}

struct counted {
    struct lwm2m_loop_hook hook;
    struct lwm2m_loop *loop;
    bool removes_itself;
    unsigned runs;
};

static void hook_run(struct lwm2m_loop_hook *hook)
{
    struct counted *counted = (struct counted *)(void *)hook;
    counted->runs++;
    if (counted->removes_itself) {
        lwm2m_loop_remove_hook(counted->loop, hook);
    }
}

static void hooks_run_in_every_turn_until_they_are_removed(void **state)
{
    struct fixture *fixture = *state;
    struct counted stays = {.hook.run = hook_run, .loop = fixture->loop};
    struct counted goes = {.hook.run = hook_run, .loop = fixture->loop, .removes_itself = true};
    lwm2m_loop_add_hook(fixture->loop, &stays.hook);
    lwm2m_loop_add_hook(fixture->loop, &goes.hook);
    assert_int_equal(lwm2m_loop_turn(fixture->loop, 0), LWM2M_OK);
    assert_int_equal(goes.runs, 1);
    assert_in_range(stays.runs, 1, 2);
    lwm2m_loop_remove_hook(fixture->loop, &stays.hook);
    unsigned runs = stays.runs;
    assert_int_equal(lwm2m_loop_turn(fixture->loop, 0), LWM2M_OK);
    assert_int_equal(stays.runs, runs);
    assert_int_equal(goes.runs, 1);
}

#define WITH_LOOP(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LOOP(watch_is_called_once_for_each_turn_that_finds_it_ready),
        WITH_LOOP(closed_pipe_is_reported_as_hangup),
        WITH_LOOP(modified_watch_waits_for_the_new_events_only),
        WITH_LOOP(removed_watch_is_not_called_for_what_has_happened_already),
        WITH_LOOP(descriptors_that_cannot_be_watched_are_refused),
        WITH_LOOP(timer_ends_the_sleep_when_it_is_due),
        WITH_LOOP(timer_that_was_put_off_does_not_keep_the_loop_busy),
        WITH_LOOP(turn_ends_after_the_time_it_may_wait),
        WITH_LOOP(deadline_in_the_far_future_is_waited_for),
        WITH_LOOP(stop_before_the_run_ends_it_at_once),
        WITH_LOOP(signals_arrive_as_events_and_are_given_back),
        WITH_LOOP(signals_that_cannot_be_watched_are_refused),
        WITH_LOOP(hooks_run_in_every_turn_until_they_are_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
