/*
 * Sets up a simulated device and takes it down.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "simulation/simulated_device.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lwm2m/uri.h>
#include <lwm2m/utf8.h>

#include "output/time_text.h"
#include "simulation/device_values.h"
#include "simulation/host_facts.h"

/* RFC 6690's and our servers' bound for ep. */
#define ENDPOINT_BYTES_MAX 255
#define SERVERS_MAX 16

void simulated_device_config_init(struct simulated_device_config *config)
{
    struct lwm2m_listener_config listener;
    struct lwm2m_client_config client;
    lwm2m_listener_config_init(&listener);
    lwm2m_client_config_init(&client);
    *config = (struct simulated_device_config){
        .lifetime_s = 86400,
        .version = client.version,
        .awake_ms = client.awake_ms,
        .transmission = listener.transmission,
    };
}

void simulated_device_default_endpoint(char name[DEFAULT_ENDPOINT_MAX])
{
    char machine[DEFAULT_ENDPOINT_MAX - 8];
    host_name(machine, sizeof(machine));
    snprintf(name, DEFAULT_ENDPOINT_MAX, "lwm2m-%s", machine);
}

static const char *uri_of(const void *context, uint16_t ssid)
{
    const struct simulated_device *device = context;
    return simulated_device_uri(&device->config, ssid);
}

static void take_event(void *context, const struct lwm2m_client_event *event)
{
    const struct simulated_device *device = context;
    narrate_event(device->config.narrator, event);
    if (device->config.on_event != NULL) {
        device->config.on_event(device->config.context, event);
    }
}

static void take_led(void *context, const struct demo_led *led)
{
    const struct simulated_device *device = context;
    narrate_led(device->config.narrator, led);
}

static void take_note(void *context, const char *text)
{
    const struct simulated_device *device = context;
    narrate(device->config.narrator, "%s", text);
}

const char *simulated_device_uri(const struct simulated_device_config *config, uint16_t ssid)
{
    if (config->uris == NULL) {
        return config->default_uri;
    }
    return config->uris[ssid >= 1 && ssid <= config->uri_count ? ssid - 1 : 0];
}

static bool check_uri(const char *text, enum lwm2m_scheme *scheme, struct control_outcome *failure)
{
    struct lwm2m_uri uri;
    struct lwm2m_fault fault = {0};
    enum lwm2m_error error = lwm2m_uri_parse(lwm2m_bytes_from_text(text), &uri, &fault);
    if (error != LWM2M_OK) {
        control_fail(failure, EXIT_CODE_USAGE, "a server's address looks like coap://host:5683",
                     "'%.200s' is not a server's address: offset %zu: %s", text, fault.offset,
                     fault.reason != NULL ? fault.reason : lwm2m_error_text(error));
        return false;
    }
    if (uri.scheme != LWM2M_SCHEME_COAP && uri.scheme != LWM2M_SCHEME_COAPS) {
        control_fail(failure, EXIT_CODE_UNSUPPORTED, "use a coap:// or coaps:// address",
                     "this version speaks coap and coaps only, not %s",
                     lwm2m_scheme_name(uri.scheme));
        return false;
    }
    *scheme = uri.scheme;
    return true;
}

/* Keys and addresses have to fit each other: a key that is not used would pass for security. */
static bool check_security(const struct simulated_device_config *config, enum lwm2m_scheme scheme,
                           const char *uri, struct control_outcome *failure)
{
    bool secure = scheme == LWM2M_SCHEME_COAPS;
    if (secure == credential_sources_any(&config->credentials)) {
        return true;
    }
    control_fail(failure, EXIT_CODE_USAGE,
                 secure ? "--psk-file FILE gives one, or --key FILE with --cert FILE"
                        : "coaps:// uses it",
                 secure ? "%.200s: a key is missing" : "%.200s: the key would not be used", uri);
    return false;
}

static bool check(const struct simulated_device_config *config, struct control_outcome *failure)
{
    struct lwm2m_bytes endpoint = lwm2m_bytes_from_text(config->endpoint);
    if (config->uri_count > SERVERS_MAX) {
        control_fail(failure, EXIT_CODE_USAGE, NULL, "a device has at most %d servers",
                     SERVERS_MAX);
        return false;
    }
    for (size_t i = 0; i < config->uri_count; i++) {
        const char *uri = simulated_device_uri(config, (uint16_t)(i + 1));
        enum lwm2m_scheme scheme;
        if (!check_uri(uri, &scheme, failure) || !check_security(config, scheme, uri, failure)) {
            return false;
        }
    }
    if (endpoint.length == 0 || endpoint.length > ENDPOINT_BYTES_MAX ||
        !lwm2m_utf8_is_valid(endpoint)) {
        control_fail(failure, EXIT_CODE_USAGE, NULL, "an endpoint name has 1 to %d bytes of UTF-8",
                     ENDPOINT_BYTES_MAX);
        return false;
    }
    return true;
}

/* Before the engine knows: whoever tells of the failure finds the reason. */
static void take_handshake(void *context, const struct lwm2m_dtls_event *event)
{
    struct simulated_device *device = context;
    device->handshake[0] = '\0';
    if (event->type == LWM2M_DTLS_FAILED) {
        device->failure = event->failure;
        snprintf(device->handshake, sizeof(device->handshake), "%s%s%s",
                 lwm2m_dtls_failure_text(event->failure), event->detail != NULL ? ": " : "",
                 event->detail != NULL ? event->detail : "");
        narrate(device->config.narrator, "handshake failed: %s", device->handshake);
    } else if (event->type == LWM2M_DTLS_ESTABLISHED) {
        narrate(device->config.narrator, "secured with %s", event->cipher);
    }
}

static enum lwm2m_error open_network(struct simulated_device *device)
{
    struct lwm2m_listener_config config;
    lwm2m_listener_config_init(&config);
    config.transmission = device->config.transmission;
    config.trace = trace_listener(device->config.trace);
    config.chaos = &device->config.chaos;
    config.stack = device->config.stack;
    config.credentials = device->credentials;
    config.ciphers = device->config.credentials.ciphers;
    config.context = device;
    config.on_security = take_handshake;
    config.capture = device->capture;
    return lwm2m_host_listen(device->host, &config, &device->listener);
}

static int64_t wall_clock_ms(void *context)
{
    (void)context;
    return time_now_ms();
}

static enum lwm2m_error open_client(struct simulated_device *device)
{
    struct lwm2m_client_config config;
    lwm2m_client_config_init(&config);
    config.timers = lwm2m_host_timers(device->host);
    config.connector = lwm2m_listener_connector(device->listener);
    config.endpoint_name = device->config.endpoint;
    config.version = device->config.version;
    config.definitions = definition_library_definitions(&device->definitions);
    config.queue_mode = device->config.queue_mode;
    config.awake_ms = device->config.awake_ms;
    config.profile_id = device->config.profile_id;
    config.time_ms = wall_clock_ms;
    config.answer_strangers = device->config.answer_strangers;
    config.context = device;
    config.on_event = take_event;
    enum lwm2m_error error = lwm2m_client_new(&config, &device->client);
    if (error == LWM2M_OK) {
        lwm2m_client_attach(device->client, lwm2m_listener_transport(device->listener));
    }
    return error;
}

static bool add_objects(struct simulated_device *device, struct control_outcome *failure)
{
    const struct demo_device_config config = {
        .uris = device->config.uris != NULL ? device->config.uris : &device->config.default_uri,
        .uri_count = device->config.uri_count,
        .lifetime_s = device->config.lifetime_s,
        .queue_mode = device->config.queue_mode,
        .definitions = definition_library_definitions(&device->definitions),
        .objects = device->profile != NULL ? device->profile->objects : NULL,
        .object_count = device->profile != NULL ? device->profile->object_count : 0,
        .context = device,
        .led = take_led,
        .note = take_note,
    };
    device->demo =
        demo_device_new(device->host, device->listener, device->client, &config, failure);
    return device->demo != NULL;
}

/* ---- what a profile and the command line add ---- */

static void set_generated(void *context, struct lwm2m_path path, const struct lwm2m_value *value)
{
    const struct simulated_device *device = context;
    const struct lwm2m_record record = {path, *value, LWM2M_NO_TIME};
    enum lwm2m_error error = demo_device_set(device->demo, &record);
    if (error != LWM2M_OK) {
        char text[LWM2M_PATH_TEXT_MAX];
        lwm2m_path_print(path, text);
        narrate(device->config.narrator, "%s not generated: %s", text, lwm2m_error_text(error));
    }
}

static bool add_instance(struct simulated_device *device, const char *source,
                         struct lwm2m_path path, struct control_outcome *failure)
{
    char text[LWM2M_PATH_TEXT_MAX];
    enum lwm2m_error error = path.level == LWM2M_LEVEL_INSTANCE
                                 ? demo_device_add_instance(device->demo, path)
                                 : LWM2M_ARGUMENT;
    if (error == LWM2M_OK) {
        return true;
    }
    lwm2m_path_print(path, text);
    control_fail(failure, EXIT_CODE_USAGE, NULL, "%.160s: instance %s: %s", source, text,
                 error == LWM2M_NOT_FOUND  ? "no definition of this object"
                 : error == LWM2M_ARGUMENT ? "not the path of an instance"
                                           : lwm2m_error_text(error));
    return false;
}

/* An instance 0 of every object that --object defines. */
static bool add_defined_objects(struct simulated_device *device, struct control_outcome *failure)
{
    const struct lwm2m_definitions *files = definition_library_definitions(&device->definitions);
    for (size_t i = 0; i < files->count; i++) {
        struct lwm2m_path path = lwm2m_path_instance(files->objects[i].id, 0);
        bool repeated = i > 0 && files->objects[i - 1].id == files->objects[i].id;
        if (!repeated && !add_instance(device, "--object", path, failure)) {
            return false;
        }
    }
    return true;
}

static bool add_instances(struct simulated_device *device, struct control_outcome *failure)
{
    const struct profile *profile = device->profile;
    const cJSON *item;
    cJSON_ArrayForEach (item, profile->instances) {
        struct lwm2m_fault fault = {0};
        struct lwm2m_path path;
        if (lwm2m_definitions_parse_path(definition_library_definitions(&device->definitions),
                                         lwm2m_bytes_from_text(item->valuestring), &path,
                                         &fault) != LWM2M_OK) {
            profile_refuse(profile, failure, "'%.60s' is not a path: offset %zu: %s",
                           item->valuestring, fault.offset, fault.reason);
            return false;
        }
        if (!add_instance(device, profile->path, path, failure)) {
            return false;
        }
    }
    return true;
}

static bool apply_profile(struct simulated_device *device, struct control_outcome *failure)
{
    const struct lwm2m_definitions *definitions =
        definition_library_definitions(&device->definitions);
    const struct value_types types = device_value_types(definitions);
    const struct generator_target target = {device, set_generated};
    if (device->profile == NULL) {
        return true;
    }
    if (!add_instances(device, failure) ||
        !device_values_set(device->demo, definitions, device->profile->values,
                           device->profile->path, failure)) {
        return false;
    }
    device->generators = profile_generators_new(device->profile, &types,
                                                lwm2m_host_timers(device->host), &target, failure);
    return device->generators != NULL;
}

static bool fill(struct simulated_device *device, struct control_outcome *failure)
{
    if (!add_objects(device, failure)) {
        return false;
    }
    device->config.narrator->client = device->client;
    device->config.narrator->uri = uri_of;
    device->config.narrator->context = device;
    if (!add_defined_objects(device, failure) || !apply_profile(device, failure) ||
        !device_words_set(device->demo, definition_library_definitions(&device->definitions),
                          device->config.values, device->config.value_count, failure)) {
        return false;
    }
    if (device->generators != NULL) {
        profile_generators_start(device->generators);
    }
    return true;
}

/* ---- life ---- */

static bool read_files(struct simulated_device *device, struct control_outcome *failure)
{
    if (!definition_library_read(&device->definitions, &device->config.definitions,
                                 &demo_definitions, device->config.printer, failure)) {
        return false;
    }
    if (device->config.profile == NULL) {
        return true;
    }
    device->profile = profile_read(device->config.profile, failure);
    for (size_t i = 0; device->profile != NULL && i < device->profile->definition_count; i++) {
        if (!definition_file_read(device->definitions.directories, device->profile->definitions[i],
                                  failure)) {
            return false;
        }
    }
    return device->profile != NULL;
}

static bool fail_to_open(const struct simulated_device *device, enum lwm2m_error error,
                         struct control_outcome *failure)
{
    bool system = error == LWM2M_IO;
    if (device->credentials != NULL && error == LWM2M_ARGUMENT) {
        control_fail(failure, EXIT_CODE_USAGE, "'gnutls-cli --list --priority=…' tries one",
                     "--ciphers: GnuTLS does not take '%.200s'",
                     device->config.credentials.ciphers);
    } else if (device->credentials != NULL && error == LWM2M_UNSUPPORTED) {
        control_fail(failure, EXIT_CODE_UNSUPPORTED, "--stack endpoint does",
                     "libcoap does not carry coaps so far");
    } else {
        control_fail(failure, system ? EXIT_CODE_TRANSPORT : EXIT_CODE_IO, NULL,
                     "cannot open a socket: %s",
                     system ? strerror(errno) : lwm2m_error_text(error));
    }
    return false;
}

static bool open_device(struct simulated_device *device, struct control_outcome *failure)
{
    enum lwm2m_error error = lwm2m_host_new(trace_log, device->config.trace, &device->host);
    if (error == LWM2M_OK && credential_sources_any(&device->config.credentials)) {
        device->credentials =
            credentials_read_caller(&device->config.credentials, lwm2m_host_port(device->host),
                                    device->config.endpoint, device->config.printer, failure);
        if (device->credentials == NULL) {
            return false;
        }
    }
    if (error == LWM2M_OK &&
        !packet_capture_open(&device->config.capture_options, device->config.stack,
                             device->config.printer, &device->capture, failure)) {
        return false;
    }
    if (error == LWM2M_OK) {
        error = open_network(device);
    }
    if (error == LWM2M_OK) {
        error = open_client(device);
    }
    return error == LWM2M_OK || fail_to_open(device, error, failure);
}

struct simulated_device *simulated_device_new(const struct simulated_device_config *config,
                                              struct control_outcome *failure)
{
    if (!check(config, failure)) {
        return NULL;
    }
    struct simulated_device *device = calloc(1, sizeof(*device));
    if (device == NULL) {
        control_fail(failure, EXIT_CODE_IO, NULL, "out of memory");
        return NULL;
    }
    device->config = *config;
    if (read_files(device, failure) && open_device(device, failure) && fill(device, failure)) {
        return device;
    }
    simulated_device_free(device);
    return NULL;
}

void simulated_device_free(struct simulated_device *device)
{
    if (device == NULL) {
        return;
    }
    device->config.narrator->client = NULL;
    if (device->client != NULL) {
        lwm2m_client_free(device->client);
    }
    profile_generators_free(device->generators);
    demo_device_free(device->demo);
    lwm2m_credentials_release(device->credentials);
    lwm2m_host_free(device->host);
    lwm2m_capture_close(device->capture);
    profile_free(device->profile);
    definition_library_release(&device->definitions);
    free(device);
}
