/*
 * Plain text (Content-Format 0): one value of one resource (LwM2M Core 1.2 §7.4.1).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/codec.h>

#include "codec/decode.h"

static enum lwm2m_error decode(const struct lwm2m_decoding *decoding, struct lwm2m_sink sink,
                               struct lwm2m_fault *fault)
{
    struct lwm2m_record record = {.path = decoding->base, .time_ms = LWM2M_NO_TIME};
    enum lwm2m_type type = lwm2m_decoding_type(decoding, decoding->base);
    enum lwm2m_error error;

    if (decoding->base.level < LWM2M_LEVEL_RESOURCE) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, 0, "text holds no more than one resource");
    }
    if (type == LWM2M_TYPE_NONE) {
        return lwm2m_fault_set(fault, LWM2M_TYPE, 0, "the resource holds no value");
    }
    if (type == LWM2M_TYPE_OPAQUE && decoding->scratch == NULL) {
        return lwm2m_fault_set(fault, LWM2M_NO_SPACE, 0, "no room to decode base64");
    }
    lwm2m_decoding_empty_scratch(decoding);
    error = lwm2m_value_parse(decoding->payload, type, decoding->scratch, &record.value);
    if (error != LWM2M_OK) {
        return lwm2m_fault_set(fault, error, 0, lwm2m_error_text(error));
    }
    return sink.put(sink.context, &record);
}

static enum lwm2m_error begin(struct lwm2m_encoder *encoder)
{
    (void)encoder;
    return LWM2M_OK;
}

static enum lwm2m_error put(struct lwm2m_encoder *encoder, const struct lwm2m_record *record)
{
    /* An instance of the resource that was asked for would come back as the resource itself. */
    if (encoder->count != 0 || !lwm2m_path_equal(record->path, encoder->base)) {
        return LWM2M_UNSUPPORTED;
    }
    if (record->value.type == LWM2M_TYPE_NONE || record->value.type == LWM2M_TYPE_UNTYPED) {
        return LWM2M_UNSUPPORTED;
    }
    return lwm2m_value_print(&record->value, encoder->out);
}

static enum lwm2m_error end(struct lwm2m_encoder *encoder)
{
    return encoder->count == 1 ? LWM2M_OK : LWM2M_UNSUPPORTED;
}

const struct lwm2m_codec lwm2m_codec_text = {
    .content_format = LWM2M_FORMAT_TEXT,
    .legacy_format = LWM2M_NO_FORMAT,
    .name = "text",
    .single_value = true,
    .decode = decode,
    .begin = begin,
    .put = put,
    .end = end,
};
