/*
 * CoAP messages in words: for traces and dry runs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONTROL_MESSAGE_TEXT_H
#define CONTROL_MESSAGE_TEXT_H

#include <stddef.h>

#include <cjson/cJSON.h>

#include <lwm2m/message.h>

/* The largest message that a dry run shows. */
#define MESSAGE_SHOWN_BYTES_MAX (65536 + 1024)

/*
 * Prints "CON POST /rd?ep=a&lt=300 link 42 bytes" or "ACK 2.05 tlv 7 bytes" without a line end; cut
 * where it does not fit. Control characters of a peer's text become '?'.
 */
void message_print(const struct lwm2m_message *message, char *text, size_t size);

/* The same with message id and token, as a trace shows it. */
void message_print_trace(const struct lwm2m_message *message, char *text, size_t size);

/* The same from the code on: "GET /3/0 accept=tlv". */
void message_print_summary(const struct lwm2m_message *message, char *text, size_t size);

/* "CON", "NON", "ACK" or "RST". */
const char *message_type_name(const struct lwm2m_message *message);

/* "GET", "2.05", or "0.00" of an empty message. */
#define MESSAGE_CODE_TEXT_MAX 16
void message_print_code(const struct lwm2m_message *message, char text[MESSAGE_CODE_TEXT_MAX]);

/* The path that is asked for or, in an answer to a Register or Create, was made: "/3/0", without a
 * query; empty if there is none. */
void message_print_path(const struct lwm2m_message *message, char *text, size_t size);

/* Adds "message" and "hex" of an encoded message to a result. */
void message_add_description(cJSON *result, struct lwm2m_bytes encoded);

/* Writes bytes as hexadecimal digits and a NUL, as many as fit. */
void hex_print(struct lwm2m_bytes bytes, char *text, size_t size);

#endif
