/*
 * Cuts a stream into lines.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "control/line_buffer.h"

#include <stdlib.h>
#include <string.h>

enum line_result line_buffer_feed(struct line_buffer *buffer, const char *bytes, size_t length)
{
    if (length == 0) {
        return LINE_FOUND;
    }
    if (buffer->start > 0) {
        memmove(buffer->data, buffer->data + buffer->start, buffer->length);
        buffer->start = 0;
    }
    if (buffer->capacity - buffer->length < length) {
        size_t capacity = buffer->capacity == 0 ? 4096 : buffer->capacity;
        while (capacity - buffer->length < length) {
            capacity *= 2;
        }
        char *grown = realloc(buffer->data, capacity);
        if (grown == NULL) {
            return LINE_NO_MEMORY;
        }
        buffer->data = grown;
        buffer->capacity = capacity;
    }
    memcpy(buffer->data + buffer->length, bytes, length);
    buffer->length += length;
    return LINE_FOUND;
}

enum line_result line_buffer_next(struct line_buffer *buffer, const char **line, size_t *length)
{
    if (buffer->length == 0) {
        return LINE_INCOMPLETE;
    }
    char *start = buffer->data + buffer->start;
    char *end = memchr(start + buffer->scanned, '\n', buffer->length - buffer->scanned);
    if (end == NULL) {
        buffer->scanned = buffer->length;
        return buffer->length > buffer->limit ? LINE_TOO_LONG : LINE_INCOMPLETE;
    }
    *line = start;
    *length = (size_t)(end - start);
    if (*length > buffer->limit) {
        return LINE_TOO_LONG;
    }
    buffer->start += *length + 1;
    buffer->length -= *length + 1;
    buffer->scanned = 0;
    return LINE_FOUND;
}

void line_buffer_release(struct line_buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct line_buffer){.limit = buffer->limit};
}
