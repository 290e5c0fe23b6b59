/*
 * What a device said, decoded with the types of the objects in the versions that it has.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/outcome.h"

#include "server/engine.h"

static enum lwm2m_error decode(const struct lwm2m_outcome *outcome, struct lwm2m_type_source types,
                               struct lwm2m_sink sink, struct lwm2m_fault *fault)
{
    const struct lwm2m_port *port = outcome->server->port;
    const struct lwm2m_codec *codec =
        lwm2m_codecs_find(outcome->server->config.codecs, outcome->content_format);
    struct lwm2m_buffer scratch;

    if (!codec) {
        return lwm2m_fault_set(fault, LWM2M_FORMAT, 0, "no codec reads this content format");
    }
    uint8_t *memory = port->allocate(port->context, outcome->payload.length + 1);
    if (!memory) {
        return lwm2m_fault_set(fault, LWM2M_NO_MEMORY, 0, "out of memory");
    }
    lwm2m_buffer_init(&scratch, memory, outcome->payload.length + 1);
    const struct lwm2m_decoding decoding = {
        .payload = outcome->payload,
        .base = outcome->path,
        .types = types,
        .scratch = &scratch,
    };
    enum lwm2m_error error = codec->decode(&decoding, sink, fault);
    port->release(port->context, memory);
    return error;
}

enum lwm2m_error lwm2m_outcome_decode_typed(const struct lwm2m_outcome *outcome,
                                            struct lwm2m_object_types *types,
                                            struct lwm2m_sink sink, struct lwm2m_fault *fault)
{
    return decode(outcome, lwm2m_object_types_source(types), sink, fault);
}

enum lwm2m_error lwm2m_outcome_decode_untyped(const struct lwm2m_outcome *outcome,
                                              struct lwm2m_sink sink, struct lwm2m_fault *fault)
{
    return decode(outcome, (struct lwm2m_type_source){0}, sink, fault);
}

enum lwm2m_error lwm2m_outcome_decode(const struct lwm2m_outcome *outcome, struct lwm2m_sink sink,
                                      struct lwm2m_fault *fault)
{
    struct lwm2m_object_types types;

    lwm2m_object_types_init(&types, outcome->server, outcome->registration);
    enum lwm2m_error error = lwm2m_outcome_decode_typed(outcome, &types, sink, fault);
    lwm2m_object_types_release(&types);
    return error;
}
