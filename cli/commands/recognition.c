/*
 * Tells what bytes are by their beginning, and by what decodes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/message.h>
#include <lwm2m/status.h>
#include <lwm2m/utf8.h>

#include "commands/dissection.h"

static enum lwm2m_error drop_record(void *context, const struct lwm2m_record *record)
{
    (void)context;
    (void)record;
    return LWM2M_OK;
}

static bool decodes(const struct lwm2m_codec *codec, struct lwm2m_bytes bytes,
                    struct lwm2m_path base, const struct lwm2m_definitions *definitions)
{
    return dissection_decode(codec, bytes, base, definitions,
                             (struct lwm2m_sink){NULL, drop_record}, NULL) == LWM2M_OK;
}

static bool is_message(struct lwm2m_bytes bytes)
{
    struct lwm2m_message message;
    if (lwm2m_message_decode(bytes, &message, NULL) != LWM2M_OK) {
        return false;
    }
    unsigned class = message.code >> 5;
    return message.code <= LWM2M_METHOD_IPATCH || class == 2 || class == 4 || class == 5;
}

static bool is_printable(struct lwm2m_bytes bytes)
{
    for (size_t i = 0; i < bytes.length; i++) {
        if (bytes.data[i] < 0x20 && bytes.data[i] != '\n' && bytes.data[i] != '\t') {
            return false;
        }
    }
    return lwm2m_utf8_is_valid(bytes);
}

static uint32_t recognise_cbor(struct lwm2m_bytes bytes, struct lwm2m_path base,
                               const struct lwm2m_definitions *definitions, const char **why)
{
    uint8_t first = bytes.data[0];
    if (first >> 5 == 4 && bytes.length > 1 && bytes.data[1] >> 5 == 5) {
        *why = "a CBOR array that begins with a map";
        return decodes(&lwm2m_codec_senml_cbor, bytes, base, definitions) ||
                       !decodes(&lwm2m_codec_senml_etch_cbor, bytes, base, definitions)
                   ? LWM2M_FORMAT_SENML_CBOR
                   : LWM2M_FORMAT_SENML_ETCH_CBOR;
    }
    if (first >> 5 == 5 && decodes(&lwm2m_codec_lwm2m_cbor, bytes, base, definitions)) {
        *why = "a CBOR map of identifiers";
        return LWM2M_FORMAT_LWM2M_CBOR;
    }
    return LWM2M_NO_FORMAT;
}

static uint32_t recognise_json(struct lwm2m_bytes bytes, struct lwm2m_path base,
                               const struct lwm2m_definitions *definitions, const char **why)
{
    if (bytes.data[0] == '<') {
        *why = "it begins with '<'";
        return LWM2M_FORMAT_LINK;
    }
    if (bytes.data[0] == '{') {
        *why = "a JSON object";
        return LWM2M_FORMAT_JSON;
    }
    if (bytes.data[0] == '[') {
        *why = "a JSON array";
        return decodes(&lwm2m_codec_senml_json, bytes, base, definitions) ||
                       !decodes(&lwm2m_codec_senml_etch_json, bytes, base, definitions)
                   ? LWM2M_FORMAT_SENML_JSON
                   : LWM2M_FORMAT_SENML_ETCH_JSON;
    }
    return LWM2M_NO_FORMAT;
}

uint32_t dissection_recognise(struct lwm2m_bytes bytes, struct lwm2m_path base,
                              const struct lwm2m_definitions *definitions, const char **why)
{
    uint32_t format;
    *why = "nothing else fits";
    if (bytes.length == 0) {
        return LWM2M_FORMAT_OPAQUE;
    }
    if (is_message(bytes)) {
        *why = "a CoAP header and options";
        return DISSECTION_COAP;
    }
    format = recognise_json(bytes, base, definitions, why);
    if (format == LWM2M_NO_FORMAT) {
        format = recognise_cbor(bytes, base, definitions, why);
    }
    if (format != LWM2M_NO_FORMAT) {
        return format;
    }
    if (base.level != LWM2M_LEVEL_ROOT && decodes(&lwm2m_codec_tlv, bytes, base, definitions)) {
        *why = "elements of TLV without a fault";
        return LWM2M_FORMAT_TLV;
    }
    if (is_printable(bytes)) {
        *why = "printable text";
        return LWM2M_FORMAT_TEXT;
    }
    if (bytes.data[0] >> 6 == 1 && bytes.length >= 4) {
        *why = "the version of a CoAP header";
        return DISSECTION_COAP;
    }
    /* Without a path, what TLV is in the middle of cannot be told from other bytes. */
    if (bytes.data[0] >= 0xC0 || base.level != LWM2M_LEVEL_ROOT) {
        *why = "the type byte of a resource";
        return LWM2M_FORMAT_TLV;
    }
    return LWM2M_FORMAT_OPAQUE;
}
