/*
 * JSON (RFC 8259), read piece by piece.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/json_reader.h"

#include <lwm2m/number.h>
#include <lwm2m/utf8.h>

enum { END = -1 };

static int peek(const struct lwm2m_json_reader *reader)
{
    return reader->offset < reader->input.length ? reader->input.data[reader->offset] : END;
}

static bool take(struct lwm2m_json_reader *reader, int byte)
{
    if (peek(reader) != byte) {
        return false;
    }
    reader->offset++;
    return true;
}

static void skip_blanks(struct lwm2m_json_reader *reader)
{
    int byte = peek(reader);

    while (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r') {
        reader->offset++;
        byte = peek(reader);
    }
}

static enum lwm2m_error refuse(const struct lwm2m_json_reader *reader, const char *reason)
{
    return lwm2m_fault_set(reader->fault, LWM2M_MALFORMED, reader->offset,
                           peek(reader) == END ? "it ends too early" : reason);
}

/* ---- strings ---- */

static int hex_digit(int byte)
{
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    if (byte >= 'a' && byte <= 'f') {
        return byte - 'a' + 10;
    }
    return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

/* Four hexadecimal digits. */
static bool take_unit(struct lwm2m_json_reader *reader, uint32_t *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(peek(reader));

        if (digit < 0) {
            return false;
        }
        *unit = *unit << 4 | (uint32_t)digit;
        reader->offset++;
    }
    return true;
}

/* What stands behind "\u": a code point, or the two halves of one. */
static bool take_code_point(struct lwm2m_json_reader *reader, uint32_t *code_point)
{
    uint32_t low;

    if (!take_unit(reader, code_point) || (*code_point >= 0xDC00 && *code_point <= 0xDFFF)) {
        return false;
    }
    if (*code_point < 0xD800 || *code_point > 0xDFFF) {
        return true;
    }
    if (!take(reader, '\\') || !take(reader, 'u') || !take_unit(reader, &low) || low < 0xDC00 ||
        low > 0xDFFF) {
        return false;
    }
    *code_point = 0x10000 + ((*code_point - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

/* What stands behind the backslash. */
static bool take_escape(struct lwm2m_json_reader *reader, uint32_t *code_point)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    int letter = peek(reader);

    if (take(reader, 'u')) {
        return take_code_point(reader, code_point);
    }
    for (size_t i = 0; i < sizeof letters - 1; i++) {
        if (letter == letters[i]) {
            *code_point = (uint32_t)meanings[i];
            reader->offset++;
            return true;
        }
    }
    return false;
}

/* Goes over what stands for itself in a string; *is_ascii is cleared if not all of it is ASCII. */
static void skip_plain(struct lwm2m_json_reader *reader, bool *is_ascii)
{
    const uint8_t *data = reader->input.data;
    size_t end = reader->input.length;
    size_t offset = reader->offset;
    uint8_t seen = 0;

    while (offset < end && data[offset] != '"' && data[offset] != '\\' && data[offset] >= ' ') {
        seen |= data[offset++];
    }
    reader->offset = offset;
    *is_ascii = *is_ascii && seen < 0x80;
}

/* Reads a string up to its closing quote; *raw is what stands between the quotes. */
static enum lwm2m_error scan_string(struct lwm2m_json_reader *reader, struct lwm2m_bytes *raw,
                                    bool *has_escapes)
{
    size_t start;
    bool is_ascii = true;
    uint32_t code_point;

    if (!take(reader, '"')) {
        return refuse(reader, "a string is missing");
    }
    start = reader->offset;
    *has_escapes = false;
    for (skip_plain(reader, &is_ascii); peek(reader) != '"'; skip_plain(reader, &is_ascii)) {
        if (!take(reader, '\\')) {
            return refuse(reader, "a control character in a string");
        }
        *has_escapes = true;
        if (!take_escape(reader, &code_point)) {
            return refuse(reader, "not an escape of JSON");
        }
    }
    *raw =
        (struct lwm2m_bytes){.data = reader->input.data + start, .length = reader->offset - start};
    reader->offset++;
    if (!is_ascii && !lwm2m_utf8_is_valid(*raw)) {
        return lwm2m_fault_set(reader->fault, LWM2M_MALFORMED, start, "not UTF-8");
    }
    return LWM2M_OK;
}

static void append_code_point(struct lwm2m_buffer *out, uint32_t code_point)
{
    uint8_t bytes[4];
    size_t length = code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    static const uint8_t leads[] = {0, 0, 0xC0, 0xE0, 0xF0};

    for (size_t i = length; i-- > 1; code_point >>= 6) {
        bytes[i] = (uint8_t)(0x80 | (code_point & 0x3F));
    }
    bytes[0] = (uint8_t)(leads[length] | code_point);
    (void)lwm2m_buffer_append(out, bytes, length);
}

/* raw was scanned: its escapes are right. */
static struct lwm2m_bytes decode_escapes(struct lwm2m_bytes raw, struct lwm2m_buffer *out)
{
    struct lwm2m_json_reader inner = {.input = raw};
    size_t start = out->length;
    size_t plain = 0;
    uint32_t code_point = 0;

    while (inner.offset < raw.length) {
        if (raw.data[inner.offset] != '\\') {
            inner.offset++;
            continue;
        }
        (void)lwm2m_buffer_append(out, raw.data + plain, inner.offset - plain);
        inner.offset++;
        (void)take_escape(&inner, &code_point);
        append_code_point(out, code_point);
        plain = inner.offset;
    }
    (void)lwm2m_buffer_append(out, raw.data + plain, raw.length - plain);
    if (out->overflown) {
        return (struct lwm2m_bytes){NULL, 0};
    }
    return (struct lwm2m_bytes){.data = out->data + start, .length = out->length - start};
}

static enum lwm2m_error read_string(struct lwm2m_json_reader *reader, struct lwm2m_value *value)
{
    struct lwm2m_bytes raw;
    bool has_escapes;
    enum lwm2m_error error = scan_string(reader, &raw, &has_escapes);

    if (error != LWM2M_OK) {
        return error;
    }
    if (has_escapes && reader->scratch != NULL) {
        raw = decode_escapes(raw, reader->scratch);
    }
    if (has_escapes && (reader->scratch == NULL || reader->scratch->overflown)) {
        return lwm2m_fault_set(reader->fault, LWM2M_NO_SPACE, reader->offset,
                               "no room to decode a string");
    }
    *value = lwm2m_value_string(raw);
    return LWM2M_OK;
}

/* ---- numbers and words ---- */

static bool skip_digits(struct lwm2m_json_reader *reader)
{
    size_t start = reader->offset;

    while (peek(reader) >= '0' && peek(reader) <= '9') {
        reader->offset++;
    }
    return reader->offset > start;
}

static enum lwm2m_error scan_number(struct lwm2m_json_reader *reader, struct lwm2m_bytes *text,
                                    bool *is_whole)
{
    size_t start = reader->offset;
    bool good;

    *is_whole = true;
    (void)take(reader, '-');
    good = take(reader, '0') || skip_digits(reader);
    if (good && take(reader, '.')) {
        *is_whole = false;
        good = skip_digits(reader);
    }
    if (good && (take(reader, 'e') || take(reader, 'E'))) {
        *is_whole = false;
        if (!take(reader, '-')) {
            (void)take(reader, '+');
        }
        good = skip_digits(reader);
    }
    if (!good || (peek(reader) >= '0' && peek(reader) <= '9')) {
        return refuse(reader, "not a number of JSON");
    }
    *text =
        (struct lwm2m_bytes){.data = reader->input.data + start, .length = reader->offset - start};
    return LWM2M_OK;
}

static enum lwm2m_error number_value(struct lwm2m_bytes text, bool is_whole,
                                     struct lwm2m_value *value)
{
    int64_t integer;
    uint64_t magnitude;
    double number;

    /* -0 is a number of its own among the doubles. */
    if (is_whole && !lwm2m_bytes_equal_text(text, "-0")) {
        if (lwm2m_number_parse_signed(text, &integer) == LWM2M_OK) {
            *value = lwm2m_value_integer(integer);
            return LWM2M_OK;
        }
        if (lwm2m_number_parse_unsigned(text, &magnitude) == LWM2M_OK) {
            *value = lwm2m_value_unsigned(magnitude);
            return LWM2M_OK;
        }
    }
    if (lwm2m_number_parse_double(text, &number) != LWM2M_OK) {
        return LWM2M_RANGE;
    }
    *value = lwm2m_value_float(number);
    return LWM2M_OK;
}

static enum lwm2m_error read_number(struct lwm2m_json_reader *reader, struct lwm2m_value *value)
{
    size_t start = reader->offset;
    struct lwm2m_bytes text;
    bool is_whole;
    enum lwm2m_error error = scan_number(reader, &text, &is_whole);

    if (error != LWM2M_OK) {
        return error;
    }
    error = number_value(text, is_whole, value);
    if (error != LWM2M_OK) {
        return lwm2m_fault_set(reader->fault, error, start, lwm2m_error_text(error));
    }
    return LWM2M_OK;
}

static enum lwm2m_error read_word(struct lwm2m_json_reader *reader, const char *word)
{
    for (; *word != '\0'; word++) {
        if (!take(reader, *word)) {
            return refuse(reader, "not a value of JSON");
        }
    }
    return LWM2M_OK;
}

/* ---- values ---- */

enum lwm2m_error lwm2m_json_read(struct lwm2m_json_reader *reader, struct lwm2m_json_item *item)
{
    skip_blanks(reader);
    *item = (struct lwm2m_json_item){.kind = LWM2M_JSON_SCALAR, .offset = reader->offset};
    switch (peek(reader)) {
    case '{':
        item->kind = LWM2M_JSON_OBJECT;
        reader->offset++;
        return LWM2M_OK;
    case '[':
        item->kind = LWM2M_JSON_ARRAY;
        reader->offset++;
        return LWM2M_OK;
    case '"':
        return read_string(reader, &item->value);
    case 't':
        item->value = lwm2m_value_boolean(true);
        return read_word(reader, "true");
    case 'f':
        item->value = lwm2m_value_boolean(false);
        return read_word(reader, "false");
    case 'n':
        item->kind = LWM2M_JSON_NULL;
        return read_word(reader, "null");
    default:
        return read_number(reader, &item->value);
    }
}

enum lwm2m_error lwm2m_json_next(struct lwm2m_json_reader *reader,
                                 struct lwm2m_json_item *container, bool *more)
{
    bool is_object = container->kind == LWM2M_JSON_OBJECT;
    bool begun = container->begun;

    skip_blanks(reader);
    container->begun = true;
    *more = !take(reader, is_object ? '}' : ']');
    if (*more && begun && !take(reader, ',')) {
        return refuse(reader, is_object ? "neither ',' nor '}'" : "neither ',' nor ']'");
    }
    return LWM2M_OK;
}

static enum lwm2m_error read_colon(struct lwm2m_json_reader *reader)
{
    skip_blanks(reader);
    return take(reader, ':') ? LWM2M_OK : refuse(reader, "a ':' is missing");
}

enum lwm2m_error lwm2m_json_read_label(struct lwm2m_json_reader *reader,
                                       struct lwm2m_json_item *label)
{
    enum lwm2m_error error;

    skip_blanks(reader);
    *label = (struct lwm2m_json_item){.kind = LWM2M_JSON_SCALAR, .offset = reader->offset};
    error = read_string(reader, &label->value);
    return error == LWM2M_OK ? read_colon(reader) : error;
}

static enum lwm2m_error skip_label(struct lwm2m_json_reader *reader)
{
    struct lwm2m_bytes raw;
    bool has_escapes;
    enum lwm2m_error error;

    skip_blanks(reader);
    error = scan_string(reader, &raw, &has_escapes);
    return error == LWM2M_OK ? read_colon(reader) : error;
}

/* A value of which nothing is wanted: no number is too large, no string needs room. */
static enum lwm2m_error skip_scalar(struct lwm2m_json_reader *reader, struct lwm2m_json_item *item)
{
    struct lwm2m_bytes text;
    bool flag;
    int byte;

    skip_blanks(reader);
    byte = peek(reader);
    *item = (struct lwm2m_json_item){.kind = LWM2M_JSON_SCALAR, .offset = reader->offset};
    if (byte == '"') {
        return scan_string(reader, &text, &flag);
    }
    if (byte == '-' || (byte >= '0' && byte <= '9')) {
        return scan_number(reader, &text, &flag);
    }
    return lwm2m_json_read(reader, item);
}

/* What is open on the way down: a bit for each level, the innermost lowest. */
struct nesting {
    unsigned depth;
    uint32_t objects;
};

/* Goes from one value to the next of those that are open; none is left when depth is 0. */
static enum lwm2m_error skip_to_next(struct lwm2m_json_reader *reader, struct nesting *open,
                                     bool begun)
{
    while (open->depth > 0) {
        struct lwm2m_json_item container = {.kind = (open->objects & 1) != 0 ? LWM2M_JSON_OBJECT
                                                                             : LWM2M_JSON_ARRAY,
                                            .begun = begun};
        bool more;
        enum lwm2m_error error = lwm2m_json_next(reader, &container, &more);

        if (error != LWM2M_OK) {
            return error;
        }
        if (more) {
            return container.kind == LWM2M_JSON_OBJECT ? skip_label(reader) : LWM2M_OK;
        }
        open->depth--;
        open->objects >>= 1;
        begun = true;
    }
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_json_skip(struct lwm2m_json_reader *reader, unsigned depth)
{
    struct nesting open = {0};

    do {
        struct lwm2m_json_item item;
        bool is_container;
        enum lwm2m_error error = skip_scalar(reader, &item);

        if (error != LWM2M_OK) {
            return error;
        }
        is_container = item.kind == LWM2M_JSON_OBJECT || item.kind == LWM2M_JSON_ARRAY;
        if (is_container && open.depth == depth) {
            return lwm2m_fault_set(reader->fault, LWM2M_MALFORMED, item.offset,
                                   "nested too deeply");
        }
        if (is_container) {
            open.depth++;
            open.objects = open.objects << 1 | (item.kind == LWM2M_JSON_OBJECT ? 1 : 0);
        }
        error = skip_to_next(reader, &open, !is_container);
        if (error != LWM2M_OK) {
            return error;
        }
    } while (open.depth > 0);
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_json_end(struct lwm2m_json_reader *reader)
{
    skip_blanks(reader);
    return peek(reader) == END ? LWM2M_OK : refuse(reader, "something behind the end");
}
