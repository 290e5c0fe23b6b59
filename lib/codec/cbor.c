/*
 * CBOR (RFC 8949): reads item heads, strings and numbers one by one, and writes them in their
 * shortest form. What the items mean is for the formats built on it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/cbor.h"

#include <float.h>
#include <string.h>

#include <lwm2m/codec.h>
#include <lwm2m/utf8.h>

#include "codec/insert.h"

enum major {
    MAJOR_UNSIGNED,
    MAJOR_NEGATIVE,
    MAJOR_BYTES,
    MAJOR_TEXT,
    MAJOR_ARRAY,
    MAJOR_MAP,
    MAJOR_TAG,
    MAJOR_SIMPLE,
};

/* The low five bits of a head. */
enum {
    INFO_MASK = 0x1F,
    INFO_FALSE = 20,
    INFO_TRUE = 21,
    INFO_NULL = 22,
    INFO_ONE_BYTE = 24,
    INFO_TWO_BYTES = 25,
    INFO_FOUR_BYTES = 26,
    INFO_EIGHT_BYTES = 27,
    INFO_INDEFINITE = 31,
};

struct head {
    enum major major;
    unsigned info;
    size_t offset;
    uint64_t argument;
};

/* The parts of the IEEE 754 formats. */
enum {
    HALF_FRACTION_BITS = 10,
    HALF_EXPONENT_MAX = 0x1F,
    HALF_BIAS = 15,
    DOUBLE_FRACTION_BITS = 52,
    DOUBLE_EXPONENT_MAX = 0x7FF,
    DOUBLE_BIAS = 1023,
};

static double double_from_bits(uint64_t bits)
{
    double number;

    memcpy(&number, &bits, sizeof number);
    return number;
}

static uint64_t double_bits(double number)
{
    uint64_t bits;

    memcpy(&bits, &number, sizeof bits);
    return bits;
}

static double single_from_bits(uint32_t bits)
{
    float number;

    memcpy(&number, &bits, sizeof number);
    return (double)number;
}

static double half_from_bits(uint16_t half)
{
    uint64_t sign = (uint64_t)(half >> 15) << 63;
    unsigned exponent = (unsigned)(half >> HALF_FRACTION_BITS) & HALF_EXPONENT_MAX;
    uint64_t fraction = half & ((1U << HALF_FRACTION_BITS) - 1);

    if (exponent == 0) {
        double magnitude = (double)fraction / (1 << (HALF_BIAS - 1 + HALF_FRACTION_BITS));

        return double_from_bits(double_bits(magnitude) | sign);
    }
    if (exponent == HALF_EXPONENT_MAX) {
        exponent = DOUBLE_EXPONENT_MAX;
    } else {
        exponent += DOUBLE_BIAS - HALF_BIAS;
    }
    return double_from_bits(sign | (uint64_t)exponent << DOUBLE_FRACTION_BITS |
                            fraction << (DOUBLE_FRACTION_BITS - HALF_FRACTION_BITS));
}

/* True, and *half, if a half float holds the number exactly. */
static bool half_from_double(double number, uint16_t *half)
{
    uint64_t bits = double_bits(number);
    unsigned sign = (unsigned)(bits >> 63);
    int exponent = (int)(bits >> DOUBLE_FRACTION_BITS & DOUBLE_EXPONENT_MAX) - DOUBLE_BIAS;
    uint64_t fraction = bits & ((UINT64_C(1) << DOUBLE_FRACTION_BITS) - 1);
    unsigned shift = DOUBLE_FRACTION_BITS - HALF_FRACTION_BITS;
    unsigned half_exponent = 0;

    if (exponent == -DOUBLE_BIAS && fraction == 0) {
        *half = (uint16_t)(sign << 15);
        return true;
    }
    if (exponent > HALF_BIAS || exponent < 1 - HALF_BIAS - HALF_FRACTION_BITS) {
        return false;
    }
    if (exponent >= 1 - HALF_BIAS) {
        half_exponent = (unsigned)(exponent + HALF_BIAS);
    } else {
        /* A subnormal: the leading one, which doubles leave out, takes its place in the fraction.
         */
        fraction |= UINT64_C(1) << DOUBLE_FRACTION_BITS;
        shift += (unsigned)(1 - HALF_BIAS - exponent);
    }
    if ((fraction & ((UINT64_C(1) << shift) - 1)) != 0) {
        return false;
    }
    *half = (uint16_t)(sign << 15 | half_exponent << HALF_FRACTION_BITS | fraction >> shift);
    return true;
}

static enum lwm2m_error malformed(const struct lwm2m_cbor_reader *reader, size_t offset,
                                  const char *reason)
{
    return lwm2m_fault_set(reader->fault, LWM2M_MALFORMED, offset, reason);
}

static enum lwm2m_error read_head(struct lwm2m_cbor_reader *reader, struct head *head)
{
    size_t left = reader->input.length - reader->offset;
    const uint8_t *data;
    unsigned size;

    if (left == 0) {
        return malformed(reader, reader->offset, "the input ends too early");
    }
    data = reader->input.data + reader->offset;
    head->offset = reader->offset;
    head->major = (enum major)(data[0] >> 5);
    head->info = data[0] & INFO_MASK;
    head->argument = head->info;
    reader->offset++;
    if (head->info < INFO_ONE_BYTE || head->info == INFO_INDEFINITE) {
        return LWM2M_OK;
    }
    if (head->info > INFO_EIGHT_BYTES) {
        return malformed(reader, head->offset, "a reserved length");
    }
    size = 1U << (head->info - INFO_ONE_BYTE);
    if (left - 1 < size) {
        return malformed(reader, reader->input.length, "the input ends too early");
    }
    head->argument = 0;
    for (unsigned i = 0; i < size; i++) {
        head->argument = head->argument << 8 | data[1 + i];
    }
    reader->offset += size;
    return LWM2M_OK;
}

/* The content of a string of stated length. */
static enum lwm2m_error read_run(struct lwm2m_cbor_reader *reader, const struct head *head,
                                 struct lwm2m_bytes *run)
{
    if (head->argument > reader->input.length - reader->offset) {
        return malformed(reader, head->offset, "length runs past the end");
    }
    run->data = reader->input.data + reader->offset;
    run->length = (size_t)head->argument;
    reader->offset += run->length;
    if (head->major == MAJOR_TEXT && !lwm2m_utf8_is_valid(*run)) {
        return malformed(reader, head->offset, "the text is not valid UTF-8");
    }
    return LWM2M_OK;
}

static enum lwm2m_error no_room(const struct lwm2m_cbor_reader *reader, size_t offset)
{
    return lwm2m_fault_set(reader->fault, LWM2M_NO_SPACE, offset,
                           "no room to join a string of several chunks");
}

static enum lwm2m_error read_chunks(struct lwm2m_cbor_reader *reader, const struct head *first,
                                    struct lwm2m_bytes *whole)
{
    size_t start;

    if (reader->scratch == NULL) {
        return no_room(reader, first->offset);
    }
    start = reader->scratch->length;
    for (;;) {
        struct lwm2m_bytes run;
        struct head head;
        enum lwm2m_error error = read_head(reader, &head);

        if (error != LWM2M_OK) {
            return error;
        }
        if (head.major == MAJOR_SIMPLE && head.info == INFO_INDEFINITE) {
            break;
        }
        if (head.major != first->major || head.info == INFO_INDEFINITE) {
            return malformed(reader, head.offset, "a chunk of another kind than its string");
        }
        error = read_run(reader, &head, &run);
        if (error != LWM2M_OK) {
            return error;
        }
        if (lwm2m_buffer_append(reader->scratch, run.data, run.length) != LWM2M_OK) {
            return no_room(reader, head.offset);
        }
    }
    whole->data = reader->scratch->data + start;
    whole->length = reader->scratch->length - start;
    return LWM2M_OK;
}

static enum lwm2m_error read_string(struct lwm2m_cbor_reader *reader, const struct head *head,
                                    struct lwm2m_cbor_item *item)
{
    item->kind = head->major == MAJOR_TEXT ? LWM2M_CBOR_TEXT : LWM2M_CBOR_BYTES;
    if (head->info == INFO_INDEFINITE) {
        return read_chunks(reader, head, &item->bytes);
    }
    return read_run(reader, head, &item->bytes);
}

static enum lwm2m_error read_simple(const struct lwm2m_cbor_reader *reader, const struct head *head,
                                    struct lwm2m_cbor_item *item)
{
    item->kind = LWM2M_CBOR_FLOAT;
    switch (head->info) {
    case INFO_FALSE:
    case INFO_TRUE:
        item->kind = LWM2M_CBOR_BOOLEAN;
        item->argument = head->info == INFO_TRUE;
        return LWM2M_OK;
    case INFO_TWO_BYTES:
        item->number = half_from_bits((uint16_t)head->argument);
        return LWM2M_OK;
    case INFO_FOUR_BYTES:
        item->number = single_from_bits((uint32_t)head->argument);
        return LWM2M_OK;
    case INFO_EIGHT_BYTES:
        item->number = double_from_bits(head->argument);
        return LWM2M_OK;
    case INFO_INDEFINITE:
        item->kind = LWM2M_CBOR_BREAK;
        return LWM2M_OK;
    case INFO_ONE_BYTE:
        if (head->argument < 32) {
            return malformed(reader, head->offset, "a simple value in two bytes that needs one");
        }
        break;
    default:
        break;
    }
    item->kind = LWM2M_CBOR_SIMPLE;
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_cbor_read(struct lwm2m_cbor_reader *reader, struct lwm2m_cbor_item *item)
{
    static const enum lwm2m_cbor_kind kinds[] = {
        [MAJOR_UNSIGNED] = LWM2M_CBOR_UNSIGNED, [MAJOR_NEGATIVE] = LWM2M_CBOR_NEGATIVE,
        [MAJOR_BYTES] = LWM2M_CBOR_BYTES,       [MAJOR_TEXT] = LWM2M_CBOR_TEXT,
        [MAJOR_ARRAY] = LWM2M_CBOR_ARRAY,       [MAJOR_MAP] = LWM2M_CBOR_MAP,
        [MAJOR_TAG] = LWM2M_CBOR_TAG,           [MAJOR_SIMPLE] = LWM2M_CBOR_SIMPLE,
    };
    struct head head;
    enum lwm2m_error error = read_head(reader, &head);

    if (error != LWM2M_OK) {
        return error;
    }
    *item = (struct lwm2m_cbor_item){
        .kind = kinds[head.major], .offset = head.offset, .argument = head.argument};
    switch (head.major) {
    case MAJOR_BYTES:
    case MAJOR_TEXT:
        return read_string(reader, &head, item);
    case MAJOR_SIMPLE:
        return read_simple(reader, &head, item);
    case MAJOR_ARRAY:
    case MAJOR_MAP:
        item->indefinite = head.info == INFO_INDEFINITE;
        return LWM2M_OK;
    default:
        if (head.info == INFO_INDEFINITE) {
            return malformed(reader, head.offset, "a number without a length");
        }
        return LWM2M_OK;
    }
}

bool lwm2m_cbor_is_null(const struct lwm2m_cbor_item *item)
{
    return item->kind == LWM2M_CBOR_SIMPLE && item->argument == INFO_NULL;
}

bool lwm2m_cbor_more(struct lwm2m_cbor_reader *reader, const struct lwm2m_cbor_item *container,
                     uint64_t *done)
{
    if (container->indefinite) {
        /* At the end of the input there is more to come: reading it tells what is missing. */
        if (reader->offset < reader->input.length &&
            reader->input.data[reader->offset] == (MAJOR_SIMPLE << 5 | INFO_INDEFINITE)) {
            reader->offset++;
            return false;
        }
    } else if (*done == container->argument) {
        return false;
    }
    ++*done;
    return true;
}

enum lwm2m_error lwm2m_cbor_skip(struct lwm2m_cbor_reader *reader,
                                 const struct lwm2m_cbor_item *head, unsigned depth)
{
    struct {
        struct lwm2m_cbor_item container;
        uint64_t done;
        bool value; /* of a map: its value comes next */
    } levels[LWM2M_DECODE_DEPTH_MAX];
    unsigned used = 0;
    struct lwm2m_cbor_item item = *head;

    for (;;) {
        enum lwm2m_error error;

        if (item.kind == LWM2M_CBOR_BREAK) {
            return malformed(reader, item.offset, "an end of what was not begun");
        }
        if (item.kind == LWM2M_CBOR_ARRAY || item.kind == LWM2M_CBOR_MAP ||
            item.kind == LWM2M_CBOR_TAG) {
            if (used == depth || used == LWM2M_DECODE_DEPTH_MAX) {
                return malformed(reader, item.offset, "nested too deeply");
            }
            if (item.kind == LWM2M_CBOR_TAG) {
                item.argument = 1; /* to skip, a tag is an array of the one item it marks */
            }
            levels[used].container = item;
            levels[used].done = 0;
            levels[used].value = false;
            used++;
        }
        for (; used > 0; used--) {
            if (levels[used - 1].value) {
                levels[used - 1].value = false;
                break;
            }
            if (lwm2m_cbor_more(reader, &levels[used - 1].container, &levels[used - 1].done)) {
                levels[used - 1].value = levels[used - 1].container.kind == LWM2M_CBOR_MAP;
                break;
            }
        }
        if (used == 0) {
            return LWM2M_OK;
        }
        error = lwm2m_cbor_read(reader, &item);
        if (error != LWM2M_OK) {
            return error;
        }
    }
}

static void append_head(struct lwm2m_buffer *out, enum major major, uint64_t argument)
{
    unsigned first = (unsigned)major << 5;

    if (argument < INFO_ONE_BYTE) {
        lwm2m_buffer_append_byte(out, (uint8_t)(first | argument));
    } else if (argument <= UINT8_MAX) {
        lwm2m_buffer_append_byte(out, (uint8_t)(first | INFO_ONE_BYTE));
        lwm2m_buffer_append_number(out, argument, 1);
    } else if (argument <= UINT16_MAX) {
        lwm2m_buffer_append_byte(out, (uint8_t)(first | INFO_TWO_BYTES));
        lwm2m_buffer_append_number(out, argument, 2);
    } else if (argument <= UINT32_MAX) {
        lwm2m_buffer_append_byte(out, (uint8_t)(first | INFO_FOUR_BYTES));
        lwm2m_buffer_append_number(out, argument, 4);
    } else {
        lwm2m_buffer_append_byte(out, (uint8_t)(first | INFO_EIGHT_BYTES));
        lwm2m_buffer_append_number(out, argument, 8);
    }
}

void lwm2m_cbor_append_unsigned(struct lwm2m_buffer *out, uint64_t number)
{
    append_head(out, MAJOR_UNSIGNED, number);
}

void lwm2m_cbor_append_integer(struct lwm2m_buffer *out, int64_t number)
{
    if (number >= 0) {
        append_head(out, MAJOR_UNSIGNED, (uint64_t)number);
    } else {
        append_head(out, MAJOR_NEGATIVE, (uint64_t)(-1 - number));
    }
}

void lwm2m_cbor_append_boolean(struct lwm2m_buffer *out, bool boolean)
{
    append_head(out, MAJOR_SIMPLE, boolean ? INFO_TRUE : INFO_FALSE);
}

void lwm2m_cbor_append_float(struct lwm2m_buffer *out, double number)
{
    unsigned first = (unsigned)MAJOR_SIMPLE << 5;
    uint16_t half;

    if (half_from_double(number, &half)) {
        lwm2m_buffer_append_byte(out, (uint8_t)(first | INFO_TWO_BYTES));
        lwm2m_buffer_append_number(out, half, 2);
    } else if (number >= -(double)FLT_MAX && number <= (double)FLT_MAX &&
               (double)(float)number == number) {
        float single = (float)number;
        uint32_t bits;

        memcpy(&bits, &single, sizeof bits);
        lwm2m_buffer_append_byte(out, (uint8_t)(first | INFO_FOUR_BYTES));
        lwm2m_buffer_append_number(out, bits, 4);
    } else {
        lwm2m_buffer_append_byte(out, (uint8_t)(first | INFO_EIGHT_BYTES));
        lwm2m_buffer_append_number(out, double_bits(number), 8);
    }
}

void lwm2m_cbor_append_text(struct lwm2m_buffer *out, struct lwm2m_bytes text)
{
    append_head(out, MAJOR_TEXT, text.length);
    lwm2m_buffer_append(out, text.data, text.length);
}

void lwm2m_cbor_append_bytes(struct lwm2m_buffer *out, struct lwm2m_bytes bytes)
{
    append_head(out, MAJOR_BYTES, bytes.length);
    lwm2m_buffer_append(out, bytes.data, bytes.length);
}

void lwm2m_cbor_append_null(struct lwm2m_buffer *out)
{
    append_head(out, MAJOR_SIMPLE, INFO_NULL);
}

void lwm2m_cbor_append_tag(struct lwm2m_buffer *out, uint64_t tag)
{
    append_head(out, MAJOR_TAG, tag);
}

void lwm2m_cbor_append_array(struct lwm2m_buffer *out, unsigned items)
{
    append_head(out, MAJOR_ARRAY, items);
}

void lwm2m_cbor_append_map(struct lwm2m_buffer *out, unsigned pairs)
{
    append_head(out, MAJOR_MAP, pairs);
}

void lwm2m_cbor_map_begin(struct lwm2m_buffer *out)
{
    lwm2m_buffer_append_byte(out, MAJOR_MAP << 5 | INFO_INDEFINITE);
}

void lwm2m_cbor_map_end(struct lwm2m_buffer *out)
{
    lwm2m_buffer_append_byte(out, MAJOR_SIMPLE << 5 | INFO_INDEFINITE);
}

size_t lwm2m_cbor_array_begin(struct lwm2m_buffer *out)
{
    size_t mark = out->length;

    append_head(out, MAJOR_ARRAY, 0);
    return mark;
}

enum lwm2m_error lwm2m_cbor_array_end(struct lwm2m_buffer *out, size_t mark, uint32_t count)
{
    uint8_t memory[5];
    struct lwm2m_buffer head;
    enum lwm2m_error error = lwm2m_buffer_check(out);

    if (error != LWM2M_OK) {
        return error;
    }
    lwm2m_buffer_init(&head, memory, sizeof memory);
    append_head(&head, MAJOR_ARRAY, count);
    error = insert_room(out, mark + 1, head.length - 1);
    if (error == LWM2M_OK) {
        memcpy(out->data + mark, memory, head.length);
    }
    return error;
}
