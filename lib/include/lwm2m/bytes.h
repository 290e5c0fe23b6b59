/*
 * Runs of bytes: borrowed ones (lwm2m_bytes) and bounded ones that are being written
 * (lwm2m_buffer).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_BYTES_H
#define LWM2M_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/error.h>

/* Borrowed, not terminated; data may be NULL when length is 0. Text is held the same way, as UTF-8.
 */
struct lwm2m_bytes {
    const uint8_t *data;
    size_t length;
};

/* The bytes of a terminated string, without its end; empty for NULL. */
struct lwm2m_bytes lwm2m_bytes_from_text(const char *text);

bool lwm2m_bytes_equal(struct lwm2m_bytes a, struct lwm2m_bytes b);

/* True if the bytes are those of the terminated string. */
bool lwm2m_bytes_equal_text(struct lwm2m_bytes bytes, const char *text);

/*
 * A writer over memory of the caller. Once an append does not fit, nothing of it is written, the
 * buffer is marked as overflown, and every later append fails too: check once, at the end.
 */
struct lwm2m_buffer {
    uint8_t *data;
    size_t capacity;
    size_t length;
    bool overflown;
};

void lwm2m_buffer_init(struct lwm2m_buffer *buffer, void *memory, size_t capacity);

/* The errors of all four: LWM2M_NO_SPACE. They may be ignored when lwm2m_buffer_check follows. */
enum lwm2m_error lwm2m_buffer_append(struct lwm2m_buffer *buffer, const void *data, size_t length);
enum lwm2m_error lwm2m_buffer_append_byte(struct lwm2m_buffer *buffer, uint8_t byte);
enum lwm2m_error lwm2m_buffer_append_text(struct lwm2m_buffer *buffer, const char *text);
/* The low `width` bytes (1 to 8) of number, most significant first. */
enum lwm2m_error lwm2m_buffer_append_number(struct lwm2m_buffer *buffer, uint64_t number,
                                            unsigned width);

/* LWM2M_OK, or LWM2M_NO_SPACE if any append so far did not fit. */
enum lwm2m_error lwm2m_buffer_check(const struct lwm2m_buffer *buffer) LWM2M_MUST_CHECK;

struct lwm2m_bytes lwm2m_buffer_bytes(const struct lwm2m_buffer *buffer);

#endif
