/*
 * Reads bytes from text: digits, dumps, base64.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "control/byte_text.h"

#include <string.h>

#include <lwm2m/base64.h>

#define OFFSET_DIGITS_MIN 4
#define OFFSET_DIGITS_MAX 16
/* In the middle of a line, hexdump and Wireshark leave two blanks. */
#define HALF_LINE_BYTES 8

struct line {
    const char *at, *end;
};

static int digit_of(char character)
{
    if (character >= '0' && character <= '9') {
        return character - '0';
    }
    character = (char)(character | 0x20);
    return character >= 'a' && character <= 'f' ? character - 'a' + 10 : -1;
}

static bool is_blank(char character)
{
    return character == ' ' || character == '\t' || character == '\r';
}

static size_t count_digits(const struct line *line)
{
    size_t count = 0;
    while (line->at + count < line->end && digit_of(line->at[count]) >= 0) {
        count++;
    }
    return count;
}

static size_t skip_blanks(struct line *line)
{
    const char *start = line->at;
    while (line->at < line->end && is_blank(*line->at)) {
        line->at++;
    }
    return (size_t)(line->at - start);
}

static void append_pairs(struct line *line, size_t digits, struct lwm2m_buffer *out)
{
    for (size_t i = 0; i < digits; i += 2) {
        int byte = digit_of(line->at[i]) * 16 + digit_of(line->at[i + 1]);
        (void)lwm2m_buffer_append_byte(out, (uint8_t)byte);
    }
    line->at += digits;
}

/*
 * Takes the offset that a line of a dump begins with: digits and a ':' before a blank, or digits
 * that count the bytes so far before two blanks.
 */
static bool take_offset(struct line *line, size_t bytes_so_far)
{
    size_t digits = count_digits(line);
    const char *behind = line->at + digits;
    uint64_t number = 0;
    if (digits < OFFSET_DIGITS_MIN || digits > OFFSET_DIGITS_MAX) {
        return false;
    }
    for (size_t i = 0; i < digits; i++) {
        number = number << 4 | (uint64_t)digit_of(line->at[i]);
    }
    bool colon = line->end - behind >= 2 && behind[0] == ':' && is_blank(behind[1]);
    bool gap = line->end - behind >= 2 && is_blank(behind[0]) && is_blank(behind[1]);
    if (number != bytes_so_far || (!colon && !gap)) {
        return false;
    }
    line->at = behind + 1;
    (void)skip_blanks(line);
    return true;
}

/* The words of digits up to the column of characters. */
static void read_dump_line(struct line *line, struct lwm2m_buffer *out)
{
    size_t start = out->length;
    size_t digits;
    while ((digits = count_digits(line)) > 0 && digits % 2 == 0) {
        append_pairs(line, digits, out);
        size_t blanks = skip_blanks(line);
        bool middle = blanks == 2 && digits == 2 && out->length - start == HALF_LINE_BYTES;
        if (blanks != 1 && !middle) {
            return;
        }
    }
}

static bool is_separator(char character)
{
    return is_blank(character) || character == ':' || character == '-' || character == ',';
}

static const char *read_digits(struct line *line, struct lwm2m_buffer *out)
{
    while (line->at < line->end) {
        if (is_separator(*line->at)) {
            line->at++;
            continue;
        }
        if (line->end - line->at > 2 && (line->at[0] == '0' || line->at[0] == '\\') &&
            (line->at[1] | 0x20) == 'x') {
            line->at += 2;
        }
        size_t digits = count_digits(line);
        if (digits == 0) {
            return "not a hexadecimal digit";
        }
        if (digits % 2 != 0) {
            return "an odd number of hexadecimal digits";
        }
        append_pairs(line, digits, out);
    }
    return NULL;
}

static bool parse_digits(struct lwm2m_bytes text, struct lwm2m_buffer *out,
                         struct lwm2m_fault *fault)
{
    const char *start = (const char *)text.data;
    const char *end = start + text.length;
    struct line line = {.at = start};
    while (line.at < end) {
        const char *line_end = memchr(line.at, '\n', (size_t)(end - line.at));
        line.end = line_end != NULL ? line_end : end;
        (void)skip_blanks(&line);
        if (take_offset(&line, out->length)) {
            read_dump_line(&line, out);
        } else {
            const char *reason = read_digits(&line, out);
            if (reason != NULL) {
                (void)lwm2m_fault_set(fault, LWM2M_MALFORMED, (size_t)(line.at - start), reason);
                return false;
            }
        }
        line.at = line_end != NULL ? line_end + 1 : end;
    }
    return true;
}

/* Without its blanks and line ends, in the place where the bytes go. */
static bool parse_base64(struct lwm2m_bytes text, size_t prefix, struct lwm2m_buffer *out,
                         struct lwm2m_fault *fault)
{
    struct lwm2m_bytes dense = {out->data + out->length, 0};
    for (size_t i = prefix; i < text.length; i++) {
        char character = (char)text.data[i];
        if (!is_blank(character) && character != '\n') {
            if (out->length + dense.length >= out->capacity) {
                (void)lwm2m_fault_set(fault, LWM2M_NO_SPACE, i, "too long");
                return false;
            }
            out->data[out->length + dense.length++] = text.data[i];
        }
    }
    if (lwm2m_base64_decode(dense, out) != LWM2M_OK) {
        (void)lwm2m_fault_set(fault, LWM2M_MALFORMED, prefix, "not base64");
        return false;
    }
    return true;
}

bool byte_text_parse(struct lwm2m_bytes text, struct lwm2m_buffer *out, struct lwm2m_fault *fault)
{
    static const char prefix[] = "b64:";
    size_t blank = 0;
    if (text.length == 0) {
        return true;
    }
    while (blank < text.length && (is_blank((char)text.data[blank]) || text.data[blank] == '\n')) {
        blank++;
    }
    if (text.length - blank >= strlen(prefix) &&
        memcmp(text.data + blank, prefix, strlen(prefix)) == 0) {
        return parse_base64(text, blank + strlen(prefix), out, fault);
    }
    return parse_digits(text, out, fault);
}
