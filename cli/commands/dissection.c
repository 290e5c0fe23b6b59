/*
 * Prints the parts of what is taken apart, and decodes payloads into them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/dissection.h"

#include <stdlib.h>
#include <string.h>

#include <lwm2m/corelink.h>

#include "commands/request.h"
#include "control/message_text.h"
#include "control/value_json.h"
#include "output/time_text.h"

static const struct lwm2m_codec *const list[] = {
    &lwm2m_codec_text,       &lwm2m_codec_opaque,          &lwm2m_codec_tlv,
    &lwm2m_codec_cbor,       &lwm2m_codec_senml_cbor,      &lwm2m_codec_senml_etch_cbor,
    &lwm2m_codec_senml_json, &lwm2m_codec_senml_etch_json, &lwm2m_codec_json,
    &lwm2m_codec_lwm2m_cbor,
};
const struct lwm2m_codecs dissection_codecs = {.list = list, .count = sizeof list / sizeof list[0]};

static void put_row(struct dissection *dissection, const struct dissected_part *part)
{
    char offset[24];
    const char *cells[] = {offset, part->item, part->name, part->type, part->value};
    size_t row = table_add(dissection->table, 0);
    snprintf(offset, sizeof(offset), "%zu", part->offset);
    for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
        table_set(dissection->table, row, i, cells[i], i == 0 ? COLOUR_FAINT : COLOUR_NONE);
    }
}

void dissection_put(struct dissection *dissection, const struct dissected_part *part,
                    cJSON *details)
{
    if (dissection->table != NULL) {
        put_row(dissection, part);
        cJSON_Delete(details);
        return;
    }
    cJSON *line = cJSON_CreateObject();
    cJSON_AddNumberToObject(line, "v", 1);
    cJSON_AddStringToObject(line, "op", "decode");
    cJSON_AddStringToObject(line, "kind", part->kind);
    cJSON_AddNumberToObject(line, "offset", (double)part->offset);
    while (details != NULL && details->child != NULL) {
        cJSON *member = cJSON_DetachItemViaPointer(details, details->child);
        char *name = strdup(member->string);
        cJSON_AddItemToObject(line, name != NULL ? name : "", member);
        free(name);
    }
    cJSON_Delete(details);
    if (!print_json_line(dissection->printer, line)) {
        dissection->failed = true;
    }
    cJSON_Delete(line);
}

enum lwm2m_error dissection_decode(const struct lwm2m_codec *codec, struct lwm2m_bytes payload,
                                   struct lwm2m_path base,
                                   const struct lwm2m_definitions *definitions,
                                   struct lwm2m_sink sink, struct lwm2m_fault *fault)
{
    struct lwm2m_buffer scratch;
    uint8_t *memory = malloc(payload.length + 1);
    if (memory == NULL) {
        return lwm2m_fault_set(fault, LWM2M_NO_MEMORY, 0, "out of memory");
    }
    lwm2m_buffer_init(&scratch, memory, payload.length + 1);
    const struct lwm2m_decoding decoding = {.payload = payload,
                                            .base = base,
                                            .types =
                                                lwm2m_type_source_from_definitions(definitions),
                                            .scratch = &scratch};
    enum lwm2m_error error = codec->decode(&decoding, sink, fault);
    free(memory);
    return error;
}

/* A payload on its way into parts. */
struct dissected_payload {
    struct dissection *dissection;
    size_t offset; /* in the input */
};

static enum lwm2m_error put_record(void *context, const struct lwm2m_record *record)
{
    const struct dissected_payload *payload = context;
    struct lwm2m_path path = record->path;
    struct lwm2m_resource_definition resource = {.name = "", .units = ""};
    char path_text[LWM2M_PATH_TEXT_MAX];
    cJSON *details = cJSON_CreateObject();
    if (path.level >= LWM2M_LEVEL_RESOURCE) {
        (void)lwm2m_definitions_find_resource(payload->dissection->definitions, path.object,
                                              LWM2M_NO_VERSION, path.resource, &resource);
    }
    lwm2m_path_print(path, path_text);
    cJSON_AddStringToObject(details, "path", path_text);
    request_add_text(details, "name", resource.name[0] != '\0' ? resource.name : NULL);
    bool has_value = record->value.type != LWM2M_TYPE_NONE;
    if (has_value) {
        (void)value_json_add(details, &record->value);
    }
    const char *unit = value_unit_text(resource.units);
    request_add_text(details, "unit", has_value && unit[0] != '\0' ? unit : NULL);
    if (record->time_ms != LWM2M_NO_TIME) {
        char time[TIME_TEXT_MAX];
        time_print_ms(record->time_ms, time);
        cJSON_AddStringToObject(details, "t_dev", time);
    }
    char *printed = value_text_new(&record->value);
    char *value = has_value ? result_value(payload->dissection->printer, details, printed) : NULL;
    const struct dissected_part part = {
        .kind = "record",
        .offset = payload->offset + record->offset,
        .item = path_text,
        .name = resource.name,
        .type = has_value ? lwm2m_type_name(record->value.type) : NULL,
        .value = value,
    };
    dissection_put(payload->dissection, &part, details);
    free(value);
    free(printed);
    return payload->dissection->failed ? LWM2M_IO : LWM2M_OK;
}

static char *text_new(struct lwm2m_bytes bytes)
{
    return bytes.length > 0 ? strndup((const char *)bytes.data, bytes.length) : strdup("");
}

static enum lwm2m_error put_links(const struct dissected_payload *payload, struct lwm2m_bytes bytes,
                                  struct lwm2m_fault *fault)
{
    struct lwm2m_link_reader reader;
    struct lwm2m_link link;
    enum lwm2m_error error;
    lwm2m_link_reader_init(&reader, bytes);
    while ((error = lwm2m_link_reader_next(&reader, &link, fault)) == LWM2M_OK) {
        char *target = text_new(link.target);
        char *parameters = text_new(link.parameters);
        cJSON *details = cJSON_CreateObject();
        (void)json_add_bytes(details, "target", link.target);
        (void)json_add_bytes(details, "parameters", link.parameters);
        const struct dissected_part part = {.kind = "link",
                                            .offset = payload->offset + link.offset,
                                            .item = target,
                                            .value = parameters};
        dissection_put(payload->dissection, &part, details);
        free(target);
        free(parameters);
    }
    return error == LWM2M_NOT_FOUND ? LWM2M_OK : error;
}

/* What no codec reads: the bytes. */
static void put_bytes(const struct dissected_payload *payload, struct lwm2m_bytes bytes)
{
    const struct lwm2m_value value = lwm2m_value_opaque(bytes);
    char *text = value_text_new(&value);
    cJSON *details = cJSON_CreateObject();
    (void)value_json_add(details, &value);
    const struct dissected_part part = {
        .kind = "bytes", .offset = payload->offset, .type = "opaque", .value = text};
    dissection_put(payload->dissection, &part, details);
    free(text);
}

bool dissect_payload(struct dissection *dissection, struct lwm2m_bytes payload, uint32_t format,
                     struct lwm2m_fault *fault)
{
    const struct lwm2m_codec *codec = lwm2m_codecs_find(
        dissection_codecs, format <= UINT16_MAX ? (uint16_t)format : LWM2M_NO_FORMAT);
    struct dissected_payload parts = {
        dissection, payload.data != NULL ? (size_t)(payload.data - dissection->input.data) : 0};
    enum lwm2m_error error = LWM2M_OK;
    bool needs_path = codec != NULL &&
                      ((codec->single_value && dissection->base.level < LWM2M_LEVEL_RESOURCE) ||
                       (codec == &lwm2m_codec_tlv && dissection->base.level == LWM2M_LEVEL_ROOT));
    if (format == LWM2M_FORMAT_LINK) {
        error = put_links(&parts, payload, fault);
    } else if (codec == NULL || needs_path) {
        if (needs_path) {
            print_warning(dissection->printer,
                          "%s carries no whole path: --path %s gives names and types to it",
                          codec->name, codec->single_value ? "/3/0/9" : "/3/0");
        }
        put_bytes(&parts, payload);
    } else {
        error = dissection_decode(codec, payload, dissection->base, dissection->definitions,
                                  (struct lwm2m_sink){&parts, put_record}, fault);
    }
    if (error != LWM2M_OK && fault != NULL) {
        fault->offset += parts.offset;
    }
    return error == LWM2M_OK;
}
