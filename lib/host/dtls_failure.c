/*
 * Puts into words why no association came about.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/dtls_link.h>

static const struct {
    const char *name, *text;
} failures[] = {
    [LWM2M_DTLS_UNKNOWN_IDENTITY] = {"unknown-identity", "there is no key for this identity"},
    [LWM2M_DTLS_WRONG_KEY] = {"wrong-key", "the key is not the one of this identity"},
    [LWM2M_DTLS_REFUSED_KEY] = {"refused-key",
                                "the peer does not know the identity, or has another key for it"},
    [LWM2M_DTLS_NO_COMMON_CIPHER] = {"no-common-cipher", "no cipher suite is common to both"},
    [LWM2M_DTLS_REFUSED] = {"refused", "the peer broke off the handshake"},
    [LWM2M_DTLS_UNREACHABLE] = {"unreachable", "nobody listens there"},
    [LWM2M_DTLS_NO_ANSWER] = {"no-answer", "nothing answers the handshake"},
    [LWM2M_DTLS_BROKEN_OFF] = {"broken-off", "the handshake was begun and not finished"},
    [LWM2M_DTLS_PROTOCOL] = {"protocol", "what came is no DTLS handshake"},
};

const char *lwm2m_dtls_failure_text(enum lwm2m_dtls_failure failure)
{
    return failure <= LWM2M_DTLS_PROTOCOL ? failures[failure].text : "unknown";
}

const char *lwm2m_dtls_failure_name(enum lwm2m_dtls_failure failure)
{
    return failure <= LWM2M_DTLS_PROTOCOL ? failures[failure].name : "unknown";
}
