/*
 * CBOR (RFC 8949): reads item heads, strings and numbers one by one, and writes them in their
 * shortest form. What the items mean is for the formats built on it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CODEC_CBOR_H
#define CODEC_CBOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/error.h>

enum lwm2m_cbor_kind {
    LWM2M_CBOR_UNSIGNED,
    LWM2M_CBOR_NEGATIVE,
    LWM2M_CBOR_BYTES,
    LWM2M_CBOR_TEXT,
    LWM2M_CBOR_ARRAY,
    LWM2M_CBOR_MAP,
    LWM2M_CBOR_TAG,
    LWM2M_CBOR_FLOAT,
    LWM2M_CBOR_BOOLEAN,
    LWM2M_CBOR_SIMPLE, /* null, undefined and those without a meaning */
    LWM2M_CBOR_BREAK,
};

struct lwm2m_cbor_item {
    enum lwm2m_cbor_kind kind;
    bool indefinite; /* ARRAY and MAP: a BREAK ends them */
    size_t offset;   /* of the head */
    /*
     * UNSIGNED: the number; NEGATIVE: -1 minus the number; ARRAY, MAP: the count of items or pairs
     * as the peer states it, not checked against the input; TAG, SIMPLE: its number; BOOLEAN: 0 or 1.
     */
    uint64_t argument;
    double number;            /* FLOAT */
    struct lwm2m_bytes bytes; /* BYTES and TEXT (valid UTF-8): whole, chunks joined */
};

struct lwm2m_cbor_reader {
    struct lwm2m_bytes input;
    size_t offset;
    struct lwm2m_buffer
        *scratch;              /* chunked strings are joined at its end; NULL: NO_SPACE for them */
    struct lwm2m_fault *fault; /* may be NULL */
};

/*
 * Reads one item: of an array, a map or a tag only the head, of anything else all of it.
 * LWM2M_MALFORMED, LWM2M_NO_SPACE.
 */
enum lwm2m_error lwm2m_cbor_read(struct lwm2m_cbor_reader *reader,
                                 struct lwm2m_cbor_item *item) LWM2M_MUST_CHECK;

/*
 * Reads the rest of an item whose head was read, whatever it holds, at most `depth` levels of it.
 * LWM2M_MALFORMED.
 */
enum lwm2m_error lwm2m_cbor_skip(struct lwm2m_cbor_reader *reader,
                                 const struct lwm2m_cbor_item *head,
                                 unsigned depth) LWM2M_MUST_CHECK;

bool lwm2m_cbor_is_null(const struct lwm2m_cbor_item *item);

/* True while an array or a map has more to come: counts `done` up. Reads the BREAK at its end. */
bool lwm2m_cbor_more(struct lwm2m_cbor_reader *reader, const struct lwm2m_cbor_item *container,
                     uint64_t *done);

/* The writers mark the buffer when it is full, as lwm2m_buffer_append does: check at the end. */
void lwm2m_cbor_append_integer(struct lwm2m_buffer *out, int64_t number);
void lwm2m_cbor_append_unsigned(struct lwm2m_buffer *out, uint64_t number);
void lwm2m_cbor_append_boolean(struct lwm2m_buffer *out, bool boolean);
/* Half, single or double: the shortest that is exact. */
void lwm2m_cbor_append_float(struct lwm2m_buffer *out, double number);
void lwm2m_cbor_append_text(struct lwm2m_buffer *out, struct lwm2m_bytes text);
void lwm2m_cbor_append_bytes(struct lwm2m_buffer *out, struct lwm2m_bytes bytes);
void lwm2m_cbor_append_null(struct lwm2m_buffer *out);
/* These three are heads: what they hold follows. */
void lwm2m_cbor_append_tag(struct lwm2m_buffer *out, uint64_t tag);
void lwm2m_cbor_append_array(struct lwm2m_buffer *out, unsigned items);
void lwm2m_cbor_append_map(struct lwm2m_buffer *out, unsigned pairs);

/* A map of indefinite length, for those who do not know how many pairs will come. */
void lwm2m_cbor_map_begin(struct lwm2m_buffer *out);
void lwm2m_cbor_map_end(struct lwm2m_buffer *out);

/*
 * An array whose count is known only at its end: opens it and returns the mark; the end puts the
 * head there. LWM2M_NO_SPACE.
 */
size_t lwm2m_cbor_array_begin(struct lwm2m_buffer *out);
enum lwm2m_error lwm2m_cbor_array_end(struct lwm2m_buffer *out, size_t mark,
                                      uint32_t count) LWM2M_MUST_CHECK;

#endif
