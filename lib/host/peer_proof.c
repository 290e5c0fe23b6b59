/*
 * Asks a session what its peer has shown, and measures that by the credentials.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "host/peer_proof.h"

#include <stdio.h>
#include <string.h>

static bool refuse_key(struct lwm2m_peer_fault *fault, const char *fingerprint)
{
    fault->failure = LWM2M_DTLS_UNKNOWN_KEY;
    snprintf(fault->detail, sizeof(fault->detail), "its fingerprint is %s", fingerprint);
    return false;
}

static bool check_raw_key(const struct lwm2m_credentials *credentials, const gnutls_datum_t *key,
                          bool of_server, struct lwm2m_peer_fault *fault)
{
    const gnutls_datum_t *expected = &credentials->server_key;
    char fingerprint[LWM2M_FINGERPRINT_MAX] = "";
    struct lwm2m_bytes name;

    (void)!lwm2m_public_key_fingerprint(key, fingerprint);
    bool good = of_server ? !credentials->server_key_is_certificate && expected->size > 0 &&
                                expected->size == key->size &&
                                memcmp(expected->data, key->data, key->size) == 0
                          : lwm2m_credentials_find_public_key(
                                credentials, lwm2m_bytes_from_text(fingerprint), &name);
    return good || refuse_key(fault, fingerprint);
}

bool lwm2m_peer_proof_check(const struct lwm2m_credentials *credentials, gnutls_session_t tls,
                            const char *name, struct lwm2m_peer_fault *fault)
{
    unsigned count = 0;
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(tls, &count);
    bool of_server = name != NULL;

    if (chain == NULL || count == 0) {
        fault->failure = LWM2M_DTLS_NO_CERTIFICATE;
        fault->detail[0] = '\0';
        return false;
    }
    if (gnutls_certificate_type_get2(tls, GNUTLS_CTYPE_PEERS) == GNUTLS_CRT_RAWPK) {
        return check_raw_key(credentials, &chain[0], of_server, fault);
    }
    struct lwm2m_certificate_rules rules = {
        .authorities = credentials->authorities,
        .usage = credentials->usage,
        .of_server = of_server,
        .name = credentials->server_name != NULL && of_server ? credentials->server_name : name,
    };
    if (of_server && credentials->server_key_is_certificate) {
        rules.expected = credentials->server_key;
    }
    if (!lwm2m_certificate_check(&rules, chain, count, fault)) {
        return false;
    }
    char owner[LWM2M_CERTIFICATE_NAME_MAX];
    if (!of_server && !lwm2m_certificate_name(&chain[0], owner)) {
        fault->failure = LWM2M_DTLS_BAD_CERTIFICATE;
        snprintf(fault->detail, sizeof(fault->detail), "it is made out to nobody");
        return false;
    }
    return true;
}

gnutls_alert_description_t lwm2m_peer_proof_alert(enum lwm2m_dtls_failure failure)
{
    switch (failure) {
    case LWM2M_DTLS_CERTIFICATE_EXPIRED:
    case LWM2M_DTLS_CERTIFICATE_NOT_YET_VALID:
        return GNUTLS_A_CERTIFICATE_EXPIRED;
    case LWM2M_DTLS_UNKNOWN_AUTHORITY:
        return GNUTLS_A_UNKNOWN_CA;
    case LWM2M_DTLS_UNKNOWN_KEY:
        return GNUTLS_A_CERTIFICATE_UNKNOWN;
    case LWM2M_DTLS_NO_CERTIFICATE:
        return GNUTLS_A_HANDSHAKE_FAILURE;
    case LWM2M_DTLS_WEAK_CERTIFICATE:
        return GNUTLS_A_INSUFFICIENT_SECURITY;
    default:
        return GNUTLS_A_BAD_CERTIFICATE;
    }
}

bool lwm2m_peer_proof_identity(gnutls_session_t tls, enum lwm2m_security *security,
                               char identity[LWM2M_CERTIFICATE_NAME_MAX])
{
    unsigned count = 0;

    identity[0] = '\0';
    if (gnutls_auth_get_type(tls) == GNUTLS_CRD_PSK) {
        *security = LWM2M_SECURITY_PSK;
        return true;
    }
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(tls, &count);
    if (chain == NULL || count == 0) {
        return false;
    }
    if (gnutls_certificate_type_get2(tls, GNUTLS_CTYPE_PEERS) == GNUTLS_CRT_RAWPK) {
        *security = LWM2M_SECURITY_RPK;
        return lwm2m_public_key_fingerprint(&chain[0], identity);
    }
    *security = LWM2M_SECURITY_X509;
    return lwm2m_certificate_name(&chain[0], identity);
}
