/*
 * Operations as CoAP requests: method, options and payload for one device.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/request_encoding.h"

#include <string.h>

#include <lwm2m/number.h>

#include "coap/observe.h"
#include "server/engine.h"
#include "server/request_format.h"
#include "server/request_payload.h"
#include "server/request_shape.h"

static struct lwm2m_request_target target_of(const struct lwm2m_device *device)
{
    if (!device) {
        return (struct lwm2m_request_target){{1, 1}, 0, {NULL, 0}};
    }
    return (struct lwm2m_request_target){device->registration.version, device->formats,
                                         lwm2m_device_root(device)};
}

/* ---- the options ---- */

static void append_segments(struct lwm2m_options *options, struct lwm2m_bytes path)
{
    size_t start = 0;

    if (path.length == 0) {
        return;
    }
    for (size_t i = 0; i <= path.length; i++) {
        if (i < path.length && path.data[i] != '/') {
            continue;
        }
        if (i > start) {
            lwm2m_options_append(options, LWM2M_OPTION_URI_PATH,
                                 (struct lwm2m_bytes){path.data + start, i - start});
        }
        start = i + 1;
    }
}

static void append_path(struct lwm2m_options *options, const struct lwm2m_request_target *target,
                        const struct lwm2m_operation *operation)
{
    struct lwm2m_path path = operation->path;
    char text[LWM2M_PATH_TEXT_MAX];

    if (operation->kind == LWM2M_OPERATION_CREATE) {
        path = lwm2m_path_object(path.object);
    }
    append_segments(options, target->root);
    size_t length = lwm2m_path_print(path, text);
    append_segments(options, (struct lwm2m_bytes){(const uint8_t *)text, length});
}

/* "pmin=10", or "pmin" for one that is unset, as Discover would show it, less what is around it. */
static void append_attribute(struct lwm2m_options *options, const struct lwm2m_attributes *all,
                             uint32_t attribute)
{
    struct lwm2m_attributes one = *all;
    uint8_t memory[16 + LWM2M_NUMBER_TEXT_MAX];
    struct lwm2m_buffer text;

    one.set = attribute;
    lwm2m_buffer_init(&text, memory, sizeof memory);
    enum lwm2m_error error = lwm2m_attributes_print(&one, &text);
    struct lwm2m_bytes query = lwm2m_buffer_bytes(&text);
    if (error || query.length == 0) {
        return;
    }
    query = (struct lwm2m_bytes){query.data + 1, query.length - 1};
    if (!(all->set & attribute)) {
        const uint8_t *equals = memchr(query.data, '=', query.length);
        query.length = equals ? (size_t)(equals - query.data) : query.length;
    }
    lwm2m_options_append(options, LWM2M_OPTION_URI_QUERY, query);
}

static void append_attributes(struct lwm2m_options *options,
                              const struct lwm2m_attributes *attributes)
{
    uint32_t given = attributes->set | attributes->cleared;

    for (uint32_t bit = 1; bit != 0 && bit <= given; bit <<= 1) {
        if (given & bit) {
            append_attribute(options, attributes, bit);
        }
    }
}

static void append_depth(struct lwm2m_options *options, uint8_t depth)
{
    const char text[] = {'d', 'e', 'p', 't', 'h', '=', (char)('0' + depth), '\0'};

    lwm2m_options_append_text(options, LWM2M_OPTION_URI_QUERY, text);
}

static uint16_t content_format_of(const struct lwm2m_operation *operation,
                                  const struct lwm2m_request_format *format)
{
    const struct lwm2m_request_shape *shape = lwm2m_request_shape_of(operation->kind);

    if (operation->kind == LWM2M_OPERATION_EXECUTE && operation->arguments.length > 0) {
        return LWM2M_FORMAT_TEXT;
    }
    return shape->writes || shape->composite ? format->body->content_format : LWM2M_NO_FORMAT;
}

static uint16_t accept_of(const struct lwm2m_operation *operation,
                          const struct lwm2m_request_format *format)
{
    if (operation->kind == LWM2M_OPERATION_DISCOVER) {
        return LWM2M_FORMAT_LINK;
    }
    return lwm2m_request_shape_of(operation->kind)->reads ? format->answer->content_format
                                                          : LWM2M_NO_FORMAT;
}

static enum lwm2m_error append_options(struct lwm2m_options *options,
                                       const struct lwm2m_request_target *target,
                                       const struct lwm2m_operation *operation,
                                       const struct lwm2m_request_format *format, bool observe)
{
    uint16_t content_format = content_format_of(operation, format);
    uint16_t accept = accept_of(operation, format);

    if (observe) {
        lwm2m_options_append_number(options, LWM2M_OPTION_OBSERVE, LWM2M_OBSERVE_START);
    }
    append_path(options, target, operation);
    if (content_format != LWM2M_NO_FORMAT) {
        lwm2m_options_append_number(options, LWM2M_OPTION_CONTENT_FORMAT, content_format);
    }
    if (operation->attributes && (observe || operation->kind == LWM2M_OPERATION_WRITE_ATTRIBUTES)) {
        append_attributes(options, operation->attributes);
    }
    if (operation->kind == LWM2M_OPERATION_DISCOVER && operation->has_depth) {
        append_depth(options, operation->depth);
    }
    if (accept != LWM2M_NO_FORMAT) {
        lwm2m_options_append_number(options, LWM2M_OPTION_ACCEPT, accept);
    }
    return lwm2m_options_check(options);
}

/* ---- together ---- */

/*
 * Before 1.1 a POST to a resource is an Execute, so a value goes there by PUT. For a resource with
 * one value the two mean the same.
 */
static uint8_t method_of(const struct lwm2m_operation *operation,
                         const struct lwm2m_request_target *target)
{
    if (operation->kind == LWM2M_OPERATION_WRITE_UPDATE &&
        operation->path.level >= LWM2M_LEVEL_RESOURCE &&
        lwm2m_request_target_is_before(target, 1, 1)) {
        return LWM2M_METHOD_PUT;
    }
    return lwm2m_request_shape_of(operation->kind)->method;
}

static enum lwm2m_error build(const struct lwm2m_server *server,
                              const struct lwm2m_request_target *target,
                              const struct lwm2m_operation *operation, bool observe,
                              struct lwm2m_built_request *built)
{
    struct lwm2m_request_format format = {NULL, NULL};

    enum lwm2m_error error = lwm2m_request_check(operation, target);
    if (error) {
        return error;
    }
    const struct lwm2m_request_shape *shape = lwm2m_request_shape_of(operation->kind);
    built->method = method_of(operation, target);
    built->idempotent = shape->idempotent;
    if (shape->reads || shape->writes) {
        error = lwm2m_request_format_choose(server->config.codecs, target, operation, &format);
    }
    if (!error && (shape->writes || shape->composite)) {
        error = lwm2m_request_payload_encode(operation, format.body, built->port,
                                             &built->payload_memory, &built->payload);
    }
    if (operation->kind == LWM2M_OPERATION_EXECUTE) {
        built->payload = operation->arguments;
    }
    return error ? error : append_options(&built->options, target, operation, &format, observe);
}

enum lwm2m_error lwm2m_request_build(const struct lwm2m_server *server,
                                     const struct lwm2m_device *device,
                                     const struct lwm2m_operation *operation, bool observe,
                                     struct lwm2m_built_request *built)
{
    struct lwm2m_request_target target = target_of(device);

    *built = (struct lwm2m_built_request){.port = server->port};
    lwm2m_options_init(&built->options, built->option_memory, sizeof built->option_memory);
    enum lwm2m_error error = build(server, &target, operation, observe, built);
    if (error) {
        lwm2m_request_release(built);
    }
    return error;
}

void lwm2m_request_release(struct lwm2m_built_request *built)
{
    built->port->release(built->port->context, built->payload_memory);
    built->payload_memory = NULL;
}
