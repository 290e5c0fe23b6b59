/*
 * Objects for tests of the client: the accounts of a device at one server, and a demo object that
 * has every kind of resource.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SUPPORT_DEMO_OBJECTS_H
#define SUPPORT_DEMO_OBJECTS_H

#include <stddef.h>
#include <stdint.h>

#include <lwm2m/client.h>
#include <lwm2m/objects.h>

/*
 * The demo object, 33000, version 1.0, multiple instances:
 *
 *     0 Text     RW string, range "0-20 bytes"   4 Go      E
 *     1 Number   RW integer, mandatory, 0..100   5 Many    RW multiple integer
 *     2 Reading  R  float                        6 Flag    RW boolean
 *     3 Secret   W  opaque                       7 Hidden  no operation, integer
 *
 * Instance 0 has them all; Many has the instances 0 and 3.
 */
#define DEMO_OBJECT 33000

/* What hooks of the demo object saw. */
struct demo_object {
    struct lwm2m_object *object;
    size_t executed, written;
    char arguments[64];
    struct lwm2m_path written_path;
};

/* Objects 0 and 1 for one server with that SSID and lifetime at "coap://server", 3, 6 and the demo
 * object. */
void demo_objects_add(struct lwm2m_client *client, struct demo_object *demo, uint16_t ssid,
                      uint32_t lifetime_s);

#endif
