/*
 * What was measured: a table for people, and bench.json for programs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include <stddef.h>

/* Smaller is better: a value holds if it is at most its goal. */
struct report_row {
    const char *name;
    double value;
    const char *unit;
    double goal;
};

#define REPORT_ROWS_MAX 64

struct report {
    struct report_row rows[REPORT_ROWS_MAX];
    size_t count;
};

void report_add(struct report *report, const struct report_row *row);
void report_print(const struct report *report);
/* An array of {"name", "value", "unit", "goal", "holds"}. */
void report_write_json(const struct report *report, const char *path);

/* The middle one of the values, which are sorted for it. */
double median(double *values, size_t count);

#endif
