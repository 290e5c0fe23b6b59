/*
 * Credentials as GnuTLS wants them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HOST_CREDENTIALS_H
#define HOST_CREDENTIALS_H

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <lwm2m/credentials.h>

#include "base/hash_table.h"

struct lwm2m_psk_entry;

struct lwm2m_credentials {
    const struct lwm2m_port *port;
    size_t references;
    /* Pre-shared keys (credentials.c). */
    struct lwm2m_hash_table identities, endpoints;
    struct lwm2m_psk_entry *own_psk; /* NULL: none */
    gnutls_psk_server_credentials_t accepting;
    gnutls_psk_client_credentials_t calling;
    /* Certificates (certificates.c). */
    gnutls_certificate_credentials_t shown;   /* to callers: our certificate and our raw key; NULL: none */
    gnutls_certificate_credentials_t showing; /* to those we call: one of the two */
    enum lwm2m_security own_security;         /* of that */
    char *own_name;
    gnutls_x509_trust_list_t authorities; /* NULL: none */
    gnutls_datum_t server_key;            /* DER: a certificate, or a public key; empty: none */
    bool server_key_is_certificate;
    enum lwm2m_certificate_usage usage; /* of that certificate */
    char *server_name;
    /* Raw public keys of peers, by fingerprint (public_keys.c). */
    struct lwm2m_hash_table public_keys;
};

/* Gives a session what its role needs; the credentials must outlive it. LWM2M_STATE (nothing to call others
 * with), LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_credentials_apply(const struct lwm2m_credentials *credentials,
                                         gnutls_session_t session, bool calls) LWM2M_MUST_CHECK;

/*
 * Sets whom GnuTLS asks for the key of an identity: as gnutls_psk_server_credentials_function2, which finds
 * what it needs by gnutls_session_get_ptr.
 */
void lwm2m_credentials_set_lookup(struct lwm2m_credentials *credentials,
                                  gnutls_psk_server_credentials_function2 *lookup);

/* Our own identity, empty if there is none, and what it is proved with. */
struct lwm2m_bytes lwm2m_credentials_own_identity(const struct lwm2m_credentials *credentials);
enum lwm2m_security lwm2m_credentials_own_security(const struct lwm2m_credentials *credentials);

/* The parts of it that lie in files of their own; zeroed is allowed. */
void lwm2m_credentials_release_certificates(struct lwm2m_credentials *credentials);
void lwm2m_credentials_release_public_keys(struct lwm2m_credentials *credentials);

#endif
