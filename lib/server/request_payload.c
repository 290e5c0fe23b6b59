/*
 * The payload of a request: records, or the paths of a composite read, in a format.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/request_payload.h"

static enum lwm2m_error encode(const struct lwm2m_operation *operation,
                               const struct lwm2m_codec *codec, struct lwm2m_path base,
                               struct lwm2m_buffer *out)
{
    bool reads = operation->kind == LWM2M_OPERATION_READ_COMPOSITE;
    size_t count = reads ? operation->path_count : operation->record_count;
    struct lwm2m_encoder encoder;

    enum lwm2m_error error = lwm2m_encoder_begin(&encoder, codec, base, out);
    for (size_t i = 0; !error && i < count; i++) {
        const struct lwm2m_record named = {
            .path = reads ? operation->paths[i] : base,
            .value = lwm2m_value_none(),
            .time_ms = LWM2M_NO_TIME,
        };
        error = lwm2m_encoder_put(&encoder, reads ? &named : &operation->records[i]);
    }
    return error ? error : lwm2m_encoder_end(&encoder);
}

/* Enough for most; a text in base64 or with many escapes takes another round. */
static size_t estimate(const struct lwm2m_operation *operation)
{
    size_t size = 64 + 48 * operation->path_count;

    for (size_t i = 0; i < operation->record_count; i++) {
        const struct lwm2m_value *value = &operation->records[i].value;
        size += 48;
        if (value->type == LWM2M_TYPE_STRING || value->type == LWM2M_TYPE_OPAQUE ||
            value->type == LWM2M_TYPE_CORELNK || value->type == LWM2M_TYPE_UNTYPED) {
            size += value->as.bytes.length;
        }
    }
    return size;
}

/* What the records of an operation have in common. */
static struct lwm2m_path base_of(const struct lwm2m_operation *operation)
{
    if (operation->kind != LWM2M_OPERATION_CREATE) {
        return operation->path;
    }
    if (operation->path.level == LWM2M_LEVEL_OBJECT && operation->record_count > 0) {
        return lwm2m_path_ancestor(operation->records[0].path, LWM2M_LEVEL_INSTANCE);
    }
    return lwm2m_path_object(operation->path.object);
}

enum lwm2m_error lwm2m_request_payload_encode(const struct lwm2m_operation *operation,
                                              const struct lwm2m_codec *codec,
                                              const struct lwm2m_port *port, uint8_t **memory,
                                              struct lwm2m_bytes *payload)
{
    size_t size = estimate(operation);
    enum lwm2m_error error = LWM2M_NO_SPACE;

    *memory = NULL;
    while (error == LWM2M_NO_SPACE && size <= SIZE_MAX / 2) {
        struct lwm2m_buffer buffer;
        port->release(port->context, *memory);
        *memory = port->allocate(port->context, size);
        if (!*memory) {
            return LWM2M_NO_MEMORY;
        }
        lwm2m_buffer_init(&buffer, *memory, size);
        error = encode(operation, codec, base_of(operation), &buffer);
        *payload = lwm2m_buffer_bytes(&buffer);
        size *= 2;
    }
    return error;
}
