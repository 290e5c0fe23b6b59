/*
 * Reports to people: what commands print, and where the script failed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "output/printer.h"
#include "script/report.h"

struct text_reporter {
    struct reporter reporter;
    FILE *results, *diagnostics;
};

static void print_failure(const struct text_reporter *text, const struct test_point *point)
{
    char *name = text_escape(point->name);
    char *failure = point->told ? NULL : text_escape(point->failure);
    fprintf(text->diagnostics, "lwm2m: %s:%u: %s: ", point->file, point->line,
            name != NULL ? name : "?");
    if (failure != NULL) {
        fprintf(text->diagnostics, "%s\n", failure);
    } else {
        fprintf(text->diagnostics, "failed with %d\n", point->exit);
    }
    free(name);
    free(failure);
}

static bool text_point(struct reporter *reporter, const struct test_point *point)
{
    struct text_reporter *text = (struct text_reporter *)reporter;
    if (!point->shown) {
        fputs(point->results, text->results);
        fflush(text->results);
        fputs(point->diagnostics, text->diagnostics);
    }
    if (point->failure != NULL) {
        print_failure(text, point);
    }
    return !ferror(text->results);
}

static bool text_end(struct reporter *reporter, const struct report_sum *sum)
{
    struct text_reporter *text = (struct text_reporter *)reporter;
    if (sum->cut != NULL) {
        fprintf(text->diagnostics, "lwm2m: %s: %s\n", sum->file, sum->cut);
    }
    return fflush(text->results) == 0;
}

static void text_free(struct reporter *reporter)
{
    free(reporter);
}

static const struct reporter_operations text_operations = {text_point, text_end, text_free};

struct reporter *text_reporter_new(FILE *results, FILE *diagnostics)
{
    struct text_reporter *text = calloc(1, sizeof(*text));
    if (text == NULL) {
        return NULL;
    }
    text->reporter = (struct reporter){&text_operations, "standard output"};
    text->results = results;
    text->diagnostics = diagnostics;
    return &text->reporter;
}
