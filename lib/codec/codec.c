/*
 * Codecs: looking them up, and the front of every encoder, which checks what all formats ask for.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/codec.h>

struct format_name {
    uint16_t format;
    const char *name;
};

static const struct format_name format_names[] = {
    {LWM2M_FORMAT_TEXT, "text"},
    {LWM2M_FORMAT_LINK, "link"},
    {LWM2M_FORMAT_OPAQUE, "opaque"},
    {LWM2M_FORMAT_CBOR, "cbor"},
    {LWM2M_FORMAT_SENML_JSON, "senml-json"},
    {LWM2M_FORMAT_SENML_CBOR, "senml-cbor"},
    {LWM2M_FORMAT_SENML_ETCH_JSON, "senml-etch-json"},
    {LWM2M_FORMAT_SENML_ETCH_CBOR, "senml-etch-cbor"},
    {LWM2M_FORMAT_TLV_LEGACY, "tlv-legacy"},
    {LWM2M_FORMAT_JSON_LEGACY, "json-legacy"},
    {LWM2M_FORMAT_TLV, "tlv"},
    {LWM2M_FORMAT_JSON, "json"},
    {LWM2M_FORMAT_LWM2M_CBOR, "lwm2m-cbor"},
};

enum lwm2m_error lwm2m_encoder_begin(struct lwm2m_encoder *encoder, const struct lwm2m_codec *codec,
                                     struct lwm2m_path base, struct lwm2m_buffer *out)
{
    *encoder =
        (struct lwm2m_encoder){.codec = codec, .out = out, .base = base, .last = lwm2m_path_root()};
    if (codec->single_value && base.level < LWM2M_LEVEL_RESOURCE) {
        return LWM2M_UNSUPPORTED;
    }
    return codec->begin(encoder);
}

enum lwm2m_error lwm2m_encoder_put(struct lwm2m_encoder *encoder, const struct lwm2m_record *record)
{
    enum lwm2m_error error;

    if (!lwm2m_path_contains(encoder->base, record->path)) {
        return LWM2M_ARGUMENT;
    }
    if (record->value.type != LWM2M_TYPE_NONE && record->path.level < LWM2M_LEVEL_RESOURCE) {
        return LWM2M_ARGUMENT;
    }
    error = encoder->codec->put(encoder, record);
    if (error != LWM2M_OK) {
        return error;
    }
    encoder->last = record->path;
    encoder->count++;
    return lwm2m_buffer_check(encoder->out);
}

enum lwm2m_error lwm2m_encoder_end(struct lwm2m_encoder *encoder)
{
    enum lwm2m_error error = encoder->codec->end(encoder);

    return error != LWM2M_OK ? error : lwm2m_buffer_check(encoder->out);
}

static enum lwm2m_error put_to_encoder(void *context, const struct lwm2m_record *record)
{
    return lwm2m_encoder_put(context, record);
}

struct lwm2m_sink lwm2m_encoder_sink(struct lwm2m_encoder *encoder)
{
    return (struct lwm2m_sink){.context = encoder, .put = put_to_encoder};
}

const struct lwm2m_codec *lwm2m_codecs_find(struct lwm2m_codecs codecs, uint16_t format)
{
    if (format == LWM2M_NO_FORMAT) {
        return NULL;
    }
    for (size_t i = 0; i < codecs.count; i++) {
        const struct lwm2m_codec *codec = codecs.list[i];

        if (codec->content_format == format || codec->legacy_format == format) {
            return codec;
        }
    }
    return NULL;
}

const struct lwm2m_codec *lwm2m_codecs_find_name(struct lwm2m_codecs codecs,
                                                 struct lwm2m_bytes name)
{
    for (size_t i = 0; i < codecs.count; i++) {
        if (lwm2m_bytes_equal_text(name, codecs.list[i]->name)) {
            return codecs.list[i];
        }
    }
    return NULL;
}

const char *lwm2m_content_format_name(uint16_t format)
{
    for (size_t i = 0; i < sizeof format_names / sizeof format_names[0]; i++) {
        if (format_names[i].format == format) {
            return format_names[i].name;
        }
    }
    return NULL;
}
