/*
 * Bytes written down in test code as pairs of hexadecimal digits.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support/hex.h"

#include <stdlib.h>
#include <string.h>

static const char digits[] = "0123456789abcdef";

static unsigned digit_value(char digit)
{
    const char *at;

    if (digit >= 'A' && digit <= 'F') {
        digit = (char)(digit - 'A' + 'a');
    }
    at = digit == '\0' ? NULL : strchr(digits, digit);
    if (at == NULL) {
        abort();
    }
    return (unsigned)(at - digits);
}

struct lwm2m_bytes hex_decode(const char *hex, uint8_t *memory, size_t capacity)
{
    struct lwm2m_bytes bytes = {.data = memory};

    while (*hex != '\0') {
        if (*hex == ' ') {
            hex++;
            continue;
        }
        if (bytes.length == capacity) {
            abort();
        }
        memory[bytes.length++] = (uint8_t)(digit_value(hex[0]) << 4 | digit_value(hex[1]));
        hex += 2;
    }
    return bytes;
}

char *hex_encode(struct lwm2m_bytes bytes, char *text, size_t capacity)
{
    size_t length = 0;

    for (size_t i = 0; i < bytes.length && length + 3 <= capacity; i++) {
        text[length++] = digits[bytes.data[i] >> 4];
        text[length++] = digits[bytes.data[i] & 0xF];
    }
    text[length] = '\0';
    return text;
}
