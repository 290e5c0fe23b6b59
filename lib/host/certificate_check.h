/*
 * Whether a peer's certificate is to be believed, and why not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HOST_CERTIFICATE_CHECK_H
#define HOST_CERTIFICATE_CHECK_H

#include <stdbool.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <lwm2m/credentials.h>
#include <lwm2m/dtls_link.h>

#define LWM2M_FINGERPRINT_MAX 65 /* SHA-256 in hexadecimal digits, and a NUL */
#define LWM2M_PEER_FAULT_TEXT_MAX 400
#define LWM2M_CERTIFICATE_BYTES_MAX 16384 /* of a chain, too */

/* Why a peer is not believed. */
struct lwm2m_peer_fault {
    enum lwm2m_dtls_failure failure;
    char detail[LWM2M_PEER_FAULT_TEXT_MAX]; /* more about it for people; may be empty */
};

/* Borrowed. */
struct lwm2m_certificate_rules {
    gnutls_x509_trust_list_t authorities; /* NULL: none */
    gnutls_datum_t expected;              /* a certificate in DER; empty: none */
    enum lwm2m_certificate_usage usage;   /* of that */
    bool of_server;
    const char *name; /* a host name or a numeric address that it is made out to; NULL: any */
};

/* Takes the certificates in DER, the peer's own first. False with *fault filled. */
bool lwm2m_certificate_check(const struct lwm2m_certificate_rules *rules,
                             const gnutls_datum_t *chain, unsigned count,
                             struct lwm2m_peer_fault *fault);

/* Whom a certificate in DER is made out to: its common name, else the first of its subject alternative names that is a
 * DNS name or a URI. False if there is none that is text without controls. */
bool lwm2m_certificate_name(const gnutls_datum_t *certificate, char name[LWM2M_CERTIFICATE_NAME_MAX]);

/* SHA-256 of a public key in DER. False if GnuTLS cannot. */
bool lwm2m_public_key_fingerprint(const gnutls_datum_t *key, char text[LWM2M_FINGERPRINT_MAX]);

#endif
