/*
 * Prints messages, and decides about colour.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/printer.h"

#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "output/environment.h"

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

void printer_init(struct printer *printer, FILE *results, FILE *diagnostics, const char *colour)
{
    *printer = (struct printer){
        .results = results,
        .diagnostics = diagnostics,
        .usual_diagnostics = diagnostics,
        .form = OUTPUT_TABLE,
        .colour_results = wants_colour(colour, results),
        .colour_diagnostics = wants_colour(colour, diagnostics),
        .utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
    };
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
