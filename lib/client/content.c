/*
 * What a Read answers and a notification carries: values of the tree, encoded in the right format.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/content.h"

#include "client/engine.h"

struct encoding {
    struct lwm2m_client *client;
    const struct lwm2m_selection *selection;
    const struct lwm2m_codec *codec;
    const struct lwm2m_history *history; /* NULL: without times */
    int64_t now_ms;                      /* LWM2M_NO_TIME: without times */
    uint8_t *scratch;
    size_t scratch_size;
    /* Of one pass: */
    struct lwm2m_encoder encoder;
    int64_t time_ms;
};

static enum lwm2m_error put_with_time(void *context, const struct lwm2m_record *record)
{
    struct encoding *encoding = context;
    struct lwm2m_record stamped = *record;

    stamped.time_ms = encoding->time_ms;
    return lwm2m_encoder_put(&encoding->encoder, &stamped);
}

static struct lwm2m_path base_of(const struct lwm2m_selection *selection)
{
    return selection->composite ? lwm2m_path_root() : selection->paths[0];
}

/* What was encoded when it was kept is decoded, and encoded again with its time. */
static enum lwm2m_error encode_history(struct encoding *encoding)
{
    const struct lwm2m_kept_content *kept = encoding->history->oldest;
    struct lwm2m_sink sink = {encoding, put_with_time};
    struct lwm2m_buffer scratch;
    struct lwm2m_decoding decoding = {
        .base = base_of(encoding->selection),
        .types = lwm2m_object_tree_types(&encoding->client->objects),
        .scratch = &scratch,
    };
    enum lwm2m_error error = LWM2M_OK;

    for (; kept != NULL && error == LWM2M_OK; kept = kept->next) {
        decoding.payload = (struct lwm2m_bytes){kept->bytes, kept->length};
        lwm2m_buffer_init(&scratch, encoding->scratch, encoding->scratch_size);
        encoding->time_ms = kept->time_ms;
        error = encoding->codec->decode(&decoding, sink, NULL);
    }
    return error;
}

static enum lwm2m_error encode_path(struct encoding *encoding, struct lwm2m_path path)
{
    const struct lwm2m_object_tree *tree = &encoding->client->objects;
    struct lwm2m_sink sink = {encoding, put_with_time};
    enum lwm2m_error error;

    if (!lwm2m_object_tree_exists(tree, path) ||
        (path.level >= LWM2M_LEVEL_OBJECT && lwm2m_object_is_hidden(path.object))) {
        error = LWM2M_NOT_FOUND;
    } else {
        error = lwm2m_object_tree_read(tree, path, false, sink);
    }
    if (encoding->selection->composite &&
        (error == LWM2M_NOT_FOUND || error == LWM2M_NOT_ALLOWED)) {
        return LWM2M_OK;
    }
    return error;
}

static enum lwm2m_error encode(void *context, struct lwm2m_buffer *out)
{
    struct encoding *encoding = context;
    const struct lwm2m_selection *selection = encoding->selection;
    enum lwm2m_error error =
        lwm2m_encoder_begin(&encoding->encoder, encoding->codec, base_of(selection), out);
    size_t i;

    if (error == LWM2M_OK && encoding->history != NULL) {
        error = encode_history(encoding);
    }
    encoding->time_ms = encoding->now_ms;
    for (i = 0; i < selection->path_count && error == LWM2M_OK; i++) {
        error = encode_path(encoding, selection->paths[i]);
    }
    return error == LWM2M_OK ? lwm2m_encoder_end(&encoding->encoder) : error;
}

/* Whether path names one value, of type *type. */
static bool is_single_value(const struct lwm2m_object_tree *tree, struct lwm2m_path path,
                            enum lwm2m_type *type)
{
    struct lwm2m_resource_definition definition;

    if (path.level < LWM2M_LEVEL_RESOURCE || !lwm2m_object_tree_define(tree, path, &definition)) {
        return false;
    }
    *type = definition.type;
    return path.level == LWM2M_LEVEL_RESOURCE_INSTANCE || !definition.multiple;
}

/*
 * Without an Accept option the format is ours to choose (LwM2M Core 1.1.1 §7.4): plain text (opaque
 * for bytes) for one value, which everybody reads; otherwise TLV, which 1.0 demands, or SenML CBOR
 * since 1.1.
 */
static const struct lwm2m_codec *choose_codec(const struct lwm2m_client *client,
                                              struct lwm2m_path path, struct lwm2m_version version)
{
    struct lwm2m_codecs codecs = client->config.codecs;
    const struct lwm2m_codec *codec;
    enum lwm2m_type type;
    size_t i;

    if (is_single_value(&client->objects, path, &type)) {
        codec = lwm2m_codecs_find(codecs, type == LWM2M_TYPE_OPAQUE ? LWM2M_FORMAT_OPAQUE
                                                                    : LWM2M_FORMAT_TEXT);
    } else {
        codec = lwm2m_codecs_find(codecs,
                                  version.minor == 0 ? LWM2M_FORMAT_TLV : LWM2M_FORMAT_SENML_CBOR);
    }
    for (i = 0; codec == NULL && i < codecs.count; i++) {
        if (!codecs.list[i]->single_value) {
            codec = codecs.list[i];
        }
    }
    return codec;
}

/* Sets the codec, or says that there is none. */
static enum lwm2m_error find_codec(struct encoding *encoding)
{
    const struct lwm2m_selection *selection = encoding->selection;
    struct lwm2m_codecs codecs = encoding->client->config.codecs;
    enum lwm2m_type type;

    encoding->codec = selection->accept == LWM2M_NO_FORMAT
                          ? choose_codec(encoding->client, selection->paths[0], selection->version)
                          : lwm2m_codecs_find(codecs, selection->accept);
    if (encoding->codec == NULL || (selection->composite && !encoding->codec->composite)) {
        return LWM2M_FORMAT;
    }
    if (encoding->codec->single_value &&
        !is_single_value(&encoding->client->objects, selection->paths[0], &type)) {
        return LWM2M_FORMAT;
    }
    return LWM2M_OK;
}

static enum lwm2m_error build(struct encoding *encoding, struct lwm2m_content *content)
{
    uint16_t accept = encoding->selection->accept;
    enum lwm2m_error error =
        lwm2m_client_body_build(&encoding->client->body, encode, encoding, &content->bytes);

    content->format = accept == LWM2M_NO_FORMAT ? encoding->codec->content_format : accept;
    /* The format cannot carry a value of this type. */
    return error == LWM2M_UNSUPPORTED || error == LWM2M_TYPE ? LWM2M_FORMAT : error;
}

enum lwm2m_error lwm2m_content_read(struct lwm2m_client *client,
                                    const struct lwm2m_selection *selection,
                                    struct lwm2m_content *content)
{
    struct encoding encoding = {.client = client, .selection = selection, .now_ms = LWM2M_NO_TIME};
    enum lwm2m_error error = find_codec(&encoding);

    return error == LWM2M_OK ? build(&encoding, content) : error;
}

bool lwm2m_content_has_times(uint16_t format)
{
    return format == LWM2M_FORMAT_SENML_JSON || format == LWM2M_FORMAT_SENML_CBOR;
}

enum lwm2m_error lwm2m_content_read_batch(struct lwm2m_client *client,
                                          const struct lwm2m_selection *selection,
                                          const struct lwm2m_history *history, int64_t now_ms,
                                          struct lwm2m_content *content)
{
    struct encoding encoding = {.client = client,
                                .selection = selection,
                                .history = history,
                                .now_ms = now_ms,
                                .scratch_size = lwm2m_history_longest(history)};
    enum lwm2m_error error = find_codec(&encoding);

    if (error != LWM2M_OK) {
        return error;
    }
    /* Never without memory, so that decoders may point behind what they put there. */
    encoding.scratch = client->port->allocate(client->port->context, encoding.scratch_size + 1);
    if (encoding.scratch == NULL) {
        return LWM2M_NO_MEMORY;
    }
    error = build(&encoding, content);
    client->port->release(client->port->context, encoding.scratch);
    return error;
}
