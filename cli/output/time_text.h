/*
 * Moments as people and machines write them: RFC 3339 in UTC.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef OUTPUT_TIME_TEXT_H
#define OUTPUT_TIME_TEXT_H

#include <stdbool.h>
#include <stdint.h>

/* "2026-11-23T06:11:02.123Z" and a NUL, with room for years of any length. */
#define TIME_TEXT_MAX 48

/* Milliseconds since 1970, UTC, now. */
int64_t time_now_ms(void);

/* Microseconds of a clock that never jumps, for durations. */
uint64_t time_monotonic_us(void);

/* Milliseconds of a clock that never jumps and goes on while the machine sleeps, for deadlines. */
int64_t time_boot_ms(void);

/* Prints seconds since 1970 as "2026-11-23T06:11:02Z"; as a plain number where the year has no four
 * digits. */
void time_print_s(int64_t seconds, char text[TIME_TEXT_MAX]);
/* Prints milliseconds since 1970 as "2026-11-23T06:11:02.123Z". */
void time_print_ms(int64_t milliseconds, char text[TIME_TEXT_MAX]);

/*
 * Reads whole seconds since 1970 ("-5", "1700000000") or RFC 3339 ("2026-11-23T06:11:02Z",
 * "…+01:00", a fraction is dropped). False if it is neither.
 */
bool time_parse_s(const char *text, int64_t *seconds);

#endif
