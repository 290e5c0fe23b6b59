/*
 * Payloads that are written: decoded once to check every record, and once more to write them, so
 * that a request is carried out as a whole or not at all.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/utf8.h>

#include "client/operations.h"
#include "model/value_range.h"

/* Whether the record's shape is the one of the resource: one value, or instances of it. */
static bool has_shape(const struct lwm2m_record *record,
                      const struct lwm2m_resource_definition *resource)
{
    bool is_instance = record->path.level == LWM2M_LEVEL_RESOURCE_INSTANCE;
    bool has_value = record->value.type != LWM2M_TYPE_NONE;

    return resource->multiple ? is_instance == has_value : !is_instance && has_value;
}

static enum lwm2m_error check_value(const struct lwm2m_resource_definition *resource,
                                    struct lwm2m_value *value)
{
    enum lwm2m_error error;

    if (value->type == LWM2M_TYPE_NONE) {
        return LWM2M_OK;
    }
    error = lwm2m_value_convert(value, resource->type);
    if (error != LWM2M_OK) {
        return error;
    }
    if ((value->type == LWM2M_TYPE_STRING || value->type == LWM2M_TYPE_CORELNK) &&
        !lwm2m_utf8_is_valid(value->as.bytes)) {
        return LWM2M_MALFORMED;
    }
    return lwm2m_value_in_range(value, resource->range) ? LWM2M_OK : LWM2M_RANGE;
}

enum lwm2m_error lwm2m_record_check(const struct lwm2m_client *client,
                                    const struct lwm2m_record *record, bool device,
                                    struct lwm2m_value *value)
{
    struct lwm2m_object *object = lwm2m_object_tree_find(&client->objects, record->path.object);
    struct lwm2m_resource_definition resource;
    struct lwm2m_record converted = *record;
    enum lwm2m_error error;

    *value = record->value;
    if (record->path.level == LWM2M_LEVEL_INSTANCE) {
        return LWM2M_OK;
    }
    if (record->path.level < LWM2M_LEVEL_RESOURCE ||
        !lwm2m_object_tree_define(&client->objects, record->path, &resource)) {
        return LWM2M_NOT_FOUND;
    }
    if (resource.type == LWM2M_TYPE_NONE || object->operations->write == NULL ||
        (!device && (resource.operations & LWM2M_WRITABLE) == 0)) {
        return LWM2M_NOT_ALLOWED;
    }
    if (!has_shape(record, &resource)) {
        return LWM2M_MALFORMED;
    }
    error = check_value(&resource, value);
    if (error != LWM2M_OK || object->operations->validate == NULL) {
        return error;
    }
    converted.value = *value;
    return object->operations->validate(object, &converted);
}

enum lwm2m_error lwm2m_resource_instance_remove(struct lwm2m_client *client, struct lwm2m_path path)
{
    struct lwm2m_object *object = lwm2m_object_tree_find(&client->objects, path.object);
    enum lwm2m_error error;

    if (object->operations->remove_resource_instance == NULL) {
        return LWM2M_NOT_ALLOWED;
    }
    error = object->operations->remove_resource_instance(object, path);
    if (error == LWM2M_OK) {
        lwm2m_attribute_store_remove(&client->attributes, path);
        lwm2m_client_changed(client, path);
    }
    return error;
}

/* ---- payloads ---- */

bool lwm2m_content_format_is_etch(uint16_t content_format)
{
    return content_format == LWM2M_FORMAT_SENML_ETCH_JSON ||
           content_format == LWM2M_FORMAT_SENML_ETCH_CBOR;
}

enum lwm2m_error lwm2m_payload_init(struct lwm2m_payload *payload,
                                    const struct lwm2m_operation_request *request,
                                    uint16_t content_format)
{
    struct lwm2m_client *client = request->client;

    *payload = (struct lwm2m_payload){
        .client = client,
        .codec = lwm2m_codecs_find(client->config.codecs, content_format),
        .bytes = request->message->payload,
        .base = request->path,
    };
    if (payload->codec == NULL ||
        (payload->codec->single_value && request->path.level < LWM2M_LEVEL_RESOURCE)) {
        return LWM2M_FORMAT;
    }
    /* It is for parts of a whole: the root. */
    if (lwm2m_content_format_is_etch(content_format) && request->path.level > LWM2M_LEVEL_ROOT) {
        return LWM2M_FORMAT;
    }
    /* Never without memory, so that decoders may point behind what they put there. */
    payload->scratch = client->port->allocate(client->port->context, payload->bytes.length + 1);
    return payload->scratch == NULL ? LWM2M_NO_MEMORY : LWM2M_OK;
}

void lwm2m_payload_release(struct lwm2m_payload *payload)
{
    if (payload->scratch != NULL) {
        payload->client->port->release(payload->client->port->context, payload->scratch);
    }
    payload->scratch = NULL;
}

enum lwm2m_error lwm2m_payload_decode(const struct lwm2m_payload *payload, struct lwm2m_sink sink)
{
    struct lwm2m_buffer scratch;
    struct lwm2m_decoding decoding = {
        .payload = payload->bytes,
        .base = payload->base,
        .types = lwm2m_object_tree_types(&payload->client->objects),
        .scratch = &scratch,
    };

    lwm2m_buffer_init(&scratch, payload->scratch, payload->bytes.length);
    return payload->codec->decode(&decoding, sink, NULL);
}

enum lwm2m_error lwm2m_record_write(struct lwm2m_client *client, const struct lwm2m_record *record)
{
    struct lwm2m_object *object = lwm2m_object_tree_find(&client->objects, record->path.object);
    struct lwm2m_record converted = *record;
    enum lwm2m_error error = lwm2m_record_check(client, record, false, &converted.value);

    if (error != LWM2M_OK || record->path.level == LWM2M_LEVEL_INSTANCE) {
        return error;
    }
    converted.time_ms = LWM2M_NO_TIME;
    error = object->operations->write(object, &converted);
    if (error == LWM2M_OK) {
        lwm2m_client_changed(client, record->path);
    }
    return error;
}

static enum lwm2m_error write_record(void *context, const struct lwm2m_record *record)
{
    return lwm2m_record_write(context, record);
}

enum lwm2m_error lwm2m_payload_apply(const struct lwm2m_payload *payload)
{
    return lwm2m_payload_decode(payload, (struct lwm2m_sink){payload->client, write_record});
}
