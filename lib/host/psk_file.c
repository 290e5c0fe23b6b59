/*
 * The text form of pre-shared keys: an identity, a key and perhaps an endpoint name a line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/credentials.h>

#include <string.h>

#include <lwm2m/utf8.h>

#include "host/key_text.h"

static int digit_value(uint8_t byte)
{
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

static struct lwm2m_bytes part(struct lwm2m_bytes bytes, size_t from, size_t to)
{
    return (struct lwm2m_bytes){bytes.data + from, to - from};
}

static size_t find_colon(struct lwm2m_bytes line, size_t from)
{
    while (from < line.length && line.data[from] != ':') {
        from++;
    }
    return from;
}

/* Decodes line from one offset to another into memory. */
static enum lwm2m_error decode_hex(struct lwm2m_bytes line, size_t from, size_t to, uint8_t *memory,
                                   struct lwm2m_bytes *bytes, struct lwm2m_fault *fault)
{
    *bytes = (struct lwm2m_bytes){memory, 0};
    for (size_t i = from; i < to; i += 2) {
        int high = digit_value(line.data[i]);
        int low = i + 1 < to ? digit_value(line.data[i + 1]) : 0;

        if (high < 0 || low < 0) {
            return lwm2m_fault_set(fault, LWM2M_MALFORMED, high < 0 ? i : i + 1,
                                   "no hexadecimal digit");
        }
        if (i + 1 == to) {
            return lwm2m_fault_set(fault, LWM2M_MALFORMED, i, "half a byte: a digit is missing");
        }
        memory[bytes->length++] = (uint8_t)(high << 4 | low);
    }
    return LWM2M_OK;
}

static enum lwm2m_error check_length(size_t length, size_t most, size_t offset, const char *empty,
                                     const char *longer, struct lwm2m_fault *fault)
{
    if (length == 0) {
        return lwm2m_fault_set(fault, LWM2M_RANGE, offset, empty);
    }
    return length > most ? lwm2m_fault_set(fault, LWM2M_RANGE, offset, longer) : LWM2M_OK;
}

static enum lwm2m_error parse_identity(struct lwm2m_bytes line, size_t end, uint8_t *memory,
                                       struct lwm2m_psk *psk, struct lwm2m_fault *fault)
{
    if (end > 0 && line.data[0] == '#') {
        enum lwm2m_error error = decode_hex(line, 1, end, memory, &psk->identity, fault);
        if (error != LWM2M_OK) {
            return error;
        }
    } else {
        psk->identity = part(line, 0, end);
    }
    return check_length(psk->identity.length, LWM2M_PSK_IDENTITY_MAX, 0, "the identity is empty",
                        "the identity has more than 255 bytes", fault);
}

enum lwm2m_error lwm2m_psk_parse(struct lwm2m_bytes line, void *memory, struct lwm2m_psk *psk,
                                 bool *found, struct lwm2m_fault *fault)
{
    uint8_t *at = memory;
    size_t end = lwm2m_key_line(line).length;

    memset(psk, 0, sizeof(*psk));
    *found = end > 0 && !(line.data[0] == '#' && (end == 1 || line.data[1] == ' '));
    if (!*found) {
        return LWM2M_OK;
    }
    line.length = end;
    size_t colon = find_colon(line, 0);
    if (colon == end) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, end, "no ':' and key follow the identity");
    }
    enum lwm2m_error error = parse_identity(line, colon, at, psk, fault);
    if (error != LWM2M_OK) {
        return error;
    }
    size_t second = find_colon(line, colon + 1);
    /* What the identity took is at most half of what stands before its colon. */
    error = decode_hex(line, colon + 1, second, at + colon, &psk->key, fault);
    if (error == LWM2M_OK) {
        error = check_length(psk->key.length, LWM2M_PSK_KEY_MAX, colon + 1, "the key is empty",
                             "the key has more than 64 bytes", fault);
    }
    if (error != LWM2M_OK || second == end) {
        return error;
    }
    psk->endpoint_name = part(line, second + 1, end);
    if (!lwm2m_utf8_is_valid(psk->endpoint_name)) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, second + 1, "the endpoint name is no UTF-8");
    }
    return check_length(psk->endpoint_name.length, LWM2M_PSK_IDENTITY_MAX, second + 1,
                        "the endpoint name is empty", "the endpoint name has more than 255 bytes",
                        fault);
}

/* Letters, digits and what stands between them in names: nothing that a line or an editor takes
 * otherwise. */
static bool is_plain(struct lwm2m_bytes identity)
{
    for (size_t i = 0; i < identity.length; i++) {
        uint8_t byte = identity.data[i];
        if (byte <= ' ' || byte >= 0x7f || byte == ':' || byte == '#') {
            return false;
        }
    }
    return true;
}

static void print_hex(struct lwm2m_bytes bytes, struct lwm2m_buffer *buffer)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < bytes.length; i++) {
        (void)lwm2m_buffer_append_byte(buffer, (uint8_t)digits[bytes.data[i] >> 4]);
        (void)lwm2m_buffer_append_byte(buffer, (uint8_t)digits[bytes.data[i] & 15]);
    }
}

enum lwm2m_error lwm2m_psk_print(const struct lwm2m_psk *psk, struct lwm2m_buffer *buffer)
{
    struct lwm2m_bytes name = psk->endpoint_name;
    bool named = name.length > 0 && !lwm2m_bytes_equal(name, psk->identity);

    if (named && (!lwm2m_utf8_is_valid(name) || lwm2m_key_line(name).length != name.length ||
                  memchr(name.data, '\n', name.length) != NULL)) {
        return LWM2M_RANGE;
    }
    if (is_plain(psk->identity)) {
        (void)lwm2m_buffer_append(buffer, psk->identity.data, psk->identity.length);
    } else {
        (void)lwm2m_buffer_append_byte(buffer, '#');
        print_hex(psk->identity, buffer);
    }
    (void)lwm2m_buffer_append_byte(buffer, ':');
    print_hex(psk->key, buffer);
    if (named) {
        (void)lwm2m_buffer_append_byte(buffer, ':');
        (void)lwm2m_buffer_append(buffer, name.data, name.length);
    }
    return lwm2m_buffer_check(buffer);
}

/* Lines longer than any key; what is decoded of one fits into half of it. */
#define LINE_MAX_BYTES 2048

enum lwm2m_error lwm2m_credentials_parse_psks(struct lwm2m_credentials *credentials,
                                              struct lwm2m_bytes text, struct lwm2m_fault *fault)
{
    uint8_t memory[LINE_MAX_BYTES];
    enum lwm2m_error error = LWM2M_OK;

    for (size_t start = 0; start < text.length && error == LWM2M_OK;) {
        const uint8_t *newline = memchr(text.data + start, '\n', text.length - start);
        size_t end = newline != NULL ? (size_t)(newline - text.data) : text.length;
        struct lwm2m_fault inner = {LWM2M_OK, 0, NULL};
        struct lwm2m_psk psk;
        bool found;

        if (end - start > sizeof(memory)) {
            error = lwm2m_fault_set(&inner, LWM2M_RANGE, 0, "the line is too long");
        } else {
            error = lwm2m_psk_parse(part(text, start, end), memory, &psk, &found, &inner);
        }
        if (error == LWM2M_OK && found) {
            error = lwm2m_credentials_add_psk(credentials, &psk);
            inner.reason = error == LWM2M_EXISTS ? "the identity has a key already" : NULL;
        }
        if (error != LWM2M_OK) {
            error = lwm2m_fault_set(fault, error, start + inner.offset,
                                    inner.reason != NULL ? inner.reason : lwm2m_error_text(error));
        }
        start = end + 1;
    }
    explicit_bzero(memory, sizeof(memory));
    return error;
}
