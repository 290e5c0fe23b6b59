/*
 * Answers requests of the control protocol for a simulated device: get, set, notify, send, update,
 * reboot, offline, online, status.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "simulation/device_responder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/outcome.h"
#include "control/value_json.h"
#include "output/time_text.h"
#include "simulation/device_values.h"

/* What one Send may be told of. */
#define SEND_PATHS_MAX 64

/* One connection of the control socket. */
struct device_connection {
    struct device_responder *device;
    struct responder_output output;
};

/* A request while it is answered, which is at once. */
struct device_request {
    struct device_connection *connection;
    const cJSON *parameters;
    int id;
    const char *op;
    struct control_outcome outcome;
};

struct device_operation {
    const char *name;
    void (*run)(struct device_request *request);
};

static const struct lwm2m_definitions *definitions_of(const struct device_request *request)
{
    return request->connection->device->definitions;
}

/* ---- results ---- */

static cJSON *result_new(const struct device_request *request, const struct lwm2m_path *path)
{
    cJSON *result = cJSON_CreateObject();
    cJSON_AddNumberToObject(result, "v", 1);
    cJSON_AddStringToObject(result, "op", request->op);
    cJSON_AddStringToObject(result, "ep", request->connection->device->endpoint);
    if (path != NULL) {
        char text[LWM2M_PATH_TEXT_MAX];
        lwm2m_path_print(*path, text);
        cJSON_AddStringToObject(result, "path", text);
    }
    return result;
}

static void send_result(struct device_request *request, cJSON *result, const char *printed)
{
    char now[TIME_TEXT_MAX];
    time_print_ms(time_now_ms(), now);
    cJSON_AddTrueToObject(result, "ok");
    cJSON_AddStringToObject(result, "ts", now);
    control_send_result(&request->connection->output, request->id, result, printed);
}

/* What would have come back over the wire is the class "device"; the rest is ours. */
static void fail(struct device_request *request, struct lwm2m_path path, enum lwm2m_error error)
{
    char text[LWM2M_PATH_TEXT_MAX];
    char code[LWM2M_STATUS_TEXT_MAX];
    enum lwm2m_status status = lwm2m_status_from_error(error);
    lwm2m_path_print(path, text);
    if (error == LWM2M_NO_MEMORY) {
        control_fail(&request->outcome, EXIT_CODE_IO, NULL, "out of memory");
        return;
    }
    control_fail(&request->outcome, EXIT_CODE_DEVICE,
                 error == LWM2M_NOT_FOUND ? "'lwm2m device get /' shows what there is" : NULL,
                 "%s: %s %s: %s (over the wire: %s %s)", request->connection->device->endpoint,
                 request->op, text, lwm2m_error_text(error), lwm2m_status_print(status, code),
                 lwm2m_status_text(status));
}

/* ---- parameters ---- */

static bool parse_path(struct device_request *request, const char *text, struct lwm2m_path *path)
{
    struct lwm2m_fault fault = {0};
    if (lwm2m_definitions_parse_path(definitions_of(request), lwm2m_bytes_from_text(text), path,
                                     &fault) == LWM2M_OK) {
        return true;
    }
    control_fail(&request->outcome, EXIT_CODE_USAGE, "paths look like /3/0/9 or Device/0/Reboot",
                 "'%.100s' is not a path: offset %zu: %s", text, fault.offset,
                 fault.reason != NULL ? fault.reason : lwm2m_error_text(fault.error));
    return false;
}

/* Calls each for every path of "paths"; a failure ends it. */
static void for_each_path(struct device_request *request,
                          void (*each)(struct device_request *request, struct lwm2m_path path))
{
    const cJSON *paths = cJSON_GetObjectItemCaseSensitive(request->parameters, "paths");
    const cJSON *item;
    if (cJSON_GetArraySize(paths) == 0) {
        control_fail(&request->outcome, EXIT_CODE_USAGE, NULL, "%s: a path is missing",
                     request->op);
        return;
    }
    cJSON_ArrayForEach (item, paths) {
        struct lwm2m_path path;
        if (!cJSON_IsString(item)) {
            control_fail(&request->outcome, EXIT_CODE_USAGE, NULL, "paths: not a text");
        } else if (parse_path(request, item->valuestring, &path)) {
            each(request, path);
        }
        if (request->outcome.exit != EXIT_CODE_OK) {
            return;
        }
    }
}

/* ---- get ---- */

static enum lwm2m_error put_value(void *context, const struct lwm2m_record *record)
{
    struct device_request *request = context;
    struct lwm2m_resource_definition resource;
    cJSON *result = result_new(request, &record->path);
    if (record->value.type != LWM2M_TYPE_NONE) {
        value_json_add(result, &record->value);
    }
    if (lwm2m_definitions_find_resource(definitions_of(request), record->path.object,
                                        LWM2M_NO_VERSION, record->path.resource, &resource)) {
        cJSON_AddStringToObject(result, "name", resource.name);
        if (resource.units[0] != '\0') {
            cJSON_AddStringToObject(result, "unit", value_unit_text(resource.units));
        }
    }
    char *printed = value_text_new(&record->value);
    send_result(request, result, printed);
    free(printed);
    return LWM2M_OK;
}

static void get_path(struct device_request *request, struct lwm2m_path path)
{
    struct lwm2m_sink sink = {.context = request, .put = put_value};
    enum lwm2m_error error = lwm2m_client_read(request->connection->device->client, path, sink);
    if (error != LWM2M_OK) {
        fail(request, path, error);
    }
}

static void get(struct device_request *request)
{
    for_each_path(request, get_path);
}

/* ---- set ---- */

static void set(struct device_request *request)
{
    struct value_list list = {0};
    const cJSON *values = cJSON_GetObjectItemCaseSensitive(request->parameters, "values");
    if (!device_values_read(definitions_of(request), values, &list, &request->outcome)) {
        return;
    }
    for (size_t i = 0; i < list.count && request->outcome.exit == EXIT_CODE_OK; i++) {
        enum lwm2m_error error =
            demo_device_set(request->connection->device->device, &list.records[i]);
        if (error != LWM2M_OK) {
            fail(request, list.records[i].path, error);
        } else {
            send_result(request, result_new(request, &list.records[i].path), NULL);
        }
    }
    value_list_release(&list);
}

/* ---- the device's own doings ---- */

static void notify_path(struct device_request *request, struct lwm2m_path path)
{
    enum lwm2m_error error = lwm2m_client_notify(request->connection->device->client, path);
    char text[LWM2M_PATH_TEXT_MAX];
    lwm2m_path_print(path, text);
    if (error == LWM2M_NOT_FOUND) {
        control_fail(&request->outcome, EXIT_CODE_DEVICE,
                     "an observation begins with 'lwm2m observe' at the server",
                     "%s: nobody observes %s", request->connection->device->endpoint, text);
    } else if (error != LWM2M_OK) {
        fail(request, path, error);
    } else {
        send_result(request, result_new(request, &path), NULL);
    }
}

static void notify(struct device_request *request)
{
    for_each_path(request, notify_path);
}

static void update(struct device_request *request)
{
    struct device_responder *device = request->connection->device;
    enum lwm2m_error error = lwm2m_client_update(device->client, LWM2M_NO_ID);
    if (error == LWM2M_STATE) {
        control_fail(&request->outcome, EXIT_CODE_REGISTRATION, NULL, "%s is not registered at %s",
                     device->endpoint, simulated_device_uri(device->config, 1));
    } else if (error != LWM2M_OK) {
        control_fail(&request->outcome, EXIT_CODE_IO, NULL, "%s: update: %s", device->endpoint,
                     lwm2m_error_text(error));
    } else {
        send_result(request, result_new(request, NULL), NULL);
    }
}

static void reboot(struct device_request *request)
{
    demo_device_reboot(request->connection->device->device);
    send_result(request, result_new(request, NULL), NULL);
}

static void go_offline(struct device_request *request)
{
    request->connection->device->offline = true;
    lwm2m_client_set_offline(request->connection->device->client, true);
    send_result(request, result_new(request, NULL), NULL);
}

static void go_online(struct device_request *request)
{
    request->connection->device->offline = false;
    lwm2m_client_set_offline(request->connection->device->client, false);
    send_result(request, result_new(request, NULL), NULL);
}

/* ---- send ---- */

/* Who is meant by "to": a Short Server ID, or all. */
static bool read_server(struct device_request *request, uint16_t *ssid)
{
    const cJSON *to = cJSON_GetObjectItemCaseSensitive(request->parameters, "to");
    *ssid = LWM2M_NO_ID;
    if (to == NULL) {
        return true;
    }
    if (!cJSON_IsNumber(to) || to->valuedouble < 1 || to->valuedouble >= LWM2M_NO_ID ||
        to->valuedouble != (double)(uint16_t)to->valuedouble) {
        control_fail(&request->outcome, EXIT_CODE_USAGE, NULL,
                     "to: a Short Server ID is a whole number from 1 to 65534");
        return false;
    }
    *ssid = (uint16_t)to->valuedouble;
    return true;
}

static bool read_paths(struct device_request *request, struct lwm2m_path paths[SEND_PATHS_MAX],
                       size_t *count)
{
    const cJSON *items = cJSON_GetObjectItemCaseSensitive(request->parameters, "paths");
    const cJSON *item;
    *count = 0;
    if (cJSON_GetArraySize(items) == 0 || cJSON_GetArraySize(items) > SEND_PATHS_MAX) {
        control_fail(&request->outcome, EXIT_CODE_USAGE, NULL, "send: 1 to %d paths are needed",
                     SEND_PATHS_MAX);
        return false;
    }
    cJSON_ArrayForEach (item, items) {
        if (!cJSON_IsString(item)) {
            control_fail(&request->outcome, EXIT_CODE_USAGE, NULL, "paths: not a text");
            return false;
        }
        if (!parse_path(request, item->valuestring, &paths[(*count)++])) {
            return false;
        }
    }
    return true;
}

static void fail_to_send(struct device_request *request, enum lwm2m_error error)
{
    const char *endpoint = request->connection->device->endpoint;
    switch (error) {
    case LWM2M_STATE:
        control_fail(&request->outcome, EXIT_CODE_REGISTRATION, NULL,
                     "%s: send: not registered with that server", endpoint);
        break;
    case LWM2M_UNSUPPORTED:
        control_fail(&request->outcome, EXIT_CODE_UNSUPPORTED, NULL,
                     "%s: send: the server speaks LwM2M 1.0, which has no Send", endpoint);
        break;
    case LWM2M_NOT_ALLOWED:
        control_fail(&request->outcome, EXIT_CODE_DEVICE,
                     "a server mutes a device by writing true to /1/x/23",
                     "%s: send: the server has muted it, or a resource cannot be read", endpoint);
        break;
    case LWM2M_NOT_FOUND:
        control_fail(&request->outcome, EXIT_CODE_DEVICE,
                     "'lwm2m device get /' shows what there is",
                     "%s: send: a path does not exist, or its object is not registered", endpoint);
        break;
    case LWM2M_ARGUMENT:
        control_fail(&request->outcome, EXIT_CODE_USAGE, NULL, "%s: send: the root is too much",
                     endpoint);
        break;
    default:
        control_fail(&request->outcome, EXIT_CODE_IO, NULL, "%s: send: %s", endpoint,
                     lwm2m_error_text(error));
        break;
    }
}

/* What becomes of it on the way is told by the narrator, and at the server. */
static void send_values(struct device_request *request)
{
    struct lwm2m_path paths[SEND_PATHS_MAX];
    size_t count;
    uint16_t ssid;
    if (!read_paths(request, paths, &count) || !read_server(request, &ssid)) {
        return;
    }
    enum lwm2m_error error =
        lwm2m_client_send(request->connection->device->client, ssid, paths, count);
    if (error != LWM2M_OK) {
        fail_to_send(request, error);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        send_result(request, result_new(request, &paths[i]), NULL);
    }
}

/* A result for each server. */
static void status(struct device_request *request)
{
    const struct device_responder *device = request->connection->device;
    for (size_t i = 1; i <= device->config->uri_count; i++) {
        cJSON *result = result_new(request, NULL);
        cJSON_AddNumberToObject(result, "ssid", (double)i);
        cJSON_AddStringToObject(result, "uri", simulated_device_uri(device->config, (uint16_t)i));
        cJSON_AddBoolToObject(result, "registered",
                              lwm2m_client_is_registered(device->client, (uint16_t)i));
        cJSON_AddBoolToObject(result, "offline", device->offline);
        send_result(request, result, NULL);
    }
}

/* Everything is answered at once: there is never anything to stop. */
static void stop(struct device_request *request)
{
    (void)request;
}

static const struct device_operation operations[] = {
    {"get", get},          {"set", set},       {"notify", notify},
    {"update", update},    {"reboot", reboot}, {"offline", go_offline},
    {"online", go_online}, {"status", status}, {"send", send_values},
    {"stop", stop},
};

/* ---- the responder ---- */

static void run_operation(struct device_request *request)
{
    for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
        if (strcmp(operations[i].name, request->op) == 0) {
            operations[i].run(request);
            return;
        }
    }
    control_fail(&request->outcome, EXIT_CODE_USAGE, NULL,
                 "a simulated device does not know the operation '%.40s'", request->op);
}

static void *open_connection(void *context, const struct responder_output *output)
{
    struct device_connection *connection = malloc(sizeof(*connection));
    if (connection != NULL) {
        *connection = (struct device_connection){.device = context, .output = *output};
    }
    return connection;
}

static void take_request(void *context, const cJSON *parameters)
{
    struct device_connection *connection = context;
    const char *op = control_text(parameters, "op");
    struct device_request request = {
        .connection = connection,
        .parameters = parameters,
        .id = control_request_id(parameters),
        .op = op != NULL ? op : "",
        .outcome = {.exit = EXIT_CODE_OK},
    };
    if (request.id == 0) {
        control_fail(&request.outcome, EXIT_CODE_USAGE, NULL,
                     "id must be a whole number from 1 to 2147483647");
    } else {
        run_operation(&request);
    }
    control_send_done(&connection->output, request.id, request.outcome.exit,
                      request.outcome.message, request.outcome.hint);
}

struct responder device_responder(struct device_responder *device)
{
    return (struct responder){
        .role = "client",
        .context = device,
        .open = open_connection,
        .request = take_request,
        .close = free,
    };
}
