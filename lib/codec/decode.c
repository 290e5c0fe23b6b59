/*
 * What every decoder does with a value it has read: give it its type and put it to the sink.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/decode.h"

#include <lwm2m/base64.h>

enum lwm2m_type lwm2m_decoding_type(const struct lwm2m_decoding *decoding, struct lwm2m_path path)
{
    if (decoding->types.find == NULL) {
        return LWM2M_TYPE_UNTYPED;
    }
    return decoding->types.find(decoding->types.context, path);
}

enum lwm2m_error lwm2m_decoding_put(const struct lwm2m_decoding *decoding, struct lwm2m_sink sink,
                                    struct lwm2m_record *record, size_t offset,
                                    struct lwm2m_fault *fault)
{
    if (record->value.type != LWM2M_TYPE_NONE) {
        enum lwm2m_type type = lwm2m_decoding_type(decoding, record->path);
        enum lwm2m_error error = lwm2m_value_convert(&record->value, type);

        if (type == LWM2M_TYPE_NONE) {
            return lwm2m_fault_set(fault, LWM2M_TYPE, offset, "the resource holds no value");
        }
        if (error != LWM2M_OK) {
            return lwm2m_fault_set(fault, error, offset, lwm2m_error_text(error));
        }
    }
    record->offset = offset;
    return sink.put(sink.context, record);
}

bool lwm2m_decoding_may_be_absent(const struct lwm2m_decoding *decoding)
{
    return decoding->payload.length == 0 && decoding->base.level != LWM2M_LEVEL_ROOT &&
           decoding->base.level != LWM2M_LEVEL_RESOURCE_INSTANCE;
}

enum lwm2m_error lwm2m_decoding_put_empty(const struct lwm2m_decoding *decoding,
                                          struct lwm2m_sink sink)
{
    if (decoding->base.level != LWM2M_LEVEL_INSTANCE &&
        decoding->base.level != LWM2M_LEVEL_RESOURCE) {
        return LWM2M_OK;
    }
    return lwm2m_sink_put(sink, decoding->base, lwm2m_value_none());
}

void lwm2m_decoding_empty_scratch(const struct lwm2m_decoding *decoding)
{
    if (decoding->scratch != NULL) {
        lwm2m_buffer_init(decoding->scratch, decoding->scratch->data, decoding->scratch->capacity);
    }
}

static bool lies_in(const struct lwm2m_buffer *buffer, const uint8_t *data)
{
    return (uintptr_t)data >= (uintptr_t)buffer->data &&
           (uintptr_t)data < (uintptr_t)buffer->data + buffer->capacity;
}

enum lwm2m_error lwm2m_decoding_base64(const struct lwm2m_decoding *decoding,
                                       struct lwm2m_value *value, size_t offset,
                                       struct lwm2m_fault *fault)
{
    struct lwm2m_bytes text = value->as.bytes;
    struct lwm2m_buffer *scratch = decoding->scratch;
    struct lwm2m_buffer out;
    enum lwm2m_error error;

    if (text.length == 0) {
        *value = lwm2m_value_opaque(text);
        return LWM2M_OK;
    }
    if (scratch == NULL) {
        return lwm2m_fault_set(fault, LWM2M_NO_SPACE, offset, "no room to decode base64");
    }
    if (lies_in(scratch, text.data)) {
        lwm2m_buffer_init(&out, scratch->data + (text.data - scratch->data), text.length);
    } else {
        lwm2m_buffer_init(&out, scratch->data + scratch->length,
                          scratch->capacity - scratch->length);
    }
    error = lwm2m_base64_decode(text, &out);
    if (error != LWM2M_OK) {
        return lwm2m_fault_set(fault, error, offset,
                               error == LWM2M_MALFORMED ? "not base64"
                                                        : "no room to decode base64");
    }
    if (out.data == scratch->data + scratch->length) {
        scratch->length += out.length;
    }
    *value = lwm2m_value_opaque(lwm2m_buffer_bytes(&out));
    return LWM2M_OK;
}
