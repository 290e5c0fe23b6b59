/*
 * CBOR (Content-Format 60): one value of one resource, as a single item (LwM2M Core 1.2 §7.4.3).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/codec.h>

#include "codec/cbor.h"
#include "codec/cbor_value.h"
#include "codec/decode.h"

static enum lwm2m_error decode(const struct lwm2m_decoding *decoding, struct lwm2m_sink sink,
                               struct lwm2m_fault *fault)
{
    struct lwm2m_cbor_reader reader = {
        .input = decoding->payload, .scratch = decoding->scratch, .fault = fault};
    struct lwm2m_record record = {.path = decoding->base, .time_ms = LWM2M_NO_TIME};
    struct lwm2m_cbor_item item;
    enum lwm2m_error error;

    if (decoding->base.level < LWM2M_LEVEL_RESOURCE) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, 0, "CBOR holds no more than one resource");
    }
    lwm2m_decoding_empty_scratch(decoding);
    error = lwm2m_cbor_read(&reader, &item);
    if (error == LWM2M_OK) {
        error = lwm2m_cbor_read_value(&reader, &item, &record.value);
    }
    if (error != LWM2M_OK) {
        return error;
    }
    if (reader.offset != reader.input.length) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, reader.offset, "bytes behind the value");
    }
    return lwm2m_decoding_put(decoding, sink, &record, item.offset, fault);
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
    return lwm2m_cbor_append_value(encoder->out, &record->value);
}

static enum lwm2m_error end(struct lwm2m_encoder *encoder)
{
    return encoder->count == 1 ? LWM2M_OK : LWM2M_UNSUPPORTED;
}

const struct lwm2m_codec lwm2m_codec_cbor = {
    .content_format = LWM2M_FORMAT_CBOR,
    .legacy_format = LWM2M_NO_FORMAT,
    .since_minor = 1,
    .name = "cbor",
    .single_value = true,
    .decode = decode,
    .begin = begin,
    .put = put,
    .end = end,
};
