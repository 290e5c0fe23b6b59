/*
 * A value that changes by itself: a counter, a sine, a random walk, or values out of a file.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SIMULATION_GENERATOR_H
#define SIMULATION_GENERATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/path.h>
#include <lwm2m/timers.h>
#include <lwm2m/value.h>

enum generator_kind {
    GENERATOR_COUNTER, /* least, least + step, … up to most, then from least again */
    GENERATOR_SINE,    /* between least and most, once a period, from the middle upwards */
    GENERATOR_WALK,    /* by up to step in either direction, from the middle, within least and most
                        */
    GENERATOR_REPLAY,  /* the rows, in their order; then from the first again, or no more */
};

/* One row of a replay: a value as text. */
struct generator_row {
    char *text;
    uint32_t after_ms; /* the row before it */
};

struct generator_config {
    enum generator_kind kind;
    struct lwm2m_path path; /* of a resource, or of an instance of it */
    enum lwm2m_type type;   /* of the resource: numbers are rounded to it, an odd one is true */
    uint32_t every_ms;      /* between values; of a replay the rows say it */
    double least, most, step;
    uint32_t period_ms;               /* SINE */
    uint64_t seed;                    /* WALK */
    const struct generator_row *rows; /* REPLAY; borrowed */
    size_t row_count;
    bool once; /* REPLAY: ends behind the last row */
    void *context;
    /* Gets each value, from a timer, and the first one from generator_start. */
    void (*set)(void *context, struct lwm2m_path path, const struct lwm2m_value *value);
};

struct generator;

/* Copies the config; NULL: no memory. */
struct generator *generator_new(const struct generator_config *config,
                                struct lwm2m_timers *timers);
/* Sets the first value, and the others in their time. */
void generator_start(struct generator *generator);
/* NULL is allowed. */
void generator_free(struct generator *generator);

#endif
