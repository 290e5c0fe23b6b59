/*
 * Runs a script that has been parsed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SCRIPT_SCRIPT_RUN_H
#define SCRIPT_SCRIPT_RUN_H

#include "script/report.h"
#include "script/script.h"
#include "script/variables.h"

/* What a script is run in; everything is borrowed. */
struct script_setting {
    const char *file;                      /* for messages */
    const struct command_setting *command; /* for its commands; but where they print to: */
    FILE *results, *diagnostics; /* as the commands print it, where nothing is held back; or NULL */
    struct variables *variables;
    struct report *report;
    bool keep_going; /* after a command has failed */
};

/*
 * Runs it to its end, to the first command that fails, or to SIGINT or SIGTERM, and ends the report.
 * Returns the exit code: of the first command that failed, or of the signal.
 */
int script_run(const struct script *script, const struct script_setting *setting);

#endif
