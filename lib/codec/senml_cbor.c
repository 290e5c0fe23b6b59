/*
 * SenML CBOR (Content-Format 112; RFC 8428 §6, LwM2M Core 1.2 §7.4.6), and SenML-ETCH CBOR (322;
 * RFC 8790), which is the same with null for what is to be removed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/codec.h>

#include "codec/cbor.h"
#include "codec/cbor_value.h"
#include "codec/decode.h"
#include "codec/senml.h"

/* The pack and the record are the two outer levels. */
enum { INNER_DEPTH_MAX = LWM2M_DECODE_DEPTH_MAX - 2 };

static enum lwm2m_error read_label(struct lwm2m_cbor_reader *reader,
                                   struct lwm2m_senml_record *record, enum lwm2m_senml_label *label)
{
    struct lwm2m_cbor_item item;
    struct lwm2m_value number;
    enum lwm2m_error error = lwm2m_cbor_read(reader, &item);

    if (error != LWM2M_OK) {
        return error;
    }
    if (item.kind == LWM2M_CBOR_TEXT) {
        *label = lwm2m_senml_label_find(item.bytes);
    } else if (item.kind == LWM2M_CBOR_UNSIGNED || item.kind == LWM2M_CBOR_NEGATIVE) {
        *label = LWM2M_SENML_UNKNOWN;
        if (lwm2m_cbor_item_value(&item, &number, NULL) == LWM2M_OK &&
            number.type == LWM2M_TYPE_INTEGER) {
            *label = lwm2m_senml_label_find_number(number.as.integer);
        }
    } else {
        return lwm2m_fault_set(reader->fault, LWM2M_MALFORMED, item.offset,
                               "a label that is neither a number nor text");
    }
    return lwm2m_senml_note_label(record, *label, item.offset, reader->fault);
}

static enum lwm2m_error read_field(struct lwm2m_cbor_reader *reader,
                                   struct lwm2m_senml_record *record, bool takes_null)
{
    enum lwm2m_senml_label label = LWM2M_SENML_UNKNOWN;
    struct lwm2m_cbor_item item;
    struct lwm2m_value value;
    enum lwm2m_error error = read_label(reader, record, &label);

    if (error == LWM2M_OK) {
        error = lwm2m_cbor_read(reader, &item);
    }
    if (error != LWM2M_OK) {
        return error;
    }
    if (lwm2m_senml_is_ignored(label)) {
        return lwm2m_cbor_skip(reader, &item, INNER_DEPTH_MAX);
    }
    if (takes_null && label == LWM2M_SENML_VALUE && lwm2m_cbor_is_null(&item)) {
        return LWM2M_OK; /* the record has no value */
    }
    error = lwm2m_cbor_item_value(&item, &value, reader->fault);
    if (error != LWM2M_OK) {
        return error;
    }
    return lwm2m_senml_take_field(record, label, &value, item.offset, reader->fault);
}

static enum lwm2m_error read_record(struct lwm2m_cbor_reader *reader,
                                    struct lwm2m_senml_resolver *resolver, bool takes_null)
{
    struct lwm2m_senml_record record = {.offset = reader->offset};
    struct lwm2m_cbor_item map;
    uint64_t fields = 0;
    enum lwm2m_error error;

    lwm2m_decoding_empty_scratch(resolver->decoding);
    error = lwm2m_cbor_read(reader, &map);
    if (error != LWM2M_OK) {
        return error;
    }
    if (map.kind != LWM2M_CBOR_MAP) {
        return lwm2m_fault_set(reader->fault, LWM2M_MALFORMED, map.offset,
                               "a SenML record is a map");
    }
    while (lwm2m_cbor_more(reader, &map, &fields)) {
        error = read_field(reader, &record, takes_null);
        if (error != LWM2M_OK) {
            return error;
        }
    }
    return lwm2m_senml_resolve(resolver, &record);
}

static enum lwm2m_error decode_pack(const struct lwm2m_decoding *decoding, struct lwm2m_sink sink,
                                    struct lwm2m_fault *fault, bool takes_null)
{
    struct lwm2m_cbor_reader reader = {
        .input = decoding->payload, .scratch = decoding->scratch, .fault = fault};
    struct lwm2m_senml_resolver resolver;
    struct lwm2m_cbor_item array;
    uint64_t records = 0;
    enum lwm2m_error error;

    lwm2m_senml_resolver_init(&resolver, decoding, sink, fault);
    if (lwm2m_decoding_may_be_absent(decoding)) {
        return lwm2m_senml_finish(&resolver);
    }
    error = lwm2m_cbor_read(&reader, &array);
    if (error != LWM2M_OK) {
        return error;
    }
    if (array.kind != LWM2M_CBOR_ARRAY) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, array.offset, "a SenML pack is an array");
    }
    while (lwm2m_cbor_more(&reader, &array, &records)) {
        error = read_record(&reader, &resolver, takes_null);
        if (error != LWM2M_OK) {
            return error;
        }
    }
    if (reader.offset != reader.input.length) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, reader.offset, "bytes behind the pack");
    }
    return lwm2m_senml_finish(&resolver);
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

/* Encoder: marks beside those of senml.c. */
enum { ARRAY_MARK = 0, RECORD_COUNT = 3 };

static void append_label(struct lwm2m_buffer *out, enum lwm2m_senml_label label)
{
    if (label == LWM2M_SENML_OBJLNK) {
        lwm2m_cbor_append_text(out, lwm2m_bytes_from_text("vlo")); /* in CBOR too */
    } else {
        lwm2m_cbor_append_integer(out, lwm2m_senml_label_number(label));
    }
}

static void append_seconds(struct lwm2m_buffer *out, int64_t time_ms)
{
    if (time_ms % 1000 == 0) {
        lwm2m_cbor_append_integer(out, time_ms / 1000);
    } else {
        lwm2m_cbor_append_float(out, (double)time_ms / 1000);
    }
}

/* The label under which a value of the type stands; UNKNOWN for what SenML does not carry. */
static enum lwm2m_senml_label find_value_label(enum lwm2m_type type)
{
    switch (type) {
    case LWM2M_TYPE_STRING:
    case LWM2M_TYPE_CORELNK:
        return LWM2M_SENML_STRING;
    case LWM2M_TYPE_INTEGER:
    case LWM2M_TYPE_UNSIGNED:
    case LWM2M_TYPE_FLOAT:
    case LWM2M_TYPE_TIME:
        return LWM2M_SENML_VALUE;
    case LWM2M_TYPE_BOOLEAN:
        return LWM2M_SENML_BOOLEAN;
    case LWM2M_TYPE_OPAQUE:
        return LWM2M_SENML_DATA;
    case LWM2M_TYPE_OBJLNK:
        return LWM2M_SENML_OBJLNK;
    case LWM2M_TYPE_NONE:
    case LWM2M_TYPE_UNTYPED: /* as data they would be taken for an opaque resource */
    case LWM2M_TYPE_COUNT:
        break;
    }
    return LWM2M_SENML_UNKNOWN;
}

static enum lwm2m_error append_value(struct lwm2m_buffer *out, const struct lwm2m_value *value)
{
    enum lwm2m_senml_label label = find_value_label(value->type);

    if (label == LWM2M_SENML_UNKNOWN) {
        return LWM2M_UNSUPPORTED;
    }
    append_label(out, label);
    if (value->type == LWM2M_TYPE_TIME) {
        lwm2m_cbor_append_integer(out, value->as.integer); /* tags are not for SenML */
        return LWM2M_OK;
    }
    return lwm2m_cbor_append_value(out, value);
}

static enum lwm2m_error begin(struct lwm2m_encoder *encoder)
{
    encoder->marks[ARRAY_MARK] = lwm2m_cbor_array_begin(encoder->out);
    return LWM2M_OK;
}

/* Of all that has no value, resource instances are what a Write-Composite can remove. */
static bool is_removal(const struct lwm2m_encoder *encoder, const struct lwm2m_record *record)
{
    return encoder->codec->content_format == LWM2M_FORMAT_SENML_ETCH_CBOR &&
           record->value.type == LWM2M_TYPE_NONE &&
           record->path.level == LWM2M_LEVEL_RESOURCE_INSTANCE;
}

static enum lwm2m_error put(struct lwm2m_encoder *encoder, const struct lwm2m_record *record)
{
    struct lwm2m_buffer *out = encoder->out;
    bool has_value = record->value.type != LWM2M_TYPE_NONE;
    bool removes = is_removal(encoder, record);
    struct lwm2m_senml_prefix prefix;
    enum lwm2m_error error;

    if (lwm2m_senml_is_empty_base(encoder, record)) {
        return LWM2M_OK;
    }
    error = lwm2m_senml_prefix_init(&prefix, encoder, record);
    if (error != LWM2M_OK) {
        return error;
    }
    encoder->marks[RECORD_COUNT]++;
    lwm2m_cbor_append_map(out, (unsigned)prefix.has_base_name + prefix.has_base_time +
                                   prefix.has_name + has_value + removes);
    if (prefix.has_base_name) {
        append_label(out, LWM2M_SENML_BASE_NAME);
        lwm2m_cbor_append_text(out, prefix.base_name);
    }
    if (prefix.has_base_time) {
        append_label(out, LWM2M_SENML_BASE_TIME);
        append_seconds(out, prefix.base_time_ms);
    }
    if (prefix.has_name) {
        append_label(out, LWM2M_SENML_NAME);
        lwm2m_cbor_append_text(out, prefix.name);
    }
    if (removes) {
        append_label(out, LWM2M_SENML_VALUE);
        lwm2m_cbor_append_null(out);
    }
    return has_value ? append_value(out, &record->value) : LWM2M_OK;
}

static enum lwm2m_error end(struct lwm2m_encoder *encoder)
{
    return lwm2m_cbor_array_end(encoder->out, encoder->marks[ARRAY_MARK],
                                (uint32_t)encoder->marks[RECORD_COUNT]);
}

const struct lwm2m_codec lwm2m_codec_senml_cbor = {
    .content_format = LWM2M_FORMAT_SENML_CBOR,
    .legacy_format = LWM2M_NO_FORMAT,
    .since_minor = 1,
    .name = "senml-cbor",
    .composite = true,
    .decode = decode,
    .begin = begin,
    .put = put,
    .end = end,
};

const struct lwm2m_codec lwm2m_codec_senml_etch_cbor = {
    .content_format = LWM2M_FORMAT_SENML_ETCH_CBOR,
    .legacy_format = LWM2M_NO_FORMAT,
    .since_minor = 2,
    .name = "senml-etch-cbor",
    .composite = true,
    .decode = decode_etch,
    .begin = begin,
    .put = put,
    .end = end,
};
