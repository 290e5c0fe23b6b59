/*
 * Whole numbers as text, without libc and without a locale.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/number.h>

#include <stdbool.h>
#include <string.h>

static size_t print_magnitude(uint64_t number, char *text)
{
    char digits[LWM2M_NUMBER_TEXT_MAX];
    size_t start = sizeof digits;

    do {
        digits[--start] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    size_t length = sizeof digits - start;
    memcpy(text, digits + start, length);
    text[length] = '\0';
    return length;
}

size_t lwm2m_number_print_unsigned(uint64_t number, char text[LWM2M_NUMBER_TEXT_MAX])
{
    return print_magnitude(number, text);
}

size_t lwm2m_number_print_signed(int64_t number, char text[LWM2M_NUMBER_TEXT_MAX])
{
    if (number >= 0) {
        return print_magnitude((uint64_t)number, text);
    }
    text[0] = '-';
    /* Negated as unsigned, since INT64_MIN has no positive counterpart. */
    return 1 + print_magnitude(0 - (uint64_t)number, text + 1);
}

enum lwm2m_error lwm2m_number_parse_unsigned(struct lwm2m_bytes text, uint64_t *number)
{
    uint64_t result = 0;
    bool too_large = false;

    if (text.length == 0) {
        return LWM2M_MALFORMED;
    }
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return LWM2M_MALFORMED;
        }
        uint64_t digit = (uint64_t)(text.data[i] - '0');
        too_large = too_large || result > (UINT64_MAX - digit) / 10;
        result = result * 10 + digit;
    }
    if (too_large) {
        return LWM2M_RANGE;
    }
    *number = result;
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_number_parse_signed(struct lwm2m_bytes text, int64_t *number)
{
    bool negative = text.length > 0 && text.data[0] == '-';
    uint64_t magnitude;

    if (negative) {
        text.data++;
        text.length--;
    }
    enum lwm2m_error error = lwm2m_number_parse_unsigned(text, &magnitude);
    if (error) {
        return error;
    }
    if (magnitude > (uint64_t)INT64_MAX + (negative ? 1 : 0)) {
        return LWM2M_RANGE;
    }
    *number = !negative ? (int64_t)magnitude : magnitude == 0 ? 0 : -(int64_t)(magnitude - 1) - 1;
    return LWM2M_OK;
}
