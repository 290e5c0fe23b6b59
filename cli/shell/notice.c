/*
 * Makes lines out of events.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "shell/notice.h"

#include <stdlib.h>
#include <string.h>

const char *notice_member(const cJSON *result, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(result, name));
    return text != NULL ? text : "";
}

/* A value, or why there is none. */
static void print_value(FILE *line, const cJSON *result, const char *printed)
{
    const char *name = notice_member(result, "name");
    const char *unit = notice_member(result, "unit");
    fprintf(line, "%s  %s%s", notice_member(result, "path"), name, name[0] != '\0' ? "  " : "");
    if (printed != NULL) {
        bool quoted = strcmp(notice_member(result, "type"), "string") == 0;
        const char *quote = quoted ? "\"" : "";
        fprintf(line, "%s%s%s%s%s", quote, printed, quote, unit[0] != '\0' ? " " : "", unit);
    } else {
        fputs("no value", line);
    }
}

static void print_failure(FILE *line, const cJSON *result)
{
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(result, "error");
    const char *code = notice_member(result, "code");
    fprintf(line, "%s: %s %s: %s%s%s", notice_member(result, "ep"), notice_member(result, "op"),
            notice_member(result, "path"), code, code[0] != '\0' ? " " : "",
            notice_member(error, "msg"));
}

static void print_event(FILE *line, const cJSON *result)
{
    const char *type = notice_member(result, "event");
    const char *reason = notice_member(result, "reason");
    if (reason[0] == '\0') {
        reason = notice_member(result, "msg");
    }
    if (reason[0] == '\0') {
        reason = notice_member(result, "addr");
    }
    fprintf(line, "%s  %s  %s", notice_member(result, "ep"), type, reason);
}

/* The time of day of "2026-11-23T14:02:11.123Z". */
static void print_time(const struct printer *printer, FILE *line, const cJSON *result)
{
    const char *clock = strchr(notice_member(result, "ts"), 'T');
    if (clock != NULL) {
        fprintf(line, "%s%.8s%s  ", colour_begin(printer, COLOUR_FAINT), clock + 1,
                colour_end(printer));
    }
}

char *notice_text_new(const struct printer *printer, const cJSON *result, const char *printed)
{
    char *plain = NULL;
    char *text = NULL;
    size_t size = 0;
    FILE *line = open_memstream(&plain, &size);
    if (line == NULL) {
        return NULL;
    }
    const char *type = notice_member(result, "event");
    if (cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(result, "ok"))) {
        print_failure(line, result);
    } else if (strcmp(type, "notify") == 0 || strcmp(type, "send") == 0) {
        fprintf(line, "%s  ", notice_member(result, "ep"));
        print_value(line, result, printed);
    } else {
        print_event(line, result);
    }
    char *safe = fclose(line) == 0 ? text_escape(plain) : NULL;
    free(plain);
    line = safe != NULL ? open_memstream(&text, &size) : NULL;
    if (line != NULL) {
        print_time(printer, line, result);
        fputs(safe, line);
        if (fclose(line) != 0) {
            free(text);
            text = NULL;
        }
    }
    free(safe);
    return text;
}
