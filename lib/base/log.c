/*
 * Puts the parts of a message together into one line for the port's log.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/log.h"

#include <stdbool.h>

enum { LINE_BYTES_MAX = 200 };

/* A part may be text of a peer: it must not forge a second line or drive a terminal. */
static char harmless(char letter)
{
    unsigned char byte = (unsigned char)letter;
    return byte < 0x20 || byte == 0x7f ? '?' : letter;
}

/* Drops a UTF-8 sequence that the end of the line has cut in two. */
static size_t without_broken_end(const char *line, size_t length)
{
    size_t start = length;
    while (start > 0 && ((unsigned char)line[start - 1] & 0xc0) == 0x80)
        start--;
    return start > 0 && ((unsigned char)line[start - 1] & 0xc0) == 0xc0 ? start - 1 : length;
}

void lwm2m_log(const struct lwm2m_port *port, enum lwm2m_log_level level, const char *const *parts)
{
    char line[LINE_BYTES_MAX + 1];
    size_t length = 0;
    bool cut = false;

    if (!port->log)
        return;
    for (; *parts && !cut; parts++) {
        for (const char *letter = *parts; *letter && !cut; letter++) {
            if (length < LINE_BYTES_MAX)
                line[length++] = harmless(*letter);
            else
                cut = true;
        }
    }
    if (cut)
        length = without_broken_end(line, length);
    line[length] = '\0';
    port->log(port->context, level, line);
}
