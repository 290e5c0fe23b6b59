/*
 * CoAP messages written down in test code, one token for each option:
 *
 *     PUT /a/b ?q=1 cf=110 2:0/0/64 1:3/1/64 size1=400 #64
 *
 * Block options as number/more/bytes (2048 is the reserved size), #64 the length of the payload.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SUPPORT_MESSAGE_TEXT_H
#define SUPPORT_MESSAGE_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include <lwm2m/message.h>

#define MESSAGE_TEXT_MAX 256

struct message_text {
    struct lwm2m_message message; /* options borrow from memory */
    uint8_t memory[MESSAGE_TEXT_MAX];
};

/*
 * Reads a text without "#"; the payload is the caller's. An ETag is written etag=0a0b0c, a path
 * segment that is no plain one path=x, an option without a name of its own 258=2. Aborts on what it
 * does not know.
 */
void message_text_read(struct message_text *message, const char *text, struct lwm2m_bytes payload);

/* Prints a message, an ETag as "etag" without its value; "#" only with a payload, and each segment
 * of a Location-Path as to=x. Returns text. */
char *message_text_print(const struct lwm2m_message *message, char text[MESSAGE_TEXT_MAX]);

/* Fills a body with bytes that differ from place to place and from seed to seed. */
void body_fill(uint8_t *body, size_t length, unsigned seed);

#endif
