/*
 * In which payload format a request is made, and an answer asked for: by what the device states.
 *
 *     device                                  formats, the first that fits
 *     1.0                                     TLV
 *     1.0, states JSON (11543) and no TLV     JSON, TLV
 *     1.1 and later, states nothing           SenML CBOR; TLV where only that will do
 *     1.1 and later, states formats           of these, in the order of the table below
 *
 * What fits: a composite operation needs a format with whole paths in it, a Create without an id
 * one without, several values need one that carries several. Text, CBOR and opaque carry a single
 * value and come last: they take from a value what tells a resource from its instances.
 *
 * A record without a value in a Write-Composite removes a resource instance. Only the SenML-ETCH
 * formats can say that (RFC 8790 §4), so it is asked of them then, and never otherwise: not every
 * device that knows SenML knows them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/request_format.h"

#include "server/device.h"

static const struct preference {
    uint16_t content_format;
    uint16_t bit;
} preferences[] = {
    {LWM2M_FORMAT_SENML_CBOR, LWM2M_DEVICE_SENML_CBOR},
    {LWM2M_FORMAT_TLV, LWM2M_DEVICE_TLV},
    {LWM2M_FORMAT_LWM2M_CBOR, LWM2M_DEVICE_LWM2M_CBOR},
    {LWM2M_FORMAT_SENML_JSON, LWM2M_DEVICE_SENML_JSON},
    {LWM2M_FORMAT_JSON, LWM2M_DEVICE_JSON},
    {LWM2M_FORMAT_CBOR, LWM2M_DEVICE_CBOR},
    {LWM2M_FORMAT_TEXT, LWM2M_DEVICE_TEXT},
    {LWM2M_FORMAT_OPAQUE, LWM2M_DEVICE_OPAQUE},
};

/* The SenML formats and what removes things in each. */
static const struct etch {
    uint16_t senml;
    uint16_t etch;
    uint16_t bit, senml_bit;
} etches[] = {
    {LWM2M_FORMAT_SENML_CBOR, LWM2M_FORMAT_SENML_ETCH_CBOR, LWM2M_DEVICE_SENML_ETCH_CBOR,
     LWM2M_DEVICE_SENML_CBOR},
    {LWM2M_FORMAT_SENML_JSON, LWM2M_FORMAT_SENML_ETCH_JSON, LWM2M_DEVICE_SENML_ETCH_JSON,
     LWM2M_DEVICE_SENML_JSON},
};

enum { ETCH_COUNT = sizeof etches / sizeof etches[0] };

/* ---- what an operation needs ---- */

static bool is_composite(const struct lwm2m_operation *operation)
{
    return operation->kind == LWM2M_OPERATION_READ_COMPOSITE ||
           operation->kind == LWM2M_OPERATION_WRITE_COMPOSITE;
}

/*
 * A Create without an id needs a format whose records may leave the instance out: TLV does, the
 * formats with a path in every record do not.
 */
static bool needs_tlv(const struct lwm2m_operation *operation)
{
    return operation->kind == LWM2M_OPERATION_CREATE &&
           operation->path.level == LWM2M_LEVEL_OBJECT && operation->record_count > 0;
}

static bool needs_etch(const struct lwm2m_operation *operation)
{
    if (operation->kind != LWM2M_OPERATION_WRITE_COMPOSITE) {
        return false;
    }
    for (size_t i = 0; i < operation->record_count; i++) {
        if (operation->records[i].path.level == LWM2M_LEVEL_RESOURCE_INSTANCE &&
            operation->records[i].value.type == LWM2M_TYPE_NONE) {
            return true;
        }
    }
    return false;
}

static const struct etch *etch_of(uint16_t content_format)
{
    for (size_t i = 0; i < ETCH_COUNT; i++) {
        if (etches[i].etch == content_format) {
            return &etches[i];
        }
    }
    return NULL;
}

/* One value of one resource, and for opaque one that is bytes. */
static bool is_single_value(const struct lwm2m_codec *codec,
                            const struct lwm2m_operation *operation)
{
    if (operation->path.level < LWM2M_LEVEL_RESOURCE || operation->record_count > 1) {
        return false;
    }
    return operation->record_count == 0 || codec->content_format != LWM2M_FORMAT_OPAQUE ||
           operation->records[0].value.type == LWM2M_TYPE_OPAQUE ||
           operation->records[0].value.type == LWM2M_TYPE_UNTYPED;
}

static bool can_carry(const struct lwm2m_codec *codec, const struct lwm2m_operation *operation)
{
    if (is_composite(operation)) {
        return codec->composite && (etch_of(codec->content_format) || !needs_etch(operation));
    }
    if (needs_tlv(operation)) {
        return codec->content_format == LWM2M_FORMAT_TLV;
    }
    if (etch_of(codec->content_format)) {
        return false;
    }
    return !codec->single_value || is_single_value(codec, operation);
}

/* ---- what a device has ---- */

static uint16_t formats_of(const struct lwm2m_request_target *target,
                           const struct lwm2m_operation *operation)
{
    uint16_t formats = target->formats;

    if (lwm2m_request_target_is_before(target, 1, 1)) {
        return LWM2M_DEVICE_TLV;
    }
    if (!(formats & LWM2M_DEVICE_STATES_FORMATS)) {
        return LWM2M_DEVICE_SENML_CBOR | (needs_tlv(operation) ? LWM2M_DEVICE_TLV : 0);
    }
    return formats;
}

static const struct lwm2m_codec *choose_preferred(struct lwm2m_codecs codecs, uint16_t formats,
                                                  const struct lwm2m_operation *operation)
{
    for (size_t i = 0; i < sizeof preferences / sizeof preferences[0]; i++) {
        const struct lwm2m_codec *codec =
            formats & preferences[i].bit ? lwm2m_codecs_find(codecs, preferences[i].content_format)
                                         : NULL;
        if (codec && can_carry(codec, operation)) {
            return codec;
        }
    }
    return NULL;
}

/* What the device states; else what goes with the SenML that it knows. */
static const struct lwm2m_codec *choose_etch(struct lwm2m_codecs codecs, uint16_t formats)
{
    for (size_t i = 0; i < 2 * ETCH_COUNT; i++) {
        const struct etch *etch = &etches[i % ETCH_COUNT];
        uint16_t bit = i < ETCH_COUNT ? etch->bit : etch->senml_bit;
        const struct lwm2m_codec *codec =
            formats & bit ? lwm2m_codecs_find(codecs, etch->etch) : NULL;
        if (codec) {
            return codec;
        }
    }
    return NULL;
}

static const struct lwm2m_codec *choose(struct lwm2m_codecs codecs,
                                        const struct lwm2m_request_target *target,
                                        const struct lwm2m_operation *operation)
{
    uint16_t formats = formats_of(target, operation);
    bool only_json = lwm2m_request_target_is_before(target, 1, 1) &&
                     (target->formats & LWM2M_DEVICE_JSON) && !(target->formats & LWM2M_DEVICE_TLV);
    const struct lwm2m_codec *codec =
        only_json ? choose_preferred(codecs, LWM2M_DEVICE_JSON, operation) : NULL;

    if (codec) {
        return codec;
    }
    return needs_etch(operation) ? choose_etch(codecs, formats)
                                 : choose_preferred(codecs, formats, operation);
}

enum lwm2m_error lwm2m_request_format_choose(struct lwm2m_codecs codecs,
                                             const struct lwm2m_request_target *target,
                                             const struct lwm2m_operation *operation,
                                             struct lwm2m_request_format *format)
{
    bool named = operation->format != LWM2M_NO_FORMAT;
    const struct lwm2m_codec *codec =
        named ? lwm2m_codecs_find(codecs, operation->format) : choose(codecs, target, operation);

    *format = (struct lwm2m_request_format){NULL, NULL};
    if (!codec) {
        return LWM2M_FORMAT;
    }
    if (!can_carry(codec, operation)) {
        return LWM2M_UNSUPPORTED;
    }
    /* What is read is not removed: SenML-ETCH is for requests alone. */
    const struct etch *etch = etch_of(codec->content_format);
    format->body = codec;
    format->answer = etch ? lwm2m_codecs_find(codecs, etch->senml) : codec;
    return format->answer ? LWM2M_OK : LWM2M_FORMAT;
}
