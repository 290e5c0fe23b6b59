/*
 * The Block1 and Block2 options (RFC 7959 §2.2), and the options of a message with some of them
 * changed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coap/block_option.h"

#include <string.h>

#define OPTION_BYTES_MAX 3u
#define MORE_BIT 0x8u
#define EXPONENT_MASK 0x7u
#define NUMBER_SHIFT 4
#define SMALLEST_SHIFT 4 /* 2^4 = 16 bytes */

enum lwm2m_error lwm2m_block_find(const struct lwm2m_message *message, uint16_t option_number,
                                  struct lwm2m_block *block)
{
    struct lwm2m_option option;
    uint32_t value = 0;

    if (!lwm2m_message_find_option(message, option_number, &option)) {
        return LWM2M_NOT_FOUND;
    }
    if (option.value.length > OPTION_BYTES_MAX ||
        lwm2m_option_number_value(&option, &value) != LWM2M_OK) {
        return LWM2M_MALFORMED;
    }

    block->number = value >> NUMBER_SHIFT;
    block->more = (value & MORE_BIT) != 0;
    block->exponent = (uint8_t)(value & EXPONENT_MASK);
    return block->exponent > LWM2M_BLOCK_EXPONENT_MAX ? LWM2M_RANGE : LWM2M_OK;
}

uint32_t lwm2m_block_value(const struct lwm2m_block *block)
{
    return block->number << NUMBER_SHIFT | (block->more ? MORE_BIT : 0) | block->exponent;
}

size_t lwm2m_block_bytes(uint8_t exponent)
{
    return (size_t)LWM2M_BLOCK_BYTES_MIN << exponent;
}

size_t lwm2m_block_offset(const struct lwm2m_block *block)
{
    return (size_t)block->number << (block->exponent + SMALLEST_SHIFT);
}

uint8_t lwm2m_block_exponent(size_t bytes)
{
    uint8_t exponent = LWM2M_BLOCK_EXPONENT_MAX;

    while (exponent > 0 && lwm2m_block_bytes(exponent) > bytes) {
        exponent--;
    }
    return exponent;
}

enum lwm2m_error lwm2m_block_of_body(size_t offset, size_t body_length, uint8_t exponent,
                                     struct lwm2m_block *block)
{
    size_t number = offset >> (exponent + SMALLEST_SHIFT);

    if (number > LWM2M_BLOCK_NUMBER_MAX) {
        return LWM2M_TOO_LARGE;
    }
    block->number = (uint32_t)number;
    block->more = body_length - offset > lwm2m_block_bytes(exponent);
    block->exponent = exponent;
    return LWM2M_OK;
}

struct lwm2m_bytes lwm2m_block_slice(const struct lwm2m_block *block, struct lwm2m_bytes body)
{
    size_t offset = lwm2m_block_offset(block);
    size_t length = body.length - offset;

    if (length > lwm2m_block_bytes(block->exponent)) {
        length = lwm2m_block_bytes(block->exponent);
    }
    return (struct lwm2m_bytes){length > 0 ? body.data + offset : NULL, length};
}

/* Makes room for an edit of that number, so that they stay in order. */
static struct lwm2m_option_edit *add_edit(struct lwm2m_option_edits *edits, uint16_t number)
{
    size_t at = edits->count++;

    while (at > 0 && edits->items[at - 1].number > number) {
        edits->items[at] = edits->items[at - 1];
        at--;
    }
    memset(&edits->items[at], 0, sizeof(edits->items[at]));
    edits->items[at].number = number;
    return &edits->items[at];
}

void lwm2m_option_edits_remove(struct lwm2m_option_edits *edits, uint16_t number)
{
    (void)add_edit(edits, number);
}

void lwm2m_option_edits_set(struct lwm2m_option_edits *edits, uint16_t number, uint32_t value)
{
    uint8_t bytes[4];
    size_t start = sizeof(bytes);

    for (; value > 0; value >>= 8) {
        bytes[--start] = (uint8_t)value;
    }
    lwm2m_option_edits_set_bytes(edits, number,
                                 (struct lwm2m_bytes){bytes + start, sizeof(bytes) - start});
}

void lwm2m_option_edits_set_bytes(struct lwm2m_option_edits *edits, uint16_t number,
                                  struct lwm2m_bytes value)
{
    struct lwm2m_option_edit *edit = add_edit(edits, number);

    edit->present = true;
    edit->length = (uint8_t)value.length;
    if (value.length > 0) {
        memcpy(edit->value, value.data, value.length);
    }
}

static void append_edit(struct lwm2m_options *options, const struct lwm2m_option_edit *edit)
{
    if (edit->present) {
        lwm2m_options_append(options, edit->number,
                             (struct lwm2m_bytes){edit->value, edit->length});
    }
}

enum lwm2m_error lwm2m_option_edits_write(const struct lwm2m_option_edits *edits,
                                          struct lwm2m_bytes source, void *memory, size_t capacity,
                                          struct lwm2m_bytes *result)
{
    const struct lwm2m_option_edit *edit = edits->items;
    const struct lwm2m_option_edit *end = edits->items + edits->count;
    struct lwm2m_message message = {.options = source};
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;
    struct lwm2m_options out;

    lwm2m_options_init(&out, memory, capacity);
    lwm2m_option_reader_init(&reader, &message);
    while (lwm2m_option_reader_next(&reader, &option)) {
        while (edit < end && edit->number < option.number) {
            append_edit(&out, edit++);
        }
        if (edit == end || edit->number != option.number) {
            lwm2m_options_append(&out, option.number, option.value);
        }
    }
    while (edit < end) {
        append_edit(&out, edit++);
    }

    *result = lwm2m_options_bytes(&out);
    return lwm2m_options_check(&out);
}

enum lwm2m_error lwm2m_option_edits_apply(const struct lwm2m_option_edits *edits,
                                          const struct lwm2m_port *port, struct lwm2m_bytes source,
                                          uint8_t **memory, struct lwm2m_bytes *result)
{
    size_t capacity = source.length + edits->count * LWM2M_OPTION_EDIT_BYTES_MAX + 1;
    enum lwm2m_error error;

    *memory = port->allocate(port->context, capacity);
    if (*memory == NULL) {
        return LWM2M_NO_MEMORY;
    }
    error = lwm2m_option_edits_write(edits, source, *memory, capacity, result);
    if (error != LWM2M_OK) {
        port->release(port->context, *memory);
        *memory = NULL;
    }
    return error;
}

enum lwm2m_error lwm2m_request_key_write(const struct lwm2m_message *request, void *memory,
                                         size_t capacity, struct lwm2m_bytes *key)
{
    static const uint16_t left_out[] = {
        LWM2M_OPTION_ETAG,        LWM2M_OPTION_OBSERVE, LWM2M_OPTION_CONTENT_FORMAT,
        LWM2M_OPTION_HOP_LIMIT,   LWM2M_OPTION_BLOCK2,  LWM2M_OPTION_BLOCK1,
        LWM2M_OPTION_SIZE2,       LWM2M_OPTION_SIZE1,   LWM2M_OPTION_ECHO,
        LWM2M_OPTION_NO_RESPONSE,
    };
    struct lwm2m_option_edits edits = {0};
    struct lwm2m_bytes options;
    uint8_t *bytes = memory;
    enum lwm2m_error error;

    if (capacity == 0) {
        return LWM2M_NO_SPACE;
    }
    for (size_t i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++) {
        lwm2m_option_edits_remove(&edits, left_out[i]);
    }
    error = lwm2m_option_edits_write(&edits, request->options, bytes + 1, capacity - 1, &options);
    bytes[0] = request->code;
    *key = (struct lwm2m_bytes){bytes, 1 + options.length};
    return error;
}
