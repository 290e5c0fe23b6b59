/*
 * A sink that writes every record down as a line, for tests to compare with.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support/record_lines.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum lwm2m_error put_line(void *context, const struct lwm2m_record *record)
{
    struct record_lines *lines = context;
    char path[LWM2M_PATH_TEXT_MAX];
    uint8_t memory[2048];
    struct lwm2m_buffer value;
    char time[32] = "";

    lwm2m_path_print(record->path, path);
    lwm2m_buffer_init(&value, memory, sizeof memory);
    if (lwm2m_value_print(&record->value, &value) != LWM2M_OK) {
        return LWM2M_NO_SPACE;
    }
    if (record->time_ms != LWM2M_NO_TIME) {
        snprintf(time, sizeof time, " @%" PRId64, record->time_ms);
    }
    lines->length += (size_t)snprintf(lines->text + lines->length,
                                      sizeof lines->text - lines->length, "%s %s%s%.*s%s\n", path,
                                      lwm2m_type_name(record->value.type), value.length ? " " : "",
                                      (int)value.length, (const char *)value.data, time);
    return lines->length < sizeof lines->text ? LWM2M_OK : LWM2M_NO_SPACE;
}

struct lwm2m_sink record_lines_sink(struct record_lines *lines)
{
    lines->length = 0;
    lines->text[0] = '\0';
    return (struct lwm2m_sink){.context = lines, .put = put_line};
}

enum lwm2m_error record_lines_decode(struct record_lines *lines, const struct lwm2m_codec *codec,
                                     struct lwm2m_type_source types, struct lwm2m_path base,
                                     struct lwm2m_bytes payload)
{
    uint8_t *copy = malloc(payload.length);
    struct lwm2m_buffer scratch;
    struct lwm2m_decoding decoding = {.payload = {.data = copy, .length = payload.length},
                                      .base = base,
                                      .types = types,
                                      .scratch = &scratch};
    enum lwm2m_error error;

    if (payload.length > 0) {
        memcpy(copy, payload.data, payload.length);
    }
    lines->fault = (struct lwm2m_fault){.reason = ""};
    lwm2m_buffer_init(&scratch, lines->scratch_memory, sizeof lines->scratch_memory);
    error = codec->decode(&decoding, record_lines_sink(lines), &lines->fault);
    free(copy);
    return error;
}

static const struct {
    uint16_t object;
    uint16_t resource;
    enum lwm2m_type type;
} example_type_table[] = {
    {1, 0, LWM2M_TYPE_INTEGER},  {1, 1, LWM2M_TYPE_INTEGER},  {1, 6, LWM2M_TYPE_BOOLEAN},
    {1, 7, LWM2M_TYPE_STRING},   {1, 8, LWM2M_TYPE_NONE},     {2, 0, LWM2M_TYPE_INTEGER},
    {2, 1, LWM2M_TYPE_INTEGER},  {2, 2, LWM2M_TYPE_INTEGER},  {2, 3, LWM2M_TYPE_INTEGER},
    {3, 0, LWM2M_TYPE_STRING},   {3, 1, LWM2M_TYPE_STRING},   {3, 2, LWM2M_TYPE_STRING},
    {3, 3, LWM2M_TYPE_STRING},   {3, 6, LWM2M_TYPE_INTEGER},  {3, 7, LWM2M_TYPE_INTEGER},
    {3, 8, LWM2M_TYPE_INTEGER},  {3, 9, LWM2M_TYPE_INTEGER},  {3, 10, LWM2M_TYPE_INTEGER},
    {3, 11, LWM2M_TYPE_INTEGER}, {3, 13, LWM2M_TYPE_TIME},    {3, 14, LWM2M_TYPE_STRING},
    {3, 16, LWM2M_TYPE_STRING},  {65, 0, LWM2M_TYPE_OBJLNK},  {65, 1, LWM2M_TYPE_STRING},
    {65, 2, LWM2M_TYPE_INTEGER}, {65, 3, LWM2M_TYPE_FLOAT},   {65, 4, LWM2M_TYPE_UNSIGNED},
    {65, 5, LWM2M_TYPE_OPAQUE},  {65, 6, LWM2M_TYPE_CORELNK}, {66, 0, LWM2M_TYPE_STRING},
    {66, 1, LWM2M_TYPE_STRING},  {66, 2, LWM2M_TYPE_OBJLNK},
};

enum lwm2m_type example_type(void *context, struct lwm2m_path path)
{
    (void)context;
    for (size_t i = 0; i < sizeof example_type_table / sizeof example_type_table[0]; i++) {
        if (example_type_table[i].object == path.object &&
            example_type_table[i].resource == path.resource) {
            return example_type_table[i].type;
        }
    }
    return LWM2M_TYPE_UNTYPED;
}

struct lwm2m_type_source example_types(void)
{
    return (struct lwm2m_type_source){.find = example_type};
}

struct lwm2m_path example_path(const char *text)
{
    struct lwm2m_path path;

    if (lwm2m_path_parse(lwm2m_bytes_from_text(text), &path, NULL) != LWM2M_OK) {
        abort();
    }
    return path;
}
