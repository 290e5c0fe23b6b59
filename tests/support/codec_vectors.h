/*
 * Tables of payloads and what they say, and the checks that every binary codec passes with its own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SUPPORT_CODEC_VECTORS_H
#define SUPPORT_CODEC_VECTORS_H

#include <stddef.h>

#include <lwm2m/codec.h>

/* Types are those of support/record_lines.h. */
struct codec_vector {
    const char *base;
    const char *hex;
    const char *lines;
};

struct codec_refusal {
    const char *base;
    const char *hex;
    enum lwm2m_error error;
};

/* The payloads are decoded to the lines. */
void codec_vectors_assert_read(const struct lwm2m_codec *codec, const struct codec_vector *vectors,
                               size_t count);
/* The payloads, decoded straight into an encoder as a gateway would, come out byte for byte. */
void codec_vectors_assert_written(const struct lwm2m_codec *codec,
                                  const struct codec_vector *vectors, size_t count);
/* The payloads are refused with the error, and the fault says why. */
void codec_vectors_assert_refused(const struct lwm2m_codec *codec,
                                  const struct codec_refusal *refusals, size_t count);
/* Nothing that was cut off is taken for a whole. */
void codec_vectors_assert_truncations_refused(const struct lwm2m_codec *codec,
                                              const struct codec_vector *vectors, size_t count);

#endif
