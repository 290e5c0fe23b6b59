/*
 * Makes text of devices safe to show on a terminal.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lwm2m/utf8.h>

#include "output/printer.h"

/* "\u{10ffff}", the longest form that one byte of input can turn into. */
#define ESCAPE_MAX 10
/* "\u202e"; what is escaped in JSON lies in the basic plane. */
#define JSON_ESCAPE_MAX 6

/* Bytes of the longest UTF-8 sequence. */
#define SEQUENCE_MAX 4

/* Length of the valid UTF-8 sequence at text, 0 if there is none; *point is its code point. */
static size_t sequence_at(const unsigned char *text, uint32_t *point)
{
    size_t length = strnlen((const char *)text, SEQUENCE_MAX);
    struct lwm2m_bytes rest = {text, length};
    return lwm2m_utf8_next(&rest, point) ? length - rest.length : 0;
}

/* Characters that turn text around, hide it, or end a line where none should end. */
static bool deceives(uint32_t point)
{
    return (point >= 0x200b && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2060 && point <= 0x2069) || point == 0x061c || point == 0xfeff;
}

static size_t escape_point(char *out, uint32_t point)
{
    if (point == '\n') {
        return (size_t)snprintf(out, ESCAPE_MAX + 1, "\\n");
    }
    if (point == '\t') {
        return (size_t)snprintf(out, ESCAPE_MAX + 1, "\\t");
    }
    if (point == '\r') {
        return (size_t)snprintf(out, ESCAPE_MAX + 1, "\\r");
    }
    if (point < 0x20 || (point >= 0x7f && point < 0xa0)) {
        return (size_t)snprintf(out, ESCAPE_MAX + 1, "\\x%02x", (unsigned)point);
    }
    return (size_t)snprintf(out, ESCAPE_MAX + 1, "\\u{%x}", (unsigned)point);
}

char *text_escape(const char *text)
{
    const unsigned char *in = (const unsigned char *)text;
    char *escaped = malloc(strlen(text) * ESCAPE_MAX + 1);
    size_t length = 0;
    if (escaped == NULL) {
        return NULL;
    }
    while (*in != '\0') {
        uint32_t point;
        size_t taken = sequence_at(in, &point);
        if (taken == 0) {
            length += (size_t)snprintf(escaped + length, ESCAPE_MAX + 1, "\\x%02x", *in);
            taken = 1;
        } else if (point < 0x20 || (point >= 0x7f && point < 0xa0) || deceives(point)) {
            length += escape_point(escaped + length, point);
        } else {
            memcpy(escaped + length, in, taken);
            length += taken;
        }
        in += taken;
    }
    escaped[length] = '\0';
    return escaped;
}

char *text_escape_bytes(const void *data, size_t length)
{
    char *text = length > 0 ? strndup(data, length) : strdup("");
    char *escaped = text != NULL ? text_escape(text) : NULL;
    free(text);
    return escaped;
}

char *json_text_escape(const char *json)
{
    const unsigned char *in = (const unsigned char *)json;
    char *escaped = malloc(strlen(json) * JSON_ESCAPE_MAX + 1);
    size_t length = 0;
    if (escaped == NULL) {
        return NULL;
    }
    while (*in != '\0') {
        uint32_t point;
        size_t taken = sequence_at(in, &point);
        if (taken == 0) { /* no UTF-8, which JSON cannot carry anyway */
            point = 0xfffd;
            taken = 1;
        }
        if ((point >= 0x7f && point < 0xa0) || deceives(point) || point == 0xfffd) {
            length +=
                (size_t)snprintf(escaped + length, JSON_ESCAPE_MAX + 1, "\\u%04x", (unsigned)point);
        } else {
            memcpy(escaped + length, in, taken);
            length += taken;
        }
        in += taken;
    }
    escaped[length] = '\0';
    return escaped;
}
