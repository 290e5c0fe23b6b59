/*
 * LwM2M JSON (Content-Format 11543; LwM2M Core 1.2 §7.4.5): the format of LwM2M 1.0 that went
 * before SenML. One object has the base name, the base time and an array of entries.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/codec.h>

#include <string.h>

#include "codec/decode.h"
#include "codec/json_reader.h"
#include "codec/json_writer.h"
#include "codec/senml.h"

/* The object, its array and the entries in it are the outer levels. */
enum { OUTER_DEPTH_MAX = LWM2M_DECODE_DEPTH_MAX - 1, INNER_DEPTH_MAX = LWM2M_DECODE_DEPTH_MAX - 3 };

/* The entries are records of SenML under other labels. */
static const struct {
    const char *text;
    enum lwm2m_senml_label label;
} entry_labels[] = {
    {"n", LWM2M_SENML_NAME},    {"t", LWM2M_SENML_TIME},     {"v", LWM2M_SENML_VALUE},
    {"sv", LWM2M_SENML_STRING}, {"bv", LWM2M_SENML_BOOLEAN}, {"ov", LWM2M_SENML_OBJLNK},
};

struct payload {
    struct lwm2m_json_reader reader;
    struct lwm2m_senml_resolver resolver;
    struct lwm2m_senml_record base; /* with the base name and the base time, if there are any */
    uint8_t base_name[LWM2M_SENML_NAME_MAX + 1];
    bool has_entries;
    size_t entries_offset;
};

static enum lwm2m_senml_label find_entry_label(struct lwm2m_bytes text)
{
    for (size_t i = 0; i < sizeof entry_labels / sizeof entry_labels[0]; i++) {
        if (lwm2m_bytes_equal_text(text, entry_labels[i].text)) {
            return entry_labels[i].label;
        }
    }
    return LWM2M_SENML_UNKNOWN;
}

static enum lwm2m_error read_field(struct payload *payload, struct lwm2m_senml_record *record,
                                   enum lwm2m_senml_label label)
{
    struct lwm2m_json_item item;
    enum lwm2m_error error = lwm2m_json_read(&payload->reader, &item);

    if (error != LWM2M_OK) {
        return error;
    }
    if (item.kind != LWM2M_JSON_SCALAR) {
        return lwm2m_fault_set(payload->reader.fault, LWM2M_MALFORMED, item.offset,
                               "not what the label calls for");
    }
    return lwm2m_senml_take_field(record, label, &item.value, item.offset, payload->reader.fault);
}

/* ---- the object: where its entries are, and what they start from ---- */

static enum lwm2m_error read_entries(struct payload *payload, size_t label_offset)
{
    if (payload->has_entries) {
        return lwm2m_fault_set(payload->reader.fault, LWM2M_MALFORMED, label_offset,
                               "a second array of entries");
    }
    payload->has_entries = true;
    payload->entries_offset = payload->reader.offset;
    return lwm2m_json_skip(&payload->reader, OUTER_DEPTH_MAX);
}

static enum lwm2m_error read_member(struct payload *payload)
{
    struct lwm2m_json_item text;
    enum lwm2m_senml_label label = LWM2M_SENML_UNKNOWN;
    enum lwm2m_error error;

    lwm2m_decoding_empty_scratch(payload->resolver.decoding);
    error = lwm2m_json_read_label(&payload->reader, &text);
    if (error != LWM2M_OK) {
        return error;
    }
    if (lwm2m_bytes_equal_text(text.value.as.bytes, "e")) {
        return read_entries(payload, text.offset);
    }
    if (lwm2m_bytes_equal_text(text.value.as.bytes, "bn")) {
        label = LWM2M_SENML_BASE_NAME;
    } else if (lwm2m_bytes_equal_text(text.value.as.bytes, "bt")) {
        label = LWM2M_SENML_BASE_TIME;
    } else {
        return lwm2m_json_skip(&payload->reader, OUTER_DEPTH_MAX);
    }
    error = lwm2m_senml_note_label(&payload->base, label, text.offset, payload->reader.fault);
    if (error == LWM2M_OK) {
        error = read_field(payload, &payload->base, label);
    }
    /* The scratch is emptied before the entries are read. */
    if (error == LWM2M_OK && label == LWM2M_SENML_BASE_NAME && payload->base.base_name.length > 0) {
        memcpy(payload->base_name, payload->base.base_name.data, payload->base.base_name.length);
    }
    return error;
}

/* The members may come in any order, so that the entries are read only behind all of them. */
static enum lwm2m_error read_object(struct payload *payload)
{
    struct lwm2m_json_item object;
    bool more;
    enum lwm2m_error error = lwm2m_json_read(&payload->reader, &object);

    if (error != LWM2M_OK) {
        return error;
    }
    if (object.kind != LWM2M_JSON_OBJECT) {
        return lwm2m_fault_set(payload->reader.fault, LWM2M_MALFORMED, object.offset,
                               "LwM2M JSON is an object");
    }
    while ((error = lwm2m_json_next(&payload->reader, &object, &more)) == LWM2M_OK && more) {
        error = read_member(payload);
        if (error != LWM2M_OK) {
            return error;
        }
    }
    if (error == LWM2M_OK) {
        error = lwm2m_json_end(&payload->reader);
    }
    if (error == LWM2M_OK && !payload->has_entries) {
        return lwm2m_fault_set(payload->reader.fault, LWM2M_MALFORMED, object.offset,
                               "no array of entries");
    }
    return error;
}

/* ---- the entries ---- */

/*
 * Puts the '/' between base name and name where it belongs: some leave it out, some write it twice.
 * Without a base name, a name is a whole path if it begins with '/', and else counts from the path
 * of the request, as in the first examples of LwM2M 1.0.
 */
static void join_names(struct payload *payload, struct lwm2m_senml_record *entry)
{
    bool has_base_name = (payload->base.present & 1 << LWM2M_SENML_BASE_NAME) != 0;
    bool is_whole = entry->name.length > 0 && entry->name.data[0] == '/';
    char text[LWM2M_PATH_TEXT_MAX];
    size_t length = payload->base.base_name.length;

    if (!has_base_name) {
        length = is_whole ? 0 : lwm2m_path_print(payload->resolver.decoding->base, text);
        memcpy(payload->base_name, text, length);
    }
    if (length > 0 && payload->base_name[length - 1] == '/') {
        length--;
    }
    if (is_whole) {
        entry->name.data++;
        entry->name.length--;
    }
    if (entry->name.length > 0) {
        payload->base_name[length++] = '/';
    }
    entry->base_name = (struct lwm2m_bytes){.data = payload->base_name, .length = length};
    entry->present |= 1 << LWM2M_SENML_BASE_NAME;
}

static enum lwm2m_error read_entry_member(struct payload *payload, struct lwm2m_senml_record *entry)
{
    struct lwm2m_json_item text;
    enum lwm2m_senml_label label;
    enum lwm2m_error error = lwm2m_json_read_label(&payload->reader, &text);

    if (error != LWM2M_OK) {
        return error;
    }
    label = find_entry_label(text.value.as.bytes);
    error = lwm2m_senml_note_label(entry, label, text.offset, payload->reader.fault);
    if (error != LWM2M_OK) {
        return error;
    }
    if (label == LWM2M_SENML_UNKNOWN) {
        return lwm2m_json_skip(&payload->reader, INNER_DEPTH_MAX);
    }
    return read_field(payload, entry, label);
}

static enum lwm2m_error read_entry(struct payload *payload)
{
    struct lwm2m_senml_record entry = {.present = 1 << LWM2M_SENML_BASE_TIME,
                                       .base_time_ms = payload->base.base_time_ms,
                                       .offset = payload->reader.offset};
    struct lwm2m_json_item item;
    bool more;
    enum lwm2m_error error;

    lwm2m_decoding_empty_scratch(payload->resolver.decoding);
    error = lwm2m_json_read(&payload->reader, &item);
    if (error == LWM2M_OK && item.kind != LWM2M_JSON_OBJECT) {
        return lwm2m_fault_set(payload->reader.fault, LWM2M_MALFORMED, item.offset,
                               "an entry is an object");
    }
    if (error != LWM2M_OK) {
        return error;
    }
    while ((error = lwm2m_json_next(&payload->reader, &item, &more)) == LWM2M_OK && more) {
        error = read_entry_member(payload, &entry);
        if (error != LWM2M_OK) {
            return error;
        }
    }
    if (error != LWM2M_OK) {
        return error;
    }
    join_names(payload, &entry);
    return lwm2m_senml_resolve(&payload->resolver, &entry);
}

static enum lwm2m_error read_array(struct payload *payload)
{
    struct lwm2m_json_item array;
    bool more;
    enum lwm2m_error error;

    payload->reader.offset = payload->entries_offset;
    error = lwm2m_json_read(&payload->reader, &array);
    if (error != LWM2M_OK) {
        return error;
    }
    if (array.kind != LWM2M_JSON_ARRAY) {
        return lwm2m_fault_set(payload->reader.fault, LWM2M_MALFORMED, array.offset,
                               "the entries are no array");
    }
    while ((error = lwm2m_json_next(&payload->reader, &array, &more)) == LWM2M_OK && more) {
        error = read_entry(payload);
        if (error != LWM2M_OK) {
            return error;
        }
    }
    return error;
}

static enum lwm2m_error decode(const struct lwm2m_decoding *decoding, struct lwm2m_sink sink,
                               struct lwm2m_fault *fault)
{
    struct payload payload = {
        .reader = {.input = decoding->payload, .scratch = decoding->scratch, .fault = fault}};
    enum lwm2m_error error = LWM2M_OK;

    lwm2m_senml_resolver_init(&payload.resolver, decoding, sink, fault);
    payload.resolver.has_base64_strings = true;
    if (!lwm2m_decoding_may_be_absent(decoding)) {
        error = read_object(&payload);
        if (error == LWM2M_OK) {
            error = read_array(&payload);
        }
    }
    return error == LWM2M_OK ? lwm2m_senml_finish(&payload.resolver) : error;
}

/* Encoder: flags[HAS_HEAD] is set once base name and base time are written, marks[ENTRY_COUNT]
 * counts the entries; the base time, that of the first record, is in the marks of senml.c. */
enum { HAS_HEAD = 0 };
enum { ENTRY_COUNT = 3 };

static const struct lwm2m_json_value_labels value_labels = {
    .number = "v", .string = "sv", .boolean = "bv", .opaque = "sv", .objlnk = "ov"};

/* The base name goes no deeper than to the instance, so that every entry has a name. */
static size_t print_base(const struct lwm2m_encoder *encoder, char text[LWM2M_SENML_NAME_MAX])
{
    size_t length =
        lwm2m_path_print(lwm2m_path_ancestor(encoder->base, LWM2M_LEVEL_INSTANCE), text);

    if (encoder->base.level != LWM2M_LEVEL_ROOT) {
        text[length++] = '/';
    }
    return length;
}

static void append_head(struct lwm2m_encoder *encoder, int64_t base_time_ms)
{
    struct lwm2m_json_writer writer = {.out = encoder->out};
    char text[LWM2M_SENML_NAME_MAX];
    struct lwm2m_bytes name = {.data = (const uint8_t *)text, .length = print_base(encoder, text)};

    if (encoder->flags[HAS_HEAD]) {
        return;
    }
    encoder->flags[HAS_HEAD] = true;
    lwm2m_json_append_label(&writer, "bn");
    lwm2m_json_append_plain(encoder->out, name);
    if (base_time_ms != 0) {
        lwm2m_json_append_label(&writer, "bt");
        lwm2m_json_append_seconds(encoder->out, base_time_ms);
    }
    lwm2m_json_append_label(&writer, "e");
    (void)lwm2m_buffer_append_byte(encoder->out, '[');
}

static void append_name(struct lwm2m_json_writer *writer, const struct lwm2m_encoder *encoder,
                        struct lwm2m_path path)
{
    char base[LWM2M_SENML_NAME_MAX];
    char text[LWM2M_SENML_NAME_MAX];
    size_t skipped = print_base(encoder, base);
    size_t length = lwm2m_path_print(path, text);

    if (length > skipped) {
        lwm2m_json_append_label(writer, "n");
        lwm2m_json_append_plain(writer->out,
                                (struct lwm2m_bytes){.data = (const uint8_t *)text + skipped,
                                                     .length = length - skipped});
    }
}

static enum lwm2m_error begin(struct lwm2m_encoder *encoder)
{
    return lwm2m_buffer_append_byte(encoder->out, '{');
}

static enum lwm2m_error put(struct lwm2m_encoder *encoder, const struct lwm2m_record *record)
{
    struct lwm2m_json_writer writer = {.out = encoder->out};
    int64_t base_time_ms;
    int64_t time_ms;
    enum lwm2m_error error;

    if (lwm2m_senml_is_empty_base(encoder, record)) {
        return LWM2M_OK;
    }
    error = lwm2m_senml_record_time(record, &time_ms);
    if (error != LWM2M_OK) {
        return error;
    }
    if (!encoder->flags[HAS_HEAD]) {
        lwm2m_senml_set_base_time(encoder, time_ms);
    }
    base_time_ms = lwm2m_senml_base_time(encoder);
    append_head(encoder, base_time_ms);
    (void)lwm2m_buffer_append_text(encoder->out, encoder->marks[ENTRY_COUNT]++ > 0 ? ",{" : "{");
    append_name(&writer, encoder, record->path);
    if (time_ms != base_time_ms) {
        lwm2m_json_append_label(&writer, "t");
        lwm2m_json_append_seconds(encoder->out, time_ms - base_time_ms);
    }
    error = lwm2m_json_append_value(&writer, &record->value, &value_labels);
    return error == LWM2M_OK ? lwm2m_buffer_append_byte(encoder->out, '}') : error;
}

static enum lwm2m_error end(struct lwm2m_encoder *encoder)
{
    append_head(encoder, 0);
    return lwm2m_buffer_append_text(encoder->out, "]}");
}

const struct lwm2m_codec lwm2m_codec_json = {
    .content_format = LWM2M_FORMAT_JSON,
    .legacy_format = LWM2M_FORMAT_JSON_LEGACY,
    .name = "json",
    .decode = decode,
    .begin = begin,
    .put = put,
    .end = end,
};
