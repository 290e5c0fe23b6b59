/*
 * Base64 for bytes that travel in JSON.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMANDS_BASE64_H
#define COMMANDS_BASE64_H

#include <stddef.h>
#include <stdint.h>

/* The text of bytes, terminated; the caller frees it. NULL if there is no memory. */
char *base64_text(const uint8_t *bytes, size_t length);

/* The bytes of a text that is base64; the caller frees them. NULL if it is none, or there is no memory. */
uint8_t *base64_bytes(const char *text, size_t *length);

#endif
