/*
 * Borrowed runs of bytes, and the bounded writer.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/bytes.h>

#include <string.h>

struct lwm2m_bytes lwm2m_bytes_from_text(const char *text)
{
    if (!text) {
        return (struct lwm2m_bytes){NULL, 0};
    }
    return (struct lwm2m_bytes){(const uint8_t *)text, strlen(text)};
}

bool lwm2m_bytes_equal(struct lwm2m_bytes a, struct lwm2m_bytes b)
{
    /* memcmp may not be handed NULL, not even for no bytes. */
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

bool lwm2m_bytes_equal_text(struct lwm2m_bytes bytes, const char *text)
{
    return lwm2m_bytes_equal(bytes, lwm2m_bytes_from_text(text));
}

void lwm2m_buffer_init(struct lwm2m_buffer *buffer, void *memory, size_t capacity)
{
    *buffer = (struct lwm2m_buffer){.data = memory, .capacity = capacity};
}

enum lwm2m_error lwm2m_buffer_append(struct lwm2m_buffer *buffer, const void *data, size_t length)
{
    if (buffer->overflown || length > buffer->capacity - buffer->length) {
        buffer->overflown = true;
        return LWM2M_NO_SPACE;
    }
    /* memmove: what is appended may lie further back in the same memory. */
    if (length > 0) {
        memmove(buffer->data + buffer->length, data, length);
    }
    buffer->length += length;
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_buffer_append_byte(struct lwm2m_buffer *buffer, uint8_t byte)
{
    return lwm2m_buffer_append(buffer, &byte, 1);
}

enum lwm2m_error lwm2m_buffer_append_text(struct lwm2m_buffer *buffer, const char *text)
{
    struct lwm2m_bytes bytes = lwm2m_bytes_from_text(text);
    return lwm2m_buffer_append(buffer, bytes.data, bytes.length);
}

enum lwm2m_error lwm2m_buffer_append_number(struct lwm2m_buffer *buffer, uint64_t number,
                                            unsigned width)
{
    uint8_t bytes[sizeof number];
    for (size_t i = sizeof bytes; i-- > 0; number >>= 8) {
        bytes[i] = (uint8_t)number;
    }
    if (width > sizeof bytes) {
        width = sizeof bytes;
    }
    return lwm2m_buffer_append(buffer, bytes + sizeof bytes - width, width);
}

enum lwm2m_error lwm2m_buffer_check(const struct lwm2m_buffer *buffer)
{
    return buffer->overflown ? LWM2M_NO_SPACE : LWM2M_OK;
}

struct lwm2m_bytes lwm2m_buffer_bytes(const struct lwm2m_buffer *buffer)
{
    return (struct lwm2m_bytes){buffer->data, buffer->length};
}
