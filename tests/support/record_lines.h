/*
 * A sink that writes every record down as a line, for tests to compare with:
 * `/3/0/9 int 101`, `/3/0/7 none`, and `/3/0/9 int 101 @1700000000000` with a time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SUPPORT_RECORD_LINES_H
#define SUPPORT_RECORD_LINES_H

#include <stddef.h>
#include <stdint.h>

#include <lwm2m/codec.h>

struct record_lines {
    char text[8192];
    size_t length;
    struct lwm2m_fault fault; /* of the last decoding */
    uint8_t scratch_memory[4096];
};

/*
 * Decodes into *lines, which is emptied first. The payload is copied to memory of its exact size,
 * so that a sanitizer sees what is read behind its end.
 */
enum lwm2m_error record_lines_decode(struct record_lines *lines, const struct lwm2m_codec *codec,
                                     struct lwm2m_type_source types, struct lwm2m_path base,
                                     struct lwm2m_bytes payload);

struct lwm2m_sink record_lines_sink(struct record_lines *lines);

/*
 * Types of the resources that the vectors of the specification use: of objects 1 to 3, and of its
 * examples 65 and 66.
 */
enum lwm2m_type example_type(void *context, struct lwm2m_path path);
struct lwm2m_type_source example_types(void);

/* The path of a text that is one. */
struct lwm2m_path example_path(const char *text);

#endif
