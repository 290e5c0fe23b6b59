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

/* The labels under which a format writes values, by what they are in JSON, and its base64. */
struct lwm2m_json_value_labels {
    const char *number;
    const char *string;
    const char *boolean;
    const char *opaque;
    const char *objlnk;
    bool has_url_safe_base64; /* and without padding */
};

/*
 * The writers mark the buffer when it is full, as lwm2m_buffer_append does: check at the end. The
 * label of a member, and a comma before all but the first; what follows is its value.
 */
void lwm2m_json_append_label(struct lwm2m_json_writer *writer, const char *label);
/* Seconds, with as many digits behind the point as the milliseconds need. */
void lwm2m_json_append_seconds(struct lwm2m_buffer *out, int64_t time_ms);
/* A string of characters that need no escapes, such as a path. */
void lwm2m_json_append_plain(struct lwm2m_buffer *out, struct lwm2m_bytes text);

/*
 * The label of a value and the value; nothing for NONE. LWM2M_RANGE for NaN and the infinities,
 * LWM2M_MALFORMED for text that is not UTF-8, LWM2M_UNSUPPORTED for UNTYPED.
 */
enum lwm2m_error
lwm2m_json_append_value(struct lwm2m_json_writer *writer, const struct lwm2m_value *value,
                        const struct lwm2m_json_value_labels *labels) LWM2M_MUST_CHECK;

#endif
