/*
 * Puts the demo device together out of its objects.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "simulation/demo_device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lwm2m/objects.h>
#include <lwm2m/version.h>

#include "simulation/demo_parts.h"
#include "simulation/host_facts.h"

#define SECURITY_MODE_PSK 0
#define SECURITY_MODE_NOSEC 3

/* Registry: 41 Ethernet. A wire has no signal strength worth a word: the resource is mandatory all
 * the same. */
#define BEARER_ETHERNET 41

/* ---- what this device has that the registry does not say ---- */

static const struct lwm2m_resource_definition lamp_resources[] = {
    {.id = 5550,
     .operations = LWM2M_READABLE | LWM2M_WRITABLE,
     .mandatory = true,
     .type = LWM2M_TYPE_BOOLEAN,
     .name = "Digital Output State",
     .range = "",
     .units = ""},
    {.id = 5850,
     .operations = LWM2M_EXECUTABLE,
     .type = LWM2M_TYPE_NONE,
     .name = "Blink",
     .range = "",
     .units = ""},
    {.id = 5853,
     .operations = LWM2M_READABLE | LWM2M_WRITABLE,
     .type = LWM2M_TYPE_STRING,
     .name = "Multi-state Output",
     .range = "",
     .units = ""},
};

static const struct lwm2m_object_definition own_objects[] = {
    {.id = 3201,
     .multiple = true,
     .version = {1, 0},
     .name = "Digital Output",
     .urn = "urn:oma:lwm2m:ext:3201",
     .resource_count = sizeof(lamp_resources) / sizeof(lamp_resources[0]),
     .resources = lamp_resources},
};

const struct lwm2m_definitions demo_definitions = {
    .objects = own_objects,
    .count = sizeof(own_objects) / sizeof(own_objects[0]),
    .parent = &lwm2m_registry,
};

struct demo_device {
    struct lwm2m_host *host;
    struct lwm2m_listener *listener;
    struct lwm2m_client *client;
    struct demo_device_config config;
    char address[HOST_ADDRESS_MAX];
};

static void note(const struct demo_device *device, const char *text)
{
    if (device->config.note != NULL) {
        device->config.note(device->config.context, text);
    }
}

/* ---- object 3 ---- */

static void reboot(void *context)
{
    struct demo_device *device = context;
    note(device, "rebooting");
    lwm2m_client_restart(device->client);
}

/* What a server can change of this device goes back to what it was on the first day. */
static void factory_reset(void *context)
{
    struct demo_device *device = context;
    const struct lwm2m_record first[] = {
        {lwm2m_path_resource(3201, 0, 5853), lwm2m_value_text("500"), LWM2M_NO_TIME},
        {lwm2m_path_resource(3, 0, 14), lwm2m_value_text("Z"), LWM2M_NO_TIME},
        {lwm2m_path_resource(3, 0, 15), lwm2m_value_text("Etc/UTC"), LWM2M_NO_TIME},
    };
    note(device, "resetting to the factory state");
    for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++) {
        enum lwm2m_error error = demo_device_set(device, &first[i]);
        if (error != LWM2M_OK) {
            note(device, lwm2m_error_text(error));
        }
    }
    lwm2m_client_restart(device->client);
}

static enum lwm2m_error new_device_object(struct demo_device *device, struct lwm2m_object **object)
{
    const struct lwm2m_device_config config = {
        .manufacturer = "lwm2m",
        .model_number = "demo device",
        .serial_number = "0001",
        .firmware_version = LWM2M_VERSION,
        .device_type = "simulator",
        .software_version = LWM2M_VERSION,
        .context = device,
        .current_time_s = host_time_s,
        .memory_free_kib = host_memory_free_kib,
        .memory_total_kib = host_memory_total_kib,
        .reboot = reboot,
        .factory_reset = factory_reset,
    };
    return lwm2m_device_object_new(lwm2m_host_timers(device->host), &demo_definitions, &config,
                                   object);
}

/* ---- the other standard objects ---- */

static enum lwm2m_error new_security_object(struct demo_device *device,
                                            struct lwm2m_object **object)
{
    enum lwm2m_error error =
        lwm2m_security_object_new(lwm2m_host_port(device->host), &demo_definitions, object);
    for (size_t i = 0; i < device->config.uri_count && error == LWM2M_OK; i++) {
        const struct lwm2m_security_account account = {
            .instance = (uint16_t)i,
            .uri = device->config.uris[i],
            .ssid = (uint16_t)(i + 1),
            .security_mode = strncmp(device->config.uris[i], "coaps:", 6) == 0
                                 ? SECURITY_MODE_PSK
                                 : SECURITY_MODE_NOSEC,
        };
        error = lwm2m_security_object_add(*object, &account);
    }
    return error;
}

static enum lwm2m_error new_server_object(struct demo_device *device, struct lwm2m_object **object)
{
    enum lwm2m_error error =
        lwm2m_server_object_new(lwm2m_host_port(device->host), &demo_definitions, object);
    for (size_t i = 0; i < device->config.uri_count && error == LWM2M_OK; i++) {
        const struct lwm2m_server_account account = {
            .instance = (uint16_t)i,
            .ssid = (uint16_t)(i + 1),
            .lifetime_s = device->config.lifetime_s,
            .binding = "U",
        };
        error = lwm2m_server_object_add(*object, &account);
    }
    return error;
}

static enum lwm2m_error new_connectivity_object(struct demo_device *device,
                                                struct lwm2m_object **object)
{
    const struct lwm2m_connectivity_config config = {
        .network_bearer = BEARER_ETHERNET,
        .ip_address = device->address,
    };
    return lwm2m_connectivity_monitoring_object_new(lwm2m_host_port(device->host),
                                                    &demo_definitions, &config, object);
}

static enum lwm2m_error new_firmware_object(struct demo_device *device,
                                            struct lwm2m_object **object)
{
    return lwm2m_firmware_update_object_new(lwm2m_host_port(device->host), &demo_definitions,
                                            object);
}

/* The Greenwich meridian at the observatory: a place that nobody takes for a reading. */
static enum lwm2m_error new_location_object(struct demo_device *device,
                                            struct lwm2m_object **object)
{
    const struct lwm2m_location location = {
        .latitude = 51.4779,
        .longitude = 0.0,
        .altitude_m = 46,
        .time_s = host_time_s(NULL),
    };
    return lwm2m_location_object_new(lwm2m_host_port(device->host), &demo_definitions, &location,
                                     object);
}

static void traffic(void *context, struct lwm2m_traffic *traffic)
{
    const struct demo_device *device = context;
    struct lwm2m_udp_link_statistics link;
    lwm2m_udp_link_statistics_get(lwm2m_listener_link(device->listener), &link);
    *traffic = (struct lwm2m_traffic){
        .sent_bytes = link.sent_bytes,
        .received_bytes = link.received_bytes,
        .largest_message_bytes = (uint32_t)link.largest_bytes,
        .messages = link.sent + link.received,
    };
}

static enum lwm2m_error new_statistics_object(struct demo_device *device,
                                              struct lwm2m_object **object)
{
    const struct lwm2m_connectivity_statistics_config config = {
        .context = device,
        .traffic = traffic,
    };
    return lwm2m_connectivity_statistics_object_new(lwm2m_host_timers(device->host),
                                                    &demo_definitions, &config, object);
}

/* ---- the parts with a life of their own ---- */

static enum lwm2m_error new_button(struct demo_device *device, struct lwm2m_object **object)
{
    return demo_button_new(lwm2m_host_timers(device->host), object);
}

static enum lwm2m_error new_lamp(struct demo_device *device, struct lwm2m_object **object)
{
    return demo_lamp_new(lwm2m_host_timers(device->host), device->config.led,
                         device->config.context, object);
}

static enum lwm2m_error new_thermometer(struct demo_device *device, struct lwm2m_object **object)
{
    return demo_thermometer_new(lwm2m_host_timers(device->host), object);
}

/* ---- the whole ---- */

static enum lwm2m_error add(struct demo_device *device,
                            enum lwm2m_error (*make)(struct demo_device *device,
                                                     struct lwm2m_object **object))
{
    struct lwm2m_object *object = NULL;
    enum lwm2m_error error = make(device, &object);
    if (error == LWM2M_OK) {
        error = lwm2m_client_add_object(device->client, object);
    }
    if (error != LWM2M_OK) {
        lwm2m_object_free(object);
    }
    return error;
}

/* What the device knows how to be. */
static const struct part {
    uint16_t id;
    bool always;
    enum lwm2m_error (*make)(struct demo_device *device, struct lwm2m_object **object);
} parts[] = {
    {0, true, new_security_object},    {1, true, new_server_object},
    {3, true, new_device_object},      {4, false, new_connectivity_object},
    {5, false, new_firmware_object},   {6, false, new_location_object},
    {7, false, new_statistics_object}, {3200, false, new_button},
    {3201, false, new_lamp},           {3303, false, new_thermometer},
};

enum { PART_COUNT = sizeof(parts) / sizeof(parts[0]) };

static bool is_wanted(const struct demo_device_config *config, const struct part *part)
{
    for (size_t i = 0; i < config->object_count; i++) {
        if (config->objects[i] == part->id) {
            return true;
        }
    }
    return part->always || config->objects == NULL;
}

/* False with *failure filled if an object is asked for that is no part. */
static bool check_objects(const struct demo_device_config *config, struct control_outcome *failure)
{
    for (size_t i = 0; config->objects != NULL && i < config->object_count; i++) {
        size_t part = 0;
        while (part < PART_COUNT && parts[part].id != config->objects[i]) {
            part++;
        }
        if (part == PART_COUNT) {
            control_fail(failure, EXIT_CODE_USAGE,
                         "any other is made of its definition, from \"instances\" and \"values\"",
                         "the program has no object %u of its own: only 4, 5, 6, 7, 3200, 3201 and "
                         "3303",
                         config->objects[i]);
            return false;
        }
    }
    return true;
}

struct demo_device *demo_device_new(struct lwm2m_host *host, struct lwm2m_listener *listener,
                                    struct lwm2m_client *client,
                                    const struct demo_device_config *config,
                                    struct control_outcome *failure)
{
    if (!check_objects(config, failure)) {
        return NULL;
    }
    struct demo_device *device = calloc(1, sizeof(*device));
    enum lwm2m_error error = device == NULL ? LWM2M_NO_MEMORY : LWM2M_OK;
    if (device != NULL) {
        *device = (struct demo_device){
            .host = host, .listener = listener, .client = client, .config = *config};
        host_address(device->address);
    }
    for (size_t i = 0; i < PART_COUNT && error == LWM2M_OK; i++) {
        if (is_wanted(config, &parts[i])) {
            error = add(device, parts[i].make);
        }
    }
    if (error != LWM2M_OK) {
        control_fail(failure, EXIT_CODE_IO, NULL, "cannot set up the device: %s",
                     lwm2m_error_text(error));
        free(device);
        return NULL;
    }
    return device;
}

void demo_device_free(struct demo_device *device)
{
    free(device);
}

/* An object that the definitions know and the device does not have yet. */
static enum lwm2m_error make_object(struct demo_device *device, uint16_t id,
                                    struct lwm2m_object **object)
{
    const struct lwm2m_defined_object defined = {
        .table = {.port = lwm2m_host_port(device->host)},
        .id = id,
    };
    enum lwm2m_error error = lwm2m_defined_object_new(&defined, device->config.definitions, object);
    if (error != LWM2M_OK) {
        return error;
    }
    error = lwm2m_client_add_object(device->client, *object);
    if (error != LWM2M_OK) {
        lwm2m_object_free(*object);
    }
    return error;
}

static enum lwm2m_error find_or_make(struct demo_device *device, uint16_t id,
                                     struct lwm2m_object **object)
{
    *object = lwm2m_client_find_object(device->client, id);
    return *object != NULL ? LWM2M_OK : make_object(device, id, object);
}

enum lwm2m_error demo_device_set(struct demo_device *device, const struct lwm2m_record *record)
{
    struct lwm2m_object *object;
    enum lwm2m_error error = find_or_make(device, record->path.object, &object);
    return error != LWM2M_OK ? error : lwm2m_table_object_set(object, record->path, record->value);
}

enum lwm2m_error demo_device_add_instance(struct demo_device *device, struct lwm2m_path path)
{
    struct lwm2m_object *object;
    enum lwm2m_error error = find_or_make(device, path.object, &object);
    if (error != LWM2M_OK) {
        return error;
    }
    if (object->operations->next_instance(object, path.instance) == path.instance) {
        return LWM2M_EXISTS;
    }
    return lwm2m_table_object_set(object, path, lwm2m_value_none());
}

void demo_device_reboot(struct demo_device *device)
{
    reboot(device);
}
