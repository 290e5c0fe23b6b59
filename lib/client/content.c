/*
 * What a Read answers and a notification carries: values of the tree, encoded in the right format.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/engine.h"

struct encoding {
    const struct lwm2m_object_tree *tree;
    struct lwm2m_path path;
    const struct lwm2m_codec *codec;
};

static enum lwm2m_error encode(void *context, struct lwm2m_buffer *out)
{
    const struct encoding *encoding = context;
    struct lwm2m_encoder encoder;
    enum lwm2m_error error;

    error = lwm2m_encoder_begin(&encoder, encoding->codec, encoding->path, out);
    if (error == LWM2M_OK) {
        error = lwm2m_object_tree_read(encoding->tree, encoding->path, false,
                                       lwm2m_encoder_sink(&encoder));
    }
    return error == LWM2M_OK ? lwm2m_encoder_end(&encoder) : error;
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

enum lwm2m_error lwm2m_content_read(struct lwm2m_client *client, struct lwm2m_path path,
                                    uint16_t accept, struct lwm2m_version version,
                                    struct lwm2m_content *content)
{
    struct encoding encoding = {&client->objects, path, NULL};
    enum lwm2m_error error;
    enum lwm2m_type type;

    encoding.codec = accept == LWM2M_NO_FORMAT ? choose_codec(client, path, version)
                                               : lwm2m_codecs_find(client->config.codecs, accept);
    if (encoding.codec == NULL) {
        return LWM2M_FORMAT;
    }
    if (encoding.codec->single_value && !is_single_value(&client->objects, path, &type)) {
        return LWM2M_FORMAT;
    }
    content->format = accept == LWM2M_NO_FORMAT ? encoding.codec->content_format : accept;
    error = lwm2m_client_body_build(&client->body, encode, &encoding, &content->bytes);
    /* The format cannot carry a value of this type. */
    return error == LWM2M_UNSUPPORTED || error == LWM2M_TYPE ? LWM2M_FORMAT : error;
}
