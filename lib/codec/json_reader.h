/*
 * JSON (RFC 8259), read piece by piece: scalars whole, arrays and objects by their heads. What they
 * mean is for the formats built on it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CODEC_JSON_READER_H
#define CODEC_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/error.h>
#include <lwm2m/value.h>

enum lwm2m_json_kind {
    LWM2M_JSON_SCALAR,
    LWM2M_JSON_NULL,
    LWM2M_JSON_ARRAY,
    LWM2M_JSON_OBJECT,
};

struct lwm2m_json_item {
    enum lwm2m_json_kind kind;
    size_t offset;
    /*
     * Of a SCALAR: STRING (valid UTF-8, escapes decoded), BOOLEAN, or a number: written without
     * fraction and exponent INTEGER, or UNSIGNED above INT64_MAX; else, and beyond these, FLOAT.
     */
    struct lwm2m_value value;
    bool begun; /* private: of an ARRAY or OBJECT a member was read */
};

struct lwm2m_json_reader {
    struct lwm2m_bytes input;
    size_t offset;
    struct lwm2m_buffer *scratch; /* strings with escapes are decoded at its end; NULL: NO_SPACE */
    struct lwm2m_fault *fault;    /* may be NULL */
};

/*
 * Reads one value: of an array or an object only the bracket. LWM2M_MALFORMED, LWM2M_NO_SPACE;
 * LWM2M_RANGE for a number past the doubles, or of more than 800 digits.
 */
enum lwm2m_error lwm2m_json_read(struct lwm2m_json_reader *reader,
                                 struct lwm2m_json_item *item) LWM2M_MUST_CHECK;

/*
 * Whether container has another member, which is then next to be read; reads the comma before it
 * or the bracket at the end. LWM2M_MALFORMED.
 */
enum lwm2m_error lwm2m_json_next(struct lwm2m_json_reader *reader,
                                 struct lwm2m_json_item *container, bool *more) LWM2M_MUST_CHECK;

/* Reads the label of an object's member and its colon: a STRING. LWM2M_MALFORMED, LWM2M_NO_SPACE. */
enum lwm2m_error lwm2m_json_read_label(struct lwm2m_json_reader *reader,
                                       struct lwm2m_json_item *label) LWM2M_MUST_CHECK;

/* Reads over one whole value, of at most `depth` (up to 32) levels of brackets. LWM2M_MALFORMED. */
enum lwm2m_error lwm2m_json_skip(struct lwm2m_json_reader *reader, unsigned depth) LWM2M_MUST_CHECK;

/* LWM2M_MALFORMED if more than blanks is left. */
enum lwm2m_error lwm2m_json_end(struct lwm2m_json_reader *reader) LWM2M_MUST_CHECK;

#endif
