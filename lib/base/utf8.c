/*
 * Validation of UTF-8, one code point at a time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/utf8.h>

#include <stddef.h>

/* The length of the sequence that a lead byte opens, 0 if it opens none. */
static size_t sequence_length(uint8_t lead)
{
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xc2 && lead < 0xe0) {
        return 2;
    }
    if (lead >= 0xe0 && lead < 0xf0) {
        return 3;
    }
    return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

static bool is_encodable(uint32_t code_point, size_t length)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    bool is_surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
    return code_point >= smallest[length] && code_point <= 0x10ffff && !is_surrogate;
}

bool lwm2m_utf8_next(struct lwm2m_bytes *text, uint32_t *code_point)
{
    if (text->length == 0) {
        return false;
    }
    size_t length = sequence_length(text->data[0]);
    if (length == 0 || length > text->length) {
        return false;
    }

    uint32_t value = length == 1 ? text->data[0] : text->data[0] & (0x7fU >> length);
    for (size_t i = 1; i < length; i++) {
        if ((text->data[i] & 0xc0) != 0x80) {
            return false;
        }
        value = value << 6 | (text->data[i] & 0x3fU);
    }
    if (!is_encodable(value, length)) {
        return false;
    }
    *code_point = value;
    text->data += length;
    text->length -= length;
    return true;
}

bool lwm2m_utf8_is_valid(struct lwm2m_bytes text)
{
    uint32_t code_point;
    do {
        while (text.length > 0 && text.data[0] < 0x80) {
            text.data++;
            text.length--;
        }
    } while (lwm2m_utf8_next(&text, &code_point));
    return text.length == 0;
}

bool lwm2m_utf8_is_control(uint32_t code_point)
{
    return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0);
}
