/*
 * The standard objects, and the table object that serves any other from its definition.
 *
 * Every constructor returns an object to hand to lwm2m_client_add_object. Errors: LWM2M_NO_MEMORY,
 * LWM2M_ARGUMENT. Definitions come from the config of the client's program: each constructor takes
 * the set in which it finds its own (LWM2M_NOT_FOUND if the set has none).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_OBJECTS_H
#define LWM2M_OBJECTS_H

#include <lwm2m/object.h>
#include <lwm2m/timers.h>

/*
 * What a table object calls where a resource is more than a stored value. All may be NULL. context
 * is the config's.
 */
struct lwm2m_table_object_hooks {
    /* A computed value, of a resource that has been set: puts it to sink; LWM2M_NOT_FOUND: the
     * stored value is read. */
    enum lwm2m_error (*read)(void *context, struct lwm2m_path path, struct lwm2m_sink sink);
    enum lwm2m_error (*validate)(void *context, const struct lwm2m_record *record);
    /* As in lwm2m_object_operations: not after lwm2m_table_object_set. */
    void (*written)(void *context, struct lwm2m_path path);
    /* NULL: an Execute succeeds and does nothing. */
    enum lwm2m_error (*execute)(void *context, struct lwm2m_path path,
                                struct lwm2m_bytes arguments);
    void (*free)(void *context);
};

struct lwm2m_table_object_config {
    const struct lwm2m_port *port;
    struct lwm2m_object_definition definition;    /* copied; what it points to is borrowed */
    const struct lwm2m_table_object_hooks *hooks; /* borrowed; may be NULL */
    void *context;
    bool fixed_instances; /* Create and Delete by a server are answered 4.05 */
};

enum lwm2m_error lwm2m_table_object_new(const struct lwm2m_table_object_config *config,
                                        struct lwm2m_object **object) LWM2M_MUST_CHECK;

/*
 * Sets a value as the device itself: makes the instance and the resource if need be, checks the
 * type and the range against the definition, and tells the client that the path changed. path:
 * level RESOURCE or RESOURCE_INSTANCE, or with a value of type NONE: INSTANCE to make an instance,
 * RESOURCE to make a multiple resource without instances or an optional executable resource. A new
 * instance has its mandatory resources from the start: executable, or empty, or zero.
 * LWM2M_NOT_FOUND (no such resource in the definition), LWM2M_ARGUMENT (a path of another object,
 * or of the wrong level), LWM2M_TYPE, LWM2M_RANGE, LWM2M_NO_MEMORY.
 */
enum lwm2m_error lwm2m_table_object_set(struct lwm2m_object *object, struct lwm2m_path path,
                                        struct lwm2m_value value) LWM2M_MUST_CHECK;
/* Removes an instance, a resource or a resource instance as the device itself. LWM2M_NOT_FOUND. */
enum lwm2m_error lwm2m_table_object_remove(struct lwm2m_object *object,
                                           struct lwm2m_path path) LWM2M_MUST_CHECK;
/* The stored value; LWM2M_NOT_FOUND. Borrowed until the next write. */
enum lwm2m_error lwm2m_table_object_get(struct lwm2m_object *object, struct lwm2m_path path,
                                        struct lwm2m_value *value) LWM2M_MUST_CHECK;

/* A value to give to an object that is being made. */
struct lwm2m_initial_value {
    struct lwm2m_path path;
    struct lwm2m_value value;
};

/* What an object with a definition is made of. */
struct lwm2m_defined_object {
    struct lwm2m_table_object_config table; /* filled but for the definition */
    uint16_t id;
    struct lwm2m_version version; /* of the definition; {0, 0}: 1.0 */
    const struct lwm2m_initial_value *values;
    size_t value_count;
};

/*
 * A table object with the definition of that version out of the set, and with its first values. If
 * it fails, too, the hooks' context is taken, and freed by their free. LWM2M_NOT_FOUND if the set
 * has no such object, LWM2M_NO_MEMORY.
 */
enum lwm2m_error lwm2m_defined_object_new(const struct lwm2m_defined_object *defined,
                                          const struct lwm2m_definitions *definitions,
                                          struct lwm2m_object **object) LWM2M_MUST_CHECK;

/* Sets them all; a string without bytes (data NULL) is left out. */
enum lwm2m_error lwm2m_defined_object_fill(struct lwm2m_object *object,
                                           const struct lwm2m_initial_value *values,
                                           size_t count) LWM2M_MUST_CHECK;

/* Object 0: one account at a management server. */
struct lwm2m_security_account {
    uint16_t instance;
    const char *uri;
    uint16_t ssid;
    uint8_t security_mode; /* 3: NoSec */
};
enum lwm2m_error lwm2m_security_object_new(const struct lwm2m_port *port,
                                           const struct lwm2m_definitions *definitions,
                                           struct lwm2m_object **object) LWM2M_MUST_CHECK;
enum lwm2m_error
lwm2m_security_object_add(struct lwm2m_object *object,
                          const struct lwm2m_security_account *account) LWM2M_MUST_CHECK;

/* Object 1, version 1.1: how the device registers there, and when (13 to 20); Execute of 4 and 8 acts on the
 * client. What a server or the program writes into it takes effect. */
struct lwm2m_server_account {
    uint16_t instance;
    uint16_t ssid;
    uint32_t lifetime_s;
    const char *binding; /* "U", "UQ", … */
};
enum lwm2m_error lwm2m_server_object_new(const struct lwm2m_port *port,
                                         const struct lwm2m_definitions *definitions,
                                         struct lwm2m_object **object) LWM2M_MUST_CHECK;
enum lwm2m_error
lwm2m_server_object_add(struct lwm2m_object *object,
                        const struct lwm2m_server_account *account) LWM2M_MUST_CHECK;

/* Object 3. Members may be NULL: a text that is NULL is a resource that does not exist. */
struct lwm2m_device_config {
    const char *manufacturer, *model_number, *serial_number, *firmware_version;
    const char *device_type, *hardware_version, *software_version;
    void *context;
    /* Seconds since 1970, UTC. NULL: no Current Time. */
    int64_t (*current_time_s)(void *context);
    /* KiB; negative: not known. NULL: no such resource. */
    int64_t (*memory_free_kib)(void *context);
    int64_t (*memory_total_kib)(void *context);
    /* Act on the device; called shortly after the answer to the Execute has left. */
    void (*reboot)(void *context);
    void (*factory_reset)(void *context);
};
enum lwm2m_error lwm2m_device_object_new(struct lwm2m_timers *timers,
                                         const struct lwm2m_definitions *definitions,
                                         const struct lwm2m_device_config *config,
                                         struct lwm2m_object **object) LWM2M_MUST_CHECK;
/* Adds an error to Error Code (/3/0/11) unless it is there already: 1 low battery … 8 (registry).
 */
enum lwm2m_error lwm2m_device_object_report_error(struct lwm2m_object *object,
                                                  uint8_t error_code) LWM2M_MUST_CHECK;

/* Object 4: how the device is connected now. */
struct lwm2m_connectivity_config {
    uint8_t network_bearer;  /* 41 Ethernet, 21 WLAN, … (registry) */
    int16_t signal_strength; /* dBm */
    const char *ip_address;
    const char *router_ip_address; /* may be NULL */
};
enum lwm2m_error lwm2m_connectivity_monitoring_object_new(
    const struct lwm2m_port *port, const struct lwm2m_definitions *definitions,
    const struct lwm2m_connectivity_config *config, struct lwm2m_object **object) LWM2M_MUST_CHECK;

/* Object 5 as state only: State 0, Update Result 0; writes of a package are refused (5.01). */
enum lwm2m_error lwm2m_firmware_update_object_new(const struct lwm2m_port *port,
                                                  const struct lwm2m_definitions *definitions,
                                                  struct lwm2m_object **object) LWM2M_MUST_CHECK;

/* Object 6. */
struct lwm2m_location {
    double latitude, longitude, altitude_m; /* degrees WGS84 */
    int64_t time_s;
};
enum lwm2m_error lwm2m_location_object_new(const struct lwm2m_port *port,
                                           const struct lwm2m_definitions *definitions,
                                           const struct lwm2m_location *location,
                                           struct lwm2m_object **object) LWM2M_MUST_CHECK;

/* Object 7: counts what the transport carried between Start and Stop. */
struct lwm2m_traffic {
    uint64_t sent_bytes, received_bytes;
    uint32_t largest_message_bytes;
    uint64_t messages;
};
struct lwm2m_connectivity_statistics_config {
    void *context;
    void (*traffic)(void *context,
                    struct lwm2m_traffic *traffic); /* since the start of the program */
};
enum lwm2m_error
lwm2m_connectivity_statistics_object_new(struct lwm2m_timers *timers,
                                         const struct lwm2m_definitions *definitions,
                                         const struct lwm2m_connectivity_statistics_config *config,
                                         struct lwm2m_object **object) LWM2M_MUST_CHECK;

#endif
