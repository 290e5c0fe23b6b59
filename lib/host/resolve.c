/*
 * Names and texts to IP addresses, by getaddrinfo.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/resolve.h>

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "host/address.h"

/* What DNS allows (RFC 1035 §2.3.4), with room for the zone of a link-local address. */
#define HOST_MAX 255

static enum lwm2m_error fail(struct lwm2m_fault *fault, int status)
{
    const char *reason = gai_strerror(status);
    switch (status) {
    case EAI_MEMORY:
        return lwm2m_fault_set(fault, LWM2M_NO_MEMORY, 0, reason);
    case EAI_AGAIN:
        return lwm2m_fault_set(fault, LWM2M_UNREACHABLE, 0, "the name server does not answer");
    case EAI_NONAME:
    case EAI_FAIL:
#ifdef EAI_NODATA /* GNU only */
    case EAI_NODATA:
#endif
        return lwm2m_fault_set(fault, LWM2M_NOT_FOUND, 0, "there is no host of this name");
    default:
        return lwm2m_fault_set(fault, LWM2M_IO, 0, reason);
    }
}

static void collect(const struct addrinfo *found, uint16_t port, struct lwm2m_addresses *addresses)
{
    for (; found != NULL && addresses->count < LWM2M_ADDRESSES_MAX; found = found->ai_next) {
        struct lwm2m_address *address = &addresses->items[addresses->count];
        if (!lwm2m_address_from_socket(found->ai_addr, address)) {
            continue;
        }
        address->port = port;
        addresses->count++;
    }
}

static enum lwm2m_error look_up(struct lwm2m_bytes host, uint16_t port,
                                struct lwm2m_addresses *addresses, struct lwm2m_fault *fault)
{
    char name[HOST_MAX + 1];
    memset(addresses, 0, sizeof(*addresses));
    if (host.length == 0) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, 0, "there is no host");
    }
    if (host.length > HOST_MAX) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, HOST_MAX, "the host name is too long");
    }
    if (memchr(host.data, 0, host.length) != NULL) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, 0, "the host name holds a zero byte");
    }
    memcpy(name, host.data, host.length);
    name[host.length] = '\0';

    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM};
    struct addrinfo *found = NULL;
    int status = getaddrinfo(name, NULL, &hints, &found);
    if (status != 0) {
        return fail(fault, status);
    }
    collect(found, port, addresses);
    freeaddrinfo(found);
    return addresses->count > 0 ? LWM2M_OK : fail(fault, EAI_NONAME);
}

enum lwm2m_error lwm2m_resolve_uri(const struct lwm2m_uri *uri, struct lwm2m_addresses *addresses,
                                   struct lwm2m_fault *fault)
{
    return look_up(uri->host, uri->port, addresses, fault);
}

/* A decimal number up to 65535 that is the whole rest of the text from `start` on. */
static enum lwm2m_error parse_port(struct lwm2m_bytes text, size_t start, uint16_t *port,
                                   struct lwm2m_fault *fault)
{
    uint32_t number = 0;
    if (start == text.length) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, start, "there is no port after the colon");
    }
    for (size_t i = start; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return lwm2m_fault_set(fault, LWM2M_MALFORMED, i, "the port is not a number");
        }
        number = number * 10 + (uint32_t)(text.data[i] - '0');
        if (number > UINT16_MAX) {
            return lwm2m_fault_set(fault, LWM2M_MALFORMED, start, "the port is above 65535");
        }
    }
    *port = (uint16_t)number;
    return LWM2M_OK;
}

/* "[IPV6]" or "[IPV6]:PORT". */
static enum lwm2m_error split_brackets(struct lwm2m_bytes text, struct lwm2m_bytes *host,
                                       uint16_t *port, struct lwm2m_fault *fault)
{
    const uint8_t *end = memchr(text.data, ']', text.length);
    if (end == NULL) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, text.length, "']' is missing");
    }
    size_t close = (size_t)(end - text.data);
    *host = (struct lwm2m_bytes){text.data + 1, close - 1};
    if (close + 1 == text.length) {
        return LWM2M_OK;
    }
    if (text.data[close + 1] != ':') {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, close + 1, "only ':PORT' may follow ']'");
    }
    return parse_port(text, close + 2, port, fault);
}

/* "ADDR", "ADDR:PORT", or an IPv6 address, told by its second colon. */
static enum lwm2m_error split_plain(struct lwm2m_bytes text, struct lwm2m_bytes *host,
                                    uint16_t *port, struct lwm2m_fault *fault)
{
    const uint8_t *first = memchr(text.data, ':', text.length);
    *host = text;
    if (first == NULL) {
        return LWM2M_OK;
    }
    size_t colon = (size_t)(first - text.data);
    if (memchr(first + 1, ':', text.length - colon - 1) != NULL) {
        return LWM2M_OK;
    }
    host->length = colon;
    return parse_port(text, colon + 1, port, fault);
}

enum lwm2m_error lwm2m_resolve_text(struct lwm2m_bytes text, uint16_t port,
                                    struct lwm2m_addresses *addresses, struct lwm2m_fault *fault)
{
    struct lwm2m_bytes host = {0};
    memset(addresses, 0, sizeof(*addresses));
    if (text.length == 0) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, 0, "there is no host");
    }
    enum lwm2m_error error = text.data[0] == '[' ? split_brackets(text, &host, &port, fault)
                                                 : split_plain(text, &host, &port, fault);
    if (error != LWM2M_OK) {
        return error;
    }
    return look_up(host, port, addresses, fault);
}
