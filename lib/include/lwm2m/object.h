/*
 * Objects of a device: the table through which the client engine reaches what it serves.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_OBJECT_H
#define LWM2M_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/definition.h>
#include <lwm2m/error.h>
#include <lwm2m/path.h>
#include <lwm2m/record.h>
#include <lwm2m/timers.h>
#include <lwm2m/value.h>

struct lwm2m_client;
struct lwm2m_object;

/* On whose behalf an operation runs. */
#define LWM2M_SSID_DEVICE 0 /* the device itself: everything is allowed */

struct lwm2m_requester {
    uint16_t ssid;  /* Short Server ID 1 to 65534, or LWM2M_SSID_DEVICE */
    bool bootstrap; /* the Bootstrap-Server */
};

/*
 * What an object supplies. The engine calls these from a receive or a timer, never from two places at
 * once; none may block. Before it calls, it has checked against the definition that the operation is
 * allowed and, for write, that the value has the resource's type. Paths given exist unless noted.
 */
struct lwm2m_object_operations {
    /* The smallest instance id >= from; LWM2M_NO_ID if there is none. O(log n). */
    uint16_t (*next_instance)(struct lwm2m_object *object, uint16_t from);

    /* The smallest id >= from of a resource that the instance has now; LWM2M_NO_ID if none. */
    uint16_t (*next_resource)(struct lwm2m_object *object, uint16_t instance, uint16_t from);

    /* The same for the instances of a multiple resource. */
    uint16_t (*next_resource_instance)(struct lwm2m_object *object, uint16_t instance,
                                       uint16_t resource, uint16_t from);

    /*
     * Puts the value at path (a single resource, or a resource instance) to sink as one record with
     * time LWM2M_NO_TIME. Returns what sink returned.
     */
    enum lwm2m_error (*read)(struct lwm2m_object *object, struct lwm2m_path path,
                             struct lwm2m_sink sink);

    /*
     * Says whether write would accept this value, without changing anything: the engine asks for every
     * record of a request before it writes the first. The resource may not exist yet; the instance may not
     * either (create). NULL accepts all. LWM2M_RANGE, LWM2M_TYPE, LWM2M_NOT_ALLOWED, …
     */
    enum lwm2m_error (*validate)(struct lwm2m_object *object, const struct lwm2m_record *record);

    /*
     * Sets a single resource or a resource instance, making it if need be; a record of type NONE at
     * level RESOURCE makes a multiple resource empty. NULL: nothing is writable.
     */
    enum lwm2m_error (*write)(struct lwm2m_object *object, const struct lwm2m_record *record);

    /*
     * Before a write that replaces: removes the instances of a multiple resource (level RESOURCE), or
     * the writable resources of an instance that are not mandatory (level INSTANCE). May be NULL.
     */
    enum lwm2m_error (*clear)(struct lwm2m_object *object, struct lwm2m_path path);

    /* After the last write of one request to one instance, so that effects happen once; path is the one that the
     * request named (of a Create: the new instance; of a Write-Composite: the instance that has changed, for all
     * records of it that stand together). May be NULL. */
    void (*written)(struct lwm2m_object *object, struct lwm2m_path path);

    /* Executes; arguments as on the wire, their syntax already checked. NULL: nothing is executable. */
    enum lwm2m_error (*execute)(struct lwm2m_object *object, struct lwm2m_path path,
                                struct lwm2m_bytes arguments);

    /* Makes an empty instance / removes one. NULL: not allowed (4.05). */
    enum lwm2m_error (*create)(struct lwm2m_object *object, uint16_t instance);
    enum lwm2m_error (*remove)(struct lwm2m_object *object, uint16_t instance);

    /* Removes an instance of a multiple resource that may be written. NULL: not allowed (4.05). */
    enum lwm2m_error (*remove_resource_instance)(struct lwm2m_object *object,
                                                 struct lwm2m_path path);

    /* Frees the object; called by lwm2m_client_free and by whoever never added it. */
    void (*free)(struct lwm2m_object *object);
};

/* Embedded as first member by every implementation. */
struct lwm2m_object {
    struct lwm2m_object_definition definition;
    const struct lwm2m_object_operations *operations;
    struct lwm2m_client *client; /* set by lwm2m_client_add_object; NULL before */
};

/* Frees an object that no client has taken; NULL is allowed. */
void lwm2m_object_free(struct lwm2m_object *object);

/*
 * The arguments of an Execute, `0='a',2,3='b'` (LwM2M Core 1.2 §6.3.5): one argument per call.
 */
struct lwm2m_execute_argument {
    uint8_t id; /* 0 to 9 */
    bool has_value;
    struct lwm2m_bytes value;
};

/* Takes the next argument off *arguments: LWM2M_OK, LWM2M_NOT_FOUND at the end, LWM2M_MALFORMED (an id twice,
 * a quote that does not end, …: *seen, 0 at first, remembers the ids). */
enum lwm2m_error lwm2m_execute_argument_next(struct lwm2m_bytes *arguments, uint16_t *seen,
                                             struct lwm2m_execute_argument *argument) LWM2M_MUST_CHECK;

#endif
