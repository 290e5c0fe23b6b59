/*
 * Bytes that a command line names: as text, in a file, on standard input.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMANDS_BYTE_INPUT_H
#define COMMANDS_BYTE_INPUT_H

#include <lwm2m/bytes.h>

#include "command/command.h"

#define BYTE_INPUT_MAX (16 * 1024 * 1024)

/*
 * Reads what the arguments of the invocation name: words that are text of bytes (byte_text.h),
 * @FILE, "-" or nothing for standard input. A file holds such text, or else the bytes themselves;
 * with raw always the bytes. The caller frees *data. Returns an exit code, and has said why.
 */
int byte_input_read(const struct invocation *invocation, bool raw, uint8_t **data, size_t *length);

#endif
