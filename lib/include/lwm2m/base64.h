/*
 * Base64 (RFC 4648 §4) and base64url (§5), in both directions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_BASE64_H
#define LWM2M_BASE64_H

#include <stdbool.h>

#include <lwm2m/bytes.h>
#include <lwm2m/error.h>

/* Appends the text of bytes: with padding, or url-safe and without. LWM2M_NO_SPACE. */
enum lwm2m_error lwm2m_base64_encode(struct lwm2m_bytes bytes, bool url_safe,
                                     struct lwm2m_buffer *out) LWM2M_MUST_CHECK;

/*
 * Appends the bytes of a text of either alphabet, padded or not. The text may lie where the bytes
 * go: from the end of out on, or behind. LWM2M_MALFORMED, LWM2M_NO_SPACE.
 */
enum lwm2m_error lwm2m_base64_decode(struct lwm2m_bytes text,
                                     struct lwm2m_buffer *out) LWM2M_MUST_CHECK;

#endif
