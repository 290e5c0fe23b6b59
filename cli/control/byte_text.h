/*
 * Bytes as people paste them: hexadecimal digits in any of the usual layouts, hex dumps, base64.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONTROL_BYTE_TEXT_H
#define CONTROL_BYTE_TEXT_H

#include <stdbool.h>

#include <lwm2m/bytes.h>
#include <lwm2m/error.h>

/*
 * Appends the bytes that text stands for to out; half the length of the text is always room enough
 * for digits, the whole of it for base64.
 *
 * - Pairs of hexadecimal digits, with or without blanks, line ends, ':', '-', ',' between them, and
 *   0x or \x before them.
 * - Lines that begin with their offset, as xxd, hexdump -C, od and Wireshark write them; the column
 *   of characters behind is left out.
 * - b64: and base64 of either alphabet, over any number of lines.
 *
 * False with *fault saying where in the text, and why.
 */
bool byte_text_parse(struct lwm2m_bytes text, struct lwm2m_buffer *out, struct lwm2m_fault *fault);

#endif
