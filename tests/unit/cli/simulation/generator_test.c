/*
 * Generators: their numbers, their types and their times.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/bytes.h>

#include "simulation/generator.h"
#include "support/virtual_port.h"

#define VALUES_MAX 1000

struct scene {
    struct virtual_port port;
    struct lwm2m_timers timers;
    struct generator *generator;
    char texts[VALUES_MAX][32];
    enum lwm2m_type types[VALUES_MAX];
    uint64_t times_ms[VALUES_MAX]; /* since the start */
    size_t count;
    uint64_t start_ms;
};

static struct scene scene;

static void set(void *context, struct lwm2m_path path, const struct lwm2m_value *value)
{
    struct scene *into = context;
    struct lwm2m_buffer buffer;

    assert_true(lwm2m_path_equal(path, lwm2m_path_resource(3303, 0, 5700)));
    assert_true(into->count < VALUES_MAX);
    lwm2m_buffer_init(&buffer, into->texts[into->count], sizeof(into->texts[0]) - 1);
    assert_int_equal(lwm2m_value_print(value, &buffer), LWM2M_OK);
    into->texts[into->count][buffer.length] = '\0';
    into->types[into->count] = value->type;
    into->times_ms[into->count++] = into->port.now_ms - into->start_ms;
}

static void run(struct generator_config config, uint64_t duration_ms)
{
    uint64_t until, next;

    memset(&scene, 0, sizeof(scene));
    virtual_port_init(&scene.port, 1);
    lwm2m_timers_init(&scene.timers, &scene.port.port);
    scene.start_ms = scene.port.now_ms;
    config.path = lwm2m_path_resource(3303, 0, 5700);
    config.context = &scene;
    config.set = set;
    scene.generator = generator_new(&config, &scene.timers);
    assert_non_null(scene.generator);
    generator_start(scene.generator);
    until = scene.port.now_ms + duration_ms;
    while ((next = lwm2m_timers_step(&scene.timers)) <= until) {
        scene.port.now_ms = next;
    }
    generator_free(scene.generator);
}

static void assert_texts(const char *const *texts)
{
    for (size_t i = 0; texts[i] != NULL; i++) {
        assert_true(i < scene.count);
        assert_string_equal(scene.texts[i], texts[i]);
    }
}

static void a_counter_counts_and_begins_again(void **state)
{
    (void)state;
    run((struct generator_config){.kind = GENERATOR_COUNTER,
                                  .type = LWM2M_TYPE_INTEGER,
                                  .every_ms = 1000,
                                  .least = 1,
                                  .most = 3,
                                  .step = 1},
        4000);
    assert_int_equal(scene.count, 5);
    assert_texts((const char *const[]){"1", "2", "3", "1", "2", NULL});
    assert_int_equal(scene.times_ms[0], 0);
    assert_int_equal(scene.times_ms[4], 4000);
    assert_int_equal(scene.types[0], LWM2M_TYPE_INTEGER);
}

static void a_sine_swings_between_its_ends(void **state)
{
    (void)state;
    run((struct generator_config){.kind = GENERATOR_SINE,
                                  .type = LWM2M_TYPE_FLOAT,
                                  .every_ms = 1000,
                                  .least = 10,
                                  .most = 20,
                                  .step = 1,
                                  .period_ms = 4000},
        4000);
    assert_int_equal(scene.count, 5);
    assert_texts((const char *const[]){"15", "20", NULL});
    assert_string_equal(scene.texts[3], "10");
    assert_string_equal(scene.texts[4], "15");
}

static void a_walk_stays_within_its_ends_and_repeats_by_seed(void **state)
{
    struct generator_config config = {.kind = GENERATOR_WALK,
                                      .type = LWM2M_TYPE_INTEGER,
                                      .every_ms = 10,
                                      .least = -5,
                                      .most = 5,
                                      .step = 3,
                                      .seed = 4};
    char first[32], other[32];
    bool low = false, high = false;

    (void)state;
    run(config, 5000);
    for (size_t i = 0; i < scene.count; i++) {
        int number;

        assert_int_equal(sscanf(scene.texts[i], "%d", &number), 1);
        assert_in_range(number + 5, 0, 10);
        low = low || number < -3;
        high = high || number > 3;
    }
    assert_true(low && high);
    assert_string_equal(scene.texts[0], "0");
    strcpy(first, scene.texts[50]);
    strcpy(other, scene.texts[51]);
    run(config, 5000);
    assert_string_equal(scene.texts[50], first);
    assert_string_equal(scene.texts[51], other);
}

static void numbers_become_booleans_and_strings(void **state)
{
    struct generator_config config = {.kind = GENERATOR_COUNTER,
                                      .type = LWM2M_TYPE_BOOLEAN,
                                      .every_ms = 1000,
                                      .least = 0,
                                      .most = 9,
                                      .step = 1};

    (void)state;
    run(config, 2000);
    assert_texts((const char *const[]){"0", "1", "0", NULL});
    assert_int_equal(scene.types[1], LWM2M_TYPE_BOOLEAN);
    config.type = LWM2M_TYPE_STRING;
    config.step = 0.5;
    run(config, 2000);
    assert_texts((const char *const[]){"0", "0.5", "1", NULL});
    assert_int_equal(scene.types[1], LWM2M_TYPE_STRING);
}

static void numbers_that_the_type_cannot_hold_are_left_out(void **state)
{
    (void)state;
    run((struct generator_config){.kind = GENERATOR_COUNTER,
                                  .type = LWM2M_TYPE_UNSIGNED,
                                  .every_ms = 1000,
                                  .least = -2,
                                  .most = 2,
                                  .step = 1},
        4000);
    assert_int_equal(scene.count, 3);
    assert_texts((const char *const[]){"0", "1", "2", NULL});
}

static void a_replay_takes_the_rows_in_their_times(void **state)
{
    static char texts[][4] = {"1.5", "2.5", "3.5"};
    const struct generator_row rows[] = {{texts[0], 1000}, {texts[1], 300}, {texts[2], 1000}};
    struct generator_config config = {
        .kind = GENERATOR_REPLAY, .type = LWM2M_TYPE_FLOAT, .rows = rows, .row_count = 3};

    (void)state;
    run(config, 3300);
    assert_int_equal(scene.count, 5);
    assert_texts((const char *const[]){"1.5", "2.5", "3.5", "1.5", "2.5", NULL});
    assert_int_equal(scene.times_ms[1], 300);
    assert_int_equal(scene.times_ms[2], 1300);
    assert_int_equal(scene.times_ms[3], 2300);
    config.once = true;
    run(config, 100000);
    assert_int_equal(scene.count, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_counter_counts_and_begins_again),
        cmocka_unit_test(a_sine_swings_between_its_ends),
        cmocka_unit_test(a_walk_stays_within_its_ends_and_repeats_by_seed),
        cmocka_unit_test(numbers_become_booleans_and_strings),
        cmocka_unit_test(numbers_that_the_type_cannot_hold_are_left_out),
        cmocka_unit_test(a_replay_takes_the_rows_in_their_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
