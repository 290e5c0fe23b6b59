/*
 * Room made inside what was already written: the lengths and counts of TLV and CBOR stand before
 * their content, and how many bytes they take is known only after it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CODEC_INSERT_H
#define CODEC_INSERT_H

#include <stddef.h>
#include <string.h>

#include <lwm2m/bytes.h>

/* Moves what follows offset by `size` bytes (at most 4); LWM2M_NO_SPACE moves nothing. */
static inline enum lwm2m_error insert_room(struct lwm2m_buffer *out, size_t offset, size_t size)
{
    static const uint8_t filler[4];
    size_t tail;
    enum lwm2m_error error;

    if (size == 0)
        return LWM2M_OK;
    tail = out->length - offset;
    error = lwm2m_buffer_append(out, filler, size);
    if (error == LWM2M_OK)
        memmove(out->data + offset + size, out->data + offset, tail);
    return error;
}

#endif
