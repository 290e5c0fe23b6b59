/*
 * Names CoAP options and prints their values.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "control/option_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lwm2m/codec.h>
#include <lwm2m/utf8.h>

#include "control/message_text.h"

enum option_form { FORM_OPAQUE, FORM_TEXT, FORM_NUMBER, FORM_FORMAT, FORM_BLOCK, FORM_EMPTY };

struct known_option {
    uint16_t number;
    enum option_form form;
    const char *name;
};

static const struct known_option known_options[] = {
    {LWM2M_OPTION_IF_MATCH, FORM_OPAQUE, "If-Match"},
    {LWM2M_OPTION_URI_HOST, FORM_TEXT, "Uri-Host"},
    {LWM2M_OPTION_ETAG, FORM_OPAQUE, "ETag"},
    {LWM2M_OPTION_IF_NONE_MATCH, FORM_EMPTY, "If-None-Match"},
    {LWM2M_OPTION_OBSERVE, FORM_NUMBER, "Observe"},
    {LWM2M_OPTION_URI_PORT, FORM_NUMBER, "Uri-Port"},
    {LWM2M_OPTION_LOCATION_PATH, FORM_TEXT, "Location-Path"},
    {LWM2M_OPTION_URI_PATH, FORM_TEXT, "Uri-Path"},
    {LWM2M_OPTION_CONTENT_FORMAT, FORM_FORMAT, "Content-Format"},
    {LWM2M_OPTION_MAX_AGE, FORM_NUMBER, "Max-Age"},
    {LWM2M_OPTION_URI_QUERY, FORM_TEXT, "Uri-Query"},
    {LWM2M_OPTION_HOP_LIMIT, FORM_NUMBER, "Hop-Limit"},
    {LWM2M_OPTION_ACCEPT, FORM_FORMAT, "Accept"},
    {LWM2M_OPTION_LOCATION_QUERY, FORM_TEXT, "Location-Query"},
    {LWM2M_OPTION_BLOCK2, FORM_BLOCK, "Block2"},
    {LWM2M_OPTION_BLOCK1, FORM_BLOCK, "Block1"},
    {LWM2M_OPTION_SIZE2, FORM_NUMBER, "Size2"},
    {LWM2M_OPTION_PROXY_URI, FORM_TEXT, "Proxy-Uri"},
    {LWM2M_OPTION_PROXY_SCHEME, FORM_TEXT, "Proxy-Scheme"},
    {LWM2M_OPTION_SIZE1, FORM_NUMBER, "Size1"},
    {LWM2M_OPTION_ECHO, FORM_OPAQUE, "Echo"},
    {LWM2M_OPTION_NO_RESPONSE, FORM_NUMBER, "No-Response"},
    {LWM2M_OPTION_REQUEST_TAG, FORM_OPAQUE, "Request-Tag"},
};

static const struct known_option *find(uint16_t number)
{
    for (size_t i = 0; i < sizeof(known_options) / sizeof(known_options[0]); i++) {
        if (known_options[i].number == number) {
            return &known_options[i];
        }
    }
    return NULL;
}

const char *option_name(uint16_t number)
{
    const struct known_option *known = find(number);
    return known != NULL ? known->name : NULL;
}

static char *hex_text_new(struct lwm2m_bytes bytes)
{
    size_t size = 2 * bytes.length + 3;
    char *text = malloc(size);
    if (text != NULL) {
        memcpy(text, "0x", 2);
        hex_print(bytes, text + 2, size - 2);
    }
    return text;
}

static char *number_text_new(enum option_form form, uint32_t number)
{
    const char *format = number <= UINT16_MAX ? lwm2m_content_format_name((uint16_t)number) : NULL;
    char text[64];
    if (form == FORM_FORMAT && format != NULL) {
        snprintf(text, sizeof(text), "%u (%s)", number, format);
    } else if (form == FORM_BLOCK) {
        snprintf(text, sizeof(text), "%u, %s, %u bytes", number >> 4,
                 (number & 8) != 0 ? "more" : "last", 16u << (number & 7));
    } else {
        snprintf(text, sizeof(text), "%u", number);
    }
    return strdup(text);
}

char *option_value_text_new(const struct lwm2m_option *option)
{
    const struct known_option *known = find(option->number);
    enum option_form form = known != NULL ? known->form : FORM_OPAQUE;
    struct lwm2m_bytes value = option->value;
    uint32_t number;
    bool is_text = form == FORM_TEXT && lwm2m_utf8_is_valid(value) &&
                   (value.length == 0 || memchr(value.data, 0, value.length) == NULL);
    if (is_text) {
        return value.length > 0 ? strndup((const char *)value.data, value.length) : strdup("");
    }
    if (form >= FORM_NUMBER && form <= FORM_BLOCK &&
        lwm2m_option_number_value(option, &number) == LWM2M_OK) {
        return number_text_new(form, number);
    }
    return value.length > 0 ? hex_text_new(value) : strdup("");
}
