/*
 * Bytes written down in test code as pairs of hexadecimal digits.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SUPPORT_HEX_H
#define SUPPORT_HEX_H

#include <stddef.h>
#include <stdint.h>

#include <lwm2m/bytes.h>

/* Reads hex, blanks between the pairs allowed, into memory that holds them; aborts on anything
 * else. */
struct lwm2m_bytes hex_decode(const char *hex, uint8_t *memory, size_t capacity);

/* Prints bytes as lower-case pairs without blanks; what does not fit is cut. Returns text. */
char *hex_encode(struct lwm2m_bytes bytes, char *text, size_t capacity);

#endif
