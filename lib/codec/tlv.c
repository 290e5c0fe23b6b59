/*
 * TLV (Content-Format 11542, and 1542 of the drafts): type, identifier, length, value
 * (LwM2M Core 1.2 §7.4.5). The bytes of a value have no type of their own: the type source names
 * it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/codec.h>

#include <float.h>
#include <string.h>

#include "codec/decode.h"
#include "codec/insert.h"

/* Bits 7 and 6 of the type byte. */
enum kind {
    KIND_INSTANCE = 0x00,
    KIND_RESOURCE_INSTANCE = 0x40,
    KIND_MULTIPLE = 0x80,
    KIND_RESOURCE = 0xC0,
};

enum {
    KIND_MASK = 0xC0,
    LONG_ID = 0x20,
    LENGTH_SIZE_SHIFT = 3,
    LENGTH_SIZE_MASK = 0x03,
    SHORT_LENGTH_MASK = 0x07,
    LENGTH_MAX = 0xFFFFFF,
};

struct element {
    enum kind kind;
    uint16_t id;
    size_t offset; /* of the type byte, in the payload */
    size_t start;  /* of the content, in the payload */
    size_t end;
};

struct reader {
    const struct lwm2m_decoding *decoding;
    struct lwm2m_sink sink;
    struct lwm2m_fault *fault;
};

/* Reads the element that starts at *offset and ends before `end`; *offset moves behind it. */
static enum lwm2m_error read_element(const struct reader *reader, size_t *offset, size_t end,
                                     struct element *element)
{
    const uint8_t *data = reader->decoding->payload.data;
    size_t at = *offset;
    uint8_t type = data[at];
    unsigned id_size = (type & LONG_ID) != 0 ? 2 : 1;
    unsigned length_size = (unsigned)(type >> LENGTH_SIZE_SHIFT) & LENGTH_SIZE_MASK;
    size_t length = 0;

    element->offset = at++;
    element->kind = (enum kind)(type & KIND_MASK);
    if (end - at < id_size + length_size) {
        return lwm2m_fault_set(reader->fault, LWM2M_MALFORMED, end, "the header is cut short");
    }
    element->id = data[at++];
    if (id_size == 2) {
        element->id = (uint16_t)(element->id << 8 | data[at++]);
    }
    if (length_size == 0) {
        length = type & SHORT_LENGTH_MASK;
    }
    for (unsigned i = 0; i < length_size; i++) {
        length = length << 8 | data[at++];
    }
    if (length > end - at) {
        return lwm2m_fault_set(reader->fault, LWM2M_MALFORMED, element->offset,
                               "length runs past the end");
    }
    element->start = at;
    element->end = at + length;
    *offset = element->end;
    return LWM2M_OK;
}

static enum lwm2m_error misplaced(const struct reader *reader, const struct element *element)
{
    return lwm2m_fault_set(reader->fault, LWM2M_MALFORMED, element->offset,
                           "an element of this kind cannot stand here");
}

/* An element without content: what it names is there and empty, unless more of it was asked for. */
static enum lwm2m_error put_empty(const struct reader *reader, struct lwm2m_path path,
                                  size_t offset)
{
    if (path.level < reader->decoding->base.level) {
        return lwm2m_fault_set(reader->fault, LWM2M_MALFORMED, offset,
                               "what was asked for is not in it");
    }
    struct lwm2m_record record = {.path = path, .time_ms = LWM2M_NO_TIME};

    return lwm2m_decoding_put(reader->decoding, reader->sink, &record, offset, reader->fault);
}

static enum lwm2m_error put_value(const struct reader *reader, struct lwm2m_path path,
                                  const struct element *element)
{
    struct lwm2m_record record = {.path = path, .time_ms = LWM2M_NO_TIME};

    record.value.type = LWM2M_TYPE_UNTYPED;
    record.value.as.bytes =
        (struct lwm2m_bytes){.data = reader->decoding->payload.data + element->start,
                             .length = element->end - element->start};
    return lwm2m_decoding_put(reader->decoding, reader->sink, &record, element->start,
                              reader->fault);
}

/*
 * parent with the id of the element as its next segment. A request for something deeper gets the
 * elements above it too: they have to lead to base.
 */
static enum lwm2m_error enter(const struct reader *reader, struct lwm2m_path parent,
                              const struct element *element, struct lwm2m_path *path)
{
    *path = parent;
    if (lwm2m_path_append(path, element->id) != LWM2M_OK) {
        return lwm2m_fault_set(reader->fault, LWM2M_MALFORMED, element->offset,
                               "identifier 65535 is reserved");
    }
    if (!lwm2m_path_contains(reader->decoding->base, *path) &&
        !lwm2m_path_contains(*path, reader->decoding->base)) {
        return lwm2m_fault_set(reader->fault, LWM2M_MALFORMED, element->offset,
                               "not below the path of the request");
    }
    return LWM2M_OK;
}

/* The resource instances of one resource, bare or inside their multiple resource. */
static enum lwm2m_error decode_multiple(const struct reader *reader, struct lwm2m_path resource,
                                        size_t offset, size_t end)
{
    if (offset == end) {
        return put_empty(reader, resource, offset);
    }
    while (offset < end) {
        struct element element;
        struct lwm2m_path path;
        enum lwm2m_error error = read_element(reader, &offset, end, &element);

        if (error != LWM2M_OK) {
            return error;
        }
        if (element.kind != KIND_RESOURCE_INSTANCE) {
            return misplaced(reader, &element);
        }
        error = enter(reader, resource, &element, &path);
        if (error == LWM2M_OK) {
            error = put_value(reader, path, &element);
        }
        if (error != LWM2M_OK) {
            return error;
        }
    }
    return LWM2M_OK;
}

/* A resource or a multiple resource of the instance. */
static enum lwm2m_error decode_resource(const struct reader *reader, struct lwm2m_path instance,
                                        const struct element *element)
{
    struct lwm2m_path path;
    enum lwm2m_error error;

    if (element->kind != KIND_RESOURCE && element->kind != KIND_MULTIPLE) {
        return misplaced(reader, element);
    }
    error = enter(reader, instance, element, &path);
    if (error != LWM2M_OK) {
        return error;
    }
    if (element->kind == KIND_MULTIPLE) {
        return decode_multiple(reader, path, element->start, element->end);
    }
    if (path.level < reader->decoding->base.level) {
        return misplaced(reader, element);
    }
    return put_value(reader, path, element);
}

static enum lwm2m_error decode_resources(const struct reader *reader, struct lwm2m_path instance,
                                         size_t offset, size_t end)
{
    if (offset == end) {
        return put_empty(reader, instance, offset);
    }
    while (offset < end) {
        struct element element;
        enum lwm2m_error error = read_element(reader, &offset, end, &element);

        if (error == LWM2M_OK) {
            error = decode_resource(reader, instance, &element);
        }
        if (error != LWM2M_OK) {
            return error;
        }
    }
    return LWM2M_OK;
}

static enum lwm2m_error decode_instances(const struct reader *reader, struct lwm2m_path object)
{
    size_t offset = 0;
    size_t end = reader->decoding->payload.length;

    while (offset < end) {
        struct element element;
        struct lwm2m_path path;
        enum lwm2m_error error = read_element(reader, &offset, end, &element);

        if (error != LWM2M_OK) {
            return error;
        }
        if (element.kind != KIND_INSTANCE) {
            return misplaced(reader, &element);
        }
        error = enter(reader, object, &element, &path);
        if (error == LWM2M_OK) {
            error = decode_resources(reader, path, element.start, element.end);
        }
        if (error != LWM2M_OK) {
            return error;
        }
    }
    return LWM2M_OK;
}

/*
 * The kind of the first element tells where a payload starts: at the path of the request, as the
 * specification asks, or with the elements around it, as some devices answer. Elements of an
 * object that carry no instance are refused: who creates an instance without an id chooses the id
 * and decodes below it.
 */
static enum lwm2m_error decode(const struct lwm2m_decoding *decoding, struct lwm2m_sink sink,
                               struct lwm2m_fault *fault)
{
    struct reader reader = {.decoding = decoding, .sink = sink, .fault = fault};
    struct lwm2m_path base = decoding->base;
    size_t end = decoding->payload.length;
    enum kind kind;

    if (base.level == LWM2M_LEVEL_ROOT) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, 0, "TLV holds no more than one object");
    }
    if (end == 0 && base.level == LWM2M_LEVEL_OBJECT) {
        return LWM2M_OK;
    }
    if (end == 0) {
        return put_empty(&reader, lwm2m_path_ancestor(base, LWM2M_LEVEL_RESOURCE), 0);
    }
    kind = (enum kind)(decoding->payload.data[0] & KIND_MASK);
    if (base.level == LWM2M_LEVEL_OBJECT || kind == KIND_INSTANCE) {
        return decode_instances(&reader, lwm2m_path_ancestor(base, LWM2M_LEVEL_OBJECT));
    }
    if (kind == KIND_RESOURCE_INSTANCE && base.level >= LWM2M_LEVEL_RESOURCE) {
        return decode_multiple(&reader, lwm2m_path_ancestor(base, LWM2M_LEVEL_RESOURCE), 0, end);
    }
    return decode_resources(&reader, lwm2m_path_ancestor(base, LWM2M_LEVEL_INSTANCE), 0, end);
}

/* Encoder: marks and flags of the two elements that can be open. */
enum { OPEN_INSTANCE, OPEN_MULTIPLE };

static void append_header(struct lwm2m_buffer *out, enum kind kind, uint16_t id)
{
    if (id > UINT8_MAX) {
        lwm2m_buffer_append_byte(out, (uint8_t)(kind | LONG_ID));
        lwm2m_buffer_append_number(out, id, 2);
    } else {
        lwm2m_buffer_append_byte(out, (uint8_t)kind);
        lwm2m_buffer_append_byte(out, (uint8_t)id);
    }
}

/* Puts the length of what follows the header at `mark` between the two. */
static enum lwm2m_error close_element(struct lwm2m_buffer *out, size_t mark)
{
    size_t content;
    size_t length;
    unsigned size;
    enum lwm2m_error error = lwm2m_buffer_check(out);

    if (error != LWM2M_OK) {
        return error;
    }
    content = mark + ((out->data[mark] & LONG_ID) != 0 ? 3 : 2);
    length = out->length - content;
    if (length > LENGTH_MAX) {
        return LWM2M_TOO_LARGE;
    }
    if (length <= SHORT_LENGTH_MASK) {
        out->data[mark] |= (uint8_t)length;
        return LWM2M_OK;
    }
    size = length > 0xFFFF ? 3 : length > 0xFF ? 2 : 1;
    error = insert_room(out, content, size);
    if (error != LWM2M_OK) {
        return error;
    }
    out->data[mark] |= (uint8_t)(size << LENGTH_SIZE_SHIFT);
    for (unsigned i = 0; i < size; i++) {
        out->data[content + i] = (uint8_t)(length >> 8 * (size - 1 - i));
    }
    return LWM2M_OK;
}

static void open_element(struct lwm2m_encoder *encoder, int which, enum kind kind, uint16_t id)
{
    encoder->marks[which] = encoder->out->length;
    encoder->flags[which] = true;
    append_header(encoder->out, kind, id);
}

/* Closes what is open and has not path inside; path NULL closes all. */
static enum lwm2m_error close_open(struct lwm2m_encoder *encoder, const struct lwm2m_path *path)
{
    static const enum lwm2m_path_level levels[] = {LWM2M_LEVEL_INSTANCE, LWM2M_LEVEL_RESOURCE};
    enum lwm2m_error error = LWM2M_OK;

    for (int which = OPEN_MULTIPLE; which >= OPEN_INSTANCE && error == LWM2M_OK; which--) {
        struct lwm2m_path opened = lwm2m_path_ancestor(encoder->last, levels[which]);

        if (!encoder->flags[which]) {
            continue;
        }
        if (path != NULL && path->level > opened.level && lwm2m_path_contains(opened, *path)) {
            continue;
        }
        encoder->flags[which] = false;
        error = close_element(encoder->out, encoder->marks[which]);
    }
    return error;
}

static void append_integer(struct lwm2m_buffer *out, int64_t number)
{
    unsigned width = 8;

    if (number >= INT8_MIN && number <= INT8_MAX) {
        width = 1;
    } else if (number >= INT16_MIN && number <= INT16_MAX) {
        width = 2;
    } else if (number >= INT32_MIN && number <= INT32_MAX) {
        width = 4;
    }
    lwm2m_buffer_append_number(out, (uint64_t)number, width);
}

/*
 * Four bytes where they say the same as eight: every reader tells the two apart by their length,
 * and no reader is given digits that the value does not have.
 */
static void append_float(struct lwm2m_buffer *out, double number)
{
    uint64_t bits;
    /* The conversion of a double beyond the singles is undefined; NaN keeps its bits in eight. */
    bool fits = (number >= -FLT_MAX && number <= FLT_MAX) || number - number != 0;

    memcpy(&bits, &number, sizeof bits);
    if (fits && (double)(float)number == number) {
        float single = (float)number;
        uint32_t single_bits;

        memcpy(&single_bits, &single, sizeof single_bits);
        lwm2m_buffer_append_number(out, single_bits, 4);
        return;
    }
    lwm2m_buffer_append_number(out, bits, 8);
}

static enum lwm2m_error append_value(struct lwm2m_buffer *out, const struct lwm2m_value *value)
{
    switch (value->type) {
    case LWM2M_TYPE_STRING:
    case LWM2M_TYPE_CORELNK:
    case LWM2M_TYPE_OPAQUE:
    case LWM2M_TYPE_UNTYPED:
        return lwm2m_buffer_append(out, value->as.bytes.data, value->as.bytes.length);
    case LWM2M_TYPE_INTEGER:
    case LWM2M_TYPE_TIME:
        append_integer(out, value->as.integer);
        return LWM2M_OK;
    case LWM2M_TYPE_UNSIGNED:
        /* One width more than the bits ask for, so that signed readers see the same number. */
        if (value->as.unsigned_integer > INT64_MAX) {
            lwm2m_buffer_append_number(out, value->as.unsigned_integer, 8);
        } else {
            append_integer(out, (int64_t)value->as.unsigned_integer);
        }
        return LWM2M_OK;
    case LWM2M_TYPE_FLOAT:
        append_float(out, value->as.number);
        return LWM2M_OK;
    case LWM2M_TYPE_BOOLEAN:
        return lwm2m_buffer_append_byte(out, value->as.boolean ? 1 : 0);
    case LWM2M_TYPE_OBJLNK:
        lwm2m_buffer_append_number(out, value->as.objlnk.object, 2);
        return lwm2m_buffer_append_number(out, value->as.objlnk.instance, 2);
    case LWM2M_TYPE_NONE:
    case LWM2M_TYPE_COUNT:
        break;
    }
    return LWM2M_UNSUPPORTED;
}

static enum lwm2m_error append_leaf(struct lwm2m_encoder *encoder, enum kind kind, uint16_t id,
                                    const struct lwm2m_value *value)
{
    size_t mark = encoder->out->length;
    enum lwm2m_error error;

    append_header(encoder->out, kind, id);
    error = append_value(encoder->out, value);
    return error != LWM2M_OK ? error : close_element(encoder->out, mark);
}

static enum lwm2m_error begin(struct lwm2m_encoder *encoder)
{
    return encoder->base.level == LWM2M_LEVEL_ROOT ? LWM2M_UNSUPPORTED : LWM2M_OK;
}

static enum lwm2m_error put_valueless(struct lwm2m_encoder *encoder, struct lwm2m_path path)
{
    switch (path.level) {
    case LWM2M_LEVEL_INSTANCE:
        /* Asked for itself, the empty instance is the empty payload. */
        if (encoder->base.level == LWM2M_LEVEL_OBJECT) {
            append_header(encoder->out, KIND_INSTANCE, path.instance);
        }
        return LWM2M_OK;
    case LWM2M_LEVEL_RESOURCE:
        append_header(encoder->out, KIND_MULTIPLE, path.resource);
        return LWM2M_OK;
    default:
        return LWM2M_UNSUPPORTED;
    }
}

static enum lwm2m_error put(struct lwm2m_encoder *encoder, const struct lwm2m_record *record)
{
    struct lwm2m_path path = record->path;
    enum lwm2m_error error = close_open(encoder, &path);

    if (error != LWM2M_OK) {
        return error;
    }
    if (encoder->base.level == LWM2M_LEVEL_OBJECT && path.level > LWM2M_LEVEL_INSTANCE &&
        !encoder->flags[OPEN_INSTANCE]) {
        open_element(encoder, OPEN_INSTANCE, KIND_INSTANCE, path.instance);
    }
    if (record->value.type == LWM2M_TYPE_NONE) {
        return put_valueless(encoder, path);
    }
    if (path.level == LWM2M_LEVEL_RESOURCE) {
        return append_leaf(encoder, KIND_RESOURCE, path.resource, &record->value);
    }
    if (encoder->base.level < LWM2M_LEVEL_RESOURCE_INSTANCE && !encoder->flags[OPEN_MULTIPLE]) {
        open_element(encoder, OPEN_MULTIPLE, KIND_MULTIPLE, path.resource);
    }
    return append_leaf(encoder, KIND_RESOURCE_INSTANCE, path.resource_instance, &record->value);
}

static enum lwm2m_error end(struct lwm2m_encoder *encoder)
{
    return close_open(encoder, NULL);
}

const struct lwm2m_codec lwm2m_codec_tlv = {
    .content_format = LWM2M_FORMAT_TLV,
    .legacy_format = LWM2M_FORMAT_TLV_LEGACY,
    .name = "tlv",
    .decode = decode,
    .begin = begin,
    .put = put,
    .end = end,
};
