/*
 * Ranges of the object registry.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "model/value_range.h"

#include <lwm2m/number.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Takes a decimal number off the front of *text. ".." ends it: "0..100" begins with 0, not with
 * "0.". */
static bool take_number(const char **text, double *number)
{
    const char *start = *text;
    const char *end = start;

    if (*end == '-') {
        end++;
    }
    while (is_digit(*end)) {
        end++;
    }
    if (end[0] == '.' && is_digit(end[1])) {
        end++;
        while (is_digit(*end)) {
            end++;
        }
    }
    *text = end;
    return lwm2m_number_parse_double(
               (struct lwm2m_bytes){(const uint8_t *)start, (size_t)(end - start)}, number) ==
           LWM2M_OK;
}

static bool take_separator(const char **text)
{
    const char *c = *text;

    if (c[0] == '.' && c[1] == '.') {
        c += c[2] == '.' ? 3 : 2;
    } else if (*c == '-') {
        c++;
    } else {
        return false;
    }
    *text = c;
    return true;
}

static bool is_bytes(const char *text)
{
    struct lwm2m_bytes rest = lwm2m_bytes_from_text(text);

    return lwm2m_bytes_equal_text(rest, " bytes") || lwm2m_bytes_equal_text(rest, " Bytes");
}

/* The number that a range of this unit limits; false if it limits no values of this type. */
static bool measure(const struct lwm2m_value *value, bool bytes, double *number)
{
    switch (value->type) {
    case LWM2M_TYPE_INTEGER:
    case LWM2M_TYPE_TIME:
        *number = (double)value->as.integer;
        return !bytes;
    case LWM2M_TYPE_UNSIGNED:
        *number = (double)value->as.unsigned_integer;
        return !bytes;
    case LWM2M_TYPE_FLOAT:
        *number = value->as.number;
        return !bytes;
    case LWM2M_TYPE_STRING:
    case LWM2M_TYPE_OPAQUE:
        *number = (double)value->as.bytes.length;
        return bytes;
    default:
        return false;
    }
}

bool lwm2m_value_in_range(const struct lwm2m_value *value, const char *range)
{
    double low, high, number;

    if (range == NULL || *range == '\0') {
        return true;
    }
    if (!take_number(&range, &low) || !take_separator(&range) || !take_number(&range, &high)) {
        return true;
    }
    if (*range != '\0' && !is_bytes(range)) {
        return true;
    }
    if (low > high || !measure(value, *range != '\0', &number)) {
        return true;
    }
    return number >= low && number <= high;
}
