/*
 * What the fuzz targets of the codecs have in common: decode, encode what came out, and decode
 * again: the records must be the same. Aborts where they are not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SUPPORT_CODEC_FUZZ_H
#define SUPPORT_CODEC_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include <lwm2m/codec.h>

/*
 * The first byte of the input chooses the path of the request, the second which resource has which
 * type; the rest is the payload.
 */
void codec_fuzz(const struct lwm2m_codec *codec, const uint8_t *data, size_t size);

#endif
