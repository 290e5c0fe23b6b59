/*
 * Printing of floating-point numbers: the shortest decimal that reads back the same.
 * It works on exact natural numbers, so that there is no error to be argued about.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/number.h>

#include <stdbool.h>
#include <string.h>

#include "base/natural.h"

/* How a binary format of IEEE 754 lays out its bits. */
struct format {
    unsigned fraction_bits;
    unsigned exponent_bits;
};

static const struct format double_format = {.fraction_bits = 52, .exponent_bits = 11};
static const struct format float_format = {.fraction_bits = 23, .exponent_bits = 8};

/* mantissa * 2^exponent */
struct binary {
    uint64_t mantissa;
    int exponent;
    bool narrow_below; /* the next smaller number is half as far away as the next larger one */
};

/* 0.d1d2d3… * 10^exponent */
struct decimal {
    char digits[20];
    unsigned count;
    int exponent;
};

enum {
    /* Exponents of the first digit that are printed without an 'e'. */
    PLAIN_MIN = -5,
    PLAIN_MAX = 20,
};

static struct binary split(const struct format *format, uint64_t bits)
{
    int bias = (1 << (format->exponent_bits - 1)) - 1 + (int)format->fraction_bits;
    uint64_t fraction = bits & ((UINT64_C(1) << format->fraction_bits) - 1);
    int exponent = (int)(bits >> format->fraction_bits & ((1U << format->exponent_bits) - 1));

    if (exponent == 0) {
        return (struct binary){.mantissa = fraction, .exponent = 1 - bias};
    }
    return (struct binary){.mantissa = fraction | UINT64_C(1) << format->fraction_bits,
                           .exponent = exponent - bias,
                           .narrow_below = fraction == 0 && exponent > 1};
}

/*
 * The number as rest/scale, with half the distance to its neighbours as margin/scale below it and
 * margin * margin_factor/scale above: every decimal in between reads back as the number.
 */
struct range {
    struct lwm2m_natural rest;
    struct lwm2m_natural scale;
    struct lwm2m_natural margin;
    uint32_t margin_factor;
    bool closed; /* the ends of the range read back as the number too (half to even) */
};

static bool is_above_margin(const struct range *range)
{
    int sign = lwm2m_natural_compare_sum(&range->rest, &range->margin, range->margin_factor,
                                         &range->scale);
    return sign > 0 || (sign == 0 && range->closed);
}

static bool is_below_margin(const struct range *range)
{
    int sign = lwm2m_natural_compare(&range->rest, &range->margin);
    return sign < 0 || (sign == 0 && range->closed);
}

static void multiply_by_ten(struct lwm2m_natural *number)
{
    lwm2m_natural_multiply_add(number, 10, 0);
}

/* A power of ten that is not above that of the number's first digit, and below it by 2 at most. */
static int estimate_exponent(const struct binary *binary)
{
    int power = binary->exponent - 1;
    for (uint64_t mantissa = binary->mantissa; mantissa > 0; mantissa >>= 1) {
        power++;
    }
    /* log10(2) is 0.30102999…: rounded towards minus infinity on both sides of zero. */
    return power >= 0 ? power * 30102 / 100000 + 1 : -(-power * 30103 / 100000);
}

/* Sets up range so that the number is 10^result * rest/scale, with rest/scale below 1. */
static int scale_range(struct range *range, const struct binary *binary)
{
    int exponent = estimate_exponent(binary);
    unsigned extra = binary->narrow_below ? 2 : 1;
    unsigned up = binary->exponent > 0 ? (unsigned)binary->exponent : 0;
    unsigned down = binary->exponent < 0 ? (unsigned)-binary->exponent : 0;

    lwm2m_natural_set(&range->rest, binary->mantissa);
    lwm2m_natural_set(&range->margin, 1);
    lwm2m_natural_set(&range->scale, 1);
    range->margin_factor = extra;
    range->closed = binary->mantissa % 2 == 0;

    if (exponent >= 0) {
        lwm2m_natural_multiply_power_of_five(&range->scale, (unsigned)exponent);
        down += (unsigned)exponent;
    } else {
        lwm2m_natural_multiply_power_of_five(&range->rest, (unsigned)-exponent);
        lwm2m_natural_multiply_power_of_five(&range->margin, (unsigned)-exponent);
        up += (unsigned)-exponent;
    }
    lwm2m_natural_shift_left(&range->rest, up + extra);
    lwm2m_natural_shift_left(&range->margin, up);
    lwm2m_natural_shift_left(&range->scale, down + extra);

    for (; is_above_margin(range); exponent++) {
        multiply_by_ten(&range->scale);
    }
    return exponent;
}

/* Whether the rest is nearer to the next digit than to this one; in the middle, to an even one. */
static bool is_nearer_above(const struct range *range, char digit)
{
    int sign = lwm2m_natural_compare_sum(&range->rest, &range->rest, 1, &range->scale);
    return sign > 0 || (sign == 0 && (digit - '0') % 2 == 1);
}

/* The shortest digits inside the range, by long division (Steele and White; Burger and Dybvig). */
static void find_shortest(const struct binary *binary, struct decimal *decimal)
{
    struct range range;
    bool below = false;
    bool above = false;

    decimal->count = 0;
    decimal->exponent = scale_range(&range, binary);
    while (!below && !above) {
        char digit = '0';
        multiply_by_ten(&range.rest);
        multiply_by_ten(&range.margin);
        while (lwm2m_natural_compare(&range.rest, &range.scale) >= 0) {
            lwm2m_natural_subtract(&range.rest, &range.scale);
            digit++;
        }
        /* The last digit may be cut off, or rounded up: the nearer one if both stay in the range.
         */
        below = is_below_margin(&range);
        above = is_above_margin(&range);
        if (above && (!below || is_nearer_above(&range, digit))) {
            digit++;
        }
        decimal->digits[decimal->count++] = digit;
    }
}

static size_t put_zeros(char *text, int count)
{
    for (int i = 0; i < count; i++) {
        text[i] = '0';
    }
    return count > 0 ? (size_t)count : 0;
}

static size_t put_plain(const struct decimal *decimal, char *text)
{
    int count = (int)decimal->count;
    size_t length = 0;

    if (decimal->exponent <= 0) {
        text[length++] = '0';
        text[length++] = '.';
        length += put_zeros(text + length, -decimal->exponent);
    }
    for (int i = 0; i < count; i++) {
        if (i > 0 && i == decimal->exponent) {
            text[length++] = '.';
        }
        text[length++] = decimal->digits[i];
    }
    return length + put_zeros(text + length, decimal->exponent - count);
}

static size_t put_scientific(const struct decimal *decimal, char *text)
{
    char exponent_text[LWM2M_NUMBER_TEXT_MAX];
    int exponent = decimal->exponent - 1;
    size_t length = 0;

    text[length++] = decimal->digits[0];
    if (decimal->count > 1) {
        text[length++] = '.';
        memcpy(text + length, decimal->digits + 1, decimal->count - 1);
        length += decimal->count - 1;
    }
    text[length++] = 'e';
    if (exponent >= 0) {
        text[length++] = '+';
    }
    size_t exponent_length = lwm2m_number_print_signed(exponent, exponent_text);
    memcpy(text + length, exponent_text, exponent_length);
    return length + exponent_length;
}

/* The numbers that need no digits of their own; NULL for any other. */
static const char *find_word(const struct format *format, uint64_t magnitude, bool negative)
{
    uint64_t infinity = ((UINT64_C(1) << format->exponent_bits) - 1) << format->fraction_bits;

    if (magnitude > infinity) {
        return "nan";
    }
    if (magnitude == infinity) {
        return negative ? "-inf" : "inf";
    }
    if (magnitude == 0) {
        return negative ? "-0.0" : "0";
    }
    return NULL;
}

static size_t print_bits(const struct format *format, uint64_t bits,
                         char text[LWM2M_NUMBER_TEXT_MAX])
{
    uint64_t sign_bit = UINT64_C(1) << (format->fraction_bits + format->exponent_bits);
    bool negative = (bits & sign_bit) != 0;
    uint64_t magnitude = bits & ~sign_bit;
    size_t length = 0;

    const char *word = find_word(format, magnitude, negative);
    if (word) {
        length = strlen(word);
        memcpy(text, word, length + 1);
        return length;
    }

    struct binary binary = split(format, magnitude);
    struct decimal decimal;
    find_shortest(&binary, &decimal);
    int first_digit = decimal.exponent - 1;
    if (negative) {
        text[length++] = '-';
    }
    length += first_digit >= PLAIN_MIN && first_digit <= PLAIN_MAX
                  ? put_plain(&decimal, text + length)
                  : put_scientific(&decimal, text + length);
    text[length] = '\0';
    return length;
}

size_t lwm2m_number_print_double(double number, char text[LWM2M_NUMBER_TEXT_MAX])
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return print_bits(&double_format, bits, text);
}

size_t lwm2m_number_print_float(float number, char text[LWM2M_NUMBER_TEXT_MAX])
{
    uint32_t bits;
    memcpy(&bits, &number, sizeof bits);
    return print_bits(&float_format, bits, text);
}
