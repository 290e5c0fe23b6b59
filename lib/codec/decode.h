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

#endif
