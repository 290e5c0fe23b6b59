/*
 * Natural numbers in 32-bit words, so that a product of two words fits the widest type of a
 * Cortex-M.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/natural.h"

enum { WORD_BITS = 32 };

static void append_word(struct lwm2m_natural *number, uint32_t word)
{
    if (number->length < LWM2M_NATURAL_WORDS) {
        number->words[number->length++] = word;
    }
}

static void drop_leading_zeros(struct lwm2m_natural *number)
{
    while (number->length > 0 && number->words[number->length - 1] == 0) {
        number->length--;
    }
}

static uint32_t word_at(const struct lwm2m_natural *number, unsigned index)
{
    return index < number->length ? number->words[index] : 0;
}

void lwm2m_natural_set(struct lwm2m_natural *number, uint64_t value)
{
    number->length = 0;
    append_word(number, (uint32_t)value);
    append_word(number, (uint32_t)(value >> WORD_BITS));
    drop_leading_zeros(number);
}

unsigned lwm2m_natural_bit_length(const struct lwm2m_natural *number)
{
    if (number->length == 0) {
        return 0;
    }
    unsigned bits = (number->length - 1) * WORD_BITS;
    for (uint32_t top = number->words[number->length - 1]; top > 0; top >>= 1) {
        bits++;
    }
    return bits;
}

void lwm2m_natural_multiply_add(struct lwm2m_natural *number, uint32_t factor, uint32_t addend)
{
    uint32_t carry = addend;
    for (unsigned i = 0; i < number->length; i++) {
        uint64_t product = (uint64_t)number->words[i] * factor + carry;
        number->words[i] = (uint32_t)product;
        carry = (uint32_t)(product >> WORD_BITS);
    }
    if (carry > 0) {
        append_word(number, carry);
    }
}

void lwm2m_natural_multiply_power_of_five(struct lwm2m_natural *number, unsigned exponent)
{
    enum { CHUNK = 13 };
    const uint32_t chunk_power = 1220703125; /* 5^13, the largest that a word holds */

    for (; exponent >= CHUNK; exponent -= CHUNK) {
        lwm2m_natural_multiply_add(number, chunk_power, 0);
    }
    for (; exponent > 0; exponent--) {
        lwm2m_natural_multiply_add(number, 5, 0);
    }
}

void lwm2m_natural_shift_left(struct lwm2m_natural *number, unsigned bits)
{
    unsigned word_shift = bits / WORD_BITS;
    unsigned bit_shift = bits % WORD_BITS;

    if (number->length == 0 || bits == 0) {
        return;
    }
    unsigned length = number->length + word_shift + 1;
    if (length > LWM2M_NATURAL_WORDS) {
        length = LWM2M_NATURAL_WORDS;
    }
    /* From the top down, so that no word is overwritten before it was read. */
    for (unsigned i = length; i-- > word_shift;) {
        uint64_t pair = (uint64_t)word_at(number, i - word_shift) << WORD_BITS;
        if (i > word_shift) {
            pair |= word_at(number, i - word_shift - 1);
        }
        number->words[i] = (uint32_t)(pair << bit_shift >> WORD_BITS);
    }
    for (unsigned i = 0; i < word_shift && i < length; i++) {
        number->words[i] = 0;
    }
    number->length = length;
    drop_leading_zeros(number);
}

void lwm2m_natural_subtract(struct lwm2m_natural *number, const struct lwm2m_natural *other)
{
    uint32_t borrow = 0;
    for (unsigned i = 0; i < number->length; i++) {
        uint64_t subtrahend = (uint64_t)word_at(other, i) + borrow;
        borrow = number->words[i] < subtrahend;
        number->words[i] -= (uint32_t)subtrahend;
    }
    drop_leading_zeros(number);
}

int lwm2m_natural_compare(const struct lwm2m_natural *a, const struct lwm2m_natural *b)
{
    if (a->length != b->length) {
        return a->length < b->length ? -1 : 1;
    }
    for (unsigned i = a->length; i-- > 0;) {
        if (a->words[i] != b->words[i]) {
            return a->words[i] < b->words[i] ? -1 : 1;
        }
    }
    return 0;
}

int lwm2m_natural_compare_sum(const struct lwm2m_natural *a, const struct lwm2m_natural *b,
                              uint32_t factor, const struct lwm2m_natural *c)
{
    unsigned length = a->length > b->length ? a->length : b->length;
    if (c->length > length) {
        length = c->length;
    }

    /* The difference word by word, in two's complement; only its sign and whether it is 0 are kept.
     */
    int64_t carry = 0;
    uint32_t any_bits = 0;
    for (unsigned i = 0; i < length; i++) {
        int64_t sum = carry + (int64_t)word_at(a, i) + (int64_t)((uint64_t)word_at(b, i) * factor) -
                      (int64_t)word_at(c, i);
        uint32_t low = (uint32_t)((uint64_t)sum & UINT32_MAX);
        any_bits |= low;
        carry = (sum - (int64_t)low) / ((int64_t)1 << WORD_BITS);
    }
    if (carry != 0) {
        return carry < 0 ? -1 : 1;
    }
    return any_bits != 0;
}
