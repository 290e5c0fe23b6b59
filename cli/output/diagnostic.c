/*
 * Messages for people and logs: what happened, beside the results.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "output/printer.h"
#include "output/time_text.h"

static void print_json(const struct printer *printer, enum diagnostic_level level, const char *text,
                       const char *hint)
{
    static const char *const names[] = {
        [DIAGNOSTIC_ERROR] = "error",
        [DIAGNOSTIC_WARNING] = "warning",
        [DIAGNOSTIC_INFO] = "info",
        [DIAGNOSTIC_TRACE] = "trace",
    };
    char now[TIME_TEXT_MAX];
    cJSON *object = cJSON_CreateObject();
    time_print_ms(time_now_ms(), now);
    cJSON_AddStringToObject(object, "ts", now);
    cJSON_AddStringToObject(object, "level", names[level]);
    cJSON_AddStringToObject(object, "msg", text);
    if (hint != NULL && hint[0] != '\0') {
        cJSON_AddStringToObject(object, "hint", hint);
    }
    char *line = cJSON_PrintUnformatted(object);
    fprintf(printer->diagnostics, "%s\n", line != NULL ? line : "{}");
    cJSON_free(line);
    cJSON_Delete(object);
}

static void print_text(const struct printer *printer, const char *lead, const char *text)
{
    char now[TIME_TEXT_MAX];
    if (printer->diagnostics_time) {
        time_print_ms(time_now_ms(), now);
        fprintf(printer->diagnostics, "%s ", now);
    }
    fprintf(printer->diagnostics, "%s%s\n", lead, text);
}

/* Text that is escaped is ASCII or valid UTF-8, and so good for JSON, too. */
static void print_with_hint(const struct printer *printer, enum diagnostic_level level,
                            const char *lead, const char *text, const char *hint)
{
    char *safe_text = text_escape(text);
    char *safe_hint = hint != NULL && hint[0] != '\0' ? text_escape(hint) : NULL;
    const char *shown = safe_text != NULL ? safe_text : "out of memory";
    if (printer->diagnostics_json) {
        print_json(printer, level, shown, safe_hint);
    } else {
        print_text(printer, lead, shown);
        if (safe_hint != NULL) {
            print_text(printer, "  ", safe_hint);
        }
    }
    fflush(printer->diagnostics);
    free(safe_text);
    free(safe_hint);
}

void print_diagnostic(const struct printer *printer, enum diagnostic_level level, const char *lead,
                      const char *text)
{
    print_with_hint(printer, level, lead, text, NULL);
}

void print_error(const struct printer *printer, const char *message, const char *hint)
{
    print_with_hint(printer, DIAGNOSTIC_ERROR, "lwm2m: ", message, hint);
}

static void print_list(const struct printer *printer, enum diagnostic_level level, const char *lead,
                       const char *format, va_list list) __attribute__((format(printf, 4, 0)));

static void print_list(const struct printer *printer, enum diagnostic_level level, const char *lead,
                       const char *format, va_list list)
{
    char message[1024];
    vsnprintf(message, sizeof(message), format, list);
    print_diagnostic(printer, level, lead, message);
}

void print_errorf(const struct printer *printer, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    print_list(printer, DIAGNOSTIC_ERROR, "lwm2m: ", format, list);
    va_end(list);
}

void print_warning(const struct printer *printer, const char *format, ...)
{
    if (printer->quiet) {
        return;
    }
    va_list list;
    va_start(list, format);
    print_list(printer, DIAGNOSTIC_WARNING, "lwm2m: warning: ", format, list);
    va_end(list);
}

bool printer_shows(const struct printer *printer, unsigned level)
{
    return !printer->quiet && printer->verbosity >= level;
}

void print_note(const struct printer *printer, unsigned level, const char *format, ...)
{
    if (!printer_shows(printer, level)) {
        return;
    }
    va_list list;
    va_start(list, format);
    print_list(printer, DIAGNOSTIC_INFO, "lwm2m: ", format, list);
    va_end(list);
}

bool printer_open_log(struct printer *printer, const char *file, const char *form, bool time)
{
    printer->diagnostics_json = form != NULL && strcmp(form, "json") == 0;
    printer->diagnostics_time = time;
    if (file == NULL) {
        return true;
    }
    FILE *stream = fopen(file, "ae");
    if (stream == NULL) {
        print_errorf(printer, "cannot write the log file %s: %s", file, strerror(errno));
        return false;
    }
    printer->log = stream;
    printer->diagnostics = stream;
    printer->colour_diagnostics = false;
    return true;
}

void printer_close_log(struct printer *printer)
{
    if (printer->log != NULL) {
        fclose(printer->log);
        printer->log = NULL;
        printer->diagnostics = printer->usual_diagnostics;
    }
}
