/*
 * What every decoder does with a value it has read: give it its type and put it to the sink.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CODEC_DECODE_H
#define CODEC_DECODE_H

#include <lwm2m/codec.h>

/* The type of path; UNTYPED if the decoding has no type source. */
enum lwm2m_type lwm2m_decoding_type(const struct lwm2m_decoding *decoding, struct lwm2m_path path);

/* Converts record->value to the type of its path and puts the record. offset: of the value. */
enum lwm2m_error lwm2m_decoding_put(const struct lwm2m_decoding *decoding, struct lwm2m_sink sink,
                                    struct lwm2m_record *record, size_t offset,
                                    struct lwm2m_fault *fault) LWM2M_MUST_CHECK;

/*
 * True for a payload without a byte where nothing is a possible answer: some devices send that
 * instead of an empty array or map.
 */
bool lwm2m_decoding_may_be_absent(const struct lwm2m_decoding *decoding);

/* What a payload without a record says: the instance or the multiple resource at base is empty. */
enum lwm2m_error lwm2m_decoding_put_empty(const struct lwm2m_decoding *decoding,
                                          struct lwm2m_sink sink) LWM2M_MUST_CHECK;

/* Makes room for the strings of the next record. */
void lwm2m_decoding_empty_scratch(const struct lwm2m_decoding *decoding);

/*
 * Makes an OPAQUE of a STRING that is base64. Its bytes go to the scratch, or into the place of the
 * text where that is there already. LWM2M_MALFORMED, LWM2M_NO_SPACE.
 */
enum lwm2m_error lwm2m_decoding_base64(const struct lwm2m_decoding *decoding,
                                       struct lwm2m_value *value, size_t offset,
                                       struct lwm2m_fault *fault) LWM2M_MUST_CHECK;

#endif
