/*
 * Writes each value of an observation to the end of a CSV file.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands/observe_output.h"
#include "commands/request.h"
#include "output/table.h"

struct value_log {
    const char *name;
    struct printer file; /* where the rows go */
};

static int fail(const struct printer *printer, const struct value_log *log)
{
    print_errorf(printer, "--log: %s: %s", log->name, strerror(errno));
    return EXIT_CODE_IO;
}

static bool write_titles(struct value_log *log)
{
    static const char *const titles[] = {"TIME", "DEVICE TIME", "ENDPOINT", "PATH",
                                         "NAME", "VALUE",       "UNIT",     "SEQUENCE"};
    struct stat facts;
    if (fstat(fileno(log->file.results), &facts) != 0) {
        return false;
    }
    return facts.st_size > 0 || row_print(&log->file, titles, sizeof(titles) / sizeof(titles[0]));
}

static int end(void *state, const struct printer *printer, int exit)
{
    struct value_log *log = state;
    (void)exit;
    /* Each row was flushed: what fails here is the file system's last word on them. */
    int code = fclose(log->file.results) == 0 ? EXIT_CODE_OK : fail(printer, log);
    free(log);
    return code;
}

static int begin(const struct printer *printer, const char *name, void **state)
{
    struct value_log *log = calloc(1, sizeof(*log));
    if (log == NULL) {
        print_errorf(printer, "out of memory");
        return EXIT_CODE_IO;
    }
    log->name = name;
    log->file.form = OUTPUT_CSV;
    log->file.results = fopen(name, "ae");
    if (log->file.results == NULL) {
        int code = fail(printer, log);
        free(log);
        return code;
    }
    if (!write_titles(log)) {
        int code = fail(printer, log);
        fclose(log->file.results);
        free(log);
        return code;
    }
    *state = log;
    return EXIT_CODE_OK;
}

static int take(void *state, const struct printer *printer, const cJSON *result,
                const char *printed)
{
    struct value_log *log = state;
    char sequence[32];
    snprintf(sequence, sizeof(sequence), "%.0f", result_number(result, "seq", 0));
    const char *const fields[] = {
        result_text(result, "ts"),   result_text(result, "t_dev"),
        result_text(result, "ep"),   result_text(result, "path"),
        result_text(result, "name"), printed,
        result_text(result, "unit"), sequence,
    };
    return row_print(&log->file, fields, sizeof(fields) / sizeof(fields[0])) ? EXIT_CODE_OK
                                                                             : fail(printer, log);
}

const struct observe_output observe_log = {.begin = begin, .take = take, .end = end};
