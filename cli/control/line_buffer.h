/*
 * Lines out of a stream of bytes, each of bounded length.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONTROL_LINE_BUFFER_H
#define CONTROL_LINE_BUFFER_H

#include <stddef.h>

/* The longest line of the control protocol, without its end. */
#define CONTROL_LINE_BYTES_MAX (1024 * 1024)

/* Zeroed memory, with `limit` set, is an empty one. */
struct line_buffer {
    size_t limit; /* bytes of the longest line */
    char *data;
    size_t start, length, capacity; /* what waits is data[start] to data[start + length] */
    size_t scanned;                 /* of it, how much is known to hold no line end */
};

enum line_result {
    LINE_FOUND,
    LINE_INCOMPLETE, /* more bytes are needed */
    LINE_TOO_LONG,
    LINE_NO_MEMORY,
};

/* Adds bytes. LINE_FOUND (there may be a line), LINE_NO_MEMORY. */
enum line_result line_buffer_feed(struct line_buffer *buffer, const char *bytes, size_t length);

/*
 * Takes the next line, without its end; it is borrowed until the next call. LINE_TOO_LONG is for
 * good: nothing behind such a line can be trusted.
 */
enum line_result line_buffer_next(struct line_buffer *buffer, const char **line, size_t *length);

void line_buffer_release(struct line_buffer *buffer);

#endif
