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
    if (has_leading_zero || lwm2m_number_parse_unsigned(text, &value) || value > UINT8_MAX) {
        return false;
    }
    *number = (uint8_t)value;
    return true;
}

enum lwm2m_error lwm2m_version_parse(struct lwm2m_bytes text, struct lwm2m_version *version)
{
    struct lwm2m_version result;
    size_t dot = 0;
    while (dot < text.length && text.data[dot] != '.') {
        dot++;
    }
    if (dot == text.length) {
        return LWM2M_MALFORMED;
    }

    struct lwm2m_bytes major = {text.data, dot};
    struct lwm2m_bytes minor = {text.data + dot + 1, text.length - dot - 1};
    if (!parse_version_number(major, &result.major) ||
        !parse_version_number(minor, &result.minor)) {
        return LWM2M_MALFORMED;
    }
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
        for (size_t digit = 0; digit < count; digit++) {
            text[length++] = digits[digit];
        }
        text[length++] = i == 0 ? '.' : '\0';
    }
    return length - 1;
}

int lwm2m_version_compare(struct lwm2m_version a, struct lwm2m_version b)
{
    return a.major != b.major ? a.major - b.major : a.minor - b.minor;
}

/* The minor numbers of the enabler's own objects; in 1.0 all of them are 0. */
static const struct {
    uint16_t object;
    uint8_t minor_in_1_1, minor_in_1_2;
} enabler_objects[] = {
    {0, 1, 2}, {1, 1, 2}, {2, 0, 1}, {3, 1, 2}, {4, 2, 3}, {5, 0, 1},
};

struct lwm2m_version lwm2m_version_of_object(struct lwm2m_version enabler, uint16_t object)
{
    struct lwm2m_version version = {1, 0};
    for (size_t i = 0; i < sizeof enabler_objects / sizeof enabler_objects[0]; i++) {
        if (enabler_objects[i].object == object && enabler.minor > 0) {
            version.minor = enabler.minor == 1 ? enabler_objects[i].minor_in_1_1
                                               : enabler_objects[i].minor_in_1_2;
        }
    }
    return version;
}
