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
    [LWM2M_DTLS_NO_CERTIFICATE] = {"no-certificate", "the peer has shown no certificate"},
    [LWM2M_DTLS_CERTIFICATE_EXPIRED] = {"certificate-expired",
                                        "the peer's certificate has expired"},
    [LWM2M_DTLS_CERTIFICATE_NOT_YET_VALID] = {"certificate-not-yet-valid",
                                              "the peer's certificate is not valid yet"},
    [LWM2M_DTLS_UNKNOWN_AUTHORITY] = {"unknown-authority",
                                      "the peer's certificate leads to no authority that is known"},
    [LWM2M_DTLS_WRONG_NAME] = {"wrong-name", "the peer's certificate is made out to another"},
    [LWM2M_DTLS_WEAK_CERTIFICATE] = {"weak-certificate", "the peer's certificate is too weak"},
    [LWM2M_DTLS_BAD_CERTIFICATE] = {"bad-certificate", "the peer's certificate is not acceptable"},
    [LWM2M_DTLS_UNKNOWN_KEY] = {"unknown-key", "the peer's key is not one that is known"},
    [LWM2M_DTLS_REFUSED_CERTIFICATE] = {"refused-certificate",
                                        "the peer does not take our certificate or key"},
};

const char *lwm2m_dtls_failure_text(enum lwm2m_dtls_failure failure)
{
    return failure <= LWM2M_DTLS_REFUSED_CERTIFICATE ? failures[failure].text : "unknown";
}

const char *lwm2m_dtls_failure_name(enum lwm2m_dtls_failure failure)
{
    return failure <= LWM2M_DTLS_REFUSED_CERTIFICATE ? failures[failure].name : "unknown";
}
