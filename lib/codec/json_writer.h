/*
 * JSON, written piece by piece: labels, strings and numbers, so that they read back as they were.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CODEC_JSON_WRITER_H
#define CODEC_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/error.h>
#include <lwm2m/value.h>

/* One object that is being written; its bracket is the caller's. */
struct lwm2m_json_writer {
    struct lwm2m_buffer *out;
    bool has_member;
};

/*
 * The writers mark the buffer when it is full, as lwm2m_buffer_append does: check at the end. The
 * label of a member, and a comma before all but the first; what follows is its value.
 */
void lwm2m_json_append_label(struct lwm2m_json_writer *writer, const char *label);
void lwm2m_json_append_integer(struct lwm2m_buffer *out, int64_t number);
void lwm2m_json_append_unsigned(struct lwm2m_buffer *out, uint64_t number);
void lwm2m_json_append_boolean(struct lwm2m_buffer *out, bool boolean);
/* Seconds, with as many digits behind the point as the milliseconds need. */
void lwm2m_json_append_seconds(struct lwm2m_buffer *out, int64_t time_ms);
/* A string of base64 with padding, or url-safe and without. */
void lwm2m_json_append_base64(struct lwm2m_buffer *out, struct lwm2m_bytes bytes, bool url_safe);
/* A string of characters that need no escapes, such as a path. */
void lwm2m_json_append_plain(struct lwm2m_buffer *out, struct lwm2m_bytes text);
/* "66:1". */
void lwm2m_json_append_objlnk(struct lwm2m_buffer *out, const struct lwm2m_value *link);

/* "3.0" for 3: what reads it knows it for no integer. LWM2M_RANGE for NaN and the infinities. */
enum lwm2m_error lwm2m_json_append_float(struct lwm2m_buffer *out, double number) LWM2M_MUST_CHECK;
/* LWM2M_MALFORMED for what is not UTF-8. */
enum lwm2m_error lwm2m_json_append_text(struct lwm2m_buffer *out,
                                        struct lwm2m_bytes text) LWM2M_MUST_CHECK;

#endif
