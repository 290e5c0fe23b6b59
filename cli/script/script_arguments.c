/*
 * What may follow the keywords of a script: times, counts, settings, names.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/script.h"

#define DURATION_MS_MAX INT64_C(31536000000)

static bool refuse(struct usage_error *error, const char *text, const char *what)
{
    snprintf(error->message, sizeof(error->message), "'%.80s' is no %s", text, what);
    error->hint[0] = '\0';
    return false;
}

bool script_duration_check(const char *text, int64_t *milliseconds, struct usage_error *error)
{
    if (!duration_parse(text, milliseconds) || *milliseconds < 0 ||
        *milliseconds > DURATION_MS_MAX) {
        return refuse(error, text, "time such as 500ms, 30s or 5m");
    }
    return true;
}

bool script_count_check(const char *text, unsigned *count, struct usage_error *error)
{
    size_t digits = strspn(text, "0123456789");
    *count = 0;
    if (digits == 0 || text[digits] != '\0' || digits > 7 ||
        strtoul(text, NULL, 10) > SCRIPT_REPEATS_MAX) {
        return refuse(error, text, "number from 0 to 1000000");
    }
    *count = (unsigned)strtoul(text, NULL, 10);
    return true;
}

const char *script_setting_variable(const char *name)
{
    static const struct {
        const char *name;
        const char *variable;
    } settings[] = {
        {"ep", "LWM2M_ENDPOINT"},
        {"timeout", "LWM2M_TIMEOUT"},
        {"socket", "LWM2M_SOCKET"},
    };
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        if (strcmp(settings[i].name, name) == 0) {
            return settings[i].variable;
        }
    }
    return NULL;
}

bool script_setting_check(const char *name, const char *value, struct usage_error *error)
{
    int64_t milliseconds;
    if (script_setting_variable(name) == NULL) {
        refuse(error, name, "setting");
        snprintf(error->hint, sizeof(error->hint),
                 "set ep NAME, set timeout TIME, set socket PATH");
        return false;
    }
    return strcmp(name, "timeout") != 0 || script_duration_check(value, &milliseconds, error);
}

bool script_is_code(const char *text)
{
    return strlen(text) == 4 && text[0] >= '2' && text[0] <= '5' && text[1] == '.' &&
           text[2] >= '0' && text[2] <= '9' && text[3] >= '0' && text[3] <= '9';
}

bool script_is_name(const char *text, size_t length)
{
    if (length == 0 || length > SCRIPT_NAME_BYTES_MAX || (text[0] >= '0' && text[0] <= '9')) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        char character = text[i];
        bool letter =
            (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
        if (!letter && character != '_' && (character < '0' || character > '9')) {
            return false;
        }
    }
    return true;
}
