/*
 * Versions of objects and of the protocol: "1.1".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/definition.h>

#include <lwm2m/number.h>

static bool parse_version_number(struct lwm2m_bytes text, uint8_t *number)
{
    uint64_t value;
    bool has_leading_zero = text.length > 1 && text.data[0] == '0';
    if (has_leading_zero || lwm2m_number_parse_unsigned(text, &value) || value > UINT8_MAX)
        return false;
    *number = (uint8_t)value;
    return true;
}

enum lwm2m_error lwm2m_version_parse(struct lwm2m_bytes text, struct lwm2m_version *version)
{
    struct lwm2m_version result;
    size_t dot = 0;
    while (dot < text.length && text.data[dot] != '.')
        dot++;
    if (dot == text.length)
        return LWM2M_MALFORMED;

    struct lwm2m_bytes major = {text.data, dot};
    struct lwm2m_bytes minor = {text.data + dot + 1, text.length - dot - 1};
    if (!parse_version_number(major, &result.major) || !parse_version_number(minor, &result.minor))
        return LWM2M_MALFORMED;
    *version = result;
    return LWM2M_OK;
}

size_t lwm2m_version_print(struct lwm2m_version version, char text[LWM2M_VERSION_TEXT_MAX])
{
    const uint8_t numbers[] = {version.major, version.minor};
    size_t length = 0;

    for (size_t i = 0; i < sizeof numbers; i++) {
        char digits[LWM2M_NUMBER_TEXT_MAX];
        size_t count = lwm2m_number_print_unsigned(numbers[i], digits);
        for (size_t digit = 0; digit < count; digit++)
            text[length++] = digits[digit];
        text[length++] = i == 0 ? '.' : '\0';
    }
    return length - 1;
}

int lwm2m_version_compare(struct lwm2m_version a, struct lwm2m_version b)
{
    return a.major != b.major ? a.major - b.major : a.minor - b.minor;
}
