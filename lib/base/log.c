/*
 * Puts the parts of a message together into one line for the port's log.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/log.h"

#include <stdbool.h>
#include <string.h>

#include <lwm2m/bytes.h>
#include <lwm2m/utf8.h>

enum { LINE_BYTES_MAX = 200 };

struct line {
    char text[LINE_BYTES_MAX + 1];
    size_t length;
    bool cut;
};

/* Adds a character whole, or cuts the line before it. */
static void append(struct line *line, const void *character, size_t length)
{
    if (length > LINE_BYTES_MAX - line->length) {
        line->cut = true;
        return;
    }
    memcpy(line->text + line->length, character, length);
    line->length += length;
}

/* A part may be text of a peer: it must not forge a second line or drive a terminal. */
static void append_harmless(struct line *line, struct lwm2m_bytes text)
{
    while (text.length > 0 && !line->cut) {
        const uint8_t *character = text.data;
        uint32_t code_point;

        if (!lwm2m_utf8_next(&text, &code_point)) {
            text.data++;
            text.length--;
            append(line, "?", 1);
        } else if (lwm2m_utf8_is_control(code_point)) {
            append(line, "?", 1);
        } else {
            append(line, character, (size_t)(text.data - character));
        }
    }
}

void lwm2m_log(const struct lwm2m_port *port, enum lwm2m_log_level level, const char *const *parts)
{
    struct line line = {.length = 0};

    if (!port->log) {
        return;
    }
    for (; *parts && !line.cut; parts++) {
        append_harmless(&line, lwm2m_bytes_from_text(*parts));
    }
    line.text[line.length] = '\0';
    port->log(port->context, level, line.text);
}
