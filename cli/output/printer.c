/*
 * Prints messages, and decides about colour.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/printer.h"

#include <errno.h>
#include <langinfo.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *environment(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* no-color.org and bixense.com/clicolors: what was asked for wins, then NO_COLOR, then
 * CLICOLOR_FORCE. */
static bool wants_colour(const char *choice, FILE *stream)
{
    if (choice == NULL) {
        choice = environment("LWM2M_COLOR");
    }
    if (choice != NULL && strcmp(choice, "always") == 0) {
        return true;
    }
    if ((choice != NULL && strcmp(choice, "never") == 0) || environment("NO_COLOR") != NULL) {
        return false;
    }
    const char *force = environment("CLICOLOR_FORCE");
    if (force != NULL && strcmp(force, "0") != 0) {
        return true;
    }
    const char *terminal = environment("TERM");
    return isatty(fileno(stream)) && terminal != NULL && strcmp(terminal, "dumb") != 0;
}

void printer_init(struct printer *printer, const char *colour)
{
    *printer = (struct printer){
        .results = stdout,
        .diagnostics = stderr,
        .form = OUTPUT_TABLE,
        .colour_results = wants_colour(colour, stdout),
        .colour_diagnostics = wants_colour(colour, stderr),
        .utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
    };
}

static void print_line(const struct printer *printer, const char *lead, const char *message)
{
    char *safe = text_escape(message);
    fprintf(printer->diagnostics, "lwm2m: %s%s\n", lead, safe != NULL ? safe : "out of memory");
    free(safe);
}

void print_error(const struct printer *printer, const char *message, const char *hint)
{
    print_line(printer, "", message);
    if (hint != NULL && hint[0] != '\0') {
        char *safe = text_escape(hint);
        fprintf(printer->diagnostics, "  %s\n", safe != NULL ? safe : "");
        free(safe);
    }
}

static void print_list(const struct printer *printer, const char *lead, const char *format,
                       va_list list) __attribute__((format(printf, 3, 0)));

static void print_list(const struct printer *printer, const char *lead, const char *format,
                       va_list list)
{
    char message[1024];
    vsnprintf(message, sizeof(message), format, list);
    print_line(printer, lead, message);
}

void print_errorf(const struct printer *printer, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    print_list(printer, "", format, list);
    va_end(list);
}

void print_warning(const struct printer *printer, const char *format, ...)
{
    if (printer->quiet) {
        return;
    }
    va_list list;
    va_start(list, format);
    print_list(printer, "warning: ", format, list);
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
    print_list(printer, "", format, list);
    va_end(list);
}

const char *colour_begin(const struct printer *printer, enum output_colour colour)
{
    static const char *const sequences[] = {
        [COLOUR_NONE] = "",         [COLOUR_GOOD] = "\033[32m", [COLOUR_BAD] = "\033[31m",
        [COLOUR_FAINT] = "\033[2m", [COLOUR_NAME] = "\033[1m",
    };
    return printer->colour_results ? sequences[colour] : "";
}

const char *colour_end(const struct printer *printer)
{
    return printer->colour_results ? "\033[0m" : "";
}

bool printer_finish(struct printer *printer)
{
    if (fflush(printer->results) == 0 && !ferror(printer->results)) {
        return true;
    }
    /* Whoever read our output has enough; that is no fault worth a word. */
    if (errno != EPIPE) {
        print_errorf(printer, "cannot write to standard output: %s", strerror(errno));
    }
    return false;
}
