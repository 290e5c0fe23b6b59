/*
 * CoAP URIs (RFC 7252 §6, RFC 8323 §8): what /0/x/0 holds and what the command line is given.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_URI_H
#define LWM2M_URI_H

#include <stdbool.h>
#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/error.h>

enum lwm2m_scheme {
    LWM2M_SCHEME_COAP,
    LWM2M_SCHEME_COAPS,
    LWM2M_SCHEME_COAP_TCP,
    LWM2M_SCHEME_COAPS_TCP,
};

#define LWM2M_URI_TEXT_MAX 255

struct lwm2m_uri {
    enum lwm2m_scheme scheme;
    struct lwm2m_bytes host; /* without the brackets of an IPv6 address */
    uint16_t port;           /* the scheme's own if the text names none: 5683 or 5684 */
    struct lwm2m_bytes path; /* after the host, without '?'; may be empty */
    struct lwm2m_bytes query;
};

/*
 * Reads "coap://[::1]:5683/path?query". Everything borrows from text. LWM2M_MALFORMED,
 * LWM2M_UNSUPPORTED (another scheme), LWM2M_TOO_LARGE (over LWM2M_URI_TEXT_MAX bytes), each with
 * *fault (may be NULL). User information, a fragment, control characters and blanks are malformed.
 */
enum lwm2m_error lwm2m_uri_parse(struct lwm2m_bytes text, struct lwm2m_uri *uri,
                                 struct lwm2m_fault *fault) LWM2M_MUST_CHECK;

/* "coap", "coaps", "coap+tcp", "coaps+tcp". */
const char *lwm2m_scheme_name(enum lwm2m_scheme scheme);

#endif
