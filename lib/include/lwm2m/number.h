/*
 * Numbers as text, without libc and without a locale.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_NUMBER_H
#define LWM2M_NUMBER_H

#include <stddef.h>
#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/error.h>

/* Room for any number that the functions below print, with its terminating NUL. */
#define LWM2M_NUMBER_TEXT_MAX 32

/* Print decimal digits and a NUL; return the length without the NUL. */
size_t lwm2m_number_print_unsigned(uint64_t number, char text[LWM2M_NUMBER_TEXT_MAX]);
size_t lwm2m_number_print_signed(int64_t number, char text[LWM2M_NUMBER_TEXT_MAX]);

/*
 * Prints the shortest decimal that reads back as the same double: "21.5", "-0.0", "1e+300", "3.0"
 * prints as "3". Plain notation for exponents from -5 to 20, scientific outside.
 * "nan", "inf" and "-inf" for what is not a number.
 */
size_t lwm2m_number_print_double(double number, char text[LWM2M_NUMBER_TEXT_MAX]);

/* The same for a single: the shortest decimal that reads back as the same float. */
size_t lwm2m_number_print_float(float number, char text[LWM2M_NUMBER_TEXT_MAX]);

/*
 * Read the whole of text as a decimal number. An empty text, blanks, a '+', anything after the
 * number: LWM2M_MALFORMED. A number that the type cannot hold: LWM2M_RANGE (for doubles: an
 * overflow to infinity; underflow gives zero or a subnormal). Doubles are rounded correctly, half
 * to even; text longer than 800 digits is LWM2M_TOO_LARGE.
 */
enum lwm2m_error lwm2m_number_parse_unsigned(struct lwm2m_bytes text,
                                             uint64_t *number) LWM2M_MUST_CHECK;
enum lwm2m_error lwm2m_number_parse_signed(struct lwm2m_bytes text,
                                           int64_t *number) LWM2M_MUST_CHECK;
enum lwm2m_error lwm2m_number_parse_double(struct lwm2m_bytes text,
                                           double *number) LWM2M_MUST_CHECK;

#endif
