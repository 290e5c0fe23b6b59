/*
 * Objects for tests of the client.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support/demo_objects.h"

#include <stdlib.h>
#include <string.h>

static const struct lwm2m_resource_definition demo_resources[] = {
    {.id = 0,
     .operations = LWM2M_READABLE | LWM2M_WRITABLE,
     .type = LWM2M_TYPE_STRING,
     .name = "Text",
     .range = "0-20 bytes",
     .units = ""},
    {.id = 1,
     .operations = LWM2M_READABLE | LWM2M_WRITABLE,
     .mandatory = true,
     .type = LWM2M_TYPE_INTEGER,
     .name = "Number",
     .range = "0..100",
     .units = ""},
    {.id = 2,
     .operations = LWM2M_READABLE,
     .type = LWM2M_TYPE_FLOAT,
     .name = "Reading",
     .range = "",
     .units = ""},
    {.id = 3,
     .operations = LWM2M_WRITABLE,
     .type = LWM2M_TYPE_OPAQUE,
     .name = "Secret",
     .range = "",
     .units = ""},
    {.id = 4,
     .operations = LWM2M_EXECUTABLE,
     .type = LWM2M_TYPE_NONE,
     .name = "Go",
     .range = "",
     .units = ""},
    {.id = 5,
     .operations = LWM2M_READABLE | LWM2M_WRITABLE,
     .multiple = true,
     .type = LWM2M_TYPE_INTEGER,
     .name = "Many",
     .range = "",
     .units = ""},
    {.id = 6,
     .operations = LWM2M_READABLE | LWM2M_WRITABLE,
     .type = LWM2M_TYPE_BOOLEAN,
     .name = "Flag",
     .range = "",
     .units = ""},
    {.id = 7, .type = LWM2M_TYPE_INTEGER, .name = "Hidden", .range = "", .units = ""},
};

static void check(enum lwm2m_error error)
{
    if (error != LWM2M_OK) {
        abort();
    }
}

static enum lwm2m_error execute(void *context, struct lwm2m_path path, struct lwm2m_bytes arguments)
{
    struct demo_object *demo = context;
    size_t length =
        arguments.length < sizeof(demo->arguments) ? arguments.length : sizeof(demo->arguments) - 1;

    (void)path;
    demo->executed++;
    memset(demo->arguments, 0, sizeof(demo->arguments));
    if (length > 0) {
        memcpy(demo->arguments, arguments.data, length);
    }
    return LWM2M_OK;
}

static void written(void *context, struct lwm2m_path path)
{
    struct demo_object *demo = context;

    demo->written++;
    demo->written_path = path;
}

static const struct lwm2m_table_object_hooks hooks = {.execute = execute, .written = written};

static void set(struct lwm2m_object *object, uint16_t resource, struct lwm2m_value value)
{
    check(lwm2m_table_object_set(object, lwm2m_path_resource(DEMO_OBJECT, 0, resource), value));
}

static void set_many(struct lwm2m_object *object, uint16_t id, int64_t number)
{
    check(lwm2m_table_object_set(object, lwm2m_path_resource_instance(DEMO_OBJECT, 0, 5, id),
                                 lwm2m_value_integer(number)));
}

static void add(struct lwm2m_client *client, struct lwm2m_object *object)
{
    check(lwm2m_client_add_object(client, object));
}

static void add_demo(struct lwm2m_client *client, struct demo_object *demo)
{
    const struct lwm2m_table_object_config config = {
        .port = lwm2m_client_port(client),
        .definition = {.id = DEMO_OBJECT,
                       .multiple = true,
                       .version = {1, 0},
                       .name = "Demo",
                       .urn = "urn:oma:lwm2m:x:33000",
                       .resource_count = sizeof(demo_resources) / sizeof(demo_resources[0]),
                       .resources = demo_resources},
        .hooks = &hooks,
        .context = demo,
    };
    static const uint8_t secret[] = {0xde, 0xad};

    memset(demo, 0, sizeof(*demo));
    check(lwm2m_table_object_new(&config, &demo->object));
    set(demo->object, 0, lwm2m_value_text("hello"));
    set(demo->object, 1, lwm2m_value_integer(42));
    set(demo->object, 2, lwm2m_value_float(21.5));
    set(demo->object, 3, lwm2m_value_opaque((struct lwm2m_bytes){secret, sizeof(secret)}));
    set(demo->object, 4, lwm2m_value_none());
    set_many(demo->object, 0, 10);
    set_many(demo->object, 3, 13);
    set(demo->object, 6, lwm2m_value_boolean(true));
    set(demo->object, 7, lwm2m_value_integer(7));
    add(client, demo->object);
}

void demo_objects_add(struct lwm2m_client *client, struct demo_object *demo, uint16_t ssid,
                      uint32_t lifetime_s)
{
    const struct lwm2m_port *port = lwm2m_client_port(client);
    const struct lwm2m_security_account security = {
        .uri = "coap://server", .ssid = ssid, .security_mode = 3};
    const struct lwm2m_server_account server = {
        .ssid = ssid, .lifetime_s = lifetime_s, .binding = "U"};
    const struct lwm2m_location location = {.latitude = 48.5, .longitude = 9.25};
    struct lwm2m_object *object;

    check(lwm2m_security_object_new(port, &lwm2m_registry, &object));
    check(lwm2m_security_object_add(object, &security));
    add(client, object);
    check(lwm2m_server_object_new(port, &lwm2m_registry, &object));
    check(lwm2m_server_object_add(object, &server));
    add(client, object);
    check(lwm2m_location_object_new(port, &lwm2m_registry, &location, &object));
    add(client, object);
    add_demo(client, demo);
}
