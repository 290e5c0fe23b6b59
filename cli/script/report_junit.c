/*
 * Reports as a file of JUnit's XML, which is there whole or not at all.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "output/printer.h"
#include "output/whole_file.h"
#include "script/report.h"

struct junit_reporter {
    struct reporter reporter;
    FILE *points; /* their XML, until the sums that stand before them are known */
};

/* A line that has no control characters and is UTF-8; XML also forbids U+FFFE and U+FFFF. */
static void put_escaped(FILE *stream, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", stream);
            break;
        case '<':
            fputs("&lt;", stream);
            break;
        case '>':
            fputs("&gt;", stream);
            break;
        case '"':
            fputs("&quot;", stream);
            break;
        default:
            if (strncmp(text, "\xef\xbf\xbe", 3) == 0 || strncmp(text, "\xef\xbf\xbf", 3) == 0) {
                putc('?', stream);
                text += 2;
            } else {
                putc(*text, stream);
            }
        }
    }
}

/* Any bytes, as text of XML; the ends of lines stay what they are. */
static void put_text(FILE *stream, const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        char *line = strndup(text, length);
        char *safe = line != NULL ? text_escape(line) : NULL;
        put_escaped(stream, safe != NULL ? safe : "");
        free(safe);
        free(line);
        if (text[length] == '\n') {
            putc('\n', stream);
            length++;
        }
        text += length;
    }
}

static void put_element(FILE *stream, const char *name, const char *text)
{
    if (text[0] != '\0') {
        fprintf(stream, "      <%s>", name);
        put_text(stream, text);
        fprintf(stream, "</%s>\n", name);
    }
}

static bool junit_point(struct reporter *reporter, const struct test_point *point)
{
    FILE *stream = ((struct junit_reporter *)reporter)->points;
    fputs("    <testcase classname=\"", stream);
    put_text(stream, point->file);
    fputs("\" name=\"", stream);
    put_text(stream, point->name);
    fputs("\" file=\"", stream);
    put_text(stream, point->file);
    fprintf(stream, "\" line=\"%u\" time=\"%.3f\">\n", point->line,
            (double)point->duration_us / 1e6);
    if (point->failure != NULL) {
        fputs("      <failure message=\"", stream);
        put_text(stream, point->failure);
        fprintf(stream, "\" type=\"exit %d\">", point->exit);
        put_text(stream, point->file);
        fprintf(stream, ":%u: ", point->line);
        put_text(stream, point->failure);
        fputs("</failure>\n", stream);
    }
    put_element(stream, "system-out", point->results);
    put_element(stream, "system-err", point->diagnostics);
    fputs("    </testcase>\n", stream);
    return !ferror(stream);
}

static void put_sums(FILE *stream, const struct report_sum *sum)
{
    fprintf(stream, " tests=\"%zu\" failures=\"%zu\" errors=\"%d\" time=\"%.3f\"", sum->points,
            sum->failed, sum->cut != NULL, (double)sum->duration_us / 1e6);
}

static bool copy_points(FILE *from, FILE *to)
{
    char bytes[16384];
    size_t length;
    rewind(from);
    while ((length = fread(bytes, 1, sizeof(bytes), from)) > 0) {
        if (fwrite(bytes, 1, length, to) != length) {
            return false;
        }
    }
    return !ferror(from);
}

static bool put_document(FILE *stream, FILE *points, const struct report_sum *sum)
{
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites", stream);
    put_sums(stream, sum);
    fputs(">\n  <testsuite name=\"", stream);
    put_text(stream, sum->file);
    putc('"', stream);
    put_sums(stream, sum);
    fputs(">\n", stream);
    if (!copy_points(points, stream)) {
        return false;
    }
    if (sum->cut != NULL) {
        put_element(stream, "system-err", sum->cut);
    }
    fputs("  </testsuite>\n</testsuites>\n", stream);
    return !ferror(stream);
}

static bool junit_end(struct reporter *reporter, const struct report_sum *sum)
{
    const struct junit_reporter *junit = (struct junit_reporter *)reporter;
    struct whole_file file;
    return whole_file_open(&file, reporter->destination, 0) &&
           whole_file_close(&file, put_document(file.stream, junit->points, sum));
}

static void junit_free(struct reporter *reporter)
{
    fclose(((struct junit_reporter *)reporter)->points);
    free(reporter);
}

static const struct reporter_operations junit_operations = {junit_point, junit_end, junit_free};

struct reporter *junit_reporter_new(const char *file)
{
    struct junit_reporter *junit = calloc(1, sizeof(*junit));
    if (junit == NULL) {
        return NULL;
    }
    junit->points = tmpfile();
    if (junit->points == NULL) {
        free(junit);
        return NULL;
    }
    junit->reporter = (struct reporter){&junit_operations, file};
    return &junit->reporter;
}
