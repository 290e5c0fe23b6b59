/*
 * One configuration file (lwm2m.conf(5)): sections, names and values, each with its line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMAND_CONFIGURATION_FILE_H
#define COMMAND_CONFIGURATION_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "argv/options.h"

/* What a file may hold. */
#define CONFIGURATION_BYTES_MAX 65536
#define CONFIGURATION_ENTRIES_MAX 1024

struct configuration_entry {
    char *section; /* "global", "server", "device" */
    char *subject; /* of [device "NAME"]; NULL: none */
    char *name;
    char *value;
    const char *file; /* borrowed */
    unsigned line;    /* from 1 */
};

struct configuration_entries {
    struct configuration_entry *list; /* in the order of the files */
    size_t count;
};

/*
 * Adds what a text says; entries before the first heading belong to "global". file is what messages
 * and entries call it, and is borrowed as long as the entries live. False with *error filled
 * ("FILE:LINE: …") and the entries of the text before that line added.
 */
bool configuration_file_parse(const char *file, const char *text, size_t length,
                              struct configuration_entries *entries, struct usage_error *error);

void configuration_entries_release(struct configuration_entries *entries);

#endif
