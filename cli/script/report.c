/*
 * Tells reporters what became of commands, or holds it until that is sure.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "script/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void check(struct report *report, const struct reporter *reporter, bool good)
{
    if (!good && report->broken == NULL) {
        report->error = errno;
        report->broken = reporter->destination;
    }
}

static void tell(struct report *report, const struct test_point *point)
{
    report->sum.points++;
    report->sum.failed += point->failure != NULL;
    for (size_t i = 0; i < report->reporter_count; i++) {
        struct reporter *reporter = report->reporters[i];
        check(report, reporter, reporter->operations->point(reporter, point));
    }
}

static char *copy(const char *text)
{
    return text != NULL ? strdup(text) : NULL;
}

static void forget(struct held_point *held)
{
    free(held->failure);
    free(held->results);
    free(held->diagnostics);
}

static bool hold_point(struct report *report, const struct test_point *point)
{
    if (report->held_count == REPORT_HELD_MAX) {
        return false;
    }
    if (report->held_count == report->held_capacity) {
        size_t capacity = report->held_capacity == 0 ? 16 : report->held_capacity * 2;
        struct held_point *grown = realloc(report->held, capacity * sizeof(*grown));
        if (grown == NULL) {
            return false;
        }
        report->held = grown;
        report->held_capacity = capacity;
    }
    struct held_point *held = &report->held[report->held_count++];
    *held = (struct held_point){
        .point = *point,
        .failure = copy(point->failure),
        .results = copy(point->results),
        .diagnostics = copy(point->diagnostics),
    };
    held->point.failure = held->failure;
    held->point.results = held->results;
    held->point.diagnostics = held->diagnostics;
    return held->results != NULL && held->diagnostics != NULL &&
           (point->failure == NULL || held->failure != NULL);
}

bool report_add(struct report *report, const struct test_point *point, bool hold)
{
    if (hold) {
        return hold_point(report, point);
    }
    report_settle(report);
    tell(report, point);
    return true;
}

void report_rewind(struct report *report, size_t mark)
{
    while (report->held_count > mark) {
        forget(&report->held[--report->held_count]);
    }
}

void report_settle(struct report *report)
{
    for (size_t i = 0; i < report->held_count; i++) {
        tell(report, &report->held[i].point);
    }
    report_rewind(report, 0);
}

void report_end(struct report *report)
{
    report_settle(report);
    for (size_t i = 0; i < report->reporter_count; i++) {
        struct reporter *reporter = report->reporters[i];
        check(report, reporter, reporter->operations->end(reporter, &report->sum));
    }
}

void report_release(struct report *report)
{
    report_rewind(report, 0);
    free(report->held);
    for (size_t i = 0; i < report->reporter_count; i++) {
        report->reporters[i]->operations->free(report->reporters[i]);
    }
    *report = (struct report){0};
}
