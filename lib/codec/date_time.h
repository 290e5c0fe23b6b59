/*
 * Dates and times in the text form of RFC 3339.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CODEC_DATE_TIME_H
#define CODEC_DATE_TIME_H

#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/error.h>

/*
 * Reads "2003-12-13T18:30:02Z" or "2003-12-13T18:30:02.00+01:00" as seconds since 1970. LWM2M_TYPE
 * for any other text, for a day that no month has, and for a fraction that is not 0: nothing here
 * would hold it. A leap second is the first second of the next minute.
 */
enum lwm2m_error lwm2m_date_time_parse(struct lwm2m_bytes text, int64_t *seconds) LWM2M_MUST_CHECK;

#endif
