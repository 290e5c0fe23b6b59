/*
 * Reports in the Test Anything Protocol, version 14.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "output/printer.h"
#include "script/report.h"

struct tap_reporter {
    struct reporter reporter;
    FILE *stream;
    size_t number; /* of the last point */
};

/* Each line of a text, safe to show, behind a mark. */
static void print_comments(FILE *stream, const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        char *line = strndup(text, length);
        char *safe = line != NULL ? text_escape(line) : NULL;
        fprintf(stream, "# %s\n", safe != NULL ? safe : "");
        free(safe);
        free(line);
        text += length + (text[length] == '\n');
    }
}

/* In a description, # begins a directive. */
static void print_description(FILE *stream, const char *name)
{
    char *safe = text_escape(name);
    for (const char *at = safe != NULL ? safe : ""; *at != '\0'; at++) {
        if (*at == '#' || *at == '\\') {
            putc('\\', stream);
        }
        putc(*at, stream);
    }
    free(safe);
}

/* A string of JSON is one of YAML, too. */
static void print_yaml(FILE *stream, const char *name, const char *text)
{
    char *safe = text_escape(text);
    cJSON *string = cJSON_CreateString(safe != NULL ? safe : "");
    char *quoted = string != NULL ? cJSON_PrintUnformatted(string) : NULL;
    fprintf(stream, "  %s: %s\n", name, quoted != NULL ? quoted : "\"\"");
    cJSON_free(quoted);
    cJSON_Delete(string);
    free(safe);
}

static bool tap_point(struct reporter *reporter, const struct test_point *point)
{
    struct tap_reporter *tap = (struct tap_reporter *)reporter;
    FILE *stream = tap->stream;
    print_comments(stream, point->results);
    print_comments(stream, point->diagnostics);
    fprintf(stream, "%s %zu - ", point->failure == NULL ? "ok" : "not ok", ++tap->number);
    print_description(stream, point->name);
    putc('\n', stream);
    if (point->failure != NULL) {
        fputs("  ---\n", stream);
        print_yaml(stream, "message", point->failure);
        print_yaml(stream, "file", point->file);
        fprintf(stream, "  line: %u\n  exit: %d\n  duration_ms: %.1f\n  ...\n", point->line,
                point->exit, (double)point->duration_us / 1000);
    }
    return fflush(stream) == 0;
}

static bool tap_end(struct reporter *reporter, const struct report_sum *sum)
{
    struct tap_reporter *tap = (struct tap_reporter *)reporter;
    if (sum->cut != NULL) {
        char *safe = text_escape(sum->cut);
        fprintf(tap->stream, "Bail out! %s\n", safe != NULL ? safe : "");
        free(safe);
    } else {
        fprintf(tap->stream, "1..%zu\n", tap->number);
    }
    return fflush(tap->stream) == 0;
}

static void tap_free(struct reporter *reporter)
{
    free(reporter);
}

static const struct reporter_operations tap_operations = {tap_point, tap_end, tap_free};

struct reporter *tap_reporter_new(FILE *results)
{
    struct tap_reporter *tap = calloc(1, sizeof(*tap));
    if (tap == NULL) {
        return NULL;
    }
    tap->reporter = (struct reporter){&tap_operations, "standard output"};
    tap->stream = results;
    fputs("TAP version 14\n", results);
    return &tap->reporter;
}
