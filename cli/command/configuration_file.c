/*
 * Reads the text of a configuration file, by inih.
 *
 * inih takes its lines from us one by one, so that we know which line it is at, and refuse those
 * that it would cut or take for something else.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "command/configuration_file.h"

#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS " \t\r"

struct reading {
    const char *file;
    const char *at, *end; /* what is left of the text */
    unsigned line;
    char section[32], subject[128]; /* under which the line stands */
    struct configuration_entries *entries;
    struct usage_error *error;
    bool failed;
};

static bool fail(struct reading *reading, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Only the first thing that is wrong counts. */
static bool fail(struct reading *reading, const char *format, ...)
{
    char reason[160];
    va_list list;
    if (!reading->failed) {
        reading->failed = true;
        va_start(list, format);
        vsnprintf(reason, sizeof(reason), format, list);
        va_end(list);
        snprintf(reading->error->message, sizeof(reading->error->message), "%.80s:%u: %s",
                 reading->file, reading->line, reason);
        snprintf(reading->error->hint, sizeof(reading->error->hint),
                 "'man lwm2m.conf' explains the file");
    }
    return false;
}

/* [name] or [name "subject"], with blanks taken off both ends. */
static bool take_heading(struct reading *reading, const char *line, size_t length)
{
    char heading[192];
    int used = 0;
    if (length >= sizeof(heading)) {
        return fail(reading, "the heading is too long");
    }
    memcpy(heading, line, length);
    heading[length] = '\0';
    reading->subject[0] = '\0';
    if (sscanf(heading, "[%31[a-z-]]%n", reading->section, &used) == 1 && used > 0 &&
        heading[used] == '\0') {
        return strcmp(reading->section, "device") != 0 ||
               fail(reading, "write [device \"ENDPOINT\"]");
    }
    used = 0;
    if (sscanf(heading, "[%31[a-z-] \"%127[^\"]\"]%n", reading->section, reading->subject, &used) ==
            2 &&
        used > 0 && heading[used] == '\0') {
        return strcmp(reading->section, "device") == 0 ||
               fail(reading, "only a [device \"ENDPOINT\"] has a name of its own");
    }
    return fail(reading, "'%.60s' is no heading: [COMMAND] or [device \"ENDPOINT\"]", heading);
}

/* Takes the next line off the text, without blanks around it. False at the end. */
static bool next_line(struct reading *reading, const char **line, size_t *length)
{
    if (reading->failed || reading->at == reading->end) {
        return false;
    }
    const char *begin = reading->at;
    const char *newline = memchr(begin, '\n', (size_t)(reading->end - begin));
    const char *end = newline != NULL ? newline : reading->end;
    reading->at = newline != NULL ? newline + 1 : reading->end;
    reading->line++;
    while (begin < end && strchr(BLANKS, *begin) != NULL && *begin != '\0') {
        begin++;
    }
    while (end > begin && strchr(BLANKS, end[-1]) != NULL && end[-1] != '\0') {
        end--;
    }
    *line = begin;
    *length = (size_t)(end - begin);
    return true;
}

/* The fgets that inih calls: each line without the blanks before it, which would continue the line
 * above. */
static char *read_line(char *text, int size, void *context)
{
    struct reading *reading = context;
    const char *line;
    size_t length;
    if (!next_line(reading, &line, &length)) {
        return NULL;
    }
    if (memchr(line, '\0', length) != NULL) {
        fail(reading, "there is a NUL in the line");
        return NULL;
    }
    bool comment = length > 0 && (line[0] == '#' || line[0] == ';');
    bool heading = length > 0 && line[0] == '[';
    if (comment || heading) {
        if (heading && !take_heading(reading, line, length)) {
            return NULL;
        }
        /* A heading is ours: inih cuts it at 50 bytes. */
        length = 0;
    }
    if (length + 2 > (size_t)size) {
        fail(reading, "the line is longer than %d bytes", size - 2);
        return NULL;
    }
    memcpy(text, line, length);
    text[length] = '\n';
    text[length + 1] = '\0';
    return text;
}

static bool add(struct reading *reading, const char *name, const char *value)
{
    struct configuration_entries *entries = reading->entries;
    struct configuration_entry *grown =
        realloc(entries->list, (entries->count + 1) * sizeof(*entries->list));
    if (grown == NULL) {
        return false;
    }
    entries->list = grown;
    struct configuration_entry *entry = &entries->list[entries->count++];
    *entry = (struct configuration_entry){
        .section = strdup(reading->section),
        .subject = reading->subject[0] != '\0' ? strdup(reading->subject) : NULL,
        .name = strdup(name),
        .value = strdup(value),
        .file = reading->file,
        .line = reading->line,
    };
    return entry->section != NULL && entry->name != NULL && entry->value != NULL &&
           (entry->subject != NULL || reading->subject[0] == '\0');
}

static int take_entry(void *context, const char *section, const char *name, const char *value)
{
    struct reading *reading = context;
    (void)section;
    if (reading->entries->count >= CONFIGURATION_ENTRIES_MAX) {
        return fail(reading, "there are more than %d lines with values", CONFIGURATION_ENTRIES_MAX);
    }
    return add(reading, name, value) || fail(reading, "out of memory");
}

bool configuration_file_parse(const char *file, const char *text, size_t length,
                              struct configuration_entries *entries, struct usage_error *error)
{
    struct reading reading = {
        .file = file,
        .at = text,
        .end = text + length,
        .section = "global",
        .entries = entries,
        .error = error,
    };
    if (length > CONFIGURATION_BYTES_MAX) {
        return fail(&reading, "the file is larger than 64 KiB");
    }
    int line = ini_parse_stream(read_line, &reading, take_entry, &reading);
    if (line > 0 && !reading.failed) {
        reading.line = (unsigned)line;
        fail(&reading, "a line is NAME = VALUE, [HEADING] or # COMMENT");
    }
    return !reading.failed && (line == 0 || fail(&reading, "out of memory"));
}

void configuration_entries_release(struct configuration_entries *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        free(entries->list[i].section);
        free(entries->list[i].subject);
        free(entries->list[i].name);
        free(entries->list[i].value);
    }
    free(entries->list);
    *entries = (struct configuration_entries){0};
}
