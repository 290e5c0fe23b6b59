/*
 * UTF-8 (RFC 3629): what is valid, what is a control character.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_UTF8_H
#define LWM2M_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include <lwm2m/bytes.h>

/* True if all of it is valid: no overlong forms, no surrogates, nothing above U+10FFFF. */
bool lwm2m_utf8_is_valid(struct lwm2m_bytes text);

/* Takes one code point off the front of *text; false at the end or where it is not valid. */
bool lwm2m_utf8_next(struct lwm2m_bytes *text, uint32_t *code_point);

/* C0, DEL and C1. */
bool lwm2m_utf8_is_control(uint32_t code_point);

#endif
