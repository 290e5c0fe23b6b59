/*
 * SenML JSON (Content-Format 110; RFC 8428 §5, LwM2M Core 1.2 §7.4.6) and SenML-ETCH JSON (320; RFC
 * 8790), in which null takes the place of a value that is to be removed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/codec.h>

#include "codec/decode.h"
#include "codec/json_reader.h"
#include "codec/json_writer.h"
#include "codec/senml.h"

/* The pack and the record are the two outer levels. */
enum { INNER_DEPTH_MAX = LWM2M_DECODE_DEPTH_MAX - 2 };

struct pack {
    struct lwm2m_json_reader reader;
    struct lwm2m_senml_resolver resolver;
    bool has_nulls;
};

static enum lwm2m_error read_value(struct pack *pack, struct lwm2m_senml_record *record,
                                   enum lwm2m_senml_label label)
{
    struct lwm2m_fault *fault = pack->reader.fault;
    struct lwm2m_json_item item;
    enum lwm2m_error error = lwm2m_json_read(&pack->reader, &item);

    if (error != LWM2M_OK) {
        return error;
    }
    if (item.kind == LWM2M_JSON_NULL && pack->has_nulls && lwm2m_senml_is_value(label)) {
        return LWM2M_OK;
    }
    if (item.kind != LWM2M_JSON_SCALAR) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, item.offset, "not what the label calls for");
    }
    if (label == LWM2M_SENML_DATA && item.value.type == LWM2M_TYPE_STRING) {
        error = lwm2m_decoding_base64(pack->resolver.decoding, &item.value, item.offset, fault);
    }
    if (error != LWM2M_OK) {
        return error;
    }
    return lwm2m_senml_take_field(record, label, &item.value, item.offset, fault);
}

static enum lwm2m_error read_field(struct pack *pack, struct lwm2m_senml_record *record)
{
    struct lwm2m_json_item text;
    enum lwm2m_senml_label label;
    enum lwm2m_error error = lwm2m_json_read_label(&pack->reader, &text);

    if (error != LWM2M_OK) {
        return error;
    }
    label = lwm2m_senml_label_find(text.value.as.bytes);
    error = lwm2m_senml_note_label(record, label, text.offset, pack->reader.fault);
    if (error != LWM2M_OK) {
        return error;
    }
    if (lwm2m_senml_is_ignored(label)) {
        return lwm2m_json_skip(&pack->reader, INNER_DEPTH_MAX);
    }
    return read_value(pack, record, label);
}

static enum lwm2m_error read_record(struct pack *pack)
{
    struct lwm2m_senml_record record = {.offset = pack->reader.offset};
    struct lwm2m_json_item object;
    bool more;
    enum lwm2m_error error;

    lwm2m_decoding_empty_scratch(pack->resolver.decoding);
    error = lwm2m_json_read(&pack->reader, &object);
    if (error != LWM2M_OK) {
        return error;
    }
    if (object.kind != LWM2M_JSON_OBJECT) {
        return lwm2m_fault_set(pack->reader.fault, LWM2M_MALFORMED, object.offset,
                               "a SenML record is an object");
    }
    while ((error = lwm2m_json_next(&pack->reader, &object, &more)) == LWM2M_OK && more) {
        error = read_field(pack, &record);
        if (error != LWM2M_OK) {
            return error;
        }
    }
    return error == LWM2M_OK ? lwm2m_senml_resolve(&pack->resolver, &record) : error;
}

static enum lwm2m_error read_pack(struct pack *pack)
{
    struct lwm2m_json_item array;
    bool more;
    enum lwm2m_error error = lwm2m_json_read(&pack->reader, &array);

    if (error != LWM2M_OK) {
        return error;
    }
    if (array.kind != LWM2M_JSON_ARRAY) {
        return lwm2m_fault_set(pack->reader.fault, LWM2M_MALFORMED, array.offset,
                               "a SenML pack is an array");
    }
    while ((error = lwm2m_json_next(&pack->reader, &array, &more)) == LWM2M_OK && more) {
        error = read_record(pack);
        if (error != LWM2M_OK) {
            return error;
        }
    }
    return error == LWM2M_OK ? lwm2m_json_end(&pack->reader) : error;
}

static enum lwm2m_error decode_pack(const struct lwm2m_decoding *decoding, struct lwm2m_sink sink,
                                    struct lwm2m_fault *fault, bool has_nulls)
{
    struct pack pack = {
        .reader = {.input = decoding->payload, .scratch = decoding->scratch, .fault = fault},
        .has_nulls = has_nulls};
    enum lwm2m_error error = LWM2M_OK;

    lwm2m_senml_resolver_init(&pack.resolver, decoding, sink, fault);
    if (!lwm2m_decoding_may_be_absent(decoding)) {
        error = read_pack(&pack);
    }
    return error == LWM2M_OK ? lwm2m_senml_finish(&pack.resolver) : error;
}

static enum lwm2m_error decode(const struct lwm2m_decoding *decoding, struct lwm2m_sink sink,
                               struct lwm2m_fault *fault)
{
    return decode_pack(decoding, sink, fault, false);
}

static enum lwm2m_error decode_etch(const struct lwm2m_decoding *decoding, struct lwm2m_sink sink,
                                    struct lwm2m_fault *fault)
{
    return decode_pack(decoding, sink, fault, true);
}

/* Encoder: a mark beside those of senml.c. */
enum { RECORD_COUNT = 3 };

static const struct lwm2m_json_value_labels value_labels = {.number = "v",
                                                            .string = "vs",
                                                            .boolean = "vb",
                                                            .opaque = "vd",
                                                            .objlnk = "vlo",
                                                            .has_url_safe_base64 = true};

static enum lwm2m_error begin(struct lwm2m_encoder *encoder)
{
    return lwm2m_buffer_append_byte(encoder->out, '[');
}

static void append_prefix(struct lwm2m_json_writer *writer, const struct lwm2m_senml_prefix *prefix)
{
    if (prefix->has_base_name) {
        lwm2m_json_append_label(writer, "bn");
        lwm2m_json_append_plain(writer->out, prefix->base_name);
    }
    if (prefix->has_base_time) {
        lwm2m_json_append_label(writer, "bt");
        lwm2m_json_append_seconds(writer->out, prefix->base_time_ms);
    }
    if (prefix->has_name) {
        lwm2m_json_append_label(writer, "n");
        lwm2m_json_append_plain(writer->out, prefix->name);
    }
}

static enum lwm2m_error put(struct lwm2m_encoder *encoder, const struct lwm2m_record *record)
{
    struct lwm2m_json_writer writer = {.out = encoder->out};
    struct lwm2m_senml_prefix prefix;
    enum lwm2m_error error;

    if (lwm2m_senml_is_empty_base(encoder, record)) {
        return LWM2M_OK;
    }
    error = lwm2m_senml_prefix_init(&prefix, encoder, record);
    if (error != LWM2M_OK) {
        return error;
    }
    (void)lwm2m_buffer_append_text(encoder->out, encoder->marks[RECORD_COUNT] > 0 ? ",{" : "{");
    encoder->marks[RECORD_COUNT]++;
    append_prefix(&writer, &prefix);
    error = lwm2m_json_append_value(&writer, &record->value, &value_labels);
    if (error != LWM2M_OK) {
        return error;
    }
    if (encoder->codec == &lwm2m_codec_senml_etch_json && lwm2m_senml_is_removal(record)) {
        lwm2m_json_append_label(&writer, "v");
        (void)lwm2m_buffer_append_text(encoder->out, "null");
    }
    return lwm2m_buffer_append_byte(encoder->out, '}');
}

static enum lwm2m_error end(struct lwm2m_encoder *encoder)
{
    return lwm2m_buffer_append_byte(encoder->out, ']');
}

const struct lwm2m_codec lwm2m_codec_senml_json = {
    .content_format = LWM2M_FORMAT_SENML_JSON,
    .legacy_format = LWM2M_NO_FORMAT,
    .since_minor = 1,
    .name = "senml-json",
    .composite = true,
    .decode = decode,
    .begin = begin,
    .put = put,
    .end = end,
};

const struct lwm2m_codec lwm2m_codec_senml_etch_json = {
    .content_format = LWM2M_FORMAT_SENML_ETCH_JSON,
    .legacy_format = LWM2M_NO_FORMAT,
    .since_minor = 2,
    .name = "senml-etch-json",
    .composite = true,
    .decode = decode_etch,
    .begin = begin,
    .put = put,
    .end = end,
};
