/*
 * CoAP messages as bytes (RFC 7252 §3): the codec of header, token, options and payload.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_MESSAGE_H
#define LWM2M_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/error.h>

enum lwm2m_message_type {
    LWM2M_MESSAGE_CON = 0,
    LWM2M_MESSAGE_NON = 1,
    LWM2M_MESSAGE_ACK = 2,
    LWM2M_MESSAGE_RST = 3,
};

/* Option numbers (RFC 7252, 7641, 7959, 7967, 9175). */
enum lwm2m_option_number {
    LWM2M_OPTION_IF_MATCH = 1,
    LWM2M_OPTION_URI_HOST = 3,
    LWM2M_OPTION_ETAG = 4,
    LWM2M_OPTION_IF_NONE_MATCH = 5,
    LWM2M_OPTION_OBSERVE = 6,
    LWM2M_OPTION_URI_PORT = 7,
    LWM2M_OPTION_LOCATION_PATH = 8,
    LWM2M_OPTION_URI_PATH = 11,
    LWM2M_OPTION_CONTENT_FORMAT = 12,
    LWM2M_OPTION_MAX_AGE = 14,
    LWM2M_OPTION_URI_QUERY = 15,
    LWM2M_OPTION_HOP_LIMIT = 16,
    LWM2M_OPTION_ACCEPT = 17,
    LWM2M_OPTION_LOCATION_QUERY = 20,
    LWM2M_OPTION_BLOCK2 = 23,
    LWM2M_OPTION_BLOCK1 = 27,
    LWM2M_OPTION_SIZE2 = 28,
    LWM2M_OPTION_PROXY_URI = 35,
    LWM2M_OPTION_PROXY_SCHEME = 39,
    LWM2M_OPTION_SIZE1 = 60,
    LWM2M_OPTION_ECHO = 252,
    LWM2M_OPTION_NO_RESPONSE = 258,
    LWM2M_OPTION_REQUEST_TAG = 292,
};

/* Options with an odd number must be understood by whoever gets them (RFC 7252 §5.4.1). */
#define LWM2M_OPTION_IS_CRITICAL(number) (((number) & 1u) != 0)

#define LWM2M_TOKEN_MAX 8

struct lwm2m_token {
    uint8_t length; /* 0 to 8 */
    uint8_t bytes[LWM2M_TOKEN_MAX]; /* zero behind length */
};

bool lwm2m_token_equal(const struct lwm2m_token *a, const struct lwm2m_token *b);

/*
 * A message, decoded or about to be encoded. options are as on the wire (deltas and values, without
 * the payload marker): read them with lwm2m_option_reader, write them with lwm2m_options.
 */
struct lwm2m_message {
    uint8_t type; /* enum lwm2m_message_type */
    uint8_t code; /* 0 empty, 1-31 method, 64 and more a response: status.h */
    uint16_t message_id;
    struct lwm2m_token token;
    struct lwm2m_bytes options;
    struct lwm2m_bytes payload;
};

/*
 * Decodes a datagram; everything in *message borrows from it. All options are checked, so that
 * reading them later cannot fail. LWM2M_MALFORMED with *fault (may be NULL) for a message format
 * error; message->type and message_id are then set if the datagram has four bytes and version 1, so
 * that a CON can be rejected with a reset. LWM2M_UNSUPPORTED for another version: to be ignored in
 * silence.
 */
enum lwm2m_error lwm2m_message_decode(struct lwm2m_bytes datagram, struct lwm2m_message *message,
                                      struct lwm2m_fault *fault) LWM2M_MUST_CHECK;

/* Appends the message to out; LWM2M_NO_SPACE, or LWM2M_ARGUMENT for a token longer than 8 bytes. */
enum lwm2m_error lwm2m_message_encode(const struct lwm2m_message *message,
                                      struct lwm2m_buffer *out) LWM2M_MUST_CHECK;

struct lwm2m_option {
    uint16_t number;
    struct lwm2m_bytes value;
};

/* Walks the options of a decoded message, by ascending number. */
struct lwm2m_option_reader {
    struct lwm2m_bytes rest;
    uint16_t number;
};

void lwm2m_option_reader_init(struct lwm2m_option_reader *reader,
                              const struct lwm2m_message *message);
/* False at the end. */
bool lwm2m_option_reader_next(struct lwm2m_option_reader *reader, struct lwm2m_option *option);

/* The first option of that number; false if there is none. */
bool lwm2m_message_find_option(const struct lwm2m_message *message, uint16_t number,
                               struct lwm2m_option *option);

/* The option's value as unsigned integer; LWM2M_MALFORMED if it has more than four bytes. */
enum lwm2m_error lwm2m_option_number_value(const struct lwm2m_option *option,
                                           uint32_t *number) LWM2M_MUST_CHECK;

/* The first option of that number as unsigned integer, or fallback if it is absent or malformed. */
uint32_t lwm2m_message_option_or(const struct lwm2m_message *message, uint16_t number,
                                 uint32_t fallback);

/*
 * Options about to be sent, in memory of the caller. They must be appended by ascending number;
 * one below its predecessor fails with LWM2M_ARGUMENT. Errors stick, as in lwm2m_buffer: one check by
 * lwm2m_options_check at the end suffices.
 */
struct lwm2m_options {
    struct lwm2m_buffer buffer;
    uint16_t last;
    enum lwm2m_error error;
};

void lwm2m_options_init(struct lwm2m_options *options, void *memory, size_t capacity);
void lwm2m_options_append(struct lwm2m_options *options, uint16_t number, struct lwm2m_bytes value);
void lwm2m_options_append_text(struct lwm2m_options *options, uint16_t number, const char *text);
/* As few bytes as the number needs; none for 0 (RFC 7252 §3.2). */
void lwm2m_options_append_number(struct lwm2m_options *options, uint16_t number, uint32_t value);
enum lwm2m_error lwm2m_options_check(const struct lwm2m_options *options) LWM2M_MUST_CHECK;
/* The options as lwm2m_message wants them. */
struct lwm2m_bytes lwm2m_options_bytes(const struct lwm2m_options *options);

/*
 * Copies the options of message except those whose number is `without` into options, and puts
 * `value` with that number in its place. For what block-wise transfer changes from block to block.
 * value NULL only removes.
 */
enum lwm2m_error lwm2m_options_replace(struct lwm2m_options *options,
                                       const struct lwm2m_message *message, uint16_t number,
                                       const uint32_t *value) LWM2M_MUST_CHECK;

#endif
