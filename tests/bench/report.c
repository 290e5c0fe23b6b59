/*
 * What was measured: a table for people, and bench.json for programs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/report.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/process.h"

void report_add(struct report *report, const struct report_row *row)
{
    if (report->count == REPORT_ROWS_MAX) {
        give_up("too many rows");
    }
    report->rows[report->count++] = *row;
}

static bool holds(const struct report_row *row)
{
    return row->value <= row->goal;
}

void report_print(const struct report *report)
{
    printf("%-26s %9s %9s  %-6s %s\n", "", "measured", "goal", "unit", "holds");
    for (size_t i = 0; i < report->count; i++) {
        const struct report_row *row = &report->rows[i];
        printf("%-26s %9.2f %9.2f  %-6s %s\n", row->name, row->value, row->goal, row->unit,
               holds(row) ? "yes" : "NO");
    }
}

void report_write_json(const struct report *report, const char *path)
{
    FILE *file = fopen(path, "w");

    if (file == NULL) {
        give_up("%s: %s", path, strerror(errno));
    }
    fputs("[\n", file);
    for (size_t i = 0; i < report->count; i++) {
        const struct report_row *row = &report->rows[i];
        fprintf(file,
                "  {\"name\": \"%s\", \"value\": %.3f, \"unit\": \"%s\", \"goal\": %g, "
                "\"holds\": %s}%s\n",
                row->name, row->value, row->unit, row->goal, holds(row) ? "true" : "false",
                i + 1 < report->count ? "," : "");
    }
    fputs("]\n", file);
    if (fclose(file) != 0) {
        give_up("%s: %s", path, strerror(errno));
    }
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;

    return (left > right) - (left < right);
}

double median(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), compare);
    return values[count / 2];
}
