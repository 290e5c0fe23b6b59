/*
 * Prints and reads moments without regard to the time zone of the process.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/time_text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <lwm2m/number.h>

#define FIRST_FOUR_DIGIT_SECOND (-62167219200) /* 0000-01-01T00:00:00Z */
#define LAST_FOUR_DIGIT_SECOND 253402300799    /* 9999-12-31T23:59:59Z */

int64_t time_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

uint64_t time_monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

int64_t time_boot_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Writes the date and time up to the seconds; false for years without four digits. */
static bool print_fields(int64_t seconds, char text[TIME_TEXT_MAX])
{
    if (seconds < FIRST_FOUR_DIGIT_SECOND || seconds > LAST_FOUR_DIGIT_SECOND) {
        return false;
    }
    struct tm fields;
    time_t moment = (time_t)seconds;
    if (gmtime_r(&moment, &fields) == NULL) {
        return false;
    }
    return strftime(text, TIME_TEXT_MAX, "%Y-%m-%dT%H:%M:%S", &fields) == 19;
}

void time_print_s(int64_t seconds, char text[TIME_TEXT_MAX])
{
    if (print_fields(seconds, text)) {
        memcpy(text + 19, "Z", 2);
    } else {
        snprintf(text, TIME_TEXT_MAX, "%" PRId64, seconds);
    }
}

void time_print_ms(int64_t milliseconds, char text[TIME_TEXT_MAX])
{
    int64_t rest = milliseconds % 1000;
    int64_t seconds = milliseconds / 1000;
    if (rest < 0) {
        rest += 1000;
        seconds--;
    }
    if (print_fields(seconds, text)) {
        snprintf(text + 19, TIME_TEXT_MAX - 19, ".%03dZ", (int)rest);
    } else {
        snprintf(text, TIME_TEXT_MAX, "%" PRId64, seconds);
    }
}

/* Takes exactly `digits` digits and the character behind them (0: any). */
static bool take_number(const char **text, int digits, char behind, int *number)
{
    *number = 0;
    for (int i = 0; i < digits; i++) {
        if (!isdigit((unsigned char)**text)) {
            return false;
        }
        *number = *number * 10 + (*(*text)++ - '0');
    }
    if (behind != 0) {
        return *(*text)++ == behind;
    }
    return true;
}

/* "Z", "z", "+01:00" or "-00:30" at the end of the text. */
static bool parse_zone(const char *text, int64_t *offset_s)
{
    int hours, minutes;
    *offset_s = 0;
    if ((*text == 'Z' || *text == 'z') && text[1] == '\0') {
        return true;
    }
    if (*text != '+' && *text != '-') {
        return false;
    }
    int sign = *text++ == '-' ? -1 : 1;
    if (!take_number(&text, 2, ':', &hours) || !take_number(&text, 2, 0, &minutes) ||
        *text != '\0' || hours > 23 || minutes > 59) {
        return false;
    }
    *offset_s = sign * (hours * 3600 + minutes * 60);
    return true;
}

static bool parse_rfc3339(const char *text, int64_t *seconds)
{
    struct tm fields = {0};
    if (!take_number(&text, 4, '-', &fields.tm_year) ||
        !take_number(&text, 2, '-', &fields.tm_mon) || !take_number(&text, 2, 0, &fields.tm_mday)) {
        return false;
    }
    if (*text != 'T' && *text != 't' && *text != ' ') {
        return false;
    }
    text++;
    if (!take_number(&text, 2, ':', &fields.tm_hour) ||
        !take_number(&text, 2, ':', &fields.tm_min) || !take_number(&text, 2, 0, &fields.tm_sec)) {
        return false;
    }
    if (*text == '.') {
        size_t digits = strspn(++text, "0123456789");
        if (digits == 0) {
            return false;
        }
        text += digits;
    }
    int64_t offset_s;
    if (!parse_zone(text, &offset_s) || fields.tm_hour > 23 || fields.tm_min > 59 ||
        fields.tm_sec > 60) {
        return false;
    }
    fields.tm_year -= 1900;
    fields.tm_mon -= 1;
    struct tm normal = fields;
    time_t moment = timegm(&normal);
    /* timegm turns the 31st of February into another day: that is no date. */
    if (normal.tm_mday != fields.tm_mday && fields.tm_sec < 60) {
        return false;
    }
    if (fields.tm_mon < 0 || fields.tm_mon > 11 || fields.tm_mday < 1 || fields.tm_mday > 31) {
        return false;
    }
    *seconds = (int64_t)moment - offset_s;
    return true;
}

bool time_parse_s(const char *text, int64_t *seconds)
{
    if (lwm2m_number_parse_signed(lwm2m_bytes_from_text(text), seconds) == LWM2M_OK) {
        return true;
    }
    return parse_rfc3339(text, seconds);
}
