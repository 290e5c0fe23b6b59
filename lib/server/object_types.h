/*
 * The objects that a device registered, in which versions, and the types of their resources.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_OBJECT_TYPES_H
#define SERVER_OBJECT_TYPES_H

#include <lwm2m/port.h>
#include <lwm2m/server.h>

struct lwm2m_object_version;

/* For one payload. Initialized by lwm2m_object_types_init; private. */
struct lwm2m_object_types {
    const struct lwm2m_definitions *definitions;
    const struct lwm2m_registration *registration;
    const struct lwm2m_port *port;
    /* The object that was looked up last, as most payloads tell of one. */
    uint16_t object;
    bool found;
    struct lwm2m_version version;
    /* For payloads of several objects, all that are registered, in order. */
    bool listed;
    struct lwm2m_object_version *list;
    size_t count;
};

/* registration may be NULL: then nothing is registered, and definitions are taken as they are. */
void lwm2m_object_types_init(struct lwm2m_object_types *types, const struct lwm2m_server *server,
                             const struct lwm2m_registration *registration);
void lwm2m_object_types_release(struct lwm2m_object_types *types);

/* True if the device registered the object. */
bool lwm2m_object_types_has(struct lwm2m_object_types *types, uint16_t object);

/* For a codec: types stays the caller's. */
struct lwm2m_type_source lwm2m_object_types_source(struct lwm2m_object_types *types);

#endif
