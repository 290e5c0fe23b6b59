/*
 * CoAP URIs taken apart (RFC 7252 §6, RFC 3986). Nothing is decoded and no name is looked up.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/uri.h>

#include <stddef.h>

#define SCHEME_COUNT 4
#define PORT_MAX 65535u

struct scheme {
    const char *name;
    uint16_t port;
};

static const struct scheme schemes[SCHEME_COUNT] = {
    [LWM2M_SCHEME_COAP] = {"coap", 5683},
    [LWM2M_SCHEME_COAPS] = {"coaps", 5684},
    [LWM2M_SCHEME_COAP_TCP] = {"coap+tcp", 5683},
    [LWM2M_SCHEME_COAPS_TCP] = {"coaps+tcp", 5684},
};

const char *lwm2m_scheme_name(enum lwm2m_scheme scheme)
{
    return (unsigned)scheme < SCHEME_COUNT ? schemes[scheme].name : "?";
}

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static uint8_t to_lower(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + ('a' - 'A')) : byte;
}

static bool is_hex_digit(uint8_t byte)
{
    return is_digit(byte) || (to_lower(byte) >= 'a' && to_lower(byte) <= 'f');
}

/* The offset of the first of the bytes in `stops`, from start on; the length if there is none. */
static size_t find_any(struct lwm2m_bytes text, size_t start, const char *stops)
{
    for (size_t i = start; i < text.length; i++) {
        for (const char *stop = stops; *stop != '\0'; stop++) {
            if (text.data[i] == (uint8_t)*stop) {
                return i;
            }
        }
    }
    return text.length;
}

static struct lwm2m_bytes part(struct lwm2m_bytes text, size_t start, size_t end)
{
    return (struct lwm2m_bytes){text.data + start, end - start};
}

/* Refuses what may stand nowhere in a URI. */
static enum lwm2m_error check_characters(struct lwm2m_bytes text, struct lwm2m_fault *fault)
{
    for (size_t i = 0; i < text.length; i++) {
        uint8_t byte = text.data[i];

        if (byte <= ' ' || byte == 0x7f) {
            return lwm2m_fault_set(fault, LWM2M_MALFORMED, i, "blank or control character");
        }
        if (byte > 0x7f) {
            return lwm2m_fault_set(fault, LWM2M_MALFORMED, i, "character outside ASCII");
        }
        if (byte == '#') {
            return lwm2m_fault_set(fault, LWM2M_MALFORMED, i, "fragment");
        }
    }
    return LWM2M_OK;
}

/* Refuses a '%' without two hexadecimal digits. */
static enum lwm2m_error check_escapes(struct lwm2m_bytes text, size_t start, size_t end,
                                      struct lwm2m_fault *fault)
{
    for (size_t i = start; i < end; i++) {
        if (text.data[i] != '%') {
            continue;
        }
        if (end - i < 3 || !is_hex_digit(text.data[i + 1]) || !is_hex_digit(text.data[i + 2])) {
            return lwm2m_fault_set(fault, LWM2M_MALFORMED, i, "percent sign without two digits");
        }
    }
    return LWM2M_OK;
}

static bool is_scheme(struct lwm2m_bytes text, const char *name)
{
    size_t i = 0;

    while (i < text.length && name[i] != '\0' && to_lower(text.data[i]) == (uint8_t)name[i]) {
        i++;
    }
    return i == text.length && name[i] == '\0';
}

/* Reads "scheme://"; *end is behind it. */
static enum lwm2m_error parse_scheme(struct lwm2m_bytes text, struct lwm2m_uri *uri, size_t *end,
                                     struct lwm2m_fault *fault)
{
    size_t colon = find_any(text, 0, ":/?");
    struct lwm2m_bytes name = part(text, 0, colon);

    if (text.length - colon < 3 || text.data[colon] != ':' || text.data[colon + 1] != '/' ||
        text.data[colon + 2] != '/') {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, colon, "scheme and \"://\" expected");
    }
    for (size_t i = 0; i < SCHEME_COUNT; i++) {
        if (!is_scheme(name, schemes[i].name)) {
            continue;
        }
        uri->scheme = (enum lwm2m_scheme)i;
        uri->port = schemes[i].port;
        *end = colon + 3;
        return LWM2M_OK;
    }
    return lwm2m_fault_set(fault, LWM2M_UNSUPPORTED, 0, "scheme is not a CoAP one");
}

/* Reads an IPv6 address in brackets, perhaps with a zone. */
static enum lwm2m_error parse_literal(struct lwm2m_bytes text, size_t start, size_t end,
                                      struct lwm2m_uri *uri, size_t *host_end,
                                      struct lwm2m_fault *fault)
{
    size_t close = find_any(text, start, "]");
    size_t zone = find_any(text, start, "%]");

    if (close >= end) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, start, "bracket is not closed");
    }
    for (size_t i = start + 1; i < zone; i++) {
        if (!is_hex_digit(text.data[i]) && text.data[i] != ':' && text.data[i] != '.') {
            return lwm2m_fault_set(fault, LWM2M_MALFORMED, i, "not part of an IPv6 address");
        }
    }
    if (zone == start + 1) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, start, "empty address");
    }
    uri->host = part(text, start + 1, close);
    *host_end = close + 1;
    return LWM2M_OK;
}

/* Reads ":port", which may be empty or missing. */
static enum lwm2m_error parse_port(struct lwm2m_bytes text, size_t start, size_t end,
                                   struct lwm2m_uri *uri, struct lwm2m_fault *fault)
{
    uint32_t port = 0;

    if (start == end) {
        return LWM2M_OK;
    }
    if (text.data[start] != ':') {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, start, "port or path expected");
    }
    if (start + 1 == end) {
        return LWM2M_OK;
    }
    for (size_t i = start + 1; i < end; i++) {
        if (!is_digit(text.data[i])) {
            return lwm2m_fault_set(fault, LWM2M_MALFORMED, i, "port is not a number");
        }
        port = port * 10 + (uint32_t)(text.data[i] - '0');
        if (port > PORT_MAX) {
            break;
        }
    }
    if (port == 0 || port > PORT_MAX) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, start + 1, "port is not 1 to 65535");
    }
    uri->port = (uint16_t)port;
    return LWM2M_OK;
}

/* Reads host and port, which stand between start and end. */
static enum lwm2m_error parse_authority(struct lwm2m_bytes text, size_t start, size_t end,
                                        struct lwm2m_uri *uri, struct lwm2m_fault *fault)
{
    size_t host_end = start;
    size_t at = find_any(text, start, "@");
    enum lwm2m_error error;

    if (at < end) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, at, "user information");
    }
    if (start < end && text.data[start] == '[') {
        error = parse_literal(text, start, end, uri, &host_end, fault);
    } else {
        host_end = find_any(text, start, ":/?");
        if (host_end == start) {
            return lwm2m_fault_set(fault, LWM2M_MALFORMED, start, "host is missing");
        }
        uri->host = part(text, start, host_end);
        error = check_escapes(text, start, host_end, fault);
    }
    if (error != LWM2M_OK) {
        return error;
    }
    return parse_port(text, host_end, end, uri, fault);
}

enum lwm2m_error lwm2m_uri_parse(struct lwm2m_bytes text, struct lwm2m_uri *uri,
                                 struct lwm2m_fault *fault)
{
    struct lwm2m_uri parsed = {0};
    size_t start = 0;
    size_t path;
    size_t query;
    enum lwm2m_error error;

    if (text.length > LWM2M_URI_TEXT_MAX) {
        return lwm2m_fault_set(fault, LWM2M_TOO_LARGE, LWM2M_URI_TEXT_MAX, "longer than 255 bytes");
    }
    error = check_characters(text, fault);
    if (error == LWM2M_OK) {
        error = parse_scheme(text, &parsed, &start, fault);
    }
    if (error != LWM2M_OK) {
        return error;
    }
    path = find_any(text, start, "/?");
    query = find_any(text, path, "?");
    error = parse_authority(text, start, path, &parsed, fault);
    if (error == LWM2M_OK) {
        error = check_escapes(text, path, text.length, fault);
    }
    if (error != LWM2M_OK) {
        return error;
    }
    parsed.path = part(text, path, query);
    if (query < text.length) {
        parsed.query = part(text, query + 1, text.length);
    }
    *uri = parsed;
    return LWM2M_OK;
}
