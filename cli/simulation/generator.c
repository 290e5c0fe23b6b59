/*
 * Computes values that change by themselves, and when they do.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "simulation/generator.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <lwm2m/list.h>
#include <lwm2m/number.h>

#include "control/value_text.h"

#define TWO_PI 6.283185307179586

struct generator {
    struct lwm2m_timer timer;
    struct lwm2m_timers *timers;
    struct generator_config config;
    uint64_t started_ms;
    uint64_t next_ms; /* when the next value is due, so that lateness does not add up */
    uint64_t random_state;
    double current; /* WALK */
    uint64_t count; /* values so far */
};

/* ---- numbers ---- */

static double random_fraction(struct generator *generator)
{
    /* Knuth's MMIX constants; the upper bits are the good ones. */
    generator->random_state = generator->random_state * 6364136223846793005u + 1442695040888963407u;
    return (double)(generator->random_state >> 11) / 9007199254740992.0;
}

static double count_up(const struct generator *generator)
{
    const struct generator_config *config = &generator->config;
    double range = config->most - config->least;
    double steps = range > 0 ? floor(range / config->step) + 1 : INFINITY;
    double step =
        isfinite(steps) ? fmod((double)generator->count, steps) : (double)generator->count;
    return config->least + step * config->step;
}

static double swing(const struct generator *generator)
{
    const struct generator_config *config = &generator->config;
    uint64_t elapsed_ms = generator->next_ms - generator->started_ms;
    double turn = (double)(elapsed_ms % config->period_ms) / config->period_ms;
    return (config->least + config->most) / 2 +
           sin(turn * TWO_PI) * (config->most - config->least) / 2;
}

static double walk(struct generator *generator)
{
    const struct generator_config *config = &generator->config;
    double next = generator->current + (random_fraction(generator) * 2 - 1) * config->step;
    if (generator->count > 0) {
        generator->current = next < config->least  ? config->least
                             : next > config->most ? config->most
                                                   : next;
    }
    return generator->current;
}

static double next_number(struct generator *generator)
{
    switch (generator->config.kind) {
    case GENERATOR_COUNTER:
        return count_up(generator);
    case GENERATOR_SINE:
        return swing(generator);
    default:
        return walk(generator);
    }
}

/* ---- values ---- */

static void give_number(const struct generator *generator, double number)
{
    const struct generator_config *config = &generator->config;
    char text[LWM2M_NUMBER_TEXT_MAX];
    struct lwm2m_value value = lwm2m_value_float(number);
    double whole = round(number);
    if (config->type == LWM2M_TYPE_BOOLEAN) {
        value = lwm2m_value_boolean(fmod(fabs(whole), 2) >= 1);
    } else if (config->type == LWM2M_TYPE_STRING) {
        lwm2m_number_print_double(number, text);
        value = lwm2m_value_text(text);
    } else if (config->type != LWM2M_TYPE_FLOAT && fabs(whole) < 9e18) {
        value = lwm2m_value_integer((int64_t)whole);
    }
    if (lwm2m_value_convert(&value, config->type) == LWM2M_OK) {
        config->set(config->context, config->path, &value);
    }
}

static void give_text(const struct generator *generator, const char *text)
{
    const struct generator_config *config = &generator->config;
    struct owned_value value = {0};
    char message[128];
    /* The profile was read with the same function: a row that is none was refused there. */
    if (value_text_parse(text, config->type, &value, message, sizeof(message))) {
        config->set(config->context, config->path, &value.value);
    }
    owned_value_release(&value);
}

static const struct generator_row *row_at(const struct generator *generator, uint64_t count)
{
    return &generator->config.rows[count % generator->config.row_count];
}

static void give(struct generator *generator)
{
    if (generator->config.kind == GENERATOR_REPLAY) {
        give_text(generator, row_at(generator, generator->count)->text);
    } else {
        give_number(generator, next_number(generator));
    }
    generator->count++;
}

/* ---- time ---- */

static void arm(struct generator *generator)
{
    const struct generator_config *config = &generator->config;
    bool replays = config->kind == GENERATOR_REPLAY;
    if (replays && config->once && generator->count >= config->row_count) {
        return;
    }
    generator->next_ms +=
        replays ? row_at(generator, generator->count)->after_ms : config->every_ms;
    lwm2m_timer_arm_at(generator->timers, &generator->timer, generator->next_ms);
}

static void fire(struct lwm2m_timer *timer)
{
    struct generator *generator = LWM2M_CONTAINER_OF(timer, struct generator, timer);
    give(generator);
    arm(generator);
}

struct generator *generator_new(const struct generator_config *config, struct lwm2m_timers *timers)
{
    struct generator *generator = calloc(1, sizeof(*generator));
    if (generator != NULL) {
        generator->config = *config;
        generator->timers = timers;
        generator->timer.fire = fire;
        generator->random_state = config->seed;
        generator->current = (config->least + config->most) / 2;
    }
    return generator;
}

void generator_start(struct generator *generator)
{
    generator->started_ms = lwm2m_timers_now(generator->timers);
    generator->next_ms = generator->started_ms;
    give(generator);
    arm(generator);
}

void generator_free(struct generator *generator)
{
    if (generator != NULL) {
        lwm2m_timer_disarm(generator->timers, &generator->timer);
        free(generator);
    }
}
