/*
 * Dates and times of RFC 3339.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "codec/date_time.h"

static enum lwm2m_error parse(const char *text, int64_t *seconds)
{
    return lwm2m_date_time_parse(lwm2m_bytes_from_text(text), seconds);
}

/* Of RFC 3339 §5.8, RFC 4287 §3.3 and RFC 8949 Appendix A. */
static const struct {
    const char *text;
    int64_t seconds;
} good[] = {
    {"1970-01-01T00:00:00Z", 0},
    {"2013-03-21T20:04:00Z", 1363896240},
    {"2003-12-13T18:30:02Z", 1071340202},
    {"2003-12-13T18:30:02.00Z", 1071340202},
    {"2003-12-13T18:30:02+01:00", 1071336602},
    {"1996-12-19T16:39:57-08:00", 851042397},
    {"1990-12-31T23:59:60Z", 662688000},
    {"1990-12-31T15:59:60-08:00", 662688000},
    {"1937-01-01T12:00:27+00:20", -1041337173},
    {"2000-02-29t00:00:00z", 951782400},
    {"0000-01-01T00:00:00Z", -62167219200},
    {"0000-02-29T00:00:00Z", -62162121600},
    {"9999-12-31T23:59:59Z", 253402300799},
};

static const char *const bad[] = {
    "",
    "2003",
    "2003-12-13",
    "2003-12-13T18:30:02",
    "2003-12-13 18:30:02Z",
    "2003-12-13T18:30:02ZZ",
    "2003-12-13T18:30:02.Z",
    "2003-12-13T18:30:02.25Z",
    "2003-12-13T18:30:61Z",
    "2003-12-13T18:60:02Z",
    "2003-12-13T24:00:00Z",
    "2003-00-13T18:30:02Z",
    "2003-13-13T18:30:02Z",
    "2003-12-00T18:30:02Z",
    "2003-11-31T18:30:02Z",
    "2003-02-29T18:30:02Z",
    "1900-02-29T18:30:02Z",
    "2003-12-13T18:30:02+1:00",
    "2003-12-13T18:30:02+24:00",
    "2003-12-13T18:30:02*01:00",
    "+003-12-13T18:30:02Z",
    "2003-12-13T18:30:02.",
    "2003-12-13T18:30:02-",
};

static void reads_the_examples(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        int64_t seconds;

        assert_int_equal(parse(good[i].text, &seconds), LWM2M_OK);
        assert_true(seconds == good[i].seconds);
    }
}

static void refuses_what_is_no_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t seconds;

        if (parse(bad[i], &seconds) != LWM2M_TYPE) {
            fail_msg("%s", bad[i]);
        }
    }
}

static void agrees_with_the_c_library_on_every_day(void **state)
{
    (void)state;
    for (int64_t day = -719528; day < 2932897; day += 1) {
        time_t time = (time_t)(day * 86400 + 3723);
        struct tm parts;
        char text[64];
        int64_t seconds;

        gmtime_r(&time, &parts);
        snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900,
                 parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
        if (parse(text, &seconds) != LWM2M_OK || seconds != time) {
            fail_msg("%s", text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_examples),
        cmocka_unit_test(refuses_what_is_no_time),
        cmocka_unit_test(agrees_with_the_c_library_on_every_day),
    };

    return cmocka_run_group_tests_name("codec/date_time", tests, NULL, NULL);
}
