/*
 * Codecs: a payload format as a row of a table. A codec reads bytes into records and writes records
 * as bytes; it keeps nothing between calls and allocates nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_CODEC_H
#define LWM2M_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/definition.h>
#include <lwm2m/error.h>
#include <lwm2m/path.h>
#include <lwm2m/record.h>

/* CoAP Content-Formats (IANA registry; LwM2M Core 1.2 §7.5). */
enum lwm2m_content_format {
    LWM2M_FORMAT_TEXT = 0,
    LWM2M_FORMAT_LINK = 40,
    LWM2M_FORMAT_OPAQUE = 42,
    LWM2M_FORMAT_CBOR = 60,
    LWM2M_FORMAT_SENML_JSON = 110,
    LWM2M_FORMAT_SENML_CBOR = 112,
    LWM2M_FORMAT_SENML_ETCH_JSON = 320,
    LWM2M_FORMAT_SENML_ETCH_CBOR = 322,
    LWM2M_FORMAT_TLV_LEGACY = 1542,
    LWM2M_FORMAT_JSON_LEGACY = 1543,
    LWM2M_FORMAT_TLV = 11542,
    LWM2M_FORMAT_JSON = 11543,
    LWM2M_FORMAT_LWM2M_CBOR = 11544,
    LWM2M_NO_FORMAT = 65535,
};

/* How deeply any format may nest its input. */
#define LWM2M_DECODE_DEPTH_MAX 16

/*
 * Names the type of the resource (or resource instance) at path: UNTYPED where it is not known. A
 * codec asks while it decodes, because some formats carry bytes whose meaning only the type tells.
 */
struct lwm2m_type_source {
    void *context;
    enum lwm2m_type (*find)(void *context, struct lwm2m_path path);
};

/* The types that a set of definitions names (its newest versions); definitions may be NULL. */
struct lwm2m_type_source
lwm2m_type_source_from_definitions(const struct lwm2m_definitions *definitions);

struct lwm2m_decoding {
    struct lwm2m_bytes payload;
    struct lwm2m_path base; /* the path of the request; root for composite operations */
    struct lwm2m_type_source types;
    /* Where decoded text goes that the payload holds in another form (base64, split strings). As
     * many bytes as the payload has always suffice. Emptied by the codec before each record. May be
     * NULL: a payload that needs it is then LWM2M_NO_SPACE. */
    struct lwm2m_buffer *scratch;
};

struct lwm2m_encoder;

/*
 * One format. All members are const data and functions without state of their own.
 */
struct lwm2m_codec {
    uint16_t content_format;
    uint16_t legacy_format; /* a second number accepted on input, or LWM2M_NO_FORMAT */
    uint8_t since_minor;    /* of LwM2M 1: enablers before that one do not know the format */
    const char *name;       /* as on the command line: "tlv", "senml-cbor" */
    bool single_value;      /* carries one value of one resource, nothing above it */
    bool composite;         /* can carry paths of several objects */

    /*
     * Decodes the whole payload and puts every record to sink, in the order of the payload, with
     * complete paths below decoding->base, the offset of the value, and, where the type source
     * names a type, values converted to it. Input that is not well formed: LWM2M_MALFORMED; a value that does not fit its type:
     * LWM2M_TYPE or LWM2M_RANGE; a path outside base: LWM2M_MALFORMED; what sink returns is passed
     * on. Records before the fault have been put: whoever applies them decodes twice.
     *
     * A payload without content is a record without a value where base is an instance or a
     * resource, and no record where it is above. TLV below an object needs its instance wrappers:
     * to create an instance without an id, choose the id and decode with the new instance as base.
     * Relative times (SenML) become LWM2M_NO_TIME.
     */
    enum lwm2m_error (*decode)(const struct lwm2m_decoding *decoding, struct lwm2m_sink sink,
                               struct lwm2m_fault *fault);

    /* Called through lwm2m_encoder_begin, lwm2m_encoder_put and lwm2m_encoder_end only. */
    enum lwm2m_error (*begin)(struct lwm2m_encoder *encoder);
    enum lwm2m_error (*put)(struct lwm2m_encoder *encoder, const struct lwm2m_record *record);
    enum lwm2m_error (*end)(struct lwm2m_encoder *encoder);
};

/*
 * An encoding in progress, in the caller's memory. Records come in the order of a walk through the
 * tree: all of one instance together, all of one multiple resource together.
 */
struct lwm2m_encoder {
    const struct lwm2m_codec *codec;
    struct lwm2m_buffer *out;
    struct lwm2m_path base;
    /* Private to the codec: */
    struct lwm2m_path last;
    size_t marks[4];
    uint32_t count;
    bool flags[2];
};

/*
 * base is the path of the request: what the records have in common and the format leaves out.
 * LWM2M_NO_SPACE from put or end: the buffer was too small, begin again with a larger one.
 * LWM2M_UNSUPPORTED: the format cannot carry this (two values in a single_value format, say).
 * Times are left out by formats that have none (all but SenML and JSON).
 * LWM2M_ARGUMENT: a record outside base, or a value above the level of resources. LWM2M_RANGE and
 * LWM2M_MALFORMED: a value that no reader would accept (NaN or text that is not UTF-8 in SenML).
 */
enum lwm2m_error lwm2m_encoder_begin(struct lwm2m_encoder *encoder, const struct lwm2m_codec *codec,
                                     struct lwm2m_path base,
                                     struct lwm2m_buffer *out) LWM2M_MUST_CHECK;
enum lwm2m_error lwm2m_encoder_put(struct lwm2m_encoder *encoder,
                                   const struct lwm2m_record *record) LWM2M_MUST_CHECK;
enum lwm2m_error lwm2m_encoder_end(struct lwm2m_encoder *encoder) LWM2M_MUST_CHECK;
/* The encoder as a sink. */
struct lwm2m_sink lwm2m_encoder_sink(struct lwm2m_encoder *encoder);

/* The codecs that an engine is handed. Borrowed; the array and the codecs are const data. */
struct lwm2m_codecs {
    const struct lwm2m_codec *const *list;
    size_t count;
};

/* The codec whose content format or legacy format is `format`; NULL if none. */
const struct lwm2m_codec *lwm2m_codecs_find(struct lwm2m_codecs codecs, uint16_t format);
/* The codec of that name; NULL if none. */
const struct lwm2m_codec *lwm2m_codecs_find_name(struct lwm2m_codecs codecs,
                                                 struct lwm2m_bytes name);

extern const struct lwm2m_codec lwm2m_codec_text;
extern const struct lwm2m_codec lwm2m_codec_opaque;
extern const struct lwm2m_codec lwm2m_codec_tlv;
extern const struct lwm2m_codec lwm2m_codec_cbor;
extern const struct lwm2m_codec lwm2m_codec_senml_cbor;
extern const struct lwm2m_codec lwm2m_codec_senml_etch_cbor;
extern const struct lwm2m_codec lwm2m_codec_lwm2m_cbor;
extern const struct lwm2m_codec lwm2m_codec_senml_json;
extern const struct lwm2m_codec lwm2m_codec_senml_etch_json;
extern const struct lwm2m_codec lwm2m_codec_json;

/* "tlv" for 11542 and so on, for every format this header names; NULL for others. */
const char *lwm2m_content_format_name(uint16_t format);

#endif
