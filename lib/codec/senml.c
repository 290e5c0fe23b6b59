/*
 * SenML (RFC 8428) as LwM2M uses it (Core 1.2 §7.4.6): what its JSON and CBOR forms share: the
 * labels, and how base name and base time complete a record.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/senml.h"

#include <string.h>

#include "codec/decode.h"

/* Times below it count from now (RFC 8428 §4.5.3). */
#define ABSOLUTE_TIME_MS ((INT64_C(1) << 28) * 1000)

/* Either way. Doubles of seconds tell milliseconds apart up to here, 35,000 years from 1970. */
#define TIME_MAX_MS (INT64_C(1) << 50)

enum { VERSION_MAX = 10 };

struct label {
    const char *text;
    int number;
};

/* The number of what has none in CBOR: no label of RFC 8428 comes near it. */
enum { NO_NUMBER = 127 };

static const struct label labels[] = {
    [LWM2M_SENML_BASE_VERSION] = {"bver", -1},
    [LWM2M_SENML_BASE_NAME] = {"bn", -2},
    [LWM2M_SENML_BASE_TIME] = {"bt", -3},
    [LWM2M_SENML_BASE_UNIT] = {"bu", -4},
    [LWM2M_SENML_BASE_VALUE] = {"bv", -5},
    [LWM2M_SENML_BASE_SUM] = {"bs", -6},
    [LWM2M_SENML_NAME] = {"n", 0},
    [LWM2M_SENML_UNIT] = {"u", 1},
    [LWM2M_SENML_VALUE] = {"v", 2},
    [LWM2M_SENML_STRING] = {"vs", 3},
    [LWM2M_SENML_BOOLEAN] = {"vb", 4},
    [LWM2M_SENML_SUM] = {"s", 5},
    [LWM2M_SENML_TIME] = {"t", 6},
    [LWM2M_SENML_UPDATE_TIME] = {"ut", 7},
    [LWM2M_SENML_DATA] = {"vd", 8},
    [LWM2M_SENML_OBJLNK] = {"vlo", NO_NUMBER},
};

enum {
    VALUE_LABELS = 1 << LWM2M_SENML_VALUE | 1 << LWM2M_SENML_STRING | 1 << LWM2M_SENML_BOOLEAN |
                   1 << LWM2M_SENML_DATA | 1 << LWM2M_SENML_OBJLNK,
};

enum lwm2m_senml_label lwm2m_senml_label_find(struct lwm2m_bytes text)
{
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        if (lwm2m_bytes_equal_text(text, labels[i].text)) {
            return (enum lwm2m_senml_label)i;
        }
    }
    if (text.length > 0 && text.data[text.length - 1] == '_') {
        return LWM2M_SENML_MUST_UNDERSTAND;
    }
    return LWM2M_SENML_UNKNOWN;
}

enum lwm2m_senml_label lwm2m_senml_label_find_number(int64_t number)
{
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        if (labels[i].number == number && number != NO_NUMBER) {
            return (enum lwm2m_senml_label)i;
        }
    }
    return LWM2M_SENML_UNKNOWN;
}

int lwm2m_senml_label_number(enum lwm2m_senml_label label)
{
    return labels[label].number;
}

bool lwm2m_senml_is_ignored(enum lwm2m_senml_label label)
{
    return label == LWM2M_SENML_UNKNOWN || label == LWM2M_SENML_BASE_UNIT ||
           label == LWM2M_SENML_UNIT || label == LWM2M_SENML_UPDATE_TIME;
}

bool lwm2m_senml_is_value(enum lwm2m_senml_label label)
{
    return (UINT32_C(1) << label & VALUE_LABELS) != 0;
}

void lwm2m_senml_resolver_init(struct lwm2m_senml_resolver *resolver,
                               const struct lwm2m_decoding *decoding, struct lwm2m_sink sink,
                               struct lwm2m_fault *fault)
{
    *resolver = (struct lwm2m_senml_resolver){.decoding = decoding, .sink = sink, .fault = fault};
}

enum lwm2m_error lwm2m_senml_note_label(struct lwm2m_senml_record *record,
                                        enum lwm2m_senml_label label, size_t offset,
                                        struct lwm2m_fault *fault)
{
    uint32_t bit = UINT32_C(1) << label;
    const char *reason = NULL;

    if (label == LWM2M_SENML_UNKNOWN) {
        return LWM2M_OK;
    }
    if (label == LWM2M_SENML_MUST_UNDERSTAND) {
        reason = "an unknown label that must be understood";
    } else if (label == LWM2M_SENML_SUM || label == LWM2M_SENML_BASE_SUM ||
               label == LWM2M_SENML_BASE_VALUE) {
        reason = "sums and base values are not used in LwM2M";
    } else if ((record->present & bit) != 0) {
        reason = "a label that the record has already";
    } else if ((bit & VALUE_LABELS) != 0 && (record->present & VALUE_LABELS) != 0) {
        reason = "a second value in one record";
    }
    if (reason != NULL) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, offset, reason);
    }
    record->present |= bit;
    return LWM2M_OK;
}

/* Seconds, whole or not, to milliseconds. */
static enum lwm2m_error take_time(const struct lwm2m_value *value, int64_t *time_ms)
{
    double scaled;

    if (value->type == LWM2M_TYPE_INTEGER) {
        if (value->as.integer > TIME_MAX_MS / 1000 || value->as.integer < -TIME_MAX_MS / 1000) {
            return LWM2M_RANGE;
        }
        *time_ms = value->as.integer * 1000;
        return LWM2M_OK;
    }
    if (value->type != LWM2M_TYPE_FLOAT) {
        return value->type == LWM2M_TYPE_UNSIGNED ? LWM2M_RANGE : LWM2M_MALFORMED;
    }
    scaled = value->as.number * 1000;
    if (!(scaled >= -(double)TIME_MAX_MS && scaled <= (double)TIME_MAX_MS)) {
        return LWM2M_RANGE;
    }
    *time_ms = (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    return LWM2M_OK;
}

static enum lwm2m_error take_text(const struct lwm2m_value *value, struct lwm2m_bytes *text)
{
    if (value->type != LWM2M_TYPE_STRING) {
        return LWM2M_MALFORMED;
    }
    if (value->as.bytes.length > LWM2M_SENML_NAME_MAX) {
        return LWM2M_MALFORMED;
    }
    *text = value->as.bytes;
    return LWM2M_OK;
}

static enum lwm2m_error take_value(struct lwm2m_senml_record *record, enum lwm2m_type type,
                                   const struct lwm2m_value *value)
{
    if (value->type != type) {
        return LWM2M_MALFORMED;
    }
    record->value = *value;
    return LWM2M_OK;
}

static enum lwm2m_error take_number(struct lwm2m_senml_record *record,
                                    const struct lwm2m_value *value)
{
    if (value->type != LWM2M_TYPE_INTEGER && value->type != LWM2M_TYPE_UNSIGNED &&
        value->type != LWM2M_TYPE_FLOAT) {
        return LWM2M_MALFORMED;
    }
    record->value = *value;
    return LWM2M_OK;
}

static enum lwm2m_error take_objlnk(struct lwm2m_senml_record *record,
                                    const struct lwm2m_value *value)
{
    if (value->type != LWM2M_TYPE_STRING) {
        return LWM2M_MALFORMED;
    }
    record->value = *value;
    return lwm2m_value_convert(&record->value, LWM2M_TYPE_OBJLNK);
}

static enum lwm2m_error check_version(const struct lwm2m_value *value)
{
    if (value->type != LWM2M_TYPE_INTEGER || value->as.integer < 1 ||
        value->as.integer > VERSION_MAX) {
        return LWM2M_MALFORMED;
    }
    return LWM2M_OK;
}

static enum lwm2m_error take_field(struct lwm2m_senml_record *record, enum lwm2m_senml_label label,
                                   const struct lwm2m_value *value)
{
    switch (label) {
    case LWM2M_SENML_BASE_VERSION:
        return check_version(value);
    case LWM2M_SENML_BASE_NAME:
        return take_text(value, &record->base_name);
    case LWM2M_SENML_NAME:
        return take_text(value, &record->name);
    case LWM2M_SENML_BASE_TIME:
        return take_time(value, &record->base_time_ms);
    case LWM2M_SENML_TIME:
        return take_time(value, &record->time_ms);
    case LWM2M_SENML_VALUE:
        return take_number(record, value);
    case LWM2M_SENML_STRING:
        return take_value(record, LWM2M_TYPE_STRING, value);
    case LWM2M_SENML_BOOLEAN:
        return take_value(record, LWM2M_TYPE_BOOLEAN, value);
    case LWM2M_SENML_DATA:
        return take_value(record, LWM2M_TYPE_OPAQUE, value);
    case LWM2M_SENML_OBJLNK:
        return take_objlnk(record, value);
    default:
        return LWM2M_OK;
    }
}

enum lwm2m_error lwm2m_senml_take_field(struct lwm2m_senml_record *record,
                                        enum lwm2m_senml_label label,
                                        const struct lwm2m_value *value, size_t offset,
                                        struct lwm2m_fault *fault)
{
    enum lwm2m_error error = take_field(record, label, value);

    if (lwm2m_senml_is_value(label)) {
        record->value_offset = offset;
    }
    if (error == LWM2M_OK) {
        return LWM2M_OK;
    }
    return lwm2m_fault_set(fault, error, offset,
                           error == LWM2M_MALFORMED ? "not what the label calls for"
                                                    : lwm2m_error_text(error));
}

static enum lwm2m_error resolve_path(const struct lwm2m_senml_resolver *resolver,
                                     const struct lwm2m_senml_record *record,
                                     struct lwm2m_path *path)
{
    uint8_t memory[2 * LWM2M_SENML_NAME_MAX];
    struct lwm2m_bytes name = {.data = memory};
    struct lwm2m_fault inner = {.reason = "not a path"};

    memcpy(memory, resolver->base_name, resolver->base_name_length);
    name.length = resolver->base_name_length;
    if (record->name.length > 0) {
        memcpy(memory + name.length, record->name.data, record->name.length);
    }
    name.length += record->name.length;
    if (lwm2m_path_parse(name, path, &inner) != LWM2M_OK) {
        return lwm2m_fault_set(resolver->fault, LWM2M_MALFORMED, record->offset, inner.reason);
    }
    if (!lwm2m_path_contains(resolver->decoding->base, *path)) {
        return lwm2m_fault_set(resolver->fault, LWM2M_MALFORMED, record->offset,
                               "not below the path of the request");
    }
    return LWM2M_OK;
}

static enum lwm2m_error resolve_time(const struct lwm2m_senml_resolver *resolver,
                                     const struct lwm2m_senml_record *record, int64_t *time_ms)
{
    *time_ms = resolver->base_time_ms + record->time_ms;
    if (*time_ms > TIME_MAX_MS) {
        return lwm2m_fault_set(resolver->fault, LWM2M_RANGE, record->offset,
                               lwm2m_error_text(LWM2M_RANGE));
    }
    /* What has no value has no time at which it had it. */
    if (*time_ms < ABSOLUTE_TIME_MS || record->value.type == LWM2M_TYPE_NONE) {
        *time_ms = LWM2M_NO_TIME;
    }
    return LWM2M_OK;
}

/* A record that sets up the base for those behind it and names nothing itself. */
static bool is_base_only(const struct lwm2m_senml_record *record)
{
    uint32_t own = VALUE_LABELS | 1 << LWM2M_SENML_NAME | 1 << LWM2M_SENML_TIME;
    size_t length = record->base_name.length;

    return (record->present & own) == 0 && length > 1 && record->base_name.data[length - 1] == '/';
}

enum lwm2m_error lwm2m_senml_resolve(struct lwm2m_senml_resolver *resolver,
                                     const struct lwm2m_senml_record *record)
{
    struct lwm2m_record resolved = {.value = record->value};
    enum lwm2m_error error;

    if ((record->present & 1 << LWM2M_SENML_BASE_NAME) != 0) {
        if (record->base_name.length > 0) {
            memcpy(resolver->base_name, record->base_name.data, record->base_name.length);
        }
        resolver->base_name_length = record->base_name.length;
    }
    if ((record->present & 1 << LWM2M_SENML_BASE_TIME) != 0) {
        resolver->base_time_ms = record->base_time_ms;
    }
    if (is_base_only(record)) {
        return LWM2M_OK;
    }
    error = resolve_path(resolver, record, &resolved.path);
    if (error == LWM2M_OK) {
        error = resolve_time(resolver, record, &resolved.time_ms);
    }
    if (error != LWM2M_OK) {
        return error;
    }
    if (resolved.value.type != LWM2M_TYPE_NONE && resolved.path.level < LWM2M_LEVEL_RESOURCE) {
        return lwm2m_fault_set(resolver->fault, LWM2M_MALFORMED, record->offset,
                               "a value of something that is no resource");
    }
    resolver->count++;
    if (resolver->has_base64_strings && resolved.value.type == LWM2M_TYPE_STRING &&
        lwm2m_decoding_type(resolver->decoding, resolved.path) == LWM2M_TYPE_OPAQUE) {
        error = lwm2m_decoding_base64(resolver->decoding, &resolved.value, record->value_offset,
                                      resolver->fault);
        if (error != LWM2M_OK) {
            return error;
        }
    }
    return lwm2m_decoding_put(resolver->decoding, resolver->sink, &resolved, record->value_offset,
                              resolver->fault);
}

enum lwm2m_error lwm2m_senml_finish(struct lwm2m_senml_resolver *resolver)
{
    return resolver->count > 0 ? LWM2M_OK
                               : lwm2m_decoding_put_empty(resolver->decoding, resolver->sink);
}

/* Encoder: flags are the form of the base name in effect, marks the halves of the base time. */
enum { BASE_ABOVE, BASE_WHOLE };
enum { TIME_HIGH = 1, TIME_LOW = 2 };

int64_t lwm2m_senml_base_time(const struct lwm2m_encoder *encoder)
{
    return (int64_t)((uint64_t)encoder->marks[TIME_HIGH] << 32 | encoder->marks[TIME_LOW]);
}

void lwm2m_senml_set_base_time(struct lwm2m_encoder *encoder, int64_t time_ms)
{
    encoder->marks[TIME_HIGH] = (size_t)((uint64_t)time_ms >> 32);
    encoder->marks[TIME_LOW] = (size_t)((uint64_t)time_ms & UINT32_MAX);
}

static void init_names(struct lwm2m_senml_prefix *prefix, struct lwm2m_encoder *encoder,
                       struct lwm2m_path path)
{
    const uint8_t *text = (const uint8_t *)prefix->text;
    char base_text[LWM2M_PATH_TEXT_MAX];
    size_t length = lwm2m_path_print(path, prefix->text);
    size_t split = 0;

    if (encoder->base.level != LWM2M_LEVEL_ROOT) {
        bool whole = lwm2m_path_equal(path, encoder->base);
        int form = whole ? BASE_WHOLE : BASE_ABOVE;

        split = whole ? length : lwm2m_path_print(encoder->base, base_text) + 1;
        prefix->has_base_name = !encoder->flags[form];
        encoder->flags[form] = true;
        encoder->flags[!form] = false;
    }
    prefix->base_name = (struct lwm2m_bytes){.data = text, .length = split};
    prefix->name = (struct lwm2m_bytes){.data = text + split, .length = length - split};
    prefix->has_name = prefix->name.length > 0;
}

enum lwm2m_error lwm2m_senml_record_time(const struct lwm2m_record *record, int64_t *time_ms)
{
    *time_ms = record->time_ms == LWM2M_NO_TIME ? 0 : record->time_ms;
    if (*time_ms != 0 && (*time_ms < ABSOLUTE_TIME_MS || *time_ms > TIME_MAX_MS)) {
        return LWM2M_RANGE;
    }
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_senml_prefix_init(struct lwm2m_senml_prefix *prefix,
                                         struct lwm2m_encoder *encoder,
                                         const struct lwm2m_record *record)
{
    int64_t time_ms;
    enum lwm2m_error error = lwm2m_senml_record_time(record, &time_ms);

    if (error != LWM2M_OK) {
        return error;
    }
    /* Base time 0 is "now": it takes the time back from records that have none. */
    *prefix = (struct lwm2m_senml_prefix){.base_time_ms = time_ms};
    prefix->has_base_time = time_ms != lwm2m_senml_base_time(encoder);
    lwm2m_senml_set_base_time(encoder, time_ms);
    init_names(prefix, encoder, record->path);
    return LWM2M_OK;
}

bool lwm2m_senml_is_empty_base(const struct lwm2m_encoder *encoder,
                               const struct lwm2m_record *record)
{
    return encoder->count == 0 && record->value.type == LWM2M_TYPE_NONE &&
           lwm2m_path_equal(record->path, encoder->base) &&
           (record->path.level == LWM2M_LEVEL_INSTANCE ||
            record->path.level == LWM2M_LEVEL_RESOURCE);
}

bool lwm2m_senml_is_removal(const struct lwm2m_record *record)
{
    return record->value.type == LWM2M_TYPE_NONE &&
           record->path.level == LWM2M_LEVEL_RESOURCE_INSTANCE;
}
