/*
 * Values of resources in CBOR: which items stand for a value, and how a value is written where no
 * label tells its type (LwM2M Core 1.2 Annex C.6).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CODEC_CBOR_VALUE_H
#define CODEC_CBOR_VALUE_H

#include <lwm2m/value.h>

#include "codec/cbor.h"

/*
 * The value of a number, boolean or string: INTEGER, UNSIGNED above INT64_MAX, FLOAT, BOOLEAN,
 * STRING or OPAQUE. LWM2M_MALFORMED for anything else (a decimal fraction, null) and for NaN and
 * the infinities; LWM2M_RANGE below INT64_MIN. reason in *fault.
 */
enum lwm2m_error lwm2m_cbor_item_value(const struct lwm2m_cbor_item *item,
                                       struct lwm2m_value *value,
                                       struct lwm2m_fault *fault) LWM2M_MUST_CHECK;

/*
 * The same for the item that was just read, and a time where a tag says that it is one: seconds
 * (tag 1) or a date and time in text (tag 0; RFC 8949 §3.4.1). LWM2M_TYPE for a time that is not
 * of whole seconds.
 */
enum lwm2m_error lwm2m_cbor_read_value(struct lwm2m_cbor_reader *reader,
                                       const struct lwm2m_cbor_item *item,
                                       struct lwm2m_value *value) LWM2M_MUST_CHECK;

/*
 * Writes a value, a time under tag 1, links as text. LWM2M_MALFORMED: text that is not UTF-8;
 * LWM2M_RANGE: a float that is not a number; LWM2M_UNSUPPORTED: no value, or bytes without a type.
 */
enum lwm2m_error lwm2m_cbor_append_value(struct lwm2m_buffer *out,
                                         const struct lwm2m_value *value) LWM2M_MUST_CHECK;

#endif
