/*
 * What became of each command of a script, for whoever is told of it: people, TAP, JUnit.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SCRIPT_REPORT_H
#define SCRIPT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What the attempts of one `within` may hold back. */
#define REPORT_HELD_MAX 10000

/* One command that has run. Texts are borrowed. */
struct test_point {
    const char *name; /* the line, as it stands in the script */
    const char *file;
    unsigned line;
    uint64_t duration_us;
    int exit;
    const char *failure;     /* why it counts as failed; NULL: it does not */
    const char *results;     /* what it printed */
    const char *diagnostics; /* what it said on standard error */
    bool told;               /* the diagnostics say so */
    bool shown;              /* both went out already, as they came */
};

struct report_sum {
    const char *file;
    size_t points, failed;
    uint64_t duration_us;
    const char *cut; /* why the script ended early; NULL: it did not */
};

struct reporter;

/* Both return false with errno set if it could not be written. */
struct reporter_operations {
    bool (*point)(struct reporter *reporter, const struct test_point *point);
    /* Once, at the end. */
    bool (*end)(struct reporter *reporter, const struct report_sum *sum);
    void (*free)(struct reporter *reporter);
};

/* Embedded as first member by each kind of reporter. */
struct reporter {
    const struct reporter_operations *operations;
    const char *destination; /* for messages: "standard output", the name of a file */
};

/* Results and diagnostics as they are, and a line about each failure. Streams are borrowed. All
 * return NULL with errno set. */
struct reporter *text_reporter_new(FILE *results, FILE *diagnostics);
/* TAP version 14; results and diagnostics are comments in it. */
struct reporter *tap_reporter_new(FILE *results);
/* A file in the form of JUnit, which appears whole at the end. */
struct reporter *junit_reporter_new(const char *file);

#define REPORTERS_MAX 2

/* A point with texts of its own. */
struct held_point {
    struct test_point point;
    char *failure, *results, *diagnostics;
};

/* Zeroed, then reporters added. */
struct report {
    struct reporter *reporters[REPORTERS_MAX];
    size_t reporter_count;
    struct report_sum sum;
    struct held_point *held; /* told once it is sure that they count */
    size_t held_count, held_capacity;
    const char *broken; /* a destination that takes no more; NULL: none */
    int error;          /* its errno */
};

void report_release(struct report *report);

/* A command has run. hold: it may still be taken back. False if there is no room to hold it. */
bool report_add(struct report *report, const struct test_point *point, bool hold);
/* Takes back what was held after a mark, which is a former held_count. */
void report_rewind(struct report *report, size_t mark);
/* What is held counts. */
void report_settle(struct report *report);
void report_end(struct report *report);

#endif
