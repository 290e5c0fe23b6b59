/*
 * What a device answered, decoded with the types of the objects in the versions that it has.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/server.h>

#include <lwm2m/corelink.h>

#include "server/device.h"
#include "server/engine.h"

/* A search through an object list. */
struct search {
    uint16_t object;
    bool found;
    struct lwm2m_version version; /* as stated */
};

static enum lwm2m_error look(void *context, const struct lwm2m_registered_object *entry)
{
    struct search *search = context;

    if (entry->path.object != search->object) {
        return LWM2M_OK;
    }
    search->found = true;
    if (lwm2m_version_compare(entry->version, LWM2M_NO_VERSION) != 0) {
        search->version = entry->version;
    }
    return LWM2M_OK;
}

bool lwm2m_registration_object_version(const struct lwm2m_registration *registration,
                                       uint16_t object, struct lwm2m_version *version)
{
    struct search search = {.object = object, .version = LWM2M_NO_VERSION};
    struct lwm2m_registration_links links;

    if (lwm2m_registration_links_decode(registration->links, SIZE_MAX, &links, look, &search,
                                        NULL) != LWM2M_OK ||
        !search.found) {
        return false;
    }
    *version = search.version;
    if (lwm2m_version_compare(search.version, LWM2M_NO_VERSION) == 0) {
        *version = lwm2m_version_of_object(registration->version, object);
    }
    return true;
}

/* Finds types for a decoder; an answer tells of one object, so the last version found is kept. */
struct types {
    const struct lwm2m_definitions *definitions;
    const struct lwm2m_registration *registration; /* or NULL */
    uint16_t object;
    struct lwm2m_version version;
};

static enum lwm2m_type find_type(void *context, struct lwm2m_path path)
{
    struct types *types = context;
    struct lwm2m_resource_definition definition;

    if (path.level < LWM2M_LEVEL_RESOURCE) {
        return LWM2M_TYPE_UNTYPED;
    }
    if (types->object != path.object) {
        types->object = path.object;
        types->version = LWM2M_NO_VERSION;
        if (types->registration &&
            !lwm2m_registration_object_version(types->registration, path.object, &types->version)) {
            types->version = LWM2M_NO_VERSION;
        }
    }
    if (!lwm2m_definitions_find_resource(types->definitions, path.object, types->version,
                                         path.resource, &definition)) {
        return LWM2M_TYPE_UNTYPED;
    }
    return definition.type;
}

enum lwm2m_error lwm2m_outcome_decode(const struct lwm2m_outcome *outcome, struct lwm2m_sink sink,
                                      struct lwm2m_fault *fault)
{
    const struct lwm2m_port *port = outcome->server->port;
    const struct lwm2m_codec *codec =
        lwm2m_codecs_find(outcome->server->config.codecs, outcome->content_format);
    struct types types = {
        .definitions = outcome->server->config.definitions,
        .registration = outcome->registration,
        .object = LWM2M_NO_ID,
    };
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
        .types = {&types, find_type},
        .scratch = &scratch,
    };
    enum lwm2m_error error = codec->decode(&decoding, sink, fault);
    port->release(port->context, memory);
    return error;
}
