/*
 * Dates and times in the text form of RFC 3339.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/date_time.h"

#include <stdbool.h>

enum { SECONDS_A_MINUTE = 60, SECONDS_AN_HOUR = 3600, SECONDS_A_DAY = 86400 };

/* From 0000-03-01, where the count of days starts, to 1970-01-01. */
enum { DAYS_TO_1970 = 719468 };

/* Takes digits and signs from the front; once something is not as it should be, it stays failed. */
struct cursor {
    struct lwm2m_bytes rest;
    bool failed;
};

static uint8_t take(struct cursor *cursor)
{
    if (cursor->rest.length == 0) {
        cursor->failed = true;
        return 0;
    }
    cursor->rest.length--;
    return *cursor->rest.data++;
}

static void take_sign(struct cursor *cursor, char sign)
{
    uint8_t byte = take(cursor);

    /* 'T' and 'Z' may be small letters. */
    if (byte != (uint8_t)sign && !(sign >= 'A' && byte == (sign | 0x20))) {
        cursor->failed = true;
    }
}

static unsigned take_number(struct cursor *cursor, unsigned digits, unsigned most)
{
    unsigned number = 0;

    for (unsigned i = 0; i < digits; i++) {
        uint8_t byte = take(cursor);

        if (byte < '0' || byte > '9') {
            cursor->failed = true;
            return 0;
        }
        number = number * 10 + (byte - '0');
    }
    if (number > most) {
        cursor->failed = true;
    }
    return number;
}

static unsigned days_of_month(unsigned year, unsigned month)
{
    if (month == 2) {
        return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* Years that start in March have their leap day at the end, and months in a steady rhythm. */
static int64_t days_since_1970(unsigned year, unsigned month, unsigned day)
{
    int64_t years = (int64_t)year - (month <= 2);
    int64_t months = (month + 9) % 12;
    int64_t leap_days = years >= 0 ? years / 4 - years / 100 + years / 400 : -1;

    return years * 365 + leap_days + (153 * months + 2) / 5 + day - 1 - DAYS_TO_1970;
}

static int64_t take_date(struct cursor *cursor)
{
    unsigned year = take_number(cursor, 4, 9999);
    unsigned month;
    unsigned day;

    take_sign(cursor, '-');
    month = take_number(cursor, 2, 12);
    take_sign(cursor, '-');
    day = take_number(cursor, 2, 31);
    if (cursor->failed || month == 0 || day == 0 || day > days_of_month(year, month)) {
        cursor->failed = true;
        return 0;
    }
    return days_since_1970(year, month, day) * SECONDS_A_DAY;
}

static int64_t take_hours_and_minutes(struct cursor *cursor)
{
    unsigned hours = take_number(cursor, 2, 23);

    take_sign(cursor, ':');
    return hours * SECONDS_AN_HOUR + take_number(cursor, 2, 59) * SECONDS_A_MINUTE;
}

static void take_fraction(struct cursor *cursor)
{
    if (cursor->rest.length == 0 || cursor->rest.data[0] != '.') {
        return;
    }
    take(cursor);
    do {
        (void)take_number(cursor, 1, 0);
    } while (!cursor->failed && cursor->rest.length > 0 && cursor->rest.data[0] >= '0' &&
             cursor->rest.data[0] <= '9');
}

/* How far the local time is ahead. */
static int64_t take_offset(struct cursor *cursor)
{
    uint8_t first = cursor->rest.length > 0 ? cursor->rest.data[0] : 0;
    int64_t offset;

    if (first != '+' && first != '-') {
        take_sign(cursor, 'Z');
        return 0;
    }
    take(cursor);
    offset = take_hours_and_minutes(cursor);
    return first == '+' ? offset : -offset;
}

enum lwm2m_error lwm2m_date_time_parse(struct lwm2m_bytes text, int64_t *seconds)
{
    struct cursor cursor = {.rest = text};

    *seconds = take_date(&cursor);
    take_sign(&cursor, 'T');
    *seconds += take_hours_and_minutes(&cursor);
    take_sign(&cursor, ':');
    *seconds += take_number(&cursor, 2, 60);
    take_fraction(&cursor);
    *seconds -= take_offset(&cursor);
    return cursor.failed || cursor.rest.length != 0 ? LWM2M_TYPE : LWM2M_OK;
}
