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

/* What the registry says of a device, as far as requests depend on it. */
struct target {
    struct lwm2m_version version;
    uint8_t formats;
    struct lwm2m_bytes root;
};

/* One row for each kind of operation: how it looks, and where it may point. */
static const struct shape {
    uint8_t method;
    uint8_t lowest, highest; /* levels of the path */
    bool reads;              /* its answer has content: it has an Accept */
    bool writes;             /* it has records as payload */
    bool idempotent;
} shapes[] = {
    [LWM2M_OPERATION_READ] = {LWM2M_METHOD_GET, LWM2M_LEVEL_OBJECT, LWM2M_LEVEL_RESOURCE_INSTANCE,
                              .reads = true, .idempotent = true},
    [LWM2M_OPERATION_DISCOVER] = {LWM2M_METHOD_GET, LWM2M_LEVEL_OBJECT, LWM2M_LEVEL_RESOURCE,
                                  .idempotent = true},
    [LWM2M_OPERATION_WRITE_REPLACE] = {LWM2M_METHOD_PUT, LWM2M_LEVEL_INSTANCE,
                                       LWM2M_LEVEL_RESOURCE_INSTANCE, .writes = true,
                                       .idempotent = true},
    [LWM2M_OPERATION_WRITE_UPDATE] = {LWM2M_METHOD_POST, LWM2M_LEVEL_INSTANCE,
                                      LWM2M_LEVEL_RESOURCE_INSTANCE, .writes = true,
                                      .idempotent = true},
    [LWM2M_OPERATION_EXECUTE] = {LWM2M_METHOD_POST, LWM2M_LEVEL_RESOURCE, LWM2M_LEVEL_RESOURCE},
    [LWM2M_OPERATION_CREATE] = {LWM2M_METHOD_POST, LWM2M_LEVEL_OBJECT, LWM2M_LEVEL_INSTANCE,
                                .writes = true},
    [LWM2M_OPERATION_DELETE] = {LWM2M_METHOD_DELETE, LWM2M_LEVEL_INSTANCE,
                                LWM2M_LEVEL_RESOURCE_INSTANCE},
    [LWM2M_OPERATION_WRITE_ATTRIBUTES] = {LWM2M_METHOD_PUT, LWM2M_LEVEL_OBJECT,
                                          LWM2M_LEVEL_RESOURCE_INSTANCE, .idempotent = true},
};

static const struct {
    uint16_t content_format;
    uint8_t bit;
} preferences[] = {
    {LWM2M_FORMAT_SENML_CBOR, LWM2M_DEVICE_SENML_CBOR},
    {LWM2M_FORMAT_TLV, LWM2M_DEVICE_TLV},
    {LWM2M_FORMAT_LWM2M_CBOR, LWM2M_DEVICE_LWM2M_CBOR},
    {LWM2M_FORMAT_SENML_JSON, LWM2M_DEVICE_SENML_JSON},
    {LWM2M_FORMAT_TEXT, LWM2M_DEVICE_TEXT},
};

static struct target target_of(const struct lwm2m_device *device)
{
    if (!device) {
        return (struct target){{1, 1}, 0, {NULL, 0}};
    }
    return (struct target){device->registration.version, device->formats,
                           lwm2m_device_root(device)};
}

static bool is_before(const struct target *target, uint8_t major, uint8_t minor)
{
    return lwm2m_version_compare(target->version, (struct lwm2m_version){major, minor}) < 0;
}

/* ---- checks ---- */

static bool are_records_below(const struct lwm2m_operation *operation)
{
    for (size_t i = 0; i < operation->record_count; i++) {
        if (!lwm2m_path_contains(operation->path, operation->records[i].path)) {
            return false;
        }
    }
    return true;
}

/* A Create without an id has records of one instance, whatever their paths call it. */
static bool are_records_of_one_instance(const struct lwm2m_operation *operation)
{
    for (size_t i = 0; i < operation->record_count; i++) {
        if (operation->records[i].path.level < LWM2M_LEVEL_INSTANCE ||
            operation->records[i].path.instance != operation->records[0].path.instance) {
            return false;
        }
    }
    return true;
}

static enum lwm2m_error check_records(const struct lwm2m_operation *operation)
{
    if (operation->record_count > 0 && !operation->records) {
        return LWM2M_ARGUMENT;
    }
    if (!are_records_below(operation)) {
        return LWM2M_ARGUMENT;
    }
    if (operation->kind == LWM2M_OPERATION_CREATE) {
        return operation->path.level == LWM2M_LEVEL_INSTANCE ||
                       are_records_of_one_instance(operation)
                   ? LWM2M_OK
                   : LWM2M_ARGUMENT;
    }
    return operation->record_count > 0 ? LWM2M_OK : LWM2M_ARGUMENT;
}

/* What only a later version of the protocol can say. */
static bool is_too_new(const struct lwm2m_operation *operation, const struct target *target)
{
    if (operation->path.level < LWM2M_LEVEL_RESOURCE) {
        return false;
    }
    if (operation->kind == LWM2M_OPERATION_DELETE) {
        return operation->path.level == LWM2M_LEVEL_RESOURCE_INSTANCE && is_before(target, 1, 2);
    }
    return operation->path.level == LWM2M_LEVEL_RESOURCE_INSTANCE && is_before(target, 1, 1);
}

static enum lwm2m_error check(const struct lwm2m_operation *operation, const struct target *target)
{
    if ((size_t)operation->kind >= sizeof shapes / sizeof shapes[0]) {
        return LWM2M_ARGUMENT;
    }
    const struct shape *shape = &shapes[operation->kind];
    if (operation->path.level < shape->lowest || operation->path.level > shape->highest) {
        return LWM2M_ARGUMENT;
    }
    if (operation->kind == LWM2M_OPERATION_DELETE &&
        operation->path.level == LWM2M_LEVEL_RESOURCE) {
        return LWM2M_ARGUMENT;
    }
    if (operation->kind == LWM2M_OPERATION_WRITE_ATTRIBUTES &&
        (!operation->attributes ||
         !(operation->attributes->set | operation->attributes->cleared))) {
        return LWM2M_ARGUMENT;
    }
    if (is_too_new(operation, target)) {
        return LWM2M_UNSUPPORTED;
    }
    return shape->writes ? check_records(operation) : LWM2M_OK;
}

/* ---- the format ---- */

/*
 * A Create without an id needs a format whose records may leave the instance out: TLV does, the
 * formats with a path in every record do not.
 */
static bool needs_tlv(const struct lwm2m_operation *operation)
{
    return operation->kind == LWM2M_OPERATION_CREATE &&
           operation->path.level == LWM2M_LEVEL_OBJECT && operation->record_count > 0;
}

static bool can_carry(const struct lwm2m_codec *codec, const struct lwm2m_operation *operation)
{
    if (needs_tlv(operation)) {
        return codec->content_format == LWM2M_FORMAT_TLV;
    }
    return !codec->single_value || operation->path.level >= LWM2M_LEVEL_RESOURCE;
}

/* 1.0 devices speak TLV; later ones what they state, or SenML CBOR if they state nothing. */
static enum lwm2m_error choose_codec(const struct lwm2m_server *server, const struct target *target,
                                     const struct lwm2m_operation *operation,
                                     const struct lwm2m_codec **result)
{
    uint8_t formats = target->formats;
    const struct lwm2m_codec *codec;

    *result = NULL;
    if (operation->format != LWM2M_NO_FORMAT) {
        *result = lwm2m_codecs_find(server->config.codecs, operation->format);
        if (*result) {
            return can_carry(*result, operation) ? LWM2M_OK : LWM2M_UNSUPPORTED;
        }
        return LWM2M_FORMAT;
    }
    if (is_before(target, 1, 1)) {
        formats = LWM2M_DEVICE_TLV;
    } else if (!(formats & LWM2M_DEVICE_STATES_FORMATS)) {
        formats = LWM2M_DEVICE_SENML_CBOR | (needs_tlv(operation) ? LWM2M_DEVICE_TLV : 0);
    }
    for (size_t i = 0; i < sizeof preferences / sizeof preferences[0]; i++) {
        if (!(formats & preferences[i].bit)) {
            continue;
        }
        codec = lwm2m_codecs_find(server->config.codecs, preferences[i].content_format);
        if (codec && can_carry(codec, operation)) {
            *result = codec;
            return LWM2M_OK;
        }
    }
    return LWM2M_FORMAT;
}

/* ---- the payload ---- */

static enum lwm2m_error encode_records(const struct lwm2m_operation *operation,
                                       const struct lwm2m_codec *codec, struct lwm2m_path base,
                                       struct lwm2m_buffer *out)
{
    struct lwm2m_encoder encoder;

    enum lwm2m_error error = lwm2m_encoder_begin(&encoder, codec, base, out);
    for (size_t i = 0; !error && i < operation->record_count; i++) {
        error = lwm2m_encoder_put(&encoder, &operation->records[i]);
    }
    return error ? error : lwm2m_encoder_end(&encoder);
}

/* Enough for most; a text in base64 or with many escapes takes another round. */
static size_t estimate(const struct lwm2m_operation *operation)
{
    size_t size = 64;

    for (size_t i = 0; i < operation->record_count; i++) {
        const struct lwm2m_value *value = &operation->records[i].value;
        size += 48;
        if (value->type == LWM2M_TYPE_STRING || value->type == LWM2M_TYPE_OPAQUE ||
            value->type == LWM2M_TYPE_CORELNK || value->type == LWM2M_TYPE_UNTYPED) {
            size += value->as.bytes.length;
        }
    }
    return size;
}

static enum lwm2m_error encode_payload(const struct lwm2m_operation *operation,
                                       const struct lwm2m_codec *codec,
                                       struct lwm2m_built_request *built)
{
    const struct lwm2m_port *port = built->port;
    struct lwm2m_path base = operation->path;
    size_t size = estimate(operation);
    enum lwm2m_error error = LWM2M_NO_SPACE;

    if (operation->kind == LWM2M_OPERATION_CREATE) {
        base = lwm2m_path_object(operation->path.object);
        if (operation->path.level == LWM2M_LEVEL_OBJECT && operation->record_count > 0) {
            base = lwm2m_path_ancestor(operation->records[0].path, LWM2M_LEVEL_INSTANCE);
        }
    }
    while (error == LWM2M_NO_SPACE && size <= SIZE_MAX / 2) {
        struct lwm2m_buffer buffer;
        port->release(port->context, built->payload_memory);
        built->payload_memory = port->allocate(port->context, size);
        if (!built->payload_memory) {
            return LWM2M_NO_MEMORY;
        }
        lwm2m_buffer_init(&buffer, built->payload_memory, size);
        error = encode_records(operation, codec, base, &buffer);
        built->payload = lwm2m_buffer_bytes(&buffer);
        size *= 2;
    }
    return error;
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

static void append_path(struct lwm2m_options *options, const struct target *target,
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

static void append_attribute(struct lwm2m_options *options, const char *name, bool is_set,
                             uint32_t value)
{
    char text[8 + LWM2M_NUMBER_TEXT_MAX];
    size_t length = strlen(name);

    memcpy(text, name, length + 1);
    if (is_set) {
        text[length++] = '=';
        lwm2m_number_print_unsigned(value, text + length);
    }
    lwm2m_options_append_text(options, LWM2M_OPTION_URI_QUERY, text);
}

static void append_attributes(struct lwm2m_options *options,
                              const struct lwm2m_attributes *attributes)
{
    uint32_t given = attributes->set | attributes->cleared;

    if (given & LWM2M_ATTRIBUTE_PMIN) {
        append_attribute(options, "pmin", attributes->set & LWM2M_ATTRIBUTE_PMIN,
                         attributes->pmin_s);
    }
    if (given & LWM2M_ATTRIBUTE_PMAX) {
        append_attribute(options, "pmax", attributes->set & LWM2M_ATTRIBUTE_PMAX,
                         attributes->pmax_s);
    }
}

/* The Content-Format of a payload that is not made of records. */
static uint16_t content_format_of(const struct lwm2m_operation *operation,
                                  const struct lwm2m_codec *codec)
{
    if (operation->kind == LWM2M_OPERATION_EXECUTE && operation->arguments.length > 0) {
        return LWM2M_FORMAT_TEXT;
    }
    return shapes[operation->kind].writes ? codec->content_format : LWM2M_NO_FORMAT;
}

static enum lwm2m_error append_options(struct lwm2m_options *options, const struct target *target,
                                       const struct lwm2m_operation *operation,
                                       const struct lwm2m_codec *codec, bool observe)
{
    uint16_t content_format = content_format_of(operation, codec);

    if (observe) {
        lwm2m_options_append_number(options, LWM2M_OPTION_OBSERVE, LWM2M_OBSERVE_START);
    }
    append_path(options, target, operation);
    if (content_format != LWM2M_NO_FORMAT) {
        lwm2m_options_append_number(options, LWM2M_OPTION_CONTENT_FORMAT, content_format);
    }
    if (operation->kind == LWM2M_OPERATION_WRITE_ATTRIBUTES) {
        append_attributes(options, operation->attributes);
    }
    if (operation->kind == LWM2M_OPERATION_DISCOVER) {
        lwm2m_options_append_number(options, LWM2M_OPTION_ACCEPT, LWM2M_FORMAT_LINK);
    } else if (shapes[operation->kind].reads) {
        lwm2m_options_append_number(options, LWM2M_OPTION_ACCEPT, codec->content_format);
    }
    return lwm2m_options_check(options);
}

/* ---- together ---- */

/*
 * Before 1.1 a POST to a resource is an Execute, so a value goes there by PUT. For a resource with
 * one value the two mean the same.
 */
static uint8_t method_of(const struct lwm2m_operation *operation, const struct target *target)
{
    if (operation->kind == LWM2M_OPERATION_WRITE_UPDATE &&
        operation->path.level >= LWM2M_LEVEL_RESOURCE && is_before(target, 1, 1)) {
        return LWM2M_METHOD_PUT;
    }
    return shapes[operation->kind].method;
}

static enum lwm2m_error build(const struct lwm2m_server *server, const struct target *target,
                              const struct lwm2m_operation *operation, bool observe,
                              struct lwm2m_built_request *built)
{
    const struct lwm2m_codec *codec = NULL;

    enum lwm2m_error error = check(operation, target);
    if (error) {
        return error;
    }
    const struct shape *shape = &shapes[operation->kind];
    built->method = method_of(operation, target);
    built->idempotent = shape->idempotent;
    if (shape->reads || shape->writes) {
        error = choose_codec(server, target, operation, &codec);
    }
    if (!error && shape->writes) {
        error = encode_payload(operation, codec, built);
    }
    if (operation->kind == LWM2M_OPERATION_EXECUTE) {
        built->payload = operation->arguments;
    }
    return error ? error : append_options(&built->options, target, operation, codec, observe);
}

enum lwm2m_error lwm2m_request_build(const struct lwm2m_server *server,
                                     const struct lwm2m_device *device,
                                     const struct lwm2m_operation *operation, bool observe,
                                     struct lwm2m_built_request *built)
{
    struct target target = target_of(device);

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
