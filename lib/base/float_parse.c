/*
 * Reading of floating-point numbers, correctly rounded: to the nearest double, half to even.
 * Short ones take one operation of doubles, which rounds once; all others are worked out in exact
 * natural numbers, so that there is no error to be argued about.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/number.h>

#include <float.h>
#include <stdbool.h>
#include <string.h>

#include "base/natural.h"

enum {
    /* As lwm2m_number_parse_double promises; LWM2M_NATURAL_WORDS has room for them. */
    DIGITS_MAX = 800,
    /* A number of the form 0.d1d2… * 10^n overflows for n > 310, and rounds to zero for n < -330.
     */
    MAGNITUDE_MAX = 310,
    MAGNITUDE_MIN = -330,
    /* So many digits fit into 64 bits, whichever they are. */
    LEADING_MAX = 19,
    /* 10^22 is the largest power of ten that is a double. */
    EXACT_POWER_MAX = 22,
    /* Exponents are read up to here: digits in front cannot bring a larger one back into range. */
    EXPONENT_MAX = 100000,
    QUOTIENT_BITS = 64,
    /* The layout of a double. */
    MANTISSA_BITS = 53,
    SMALLEST_EXPONENT = -1074, /* of its lowest bit */
    LARGEST_EXPONENT = 971,    /* of the lowest bit of the largest numbers */
};

/* digits * 10^exponent */
struct decimal {
    uint64_t leading;            /* the digits, if there are at most LEADING_MAX */
    struct lwm2m_natural digits; /* else */
    int exponent;
    int digit_count; /* without leading zeros */
    bool negative;
};

struct reader {
    const uint8_t *next;
    const uint8_t *end;
};

static bool take(struct reader *reader, char letter)
{
    if (reader->next == reader->end || *reader->next != (uint8_t)letter) {
        return false;
    }
    reader->next++;
    return true;
}

static bool take_digit(struct reader *reader, unsigned *digit)
{
    if (reader->next == reader->end || *reader->next < '0' || *reader->next > '9') {
        return false;
    }
    *digit = (unsigned)(*reader->next++ - '0');
    return true;
}

static void append_digit(struct decimal *decimal, unsigned digit)
{
    if (decimal->digit_count > 0 || digit > 0) {
        decimal->digit_count++;
    }
    if (decimal->digit_count <= LEADING_MAX) {
        decimal->leading = decimal->leading * 10 + digit;
        return;
    }
    if (decimal->digit_count == LEADING_MAX + 1) {
        lwm2m_natural_set(&decimal->digits, decimal->leading);
    }
    if (decimal->digit_count <= DIGITS_MAX) {
        lwm2m_natural_multiply_add(&decimal->digits, 10, digit);
    }
}

/* Reads one or more digits into decimal; the length of the run, 0 if there is none. */
static size_t take_digits(struct reader *reader, struct decimal *decimal)
{
    const uint8_t *start = reader->next;
    unsigned digit;

    while (take_digit(reader, &digit)) {
        append_digit(decimal, digit);
    }
    return (size_t)(reader->next - start);
}

static bool take_exponent(struct reader *reader, int *exponent)
{
    bool negative = take(reader, '-');
    unsigned digit;

    if (!negative) {
        (void)take(reader, '+');
    }
    if (!take_digit(reader, &digit)) {
        return false;
    }
    int magnitude = (int)digit;
    while (take_digit(reader, &digit)) {
        magnitude = magnitude < EXPONENT_MAX ? magnitude * 10 + (int)digit : EXPONENT_MAX;
    }
    *exponent = negative ? -magnitude : magnitude;
    return true;
}

static enum lwm2m_error read_decimal(struct lwm2m_bytes text, struct decimal *decimal)
{
    struct reader reader = {.next = text.data, .end = text.data + text.length};
    size_t fraction_count = 0;
    int exponent = 0;

    decimal->digit_count = 0;
    decimal->leading = 0;
    decimal->negative = take(&reader, '-');
    size_t count = take_digits(&reader, decimal);
    if (count == 0) {
        return LWM2M_MALFORMED;
    }
    if (take(&reader, '.')) {
        fraction_count = take_digits(&reader, decimal);
        if (fraction_count == 0) {
            return LWM2M_MALFORMED;
        }
    }
    if ((take(&reader, 'e') || take(&reader, 'E')) && !take_exponent(&reader, &exponent)) {
        return LWM2M_MALFORMED;
    }
    if (reader.next != reader.end) {
        return LWM2M_MALFORMED;
    }
    if (count + fraction_count > DIGITS_MAX) {
        return LWM2M_TOO_LARGE;
    }
    decimal->exponent = exponent - (int)fraction_count;
    return LWM2M_OK;
}

/*
 * numerator/denominator to QUOTIENT_BITS bits: quotient * 2^result, truncated. *exact tells whether
 * nothing was left over. Bit by bit, as on paper.
 */
static int divide(struct lwm2m_natural *numerator, struct lwm2m_natural *denominator,
                  uint64_t *quotient, bool *exact)
{
    int shift =
        (int)lwm2m_natural_bit_length(denominator) - (int)lwm2m_natural_bit_length(numerator);
    if (shift > 0) {
        lwm2m_natural_shift_left(numerator, (unsigned)shift);
    } else {
        lwm2m_natural_shift_left(denominator, (unsigned)-shift);
    }
    /* The first bit of the quotient must be a one. */
    if (lwm2m_natural_compare(numerator, denominator) < 0) {
        lwm2m_natural_shift_left(numerator, 1);
        shift++;
    }

    *quotient = 0;
    for (int i = 0; i < QUOTIENT_BITS; i++) {
        *quotient <<= 1;
        if (lwm2m_natural_compare(numerator, denominator) >= 0) {
            lwm2m_natural_subtract(numerator, denominator);
            *quotient |= 1;
        }
        lwm2m_natural_shift_left(numerator, 1);
    }
    *exact = numerator->length == 0;
    return -shift - (QUOTIENT_BITS - 1);
}

/*
 * The double next to quotient * 2^exponent, where a quotient that is not exact stands for a little
 * more; as bits, of which those of an overflow are an infinity.
 */
static uint64_t round_to_double(uint64_t quotient, int exponent, bool exact)
{
    int dropped = QUOTIENT_BITS - MANTISSA_BITS;
    if (exponent + dropped < SMALLEST_EXPONENT) {
        dropped = SMALLEST_EXPONENT - exponent; /* subnormal: fewer bits are left */
    }
    if (dropped > QUOTIENT_BITS) {
        return 0;
    }

    uint64_t mantissa = dropped == QUOTIENT_BITS ? 0 : quotient >> dropped;
    uint64_t half = UINT64_C(1) << (dropped - 1);
    uint64_t rest = quotient & (half - 1 + half);
    if (rest > half || (rest == half && (!exact || mantissa % 2 == 1))) {
        mantissa++;
    }

    int lowest = exponent + dropped;
    if (lowest > LARGEST_EXPONENT) {
        return UINT64_C(0x7ff) << (MANTISSA_BITS - 1);
    }
    /*
     * The first bit of a normal mantissa adds 1 to the exponent field, and so does one that
     * rounding has carried beyond it: into the next power of two, out of the subnormals, or to
     * infinity.
     */
    return ((uint64_t)(lowest - SMALLEST_EXPONENT) << (MANTISSA_BITS - 1)) + mantissa;
}

/*
 * The magnitude of a number whose digits and whose power of ten are both doubles: what one
 * multiplication or division of them rounds to is the answer (Clinger 1990). Not where operations
 * have more digits than a double, and round twice.
 */
static bool to_double_at_once(const struct decimal *decimal, double *number)
{
    static const double powers[EXACT_POWER_MAX + 1] = {
        1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    int exponent = decimal->exponent;

    if (FLT_EVAL_METHOD < 0 || FLT_EVAL_METHOD > 1 || decimal->digit_count > LEADING_MAX ||
        decimal->leading >> MANTISSA_BITS != 0 || exponent > EXACT_POWER_MAX ||
        exponent < -EXACT_POWER_MAX) {
        return false;
    }
    *number = (double)decimal->leading;
    *number = exponent < 0 ? *number / powers[-exponent] : *number * powers[exponent];
    return true;
}

/* The magnitude of any other number, as the bits of a double. */
static uint64_t to_bits(struct decimal *decimal)
{
    struct lwm2m_natural denominator;
    uint64_t quotient;
    bool exact;

    /* 10^n is 5^n * 2^n: the power of two goes to the exponent. */
    if (decimal->digit_count <= LEADING_MAX) {
        lwm2m_natural_set(&decimal->digits, decimal->leading);
    }
    lwm2m_natural_set(&denominator, 1);
    if (decimal->exponent >= 0) {
        lwm2m_natural_multiply_power_of_five(&decimal->digits, (unsigned)decimal->exponent);
    } else {
        lwm2m_natural_multiply_power_of_five(&denominator, (unsigned)-decimal->exponent);
    }
    int exponent = divide(&decimal->digits, &denominator, &quotient, &exact);
    return round_to_double(quotient, exponent + decimal->exponent, exact);
}

enum lwm2m_error lwm2m_number_parse_double(struct lwm2m_bytes text, double *number)
{
    const uint64_t infinity = UINT64_C(0x7ff) << (MANTISSA_BITS - 1);
    struct decimal decimal;
    uint64_t bits = 0;

    if (text.length == 0) {
        return LWM2M_MALFORMED;
    }
    enum lwm2m_error error = read_decimal(text, &decimal);
    if (error) {
        return error;
    }

    if (to_double_at_once(&decimal, number)) {
        *number = decimal.negative ? -*number : *number;
        return LWM2M_OK;
    }
    if (decimal.digit_count > 0) {
        int magnitude = decimal.digit_count + decimal.exponent;
        if (magnitude > MAGNITUDE_MAX) {
            return LWM2M_RANGE;
        }
        if (magnitude >= MAGNITUDE_MIN) {
            bits = to_bits(&decimal);
        }
        if (bits == infinity) {
            return LWM2M_RANGE;
        }
    }
    if (decimal.negative) {
        bits |= UINT64_C(1) << 63;
    }
    memcpy(number, &bits, sizeof *number);
    return LWM2M_OK;
}
