/*
 * Fuzzes the reading of configuration files: entries are whole and name a line of the file, or the
 * file is refused with a message.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "command/configuration.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct configuration_entries entries = {.count = 0};
    struct usage_error error = {.message = ""};
    bool good = configuration_file_parse("file", (const char *)data, size, &entries, &error);
    check(good == (error.message[0] == '\0'));
    for (size_t i = 0; i < entries.count; i++) {
        struct configuration_entry *entry = &entries.list[i];
        check(entry->line >= 1 && entry->line <= size && entry->section[0] != '\0');
        check((strcmp(entry->section, "device") == 0) == (entry->subject != NULL));
        error = (struct usage_error){.message = ""};
        check(configuration_check(entry, commands, &error) == (error.message[0] == '\0'));
    }
    configuration_entries_release(&entries);
    return 0;
}
