/*
 * JSON, written piece by piece.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/json_writer.h"

#include <lwm2m/base64.h>
#include <lwm2m/number.h>
#include <lwm2m/utf8.h>

void lwm2m_json_append_label(struct lwm2m_json_writer *writer, const char *label)
{
    (void)lwm2m_buffer_append_text(writer->out, writer->has_member ? ",\"" : "\"");
    (void)lwm2m_buffer_append_text(writer->out, label);
    (void)lwm2m_buffer_append_text(writer->out, "\":");
    writer->has_member = true;
}

static void append_integer(struct lwm2m_buffer *out, int64_t number)
{
    char text[LWM2M_NUMBER_TEXT_MAX];

    (void)lwm2m_buffer_append(out, text, lwm2m_number_print_signed(number, text));
}

static void append_unsigned(struct lwm2m_buffer *out, uint64_t number)
{
    char text[LWM2M_NUMBER_TEXT_MAX];

    (void)lwm2m_buffer_append(out, text, lwm2m_number_print_unsigned(number, text));
}

static void append_boolean(struct lwm2m_buffer *out, bool boolean)
{
    (void)lwm2m_buffer_append_text(out, boolean ? "true" : "false");
}

void lwm2m_json_append_seconds(struct lwm2m_buffer *out, int64_t time_ms)
{
    uint64_t magnitude = time_ms < 0 ? 0 - (uint64_t)time_ms : (uint64_t)time_ms;
    unsigned rest = (unsigned)(magnitude % 1000);

    if (time_ms < 0) {
        (void)lwm2m_buffer_append_byte(out, '-');
    }
    append_unsigned(out, magnitude / 1000);
    if (rest == 0) {
        return;
    }
    (void)lwm2m_buffer_append_byte(out, '.');
    for (unsigned unit = 100; rest > 0; unit /= 10) {
        (void)lwm2m_buffer_append_byte(out, (uint8_t)('0' + rest / unit));
        rest %= unit;
    }
}

static void append_base64(struct lwm2m_buffer *out, struct lwm2m_bytes bytes, bool url_safe)
{
    (void)lwm2m_buffer_append_byte(out, '"');
    if (lwm2m_base64_encode(bytes, url_safe, out) != LWM2M_OK) {
        out->overflown = true;
    }
    (void)lwm2m_buffer_append_byte(out, '"');
}

void lwm2m_json_append_plain(struct lwm2m_buffer *out, struct lwm2m_bytes text)
{
    (void)lwm2m_buffer_append_byte(out, '"');
    (void)lwm2m_buffer_append(out, text.data, text.length);
    (void)lwm2m_buffer_append_byte(out, '"');
}

/* "66:1". */
static void append_objlnk(struct lwm2m_buffer *out, const struct lwm2m_value *link)
{
    (void)lwm2m_buffer_append_byte(out, '"');
    if (lwm2m_value_print(link, out) != LWM2M_OK) {
        out->overflown = true;
    }
    (void)lwm2m_buffer_append_byte(out, '"');
}

/* "3.0" for 3: what reads it knows it for no integer. LWM2M_RANGE for NaN and the infinities. */
static enum lwm2m_error append_float(struct lwm2m_buffer *out, double number)
{
    char text[LWM2M_NUMBER_TEXT_MAX];
    size_t length;
    bool is_whole = true;

    if (number - number != 0) {
        return LWM2M_RANGE;
    }
    length = lwm2m_number_print_double(number, text);
    for (size_t i = 0; i < length; i++) {
        is_whole = is_whole && text[i] != '.' && text[i] != 'e';
    }
    (void)lwm2m_buffer_append(out, text, length);
    if (is_whole) {
        (void)lwm2m_buffer_append_text(out, ".0");
    }
    return LWM2M_OK;
}

static void append_escape(struct lwm2m_buffer *out, uint8_t byte)
{
    static const char digits[] = "0123456789abcdef";
    static const char characters[] = "\"\\\b\f\n\r\t";
    static const char letters[] = "\"\\bfnrt";

    (void)lwm2m_buffer_append_byte(out, '\\');
    for (size_t i = 0; i < sizeof characters - 1; i++) {
        if (byte == (uint8_t)characters[i]) {
            (void)lwm2m_buffer_append_byte(out, (uint8_t)letters[i]);
            return;
        }
    }
    (void)lwm2m_buffer_append_text(out, "u00");
    (void)lwm2m_buffer_append_byte(out, (uint8_t)digits[byte >> 4]);
    (void)lwm2m_buffer_append_byte(out, (uint8_t)digits[byte & 15]);
}

/* LWM2M_MALFORMED for what is not UTF-8. */
static enum lwm2m_error append_text(struct lwm2m_buffer *out, struct lwm2m_bytes text)
{
    size_t plain = 0;

    if (!lwm2m_utf8_is_valid(text)) {
        return LWM2M_MALFORMED;
    }
    (void)lwm2m_buffer_append_byte(out, '"');
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] >= ' ' && text.data[i] != '"' && text.data[i] != '\\') {
            continue;
        }
        (void)lwm2m_buffer_append(out, text.data + plain, i - plain);
        append_escape(out, text.data[i]);
        plain = i + 1;
    }
    if (plain < text.length) {
        (void)lwm2m_buffer_append(out, text.data + plain, text.length - plain);
    }
    (void)lwm2m_buffer_append_byte(out, '"');
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_json_append_value(struct lwm2m_json_writer *writer,
                                         const struct lwm2m_value *value,
                                         const struct lwm2m_json_value_labels *labels)
{
    switch (value->type) {
    case LWM2M_TYPE_NONE:
        return LWM2M_OK;
    case LWM2M_TYPE_STRING:
    case LWM2M_TYPE_CORELNK:
        lwm2m_json_append_label(writer, labels->string);
        return append_text(writer->out, value->as.bytes);
    case LWM2M_TYPE_INTEGER:
    case LWM2M_TYPE_TIME:
        lwm2m_json_append_label(writer, labels->number);
        append_integer(writer->out, value->as.integer);
        return LWM2M_OK;
    case LWM2M_TYPE_UNSIGNED:
        lwm2m_json_append_label(writer, labels->number);
        append_unsigned(writer->out, value->as.unsigned_integer);
        return LWM2M_OK;
    case LWM2M_TYPE_FLOAT:
        lwm2m_json_append_label(writer, labels->number);
        return append_float(writer->out, value->as.number);
    case LWM2M_TYPE_BOOLEAN:
        lwm2m_json_append_label(writer, labels->boolean);
        append_boolean(writer->out, value->as.boolean);
        return LWM2M_OK;
    case LWM2M_TYPE_OPAQUE:
        lwm2m_json_append_label(writer, labels->opaque);
        append_base64(writer->out, value->as.bytes, labels->has_url_safe_base64);
        return LWM2M_OK;
    case LWM2M_TYPE_OBJLNK:
        lwm2m_json_append_label(writer, labels->objlnk);
        append_objlnk(writer->out, value);
        return LWM2M_OK;
    case LWM2M_TYPE_UNTYPED: /* no reader would know them from a text, or from an opaque value */
    case LWM2M_TYPE_COUNT:
        break;
    }
    return LWM2M_UNSUPPORTED;
}
