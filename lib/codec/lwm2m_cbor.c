/*
 * LwM2M CBOR (Content-Format 11544): maps inside maps, keyed by identifiers, from the object down
 * to the value (LwM2M Core 1.2 §7.4.7).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/codec.h>

#include "codec/cbor.h"
#include "codec/cbor_value.h"
#include "codec/decode.h"

/* A map whose pairs are being read: what they hold lies below path. */
struct level {
    struct lwm2m_cbor_item map;
    struct lwm2m_path path;
    uint64_t done;
};

struct tree_reader {
    const struct lwm2m_decoding *decoding;
    struct lwm2m_sink sink;
    struct lwm2m_fault *fault;
    struct lwm2m_cbor_reader cbor;
    struct level levels[LWM2M_LEVEL_RESOURCE_INSTANCE];
    unsigned depth;
    size_t count; /* of the records that were put */
};

static enum lwm2m_error malformed(const struct tree_reader *reader, size_t offset,
                                  const char *reason)
{
    return lwm2m_fault_set(reader->fault, LWM2M_MALFORMED, offset, reason);
}

static enum lwm2m_error append_id(const struct tree_reader *reader, struct lwm2m_path *path,
                                  const struct lwm2m_cbor_item *item)
{
    if (item->kind != LWM2M_CBOR_UNSIGNED || item->argument >= LWM2M_NO_ID) {
        return malformed(reader, item->offset, "an identifier is a number from 0 to 65534");
    }
    if (lwm2m_path_append(path, (uint16_t)item->argument) != LWM2M_OK) {
        return malformed(reader, item->offset, "more than four identifiers in a path");
    }
    return LWM2M_OK;
}

/* A key is one identifier, or an array of those that lead from path to what the value is about. */
static enum lwm2m_error read_key(struct tree_reader *reader, struct lwm2m_path *path)
{
    struct lwm2m_cbor_item key;
    struct lwm2m_cbor_item id;
    uint64_t ids = 0;
    enum lwm2m_error error = lwm2m_cbor_read(&reader->cbor, &key);

    if (error != LWM2M_OK) {
        return error;
    }
    if (key.kind != LWM2M_CBOR_ARRAY) {
        return append_id(reader, path, &key);
    }
    while (lwm2m_cbor_more(&reader->cbor, &key, &ids)) {
        error = lwm2m_cbor_read(&reader->cbor, &id);
        if (error == LWM2M_OK) {
            error = append_id(reader, path, &id);
        }
        if (error != LWM2M_OK) {
            return error;
        }
    }
    return ids == 0 ? malformed(reader, key.offset, "a key without an identifier") : LWM2M_OK;
}

static enum lwm2m_error put(struct tree_reader *reader, struct lwm2m_path path,
                            struct lwm2m_value value, size_t offset)
{
    struct lwm2m_record record = {.path = path, .value = value, .time_ms = LWM2M_NO_TIME};

    if (!lwm2m_path_contains(reader->decoding->base, path)) {
        return malformed(reader, offset, "not below the path of the request");
    }
    if (value.type != LWM2M_TYPE_NONE && path.level < LWM2M_LEVEL_RESOURCE) {
        return malformed(reader, offset, "a value of something that is no resource");
    }
    reader->count++;
    return lwm2m_decoding_put(reader->decoding, reader->sink, &record, offset, reader->fault);
}

static enum lwm2m_error open_map(struct tree_reader *reader, struct lwm2m_path path,
                                 const struct lwm2m_cbor_item *map)
{
    struct lwm2m_path base = reader->decoding->base;

    if (!lwm2m_path_contains(base, path) && !lwm2m_path_contains(path, base)) {
        return malformed(reader, map->offset, "not below the path of the request");
    }
    if (path.level == LWM2M_LEVEL_RESOURCE_INSTANCE) {
        return malformed(reader, map->offset, "a map where only a value can be");
    }
    reader->levels[reader->depth++] = (struct level){.map = *map, .path = path};
    return LWM2M_OK;
}

/* An empty map of an instance or a resource says that it is there; of an object it says nothing. */
static enum lwm2m_error close_map(struct tree_reader *reader)
{
    const struct level *level = &reader->levels[--reader->depth];

    if (level->done > 0 || level->path.level < LWM2M_LEVEL_INSTANCE) {
        return LWM2M_OK;
    }
    return put(reader, level->path, lwm2m_value_none(), level->map.offset);
}

static enum lwm2m_error read_pair(struct tree_reader *reader, struct lwm2m_path path)
{
    struct lwm2m_cbor_item item;
    struct lwm2m_value value;
    enum lwm2m_error error;

    lwm2m_decoding_empty_scratch(reader->decoding);
    error = read_key(reader, &path);
    if (error == LWM2M_OK) {
        error = lwm2m_cbor_read(&reader->cbor, &item);
    }
    if (error != LWM2M_OK) {
        return error;
    }
    if (item.kind == LWM2M_CBOR_MAP) {
        return open_map(reader, path, &item);
    }
    if (lwm2m_cbor_is_null(&item)) {
        return put(reader, path, lwm2m_value_none(), item.offset);
    }
    error = lwm2m_cbor_read_value(&reader->cbor, &item, &value);
    return error != LWM2M_OK ? error : put(reader, path, value, item.offset);
}

static enum lwm2m_error read_tree(struct tree_reader *reader)
{
    while (reader->depth > 0) {
        struct level *level = &reader->levels[reader->depth - 1];
        enum lwm2m_error error = lwm2m_cbor_more(&reader->cbor, &level->map, &level->done)
                                     ? read_pair(reader, level->path)
                                     : close_map(reader);

        if (error != LWM2M_OK) {
            return error;
        }
    }
    return LWM2M_OK;
}

static enum lwm2m_error decode(const struct lwm2m_decoding *decoding, struct lwm2m_sink sink,
                               struct lwm2m_fault *fault)
{
    struct tree_reader reader = {
        .decoding = decoding,
        .sink = sink,
        .fault = fault,
        .cbor = {.input = decoding->payload, .scratch = decoding->scratch, .fault = fault},
    };
    struct lwm2m_cbor_item map;
    enum lwm2m_error error;

    if (lwm2m_decoding_may_be_absent(decoding)) {
        return lwm2m_decoding_put_empty(decoding, sink);
    }
    error = lwm2m_cbor_read(&reader.cbor, &map);
    if (error != LWM2M_OK) {
        return error;
    }
    if (map.kind != LWM2M_CBOR_MAP) {
        return malformed(&reader, map.offset, "LwM2M CBOR is a map");
    }
    error = open_map(&reader, lwm2m_path_root(), &map);
    if (error == LWM2M_OK) {
        error = read_tree(&reader);
    }
    if (error != LWM2M_OK) {
        return error;
    }
    if (reader.cbor.offset != reader.cbor.input.length) {
        return malformed(&reader, reader.cbor.offset, "bytes behind the map");
    }
    return reader.count > 0 ? LWM2M_OK : lwm2m_decoding_put_empty(decoding, sink);
}

/*
 * Encoder: the base is one key, each level below it a map of its own. All maps are of indefinite
 * length, so that nothing that was written has to move. Those that are open hold the last record.
 */
static enum lwm2m_error begin(struct lwm2m_encoder *encoder)
{
    lwm2m_cbor_map_begin(encoder->out);
    return LWM2M_OK;
}

/* There is no map between the outermost and the one of the base. */
static unsigned level_below(const struct lwm2m_encoder *encoder, unsigned level)
{
    return level == LWM2M_LEVEL_ROOT && encoder->base.level > LWM2M_LEVEL_OBJECT
               ? encoder->base.level
               : level + 1;
}

/* The level of the innermost open map that can take what lies at path. */
static unsigned find_shared_level(const struct lwm2m_encoder *encoder, struct lwm2m_path path)
{
    unsigned shared = LWM2M_LEVEL_ROOT;

    if (encoder->count == 0) {
        return shared;
    }
    for (;;) {
        unsigned next = level_below(encoder, shared);

        if (next >= path.level || next >= encoder->last.level ||
            !lwm2m_path_contains(lwm2m_path_ancestor(encoder->last, (enum lwm2m_path_level)next),
                                 path)) {
            return shared;
        }
        shared = next;
    }
}

static void close_maps(const struct lwm2m_encoder *encoder, unsigned down_to)
{
    unsigned open = encoder->count == 0 ? LWM2M_LEVEL_OBJECT : encoder->last.level;

    for (unsigned level = level_below(encoder, down_to); level < open;
         level = level_below(encoder, level)) {
        lwm2m_cbor_map_end(encoder->out);
    }
}

static void append_key(struct lwm2m_buffer *out, struct lwm2m_path path, unsigned from, unsigned to)
{
    const uint16_t ids[] = {path.object, path.instance, path.resource, path.resource_instance};

    if (to - from > 1) {
        lwm2m_cbor_append_array(out, to - from);
    }
    for (unsigned i = from; i < to; i++) {
        lwm2m_cbor_append_unsigned(out, ids[i]);
    }
}

/* Named, it is null; found empty, as the answer to a request for it or for what is above, a map. */
static void append_valueless(const struct lwm2m_encoder *encoder, struct lwm2m_path path)
{
    if (encoder->base.level == LWM2M_LEVEL_ROOT || path.level < LWM2M_LEVEL_INSTANCE ||
        path.level > LWM2M_LEVEL_RESOURCE) {
        lwm2m_cbor_append_null(encoder->out);
    } else {
        lwm2m_cbor_append_map(encoder->out, 0);
    }
}

static enum lwm2m_error put_record(struct lwm2m_encoder *encoder, const struct lwm2m_record *record)
{
    struct lwm2m_path path = record->path;
    unsigned level;
    unsigned next;

    if (path.level == LWM2M_LEVEL_ROOT) {
        return LWM2M_UNSUPPORTED; /* there is no key for it */
    }
    level = find_shared_level(encoder, path);
    close_maps(encoder, level);
    for (; level < path.level; level = next) {
        next = level_below(encoder, level);
        append_key(encoder->out, path, level, next);
        if (next < path.level) {
            lwm2m_cbor_map_begin(encoder->out);
        }
    }
    if (record->value.type == LWM2M_TYPE_NONE) {
        append_valueless(encoder, path);
        return LWM2M_OK;
    }
    return lwm2m_cbor_append_value(encoder->out, &record->value);
}

static enum lwm2m_error end(struct lwm2m_encoder *encoder)
{
    close_maps(encoder, LWM2M_LEVEL_ROOT);
    lwm2m_cbor_map_end(encoder->out);
    return LWM2M_OK;
}

const struct lwm2m_codec lwm2m_codec_lwm2m_cbor = {
    .content_format = LWM2M_FORMAT_LWM2M_CBOR,
    .legacy_format = LWM2M_NO_FORMAT,
    .since_minor = 2,
    .name = "lwm2m-cbor",
    .composite = true,
    .decode = decode,
    .begin = begin,
    .put = put_record,
    .end = end,
};
