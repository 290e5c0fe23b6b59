/*
 * CoAP options: reading them from a message, writing them into memory of the caller (RFC 7252
 * §3.1).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coap/options.h"

#include <string.h>

#include <lwm2m/message.h>

/* A nibble of 13 is followed by one more byte, 14 by two; 15 is reserved. */
#define NIBBLE_ONE_BYTE 13u
#define NIBBLE_TWO_BYTES 14u
#define NIBBLE_RESERVED 15u
#define ONE_BYTE_BASE 13u
#define TWO_BYTES_BASE 269u
#define OPTION_LENGTH_MAX (TWO_BYTES_BASE + 0xffffu)
#define OPTION_HEADER_MAX 5

/* Reads what stands for a nibble at data + *used; false if the bytes end before it does. */
static bool read_extended(struct lwm2m_bytes bytes, size_t *used, uint32_t *nibble)
{
    const uint8_t *data = bytes.data;

    if (*nibble < NIBBLE_ONE_BYTE) {
        return true;
    }
    if (*nibble == NIBBLE_ONE_BYTE) {
        if (bytes.length - *used < 1) {
            return false;
        }
        *nibble = ONE_BYTE_BASE + data[*used];
        *used += 1;
        return true;
    }
    if (bytes.length - *used < 2) {
        return false;
    }
    *nibble = TWO_BYTES_BASE + ((uint32_t)data[*used] << 8 | data[*used + 1]);
    *used += 2;
    return true;
}

const char *lwm2m_option_take(struct lwm2m_bytes *rest, uint16_t *number, struct lwm2m_bytes *value)
{
    uint32_t delta = rest->data[0] >> 4;
    uint32_t length = rest->data[0] & 0x0f;
    size_t used = 1;

    if (delta == NIBBLE_RESERVED) {
        return "reserved option delta";
    }
    if (length == NIBBLE_RESERVED) {
        return "reserved option length";
    }
    if (!read_extended(*rest, &used, &delta) || !read_extended(*rest, &used, &length)) {
        return "option header runs past the end";
    }
    if (delta > UINT16_MAX - (uint32_t)*number) {
        return "option number above 65535";
    }
    if (length > rest->length - used) {
        return "option value runs past the end";
    }

    *number = (uint16_t)(*number + delta);
    value->data = rest->data + used;
    value->length = length;
    rest->data += used + length;
    rest->length -= used + length;
    return NULL;
}

void lwm2m_option_reader_init(struct lwm2m_option_reader *reader,
                              const struct lwm2m_message *message)
{
    reader->rest = message->options;
    reader->number = 0;
}

bool lwm2m_option_reader_next(struct lwm2m_option_reader *reader, struct lwm2m_option *option)
{
    if (reader->rest.length == 0) {
        return false;
    }
    if (lwm2m_option_take(&reader->rest, &reader->number, &option->value) != NULL) {
        /* Only options that the caller made up can be malformed: they end here. */
        reader->rest.length = 0;
        return false;
    }
    option->number = reader->number;
    return true;
}

bool lwm2m_message_find_option(const struct lwm2m_message *message, uint16_t number,
                               struct lwm2m_option *option)
{
    struct lwm2m_option_reader reader;

    lwm2m_option_reader_init(&reader, message);
    while (lwm2m_option_reader_next(&reader, option)) {
        if (option->number >= number) {
            return option->number == number;
        }
    }
    return false;
}

enum lwm2m_error lwm2m_option_number_value(const struct lwm2m_option *option, uint32_t *number)
{
    uint32_t value = 0;

    if (option->value.length > 4) {
        return LWM2M_MALFORMED;
    }
    for (size_t i = 0; i < option->value.length; i++) {
        value = value << 8 | option->value.data[i];
    }
    *number = value;
    return LWM2M_OK;
}

uint32_t lwm2m_message_option_or(const struct lwm2m_message *message, uint16_t number,
                                 uint32_t fallback)
{
    struct lwm2m_option option;
    uint32_t value;

    if (!lwm2m_message_find_option(message, number, &option)) {
        return fallback;
    }
    if (lwm2m_option_number_value(&option, &value) != LWM2M_OK) {
        return fallback;
    }
    return value;
}

void lwm2m_options_init(struct lwm2m_options *options, void *memory, size_t capacity)
{
    memset(options, 0, sizeof(*options));
    lwm2m_buffer_init(&options->buffer, memory, capacity);
}

/* Writes the bytes that extend a nibble behind header[*used], and returns the nibble. */
static uint8_t write_extended(uint8_t *header, size_t *used, uint32_t number)
{
    if (number < ONE_BYTE_BASE) {
        return (uint8_t)number;
    }
    if (number < TWO_BYTES_BASE) {
        header[(*used)++] = (uint8_t)(number - ONE_BYTE_BASE);
        return NIBBLE_ONE_BYTE;
    }
    header[(*used)++] = (uint8_t)((number - TWO_BYTES_BASE) >> 8);
    header[(*used)++] = (uint8_t)(number - TWO_BYTES_BASE);
    return NIBBLE_TWO_BYTES;
}

void lwm2m_options_append(struct lwm2m_options *options, uint16_t number, struct lwm2m_bytes value)
{
    struct lwm2m_buffer *buffer = &options->buffer;
    uint8_t header[OPTION_HEADER_MAX];
    uint8_t delta;
    uint8_t length;
    size_t used = 1;

    if (options->error != LWM2M_OK) {
        return;
    }
    if (number < options->last || value.length > OPTION_LENGTH_MAX) {
        options->error = LWM2M_ARGUMENT;
        return;
    }
    delta = write_extended(header, &used, (uint32_t)number - options->last);
    length = write_extended(header, &used, (uint32_t)value.length);
    header[0] = (uint8_t)(delta << 4 | length);

    /* Whole or not at all: what is there must always be readable. */
    if (used + value.length > buffer->capacity - buffer->length) {
        buffer->overflown = true;
        options->error = LWM2M_NO_SPACE;
        return;
    }
    memcpy(buffer->data + buffer->length, header, used);
    if (value.length > 0) {
        memcpy(buffer->data + buffer->length + used, value.data, value.length);
    }
    buffer->length += used + value.length;
    options->last = number;
}

void lwm2m_options_append_text(struct lwm2m_options *options, uint16_t number, const char *text)
{
    lwm2m_options_append(options, number, lwm2m_bytes_from_text(text));
}

void lwm2m_options_append_number(struct lwm2m_options *options, uint16_t number, uint32_t value)
{
    uint8_t bytes[4];
    size_t start = sizeof(bytes);

    for (; value > 0; value >>= 8) {
        bytes[--start] = (uint8_t)value;
    }
    lwm2m_options_append(options, number,
                         (struct lwm2m_bytes){bytes + start, sizeof(bytes) - start});
}

enum lwm2m_error lwm2m_options_check(const struct lwm2m_options *options)
{
    return options->error;
}

struct lwm2m_bytes lwm2m_options_bytes(const struct lwm2m_options *options)
{
    return (struct lwm2m_bytes){options->buffer.data, options->buffer.length};
}

enum lwm2m_error lwm2m_options_replace(struct lwm2m_options *options,
                                       const struct lwm2m_message *message, uint16_t number,
                                       const uint32_t *value)
{
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;
    bool placed = value == NULL;

    lwm2m_option_reader_init(&reader, message);
    while (lwm2m_option_reader_next(&reader, &option)) {
        if (!placed && option.number >= number) {
            lwm2m_options_append_number(options, number, *value);
            placed = true;
        }
        if (option.number != number) {
            lwm2m_options_append(options, option.number, option.value);
        }
    }
    if (!placed) {
        lwm2m_options_append_number(options, number, *value);
    }
    return lwm2m_options_check(options);
}

bool lwm2m_option_is_known(uint16_t number)
{
    switch (number) {
    case LWM2M_OPTION_IF_MATCH:
    case LWM2M_OPTION_URI_HOST:
    case LWM2M_OPTION_IF_NONE_MATCH:
    case LWM2M_OPTION_URI_PORT:
    case LWM2M_OPTION_URI_PATH:
    case LWM2M_OPTION_URI_QUERY:
    case LWM2M_OPTION_ACCEPT:
    case LWM2M_OPTION_BLOCK2:
    case LWM2M_OPTION_BLOCK1:
    case LWM2M_OPTION_PROXY_URI:
    case LWM2M_OPTION_PROXY_SCHEME:
        return true;
    default:
        return false;
    }
}
