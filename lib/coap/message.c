/*
 * CoAP messages: the header, the token and the payload on the wire (RFC 7252 §3).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/message.h>

#include <string.h>

#include "coap/options.h"

#define VERSION 1u
#define HEADER_BYTES 4
#define PAYLOAD_MARKER 0xff

bool lwm2m_token_equal(const struct lwm2m_token *a, const struct lwm2m_token *b)
{
    return a->length == b->length && memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

/* Finds where the options end and the payload begins, and checks every option on the way. */
static enum lwm2m_error decode_options(struct lwm2m_bytes datagram, size_t start,
                                       struct lwm2m_message *message, struct lwm2m_fault *fault)
{
    struct lwm2m_bytes rest = {datagram.data + start, datagram.length - start};
    struct lwm2m_bytes value;
    uint16_t number = 0;

    message->options.data = rest.data;
    while (rest.length > 0 && rest.data[0] != PAYLOAD_MARKER) {
        const char *reason = lwm2m_option_take(&rest, &number, &value);

        if (reason != NULL) {
            return lwm2m_fault_set(fault, LWM2M_MALFORMED, (size_t)(rest.data - datagram.data),
                                   reason);
        }
    }
    message->options.length = (size_t)(rest.data - message->options.data);
    if (rest.length == 0) {
        return LWM2M_OK;
    }
    if (rest.length == 1) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, datagram.length - 1,
                               "payload marker without payload");
    }
    message->payload.data = rest.data + 1;
    message->payload.length = rest.length - 1;
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_message_decode(struct lwm2m_bytes datagram, struct lwm2m_message *message,
                                      struct lwm2m_fault *fault)
{
    const uint8_t *data = datagram.data;
    size_t token_length;

    memset(message, 0, sizeof(*message));
    if (datagram.length == 0) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, 0, "shorter than a header");
    }
    if (data[0] >> 6 != VERSION) {
        return lwm2m_fault_set(fault, LWM2M_UNSUPPORTED, 0, "unknown version");
    }
    if (datagram.length < HEADER_BYTES) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, datagram.length, "shorter than a header");
    }

    message->type = data[0] >> 4 & 3;
    message->code = data[1];
    message->message_id = (uint16_t)(data[2] << 8 | data[3]);
    token_length = data[0] & 0x0fu;
    if (message->code == 0 && (token_length > 0 || datagram.length > HEADER_BYTES)) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, token_length > 0 ? 0 : HEADER_BYTES,
                               "empty message with content");
    }
    if (token_length > LWM2M_TOKEN_MAX) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, 0, "reserved token length");
    }
    if (token_length > datagram.length - HEADER_BYTES) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, HEADER_BYTES, "token runs past the end");
    }

    message->token.length = (uint8_t)token_length;
    memcpy(message->token.bytes, data + HEADER_BYTES, token_length);
    return decode_options(datagram, HEADER_BYTES + token_length, message, fault);
}

/* The size on the wire, or SIZE_MAX if it is past counting. */
static size_t encoded_bytes(const struct lwm2m_message *message)
{
    size_t length = HEADER_BYTES + (size_t)message->token.length;

    if (message->options.length > SIZE_MAX - length) {
        return SIZE_MAX;
    }
    length += message->options.length;
    if (message->payload.length == 0) {
        return length;
    }
    if (message->payload.length >= SIZE_MAX - length) {
        return SIZE_MAX;
    }
    return length + 1 + message->payload.length;
}

static uint8_t *put(uint8_t *to, const void *data, size_t length)
{
    if (length > 0) {
        memcpy(to, data, length);
    }
    return to + length;
}

enum lwm2m_error lwm2m_message_encode(const struct lwm2m_message *message, struct lwm2m_buffer *out)
{
    size_t length;
    uint8_t *to;

    if (message->token.length > LWM2M_TOKEN_MAX || message->type > LWM2M_MESSAGE_RST) {
        return LWM2M_ARGUMENT;
    }
    length = encoded_bytes(message);
    if (out->overflown || length > out->capacity - out->length) {
        out->overflown = true;
        return LWM2M_NO_SPACE;
    }
    to = out->data + out->length;
    *to++ = (uint8_t)(VERSION << 6 | (unsigned)message->type << 4 | message->token.length);
    *to++ = message->code;
    *to++ = (uint8_t)(message->message_id >> 8);
    *to++ = (uint8_t)message->message_id;
    to = put(to, message->token.bytes, message->token.length);
    to = put(to, message->options.data, message->options.length);
    if (message->payload.length > 0) {
        *to++ = PAYLOAD_MARKER;
        put(to, message->payload.data, message->payload.length);
    }
    out->length += length;
    return LWM2M_OK;
}
