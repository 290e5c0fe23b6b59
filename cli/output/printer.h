/*
 * What goes to the terminal: results on stdout, everything else on stderr, nothing of a device's
 * text unescaped.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef OUTPUT_PRINTER_H
#define OUTPUT_PRINTER_H

#include <stdbool.h>
#include <stdio.h>

enum output_form {
    OUTPUT_TABLE,
    OUTPUT_PLAIN,
    OUTPUT_JSON,
    OUTPUT_CSV,
    OUTPUT_SENML, /* of commands that print values, and say so by COMMAND_AS_SENML */
};

enum output_colour {
    COLOUR_NONE,
    COLOUR_GOOD,
    COLOUR_BAD,
    COLOUR_FAINT,
    COLOUR_NAME,
};

/* What a diagnostic is about; its name stands in the JSON form of the log. */
enum diagnostic_level {
    DIAGNOSTIC_ERROR,
    DIAGNOSTIC_WARNING,
    DIAGNOSTIC_INFO,
    DIAGNOSTIC_TRACE,
};

struct printer {
    FILE *results;           /* stdout, as a rule */
    FILE *diagnostics;       /* stderr, as a rule, or the log file */
    FILE *usual_diagnostics; /* what they are without it */
    FILE *log;               /* the log file; NULL if there is none */
    bool diagnostics_json;   /* one JSON object a line */
    bool diagnostics_time;   /* each line begins with the time */
    enum output_form form;
    bool colour_results;     /* the results take colour */
    bool colour_diagnostics; /* the diagnostics do */
    bool utf8;
    bool quiet;
    unsigned verbosity;
};

/*
 * Sets up a printer for two streams, which are borrowed: colour is "auto", "always" or "never" (NULL: $LWM2M_COLOR,
 * else auto), where auto heeds NO_COLOR, CLICOLOR_FORCE, TERM=dumb and whether the stream is a
 * terminal.
 */
void printer_init(struct printer *printer, FILE *results, FILE *diagnostics, const char *colour);

/*
 * Sends diagnostics to a file instead of stderr (NULL: leaves them there), in the form "text" or
 * "json" (NULL: text), with or without the time. False after a message if the file cannot be
 * written.
 */
bool printer_open_log(struct printer *printer, const char *file, const char *form, bool time);
/* Closes the log file, if there is one. */
void printer_close_log(struct printer *printer);

/* One line among the diagnostics, whatever the verbosity: lead as it is (not in JSON), text
 * escaped. */
void print_diagnostic(const struct printer *printer, enum diagnostic_level level, const char *lead,
                      const char *text);

/* "lwm2m: message" on stderr, and "  hint" on a line of its own unless hint is NULL or empty. */
void print_error(const struct printer *printer, const char *message, const char *hint);
void print_errorf(const struct printer *printer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The same with "warning: "; silent with -q. */
void print_warning(const struct printer *printer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* True if notes of the level are shown: for who would have to make up their text first. */
bool printer_shows(const struct printer *printer, unsigned level);
/* A line on stderr, if the verbosity is at least `level`. */
void print_note(const struct printer *printer, unsigned level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * A copy of text that is safe to show: control characters (C0, DEL, C1), bidirectional overrides
 * and bytes that are no UTF-8 become \n, \x1b, \u{202e}. The caller frees it; NULL if there is no
 * memory.
 */
char *text_escape(const char *text);

/* The same for bytes, up to the first NUL among them. */
char *text_escape_bytes(const void *data, size_t length);

/*
 * The same for the text of a JSON object, which stays the same object: what is left to make safe in
 * it becomes \u009b. The caller frees it; NULL if there is no memory.
 */
char *json_text_escape(const char *json);

/* The sequence that begins a colour on stdout, "" when colour is off; and the one that ends it. */
const char *colour_begin(const struct printer *printer, enum output_colour colour);
const char *colour_end(const struct printer *printer);

/*
 * Flushes the results. False if they could not be written: the message was printed, unless the
 * reader just went away.
 */
bool printer_finish(struct printer *printer);

#endif
