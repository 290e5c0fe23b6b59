/*
 * Names of the registry as people type them: "battery_level" for "Battery Level".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/definition.h>

static uint8_t lower(uint8_t letter)
{
    return letter >= 'A' && letter <= 'Z' ? (uint8_t)(letter - 'A' + 'a') : letter;
}

static bool is_separator(uint8_t letter)
{
    return letter == ' ' || letter == '_' || letter == '-';
}

/* Letters, digits, and every byte of UTF-8 beyond ASCII: what a name cannot do without. */
static bool is_significant(uint8_t letter)
{
    uint8_t small = lower(letter);
    return (small >= 'a' && small <= 'z') || (letter >= '0' && letter <= '9') || letter >= 0x80;
}

bool lwm2m_name_begins(const char *name, struct lwm2m_bytes typed, const char **rest)
{
    const char *at = name;
    *rest = name;
    for (size_t i = 0; i < typed.length; i++) {
        uint8_t letter = lower(typed.data[i]);
        if (is_separator(letter)) {
            continue;
        }
        while (*at != '\0' && lower((uint8_t)*at) != letter && !is_significant((uint8_t)*at)) {
            at++;
        }
        if (*at == '\0' || lower((uint8_t)*at) != letter) {
            return false;
        }
        *rest = ++at;
    }
    return true;
}

static bool is_same_but_for_case(const char *name, struct lwm2m_bytes typed)
{
    for (size_t i = 0; i < typed.length; i++, name++) {
        if (*name == '\0' || lower((uint8_t)*name) != lower(typed.data[i])) {
            return false;
        }
    }
    return *name == '\0';
}

enum lwm2m_name_match lwm2m_name_match(const char *name, struct lwm2m_bytes typed)
{
    const char *rest;
    if (is_same_but_for_case(name, typed)) {
        return LWM2M_NAME_IS_SAME;
    }
    if (!lwm2m_name_begins(name, typed, &rest) || rest == name) {
        return LWM2M_NAME_DIFFERS;
    }
    while (*rest != '\0' && !is_significant((uint8_t)*rest)) {
        rest++;
    }
    return *rest == '\0' ? LWM2M_NAME_IS_ALIKE : LWM2M_NAME_DIFFERS;
}

size_t lwm2m_name_print(const char *name, char *text, size_t size)
{
    size_t length = 0;
    bool gap = false;
    for (; *name != '\0' && length + 2 < size; name++) {
        uint8_t letter = (uint8_t)*name;
        if (!is_significant(letter)) {
            gap = gap || is_separator(letter) || letter == '/';
            continue;
        }
        if (gap) {
            text[length++] = '_';
        }
        text[length++] = (char)lower(letter);
        gap = false;
    }
    text[length] = '\0';
    return length;
}
