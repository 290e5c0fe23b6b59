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

#include "simulation/device_responder.h"
#include "simulation/host_facts.h"

/* RFC 6690's and our servers' bound for ep. */
#define ENDPOINT_BYTES_MAX 255

void simulated_device_config_init(struct simulated_device_config *config)
{
    struct lwm2m_listener_config listener;
    struct lwm2m_client_config client;
    lwm2m_listener_config_init(&listener);
    lwm2m_client_config_init(&client);
    *config = (struct simulated_device_config){
        .lifetime_s = 86400,
        .version = client.version,
        .transmission = listener.transmission,
    };
}

void simulated_device_default_endpoint(char name[DEFAULT_ENDPOINT_MAX])
{
    char machine[DEFAULT_ENDPOINT_MAX - 8];
    host_name(machine, sizeof(machine));
    snprintf(name, DEFAULT_ENDPOINT_MAX, "lwm2m-%s", machine);
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

static bool check(const struct simulated_device_config *config, struct control_outcome *failure)
{
    struct lwm2m_uri uri;
    struct lwm2m_fault fault = {0};
    struct lwm2m_bytes endpoint = lwm2m_bytes_from_text(config->endpoint);
    enum lwm2m_error error = lwm2m_uri_parse(lwm2m_bytes_from_text(config->uri), &uri, &fault);
    if (error != LWM2M_OK) {
        control_fail(failure, EXIT_CODE_USAGE, "a server's address looks like coap://host:5683",
                     "'%.200s' is not a server's address: offset %zu: %s", config->uri,
                     fault.offset, fault.reason != NULL ? fault.reason : lwm2m_error_text(error));
        return false;
    }
    if (uri.scheme != LWM2M_SCHEME_COAP) {
        control_fail(failure, EXIT_CODE_UNSUPPORTED, "use a coap:// address",
                     "this version speaks coap only, not %s", lwm2m_scheme_name(uri.scheme));
        return false;
    }
    if (endpoint.length == 0 || endpoint.length > ENDPOINT_BYTES_MAX ||
        !lwm2m_utf8_is_valid(endpoint)) {
        control_fail(failure, EXIT_CODE_USAGE, NULL, "an endpoint name has 1 to %d bytes of UTF-8",
                     ENDPOINT_BYTES_MAX);
        return false;
    }
    return true;
}

static enum lwm2m_error open_network(struct simulated_device *device)
{
    struct lwm2m_listener_config config;
    enum lwm2m_error error = lwm2m_host_new(trace_log, device->config.trace, &device->host);
    if (error != LWM2M_OK) {
        return error;
    }
    lwm2m_listener_config_init(&config);
    config.transmission = device->config.transmission;
    config.trace = trace_listener(device->config.trace);
    config.chaos = &device->config.chaos;
    return lwm2m_host_listen(device->host, &config, &device->listener);
}

static enum lwm2m_error open_client(struct simulated_device *device)
{
    struct lwm2m_client_config config;
    lwm2m_client_config_init(&config);
    config.timers = lwm2m_host_timers(device->host);
    config.connector = lwm2m_listener_connector(device->listener);
    config.endpoint_name = device->config.endpoint;
    config.version = device->config.version;
    config.definitions = &demo_definitions;
    config.queue_mode = device->config.queue_mode;
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
        .uri = device->config.uri,
        .lifetime_s = device->config.lifetime_s,
        .queue_mode = device->config.queue_mode,
        .context = device,
        .led = take_led,
        .note = take_note,
    };
    device->demo =
        demo_device_new(device->host, device->listener, device->client, &config, failure);
    return device->demo != NULL;
}

/* The PATH=VALUE words as the control protocol has them. */
static cJSON *values_to_json(const struct simulated_device_config *config)
{
    cJSON *values = cJSON_CreateArray();
    for (size_t i = 0; i < config->value_count; i++) {
        const char *word = config->values[i];
        const char *equals = strchr(word, '=');
        char *path = strndup(word, equals != NULL ? (size_t)(equals - word) : strlen(word));
        cJSON *value = cJSON_CreateObject();
        cJSON_AddStringToObject(value, "path", path != NULL ? path : "");
        cJSON_AddStringToObject(value, "value", equals != NULL ? equals + 1 : "");
        cJSON_AddItemToArray(values, value);
        free(path);
    }
    return values;
}

static bool set_values(struct simulated_device *device, struct control_outcome *failure)
{
    struct value_list list = {0};
    if (device->config.value_count == 0) {
        return true;
    }
    cJSON *values = values_to_json(&device->config);
    bool good = device_values_read(values, &list, failure);
    cJSON_Delete(values);
    for (size_t i = 0; good && i < list.count; i++) {
        char path[LWM2M_PATH_TEXT_MAX];
        enum lwm2m_error error = demo_device_set(device->demo, &list.records[i]);
        if (error != LWM2M_OK) {
            lwm2m_path_print(list.records[i].path, path);
            control_fail(failure, EXIT_CODE_USAGE, NULL, "--set %s: %s", path,
                         lwm2m_error_text(error));
            good = false;
        }
    }
    value_list_release(&list);
    return good;
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
    enum lwm2m_error error = open_network(device);
    if (error == LWM2M_OK) {
        error = open_client(device);
    }
    if (error != LWM2M_OK) {
        bool system = error == LWM2M_IO;
        control_fail(failure, system ? EXIT_CODE_TRANSPORT : EXIT_CODE_IO, NULL,
                     "cannot open a socket: %s",
                     system ? strerror(errno) : lwm2m_error_text(error));
    } else if (add_objects(device, failure)) {
        device->config.narrator->client = device->client;
        if (set_values(device, failure)) {
            return device;
        }
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
    demo_device_free(device->demo);
    lwm2m_host_free(device->host);
    free(device);
}
