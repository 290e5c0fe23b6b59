/*
 * Base64 and base64url.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/base64.h>

#include <stddef.h>
#include <stdint.h>

static const char standard_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* Makes sure of the room before anything is appended, so that half a result is never left behind.
 */
static enum lwm2m_error check_room(struct lwm2m_buffer *out, size_t length)
{
    if (out->overflown || length > out->capacity - out->length) {
        out->overflown = true;
        return LWM2M_NO_SPACE;
    }
    return LWM2M_OK;
}

/* Encodes `count` (1 to 3) bytes into count + 1 letters. */
static void encode_group(const uint8_t *bytes, size_t count, const char *alphabet, uint8_t *letters)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < 3; i++) {
        bits = bits << 8 | (i < count ? bytes[i] : 0U);
    }
    for (size_t i = 0; i <= count; i++) {
        letters[i] = (uint8_t)alphabet[bits >> (18 - 6 * i) & 0x3f];
    }
}

enum lwm2m_error lwm2m_base64_encode(struct lwm2m_bytes bytes, bool url_safe,
                                     struct lwm2m_buffer *out)
{
    size_t rest = bytes.length % 3;
    size_t groups = bytes.length / 3;
    if (groups > SIZE_MAX / 4 - 1) {
        return LWM2M_NO_SPACE;
    }
    size_t tail = rest == 0 ? 0 : url_safe ? rest + 1 : 4;
    enum lwm2m_error error = check_room(out, groups * 4 + tail);
    if (error) {
        return error;
    }

    const char *alphabet = url_safe ? url_alphabet : standard_alphabet;
    uint8_t *letters = out->data + out->length;
    for (size_t i = 0; i < groups; i++) {
        encode_group(bytes.data + 3 * i, 3, alphabet, letters + 4 * i);
    }
    if (rest > 0) {
        encode_group(bytes.data + 3 * groups, rest, alphabet, letters + 4 * groups);
        for (size_t i = rest + 1; i < tail; i++) {
            letters[4 * groups + i] = '=';
        }
    }
    out->length += groups * 4 + tail;
    return LWM2M_OK;
}

/* The six bits of a letter of either alphabet, -1 for anything else. */
static int letter_bits(uint8_t letter)
{
    if (letter >= 'A' && letter <= 'Z') {
        return letter - 'A';
    }
    if (letter >= 'a' && letter <= 'z') {
        return letter - 'a' + 26;
    }
    if (letter >= '0' && letter <= '9') {
        return letter - '0' + 52;
    }
    if (letter == '+' || letter == '-') {
        return 62;
    }
    return letter == '/' || letter == '_' ? 63 : -1;
}

/* Takes the padding off; false if there is padding, and it does not fill up the last group. */
static bool take_padding(struct lwm2m_bytes *text)
{
    size_t padded_length = text->length;
    while (text->length > 0 && padded_length - text->length < 2 &&
           text->data[text->length - 1] == '=') {
        text->length--;
    }
    return text->length == padded_length || padded_length % 4 == 0;
}

enum lwm2m_error lwm2m_base64_decode(struct lwm2m_bytes text, struct lwm2m_buffer *out)
{
    if (!take_padding(&text) || text.length % 4 == 1) {
        return LWM2M_MALFORMED;
    }
    for (size_t i = 0; i < text.length; i++) {
        if (letter_bits(text.data[i]) < 0) {
            return LWM2M_MALFORMED;
        }
    }
    size_t length = text.length / 4 * 3 + text.length % 4 * 3 / 4;
    enum lwm2m_error error = check_room(out, length);
    /* Nothing fits into a buffer without memory, too. */
    if (error || length == 0) {
        return error;
    }

    uint8_t *bytes = out->data + out->length;
    uint32_t bits = 0;
    unsigned bit_count = 0;
    for (size_t i = 0; i < text.length; i++) {
        bits = bits << 6 | (uint32_t)letter_bits(text.data[i]);
        bit_count += 6;
        if (bit_count >= 8) {
            bit_count -= 8;
            *bytes++ = (uint8_t)(bits >> bit_count);
        }
    }
    /* Letters have more bits than the last byte needs; what is set there would be lost. */
    if ((bits & ((1U << bit_count) - 1)) != 0) {
        return LWM2M_MALFORMED;
    }
    out->length += length;
    return LWM2M_OK;
}
