/*
 * Opaque (Content-Format 42): the bytes of one opaque resource (LwM2M Core 1.2 §7.4.2).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/codec.h>

#include "codec/decode.h"

static enum lwm2m_error decode(const struct lwm2m_decoding *decoding, struct lwm2m_sink sink,
                               struct lwm2m_fault *fault)
{
    struct lwm2m_record record = {
        .path = decoding->base,
        .value = lwm2m_value_opaque(decoding->payload),
        .time_ms = LWM2M_NO_TIME,
    };

    if (decoding->base.level < LWM2M_LEVEL_RESOURCE) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, 0, "opaque holds no more than one resource");
    }
    return lwm2m_decoding_put(decoding, sink, &record, 0, fault);
}

static enum lwm2m_error begin(struct lwm2m_encoder *encoder)
{
    (void)encoder;
    return LWM2M_OK;
}

static enum lwm2m_error put(struct lwm2m_encoder *encoder, const struct lwm2m_record *record)
{
    if (encoder->count != 0 || !lwm2m_path_equal(record->path, encoder->base) ||
        record->value.type != LWM2M_TYPE_OPAQUE) {
        return LWM2M_UNSUPPORTED;
    }
    return lwm2m_buffer_append(encoder->out, record->value.as.bytes.data,
                               record->value.as.bytes.length);
}

static enum lwm2m_error end(struct lwm2m_encoder *encoder)
{
    return encoder->count == 1 ? LWM2M_OK : LWM2M_UNSUPPORTED;
}

const struct lwm2m_codec lwm2m_codec_opaque = {
    .content_format = LWM2M_FORMAT_OPAQUE,
    .legacy_format = LWM2M_NO_FORMAT,
    .name = "opaque",
    .single_value = true,
    .decode = decode,
    .begin = begin,
    .put = put,
    .end = end,
};
