/*
 * Fuzzes the texts of scripts: each is refused with a message, or its blocks are whole.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "script/script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct script script;
    struct script_error error;
    if (!script_parse((const char *)data, size, commands, &script, &error)) {
        if (error.usage.message[0] == '\0') {
            abort();
        }
        return 0;
    }
    for (size_t i = 0; i < script.count; i++) {
        const struct statement *statement = &script.statements[i];
        bool opens = statement->kind == STATEMENT_WITHIN || statement->kind == STATEMENT_REPEAT;
        if (opens && (statement->partner <= i || statement->partner >= script.count ||
                      script.statements[statement->partner].partner != i)) {
            abort();
        }
    }
    script_release(&script);
    return 0;
}
