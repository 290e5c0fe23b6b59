/*
 * One direction of a bad network: what gets through, how often, when and in which order.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/chaos.h>

#include "support/virtual_port.h"

#define ARRIVALS_MAX 20000

struct scene {
    struct virtual_port port;
    struct lwm2m_timers timers;
    struct lwm2m_chaos_line *line;
    struct {
        uint32_t number; /* as it was sent, unless corrupted */
        uint64_t time_ms;
    } arrivals[ARRIVALS_MAX];
    size_t count;
    uint16_t last_port; /* of the address that was handed on */
};

static struct scene scene;

static void deliver(void *context, const struct lwm2m_address *address, struct lwm2m_bytes bytes)
{
    struct scene *into = context;

    assert_int_equal(bytes.length, sizeof(uint32_t));
    assert_true(into->count < ARRIVALS_MAX);
    memcpy(&into->arrivals[into->count].number, bytes.data, sizeof(uint32_t));
    into->arrivals[into->count++].time_ms = into->port.now_ms;
    into->last_port = address->port;
}

static void begin(const struct lwm2m_chaos *chaos, size_t max_waiting)
{
    struct lwm2m_chaos_line_config config = {
        .timers = &scene.timers,
        .chaos = *chaos,
        .max_waiting = max_waiting,
        .context = &scene,
        .deliver = deliver,
    };

    memset(&scene, 0, sizeof(scene));
    virtual_port_init(&scene.port, 1);
    lwm2m_timers_init(&scene.timers, &scene.port.port);
    assert_int_equal(lwm2m_chaos_line_new(&config, &scene.line), LWM2M_OK);
}

static void end(void)
{
    lwm2m_chaos_line_free(scene.line);
    virtual_port_assert_empty(&scene.port);
}

static void carry(uint32_t first, uint32_t count)
{
    const struct lwm2m_address address = {.port = 4711};

    for (uint32_t number = first; number < first + count; number++) {
        lwm2m_chaos_line_carry(scene.line, &address,
                               (struct lwm2m_bytes){(const uint8_t *)&number, sizeof(number)});
    }
}

static void pass(uint64_t duration_ms)
{
    uint64_t until = scene.port.now_ms + duration_ms;

    for (uint64_t next = lwm2m_timers_step(&scene.timers); next <= until;
         next = lwm2m_timers_step(&scene.timers)) {
        scene.port.now_ms = next;
    }
    scene.port.now_ms = until;
}

static void carries_everything_at_once_when_nothing_is_wrong(void **state)
{
    (void)state;
    begin(&(struct lwm2m_chaos){0}, 1);
    carry(0, 1000);
    assert_int_equal(scene.count, 1000);
    for (uint32_t i = 0; i < 1000; i++) {
        assert_int_equal(scene.arrivals[i].number, i);
    }
    assert_int_equal(scene.last_port, 4711);
    end();
}

static void loses_the_share_it_is_told(void **state)
{
    struct lwm2m_chaos_statistics statistics;

    (void)state;
    begin(&(struct lwm2m_chaos){.loss = 0.2, .seed = 7}, 1);
    carry(0, 10000);
    assert_in_range(scene.count, 7800, 8200);
    lwm2m_chaos_line_statistics(scene.line, &statistics);
    assert_int_equal(statistics.carried, 10000);
    assert_int_equal(statistics.lost, 10000 - scene.count);
    end();
    begin(&(struct lwm2m_chaos){.loss = 1}, 1);
    carry(0, 100);
    assert_int_equal(scene.count, 0);
    end();
}

static void repeats_itself_with_the_same_seed_only(void **state)
{
    size_t count;
    uint32_t tenth;

    (void)state;
    begin(&(struct lwm2m_chaos){.loss = 0.5, .seed = 42}, 1);
    carry(0, 1000);
    count = scene.count;
    tenth = scene.arrivals[10].number;
    end();
    begin(&(struct lwm2m_chaos){.loss = 0.5, .seed = 42}, 1);
    carry(0, 1000);
    assert_int_equal(scene.count, count);
    assert_int_equal(scene.arrivals[10].number, tenth);
    end();
    begin(&(struct lwm2m_chaos){.loss = 0.5, .seed = 43}, 1);
    carry(0, 1000);
    assert_true(scene.count != count || scene.arrivals[10].number != tenth);
    end();
}

static void duplicates(void **state)
{
    (void)state;
    begin(&(struct lwm2m_chaos){.duplication = 1}, 1);
    carry(5, 2);
    assert_int_equal(scene.count, 4);
    assert_int_equal(scene.arrivals[0].number, 5);
    assert_int_equal(scene.arrivals[1].number, 5);
    assert_int_equal(scene.arrivals[3].number, 6);
    end();
}

static void lets_the_next_one_overtake(void **state)
{
    (void)state;
    begin(&(struct lwm2m_chaos){.reordering = 1}, 10);
    carry(1, 2);
    assert_int_equal(scene.count, 2);
    assert_int_equal(scene.arrivals[0].number, 2);
    assert_int_equal(scene.arrivals[1].number, 1);
    end();
}

static void brings_what_nothing_follows_after_200_ms(void **state)
{
    uint64_t start_ms;

    (void)state;
    begin(&(struct lwm2m_chaos){.reordering = 1}, 10);
    start_ms = scene.port.now_ms;
    carry(1, 1);
    assert_int_equal(scene.count, 0);
    pass(1000);
    assert_int_equal(scene.count, 1);
    assert_int_equal(scene.arrivals[0].time_ms, start_ms + 200);
    end();
}

static void delays_within_the_range(void **state)
{
    uint64_t start_ms, least = UINT64_MAX, most = 0;

    (void)state;
    begin(&(struct lwm2m_chaos){.delay_least_ms = 50, .delay_most_ms = 400, .seed = 3}, 2000);
    start_ms = scene.port.now_ms;
    carry(0, 2000);
    assert_int_equal(scene.count, 0);
    pass(500);
    assert_int_equal(scene.count, 2000);
    for (size_t i = 0; i < scene.count; i++) {
        uint64_t delay = scene.arrivals[i].time_ms - start_ms;

        least = delay < least ? delay : least;
        most = delay > most ? delay : most;
    }
    assert_int_equal(least, 50);
    assert_int_equal(most, 400);
    end();
}

static void corrupts_one_bit(void **state)
{
    uint32_t changed;

    (void)state;
    begin(&(struct lwm2m_chaos){.corruption = 1}, 10);
    carry(0, 100);
    assert_int_equal(scene.count, 100);
    for (uint32_t i = 0; i < 100; i++) {
        changed = scene.arrivals[i].number ^ i;
        assert_true(changed != 0 && (changed & (changed - 1)) == 0);
    }
    end();
}

static void loses_what_it_has_no_room_for(void **state)
{
    struct lwm2m_chaos_statistics statistics;

    (void)state;
    begin(&(struct lwm2m_chaos){.delay_least_ms = 10, .delay_most_ms = 10}, 3);
    carry(0, 5);
    pass(10);
    assert_int_equal(scene.count, 3);
    lwm2m_chaos_line_statistics(scene.line, &statistics);
    assert_int_equal(statistics.lost, 2);
    virtual_port_fail_after(&scene.port, 0);
    carry(0, 1);
    pass(10);
    assert_int_equal(scene.count, 3);
    end();
}

static void forgets_what_is_late_when_it_ends(void **state)
{
    (void)state;
    begin(&(struct lwm2m_chaos){.delay_least_ms = 10, .delay_most_ms = 10, .reordering = 0.5}, 100);
    carry(0, 50);
    end();
}

static void refuses_what_is_no_chance(void **state)
{
    static const struct lwm2m_chaos refused[] = {
        {.loss = -0.1},
        {.duplication = 1.1},
        {.corruption = __builtin_nan("")},
        {.delay_least_ms = 2, .delay_most_ms = 1},
    };
    struct lwm2m_chaos_line_config config = {.timers = &scene.timers, .deliver = deliver};
    struct lwm2m_chaos_line *line;

    (void)state;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        config.chaos = refused[i];
        assert_int_equal(lwm2m_chaos_line_new(&config, &line), LWM2M_ARGUMENT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(carries_everything_at_once_when_nothing_is_wrong),
        cmocka_unit_test(loses_the_share_it_is_told),
        cmocka_unit_test(repeats_itself_with_the_same_seed_only),
        cmocka_unit_test(duplicates),
        cmocka_unit_test(lets_the_next_one_overtake),
        cmocka_unit_test(brings_what_nothing_follows_after_200_ms),
        cmocka_unit_test(delays_within_the_range),
        cmocka_unit_test(corrupts_one_bit),
        cmocka_unit_test(loses_what_it_has_no_room_for),
        cmocka_unit_test(forgets_what_is_late_when_it_ends),
        cmocka_unit_test(refuses_what_is_no_chance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
