/*
 * Natural numbers of a fixed greatest size, for exact conversions between binary and decimal. They
 * live on the stack; only the words in use are touched.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BASE_NATURAL_H
#define BASE_NATURAL_H

#include <stdint.h>

/*
 * 2816 bits: enough for 800 decimal digits, for 5^1130, and for both of them shifted to one length.
 * What would grow beyond is cut off; the callers' limits keep that from happening.
 */
#define LWM2M_NATURAL_WORDS 88

struct lwm2m_natural {
    unsigned length;                     /* without leading zero words; 0 is zero */
    uint32_t words[LWM2M_NATURAL_WORDS]; /* least significant first */
};

void lwm2m_natural_set(struct lwm2m_natural *number, uint64_t value);

/* The number of bits without leading zeros. */
unsigned lwm2m_natural_bit_length(const struct lwm2m_natural *number);

/* number * factor + addend */
void lwm2m_natural_multiply_add(struct lwm2m_natural *number, uint32_t factor, uint32_t addend);

/* number * 5^exponent */
void lwm2m_natural_multiply_power_of_five(struct lwm2m_natural *number, unsigned exponent);

void lwm2m_natural_shift_left(struct lwm2m_natural *number, unsigned bits);

/* number - other, which must not be larger. */
void lwm2m_natural_subtract(struct lwm2m_natural *number, const struct lwm2m_natural *other);

/* Negative, 0, positive. */
int lwm2m_natural_compare(const struct lwm2m_natural *a, const struct lwm2m_natural *b);

/* The sign of a + b * factor - c, without room for the sum; factor is at most 4. */
int lwm2m_natural_compare_sum(const struct lwm2m_natural *a, const struct lwm2m_natural *b,
                              uint32_t factor, const struct lwm2m_natural *c);

#endif
