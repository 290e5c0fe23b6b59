/*
 * Gives a value the type that its definition names, where nothing is lost by it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/value.h>

#include <string.h>

#include <lwm2m/utf8.h>

/* 2^63 and 2^64: the first doubles that the integer types do not hold. */
static const double integer_end = 9223372036854775808.0;
static const double unsigned_end = 18446744073709551616.0;

/* Whether a double holds the number: it does if all its bits but trailing zeros fit the mantissa.
 */
static bool is_exact_double(uint64_t magnitude)
{
    const uint64_t mantissa_end = UINT64_C(1) << 53;
    while (magnitude > mantissa_end && magnitude % 2 == 0) {
        magnitude /= 2;
    }
    return magnitude <= mantissa_end;
}

static enum lwm2m_error to_integer(struct lwm2m_value *value)
{
    switch (value->type) {
    case LWM2M_TYPE_INTEGER:
    case LWM2M_TYPE_TIME:
        return LWM2M_OK;
    case LWM2M_TYPE_UNSIGNED:
        if (value->as.unsigned_integer > INT64_MAX) {
            return LWM2M_RANGE;
        }
        value->as.integer = (int64_t)value->as.unsigned_integer;
        return LWM2M_OK;
    case LWM2M_TYPE_FLOAT: {
        double number = value->as.number;
        if (number != number) {
            return LWM2M_TYPE;
        }
        if (number < -integer_end || number >= integer_end) {
            return LWM2M_RANGE;
        }
        int64_t whole = (int64_t)number;
        if ((double)whole != number) {
            return LWM2M_TYPE;
        }
        value->as.integer = whole;
        return LWM2M_OK;
    }
    default:
        return LWM2M_TYPE;
    }
}

static enum lwm2m_error to_unsigned(struct lwm2m_value *value)
{
    switch (value->type) {
    case LWM2M_TYPE_INTEGER:
    case LWM2M_TYPE_TIME:
        if (value->as.integer < 0) {
            return LWM2M_RANGE;
        }
        value->as.unsigned_integer = (uint64_t)value->as.integer;
        return LWM2M_OK;
    case LWM2M_TYPE_FLOAT: {
        double number = value->as.number;
        if (number != number) {
            return LWM2M_TYPE;
        }
        if (number < 0 || number >= unsigned_end) {
            return LWM2M_RANGE;
        }
        uint64_t whole = (uint64_t)number;
        if ((double)whole != number) {
            return LWM2M_TYPE;
        }
        value->as.unsigned_integer = whole;
        return LWM2M_OK;
    }
    default:
        return LWM2M_TYPE;
    }
}

static enum lwm2m_error to_float(struct lwm2m_value *value)
{
    if (value->type == LWM2M_TYPE_INTEGER) {
        int64_t number = value->as.integer;
        uint64_t magnitude = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
        if (!is_exact_double(magnitude)) {
            return LWM2M_RANGE;
        }
        value->as.number = (double)number;
        return LWM2M_OK;
    }
    if (value->type == LWM2M_TYPE_UNSIGNED) {
        uint64_t number = value->as.unsigned_integer;
        if (!is_exact_double(number)) {
            return LWM2M_RANGE;
        }
        value->as.number = (double)number;
        return LWM2M_OK;
    }
    return LWM2M_TYPE;
}

/* The bytes as a big-endian number; 0 if no type of TLV has that many. */
static uint64_t load_big_endian(struct lwm2m_bytes bytes)
{
    uint64_t number = 0;
    for (size_t i = 0; i < bytes.length && i < sizeof number; i++) {
        number = number << 8 | bytes.data[i];
    }
    return number;
}

static bool has_integer_length(struct lwm2m_bytes bytes)
{
    return bytes.length == 1 || bytes.length == 2 || bytes.length == 4 || bytes.length == 8;
}

static int64_t load_signed(struct lwm2m_bytes bytes)
{
    uint64_t number = load_big_endian(bytes);
    uint64_t sign = UINT64_C(1) << (8 * bytes.length - 1);
    if (!(number & sign)) {
        return (int64_t)number;
    }
    /* The distance below -1, which fits. */
    return -(int64_t)(~number & (sign - 1)) - 1;
}

static double load_float(struct lwm2m_bytes bytes)
{
    uint64_t bits = load_big_endian(bytes);
    double number;
    if (bytes.length == sizeof(float)) {
        uint32_t single_bits = (uint32_t)bits;
        float single;
        memcpy(&single, &single_bits, sizeof single);
        return (double)single;
    }
    memcpy(&number, &bits, sizeof number);
    return number;
}

/* The content of a TLV (LwM2M Core 1.2 §7.4.5 and Annex C). */
static enum lwm2m_error from_untyped(struct lwm2m_value *value, enum lwm2m_type type)
{
    struct lwm2m_bytes bytes = value->as.bytes;
    bool fits = true;

    switch (type) {
    case LWM2M_TYPE_STRING:
    case LWM2M_TYPE_CORELNK:
        fits = lwm2m_utf8_is_valid(bytes);
        break;
    case LWM2M_TYPE_OPAQUE:
        break;
    case LWM2M_TYPE_INTEGER:
    case LWM2M_TYPE_TIME:
        fits = has_integer_length(bytes);
        if (fits) {
            value->as.integer = load_signed(bytes);
        }
        break;
    case LWM2M_TYPE_UNSIGNED:
        fits = has_integer_length(bytes);
        if (fits) {
            value->as.unsigned_integer = load_big_endian(bytes);
        }
        break;
    case LWM2M_TYPE_FLOAT:
        fits = bytes.length == sizeof(float) || bytes.length == sizeof(double);
        if (fits) {
            value->as.number = load_float(bytes);
        }
        break;
    case LWM2M_TYPE_BOOLEAN:
        fits = bytes.length == 1 && bytes.data[0] <= 1;
        if (fits) {
            value->as.boolean = bytes.data[0] == 1;
        }
        break;
    case LWM2M_TYPE_OBJLNK:
        fits = bytes.length == 4;
        if (fits) {
            value->as.objlnk = (struct lwm2m_objlnk){(uint16_t)(load_big_endian(bytes) >> 16),
                                                     (uint16_t)load_big_endian(bytes)};
        }
        break;
    default:
        fits = false;
    }
    return fits ? LWM2M_OK : LWM2M_TYPE;
}

static enum lwm2m_error convert_typed(struct lwm2m_value *value, enum lwm2m_type type)
{
    switch (type) {
    case LWM2M_TYPE_INTEGER:
    case LWM2M_TYPE_TIME:
        return to_integer(value);
    case LWM2M_TYPE_UNSIGNED:
        return to_unsigned(value);
    case LWM2M_TYPE_FLOAT:
        return to_float(value);
    case LWM2M_TYPE_CORELNK:
        return value->type == LWM2M_TYPE_STRING ? LWM2M_OK : LWM2M_TYPE;
    case LWM2M_TYPE_OBJLNK:
        if (value->type != LWM2M_TYPE_STRING) {
            return LWM2M_TYPE;
        }
        return lwm2m_value_parse(value->as.bytes, type, NULL, value);
    default:
        return LWM2M_TYPE;
    }
}

enum lwm2m_error lwm2m_value_convert(struct lwm2m_value *value, enum lwm2m_type type)
{
    if (type == LWM2M_TYPE_NONE || type == LWM2M_TYPE_UNTYPED || type == value->type) {
        return LWM2M_OK;
    }
    enum lwm2m_error error =
        value->type == LWM2M_TYPE_UNTYPED ? from_untyped(value, type) : convert_typed(value, type);
    if (error) {
        return error;
    }
    value->type = type;
    return LWM2M_OK;
}
