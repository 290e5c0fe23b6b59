/*
 * From names and texts to IP addresses, and from addresses to text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_RESOLVE_H
#define LWM2M_RESOLVE_H

#include <stddef.h>
#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/endpoint.h>
#include <lwm2m/error.h>
#include <lwm2m/uri.h>

#define LWM2M_ADDRESSES_MAX 8

/* The addresses of one host, in the order in which they should be tried. */
struct lwm2m_addresses {
    struct lwm2m_address items[LWM2M_ADDRESSES_MAX];
    size_t count; /* at least 1 after success; further addresses of the host are left out */
};

/*
 * Looks up the host of a URI. A numeric address is answered at once; for a name this waits for the
 * system's resolver, as long as that is set to (10 s where nothing else is set), so call it before
 * the loop runs. LWM2M_NOT_FOUND (no such host), LWM2M_UNREACHABLE (the resolver does not answer),
 * LWM2M_MALFORMED, LWM2M_NO_MEMORY, LWM2M_IO; *fault (may be NULL) says why in words.
 */
enum lwm2m_error lwm2m_resolve_uri(const struct lwm2m_uri *uri, struct lwm2m_addresses *addresses,
                                   struct lwm2m_fault *fault) LWM2M_MUST_CHECK;

/*
 * Looks up "ADDR", "ADDR:PORT", "[IPV6]", "[IPV6]:PORT", or an IPv6 address without brackets, which
 * has no port; ADDR is an IPv4 address or a name. port is what a text without one means. The same
 * errors.
 */
enum lwm2m_error lwm2m_resolve_text(struct lwm2m_bytes text, uint16_t port,
                                    struct lwm2m_addresses *addresses,
                                    struct lwm2m_fault *fault) LWM2M_MUST_CHECK;

/* "127.0.0.1:40000", "[2001:db8::7]:5683", "[fe80::1%eth0]:5683". */
void lwm2m_address_print(const struct lwm2m_address *address, char text[LWM2M_ADDRESS_TEXT_MAX]);

/* The loopback address that reaches a socket bound to this one, if that listens on any address:
 * 127.0.0.1 instead of [::]. Others are left as they are. */
void lwm2m_address_make_reachable(struct lwm2m_address *address);

#endif
