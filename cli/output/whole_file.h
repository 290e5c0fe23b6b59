/*
 * Files that are written whole or not at all.
 *
 * What is written goes to a temporary file in the same folder, which takes the name when it is
 * complete, so that nobody ever sees a half. Behind a symbolic link, the file that it leads to is
 * replaced, not the link. What cannot be replaced is written to: devices, pipes, and the file that
 * standard output or standard error already is (/dev/stdout).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef OUTPUT_WHOLE_FILE_H
#define OUTPUT_WHOLE_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "output/exit_code.h"
#include "output/printer.h"

struct whole_file {
    FILE *stream;
    mode_t mode;
    char target[PATH_MAX];
    char beside[PATH_MAX]; /* the temporary file; "" if the target itself is written to */
};

/*
 * Begins a file. A new one gets mode (0: what the umask leaves of 0666); one that is replaced keeps
 * its own. False with errno.
 */
bool whole_file_open(struct whole_file *file, const char *name, mode_t mode);

/*
 * Ends an open file: with good, what was written takes its place; without, or where that fails,
 * nothing of it stays. False with errno, in the first case that of the caller's failure.
 */
bool whole_file_close(struct whole_file *file, bool good);

/* Says that a file cannot be written, why (a number of errno) and what to do; returns
 * EXIT_CODE_IO. */
enum exit_code whole_file_refuse(const struct printer *printer, const char *name, int error);

#endif
