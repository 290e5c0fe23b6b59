/*
 * Takes our own certificate and key, and what those of others are measured by.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include <gnutls/abstract.h>

#include "host/certificate_check.h"
#include "host/credentials.h"
#include "host/key_text.h"

static enum lwm2m_error refuse(struct lwm2m_fault *fault, int result, const char *reason)
{
    if (result == GNUTLS_E_MEMORY_ERROR) {
        return LWM2M_NO_MEMORY;
    }
    return lwm2m_fault_set(fault, LWM2M_MALFORMED, 0,
                           reason != NULL ? reason : gnutls_strerror(result));
}

static void release_datum(gnutls_datum_t *datum)
{
    gnutls_free(datum->data);
    *datum = (gnutls_datum_t){NULL, 0};
}

static enum lwm2m_error keep_text(char **kept, const char *text)
{
    gnutls_free(*kept);
    *kept = gnutls_strdup(text);
    return *kept != NULL ? LWM2M_OK : LWM2M_NO_MEMORY;
}

/* ---- our own ---- */

static enum lwm2m_error read_key(struct lwm2m_bytes bytes, gnutls_privkey_t *key,
                                 struct lwm2m_fault *fault)
{
    int result = lwm2m_key_read_private(bytes, key);

    return result == GNUTLS_E_SUCCESS ? LWM2M_OK
           : result == GNUTLS_E_DECRYPTION_FAILED
               ? refuse(fault, result, "the private key is encrypted, and there is no password")
               : refuse(fault, result, "no private key can be read");
}

static void release_chain(gnutls_pcert_st *chain, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        gnutls_pcert_deinit(&chain[i]);
    }
}

/* The chain goes to GnuTLS, also if it is not taken. */
static enum lwm2m_error add_pair(gnutls_certificate_credentials_t to, gnutls_pcert_st *chain,
                                 unsigned count, struct lwm2m_bytes key, struct lwm2m_fault *fault)
{
    gnutls_privkey_t own = NULL;
    enum lwm2m_error error = read_key(key, &own, fault);
    int result = GNUTLS_E_SUCCESS;

    if (error == LWM2M_OK) {
        result = gnutls_certificate_set_key(to, NULL, 0, chain, (int)count, own);
        if (result >= 0) {
            return LWM2M_OK;
        }
        error = refuse(fault, result,
                       result == GNUTLS_E_CERTIFICATE_KEY_MISMATCH
                           ? "the private key does not belong to the certificate"
                           : NULL);
    }
    if (own != NULL) {
        gnutls_privkey_deinit(own);
    }
    release_chain(chain, count);
    return error;
}

static enum lwm2m_error keep_fingerprint(struct lwm2m_credentials *credentials,
                                         const gnutls_datum_t *public_key)
{
    char text[LWM2M_FINGERPRINT_MAX];

    return lwm2m_public_key_fingerprint(public_key, text) ? keep_text(&credentials->own_name, text)
                                                          : LWM2M_NO_MEMORY;
}

static enum lwm2m_error prepare(struct lwm2m_credentials *credentials)
{
    if (credentials->shown != NULL) {
        return LWM2M_EXISTS;
    }
    if (gnutls_certificate_allocate_credentials(&credentials->shown) != GNUTLS_E_SUCCESS ||
        gnutls_certificate_allocate_credentials(&credentials->showing) != GNUTLS_E_SUCCESS) {
        return LWM2M_NO_MEMORY;
    }
    return LWM2M_OK;
}

/* A private key's public one, as a pair shows it. */
static enum lwm2m_error make_raw_pair(struct lwm2m_bytes key, gnutls_pcert_st *pair,
                                      struct lwm2m_fault *fault)
{
    gnutls_privkey_t own = NULL;
    enum lwm2m_error error = read_key(key, &own, fault);

    if (error != LWM2M_OK) {
        return error;
    }
    gnutls_pubkey_t public_key = lwm2m_key_public_of(own);
    gnutls_privkey_deinit(own);
    if (public_key == NULL) {
        return LWM2M_NO_MEMORY;
    }
    /* It is the pair's from here on. */
    if (gnutls_pcert_import_rawpk(pair, public_key, 0) != GNUTLS_E_SUCCESS) {
        gnutls_pubkey_deinit(public_key);
        return LWM2M_NO_MEMORY;
    }
    return LWM2M_OK;
}

static enum lwm2m_error add_raw_key(struct lwm2m_credentials *credentials,
                                    gnutls_certificate_credentials_t to, struct lwm2m_bytes key,
                                    struct lwm2m_fault *fault)
{
    gnutls_pcert_st pair;
    enum lwm2m_error error = make_raw_pair(key, &pair, fault);

    if (error != LWM2M_OK) {
        return error;
    }
    error = keep_fingerprint(credentials, &pair.cert);
    if (error == LWM2M_OK) {
        return add_pair(to, &pair, 1, key, fault);
    }
    release_chain(&pair, 1);
    return error;
}

enum lwm2m_error lwm2m_credentials_set_own_raw_key(struct lwm2m_credentials *credentials,
                                                   struct lwm2m_bytes key,
                                                   struct lwm2m_fault *fault)
{
    enum lwm2m_error error = prepare(credentials);

    if (error == LWM2M_OK) {
        error = add_raw_key(credentials, credentials->shown, key, fault);
    }
    if (error == LWM2M_OK) {
        error = add_raw_key(credentials, credentials->showing, key, fault);
    }
    if (error == LWM2M_OK) {
        credentials->own_security = LWM2M_SECURITY_RPK;
    }
    return error;
}

static enum lwm2m_error read_chain(struct lwm2m_bytes chain, gnutls_pcert_st *items,
                                   unsigned *count, struct lwm2m_fault *fault)
{
    gnutls_datum_t datum = lwm2m_key_datum(chain);

    *count = LWM2M_CHAIN_MAX;
    int result = gnutls_pcert_list_import_x509_raw(items, count, &datum, lwm2m_key_format(chain),
                                                   GNUTLS_X509_CRT_LIST_FAIL_IF_UNSORTED |
                                                       GNUTLS_X509_CRT_LIST_IMPORT_FAIL_IF_EXCEED);
    size_t bytes = 0;
    for (unsigned i = 0; result >= 0 && i < *count; i++) {
        bytes += items[i].cert.size;
    }
    if (result >= 0 && bytes > LWM2M_CERTIFICATE_BYTES_MAX) {
        release_chain(items, *count);
        return refuse(fault, result, "with its chain the certificate has more than 16 KiB");
    }
    if (result >= 0) {
        return LWM2M_OK;
    }
    return refuse(fault, result,
                  result == GNUTLS_E_SHORT_MEMORY_BUFFER ? "there are more than 8 certificates"
                  : result == GNUTLS_E_CERTIFICATE_LIST_UNSORTED
                      ? "each certificate has to be followed by that of its issuer"
                      : "no certificate can be read");
}

static enum lwm2m_error keep_owner(struct lwm2m_credentials *credentials,
                                   const gnutls_datum_t *certificate, struct lwm2m_fault *fault)
{
    char name[LWM2M_CERTIFICATE_NAME_MAX];

    return lwm2m_certificate_name(certificate, name)
               ? keep_text(&credentials->own_name, name)
               : lwm2m_fault_set(fault, LWM2M_MALFORMED, 0,
                                 "the certificate is made out to nobody: it has no common name");
}

static enum lwm2m_error add_certificate(struct lwm2m_credentials *credentials,
                                        gnutls_certificate_credentials_t to,
                                        struct lwm2m_bytes chain, struct lwm2m_bytes key,
                                        struct lwm2m_fault *fault)
{
    gnutls_pcert_st items[LWM2M_CHAIN_MAX];
    unsigned count;
    enum lwm2m_error error = read_chain(chain, items, &count, fault);

    if (error != LWM2M_OK) {
        return error;
    }
    error = keep_owner(credentials, &items[0].cert, fault);
    if (error == LWM2M_OK) {
        return add_pair(to, items, count, key, fault);
    }
    release_chain(items, count);
    return error;
}

enum lwm2m_error lwm2m_credentials_set_own_certificate(struct lwm2m_credentials *credentials,
                                                       struct lwm2m_bytes chain,
                                                       struct lwm2m_bytes key,
                                                       struct lwm2m_fault *fault)
{
    enum lwm2m_error error = prepare(credentials);

    /* The key serves callers who want it raw, too. */
    if (error == LWM2M_OK) {
        error = add_raw_key(credentials, credentials->shown, key, fault);
    }
    if (error == LWM2M_OK) {
        error = add_certificate(credentials, credentials->shown, chain, key, fault);
    }
    if (error == LWM2M_OK) {
        error = add_certificate(credentials, credentials->showing, chain, key, fault);
    }
    if (error == LWM2M_OK) {
        credentials->own_security = LWM2M_SECURITY_X509;
    }
    return error;
}

/* ---- others ---- */

enum lwm2m_error lwm2m_credentials_add_authorities(struct lwm2m_credentials *credentials,
                                                   struct lwm2m_bytes certificates,
                                                   struct lwm2m_fault *fault)
{
    gnutls_datum_t datum = lwm2m_key_datum(certificates);

    if (credentials->authorities == NULL &&
        gnutls_x509_trust_list_init(&credentials->authorities, 0) != GNUTLS_E_SUCCESS) {
        credentials->authorities = NULL;
        return LWM2M_NO_MEMORY;
    }
    int count = gnutls_x509_trust_list_add_trust_mem(credentials->authorities, &datum, NULL,
                                                     lwm2m_key_format(certificates), 0, 0);
    return count > 0 ? LWM2M_OK : refuse(fault, count, "no certificate can be read");
}

static bool read_certificate(const gnutls_datum_t *datum, gnutls_x509_crt_fmt_t format,
                             gnutls_datum_t *der)
{
    gnutls_x509_crt_t certificate = NULL;
    bool good = gnutls_x509_crt_init(&certificate) == GNUTLS_E_SUCCESS &&
                gnutls_x509_crt_import(certificate, datum, format) == GNUTLS_E_SUCCESS &&
                gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_DER, der) == GNUTLS_E_SUCCESS;

    if (certificate != NULL) {
        gnutls_x509_crt_deinit(certificate);
    }
    return good;
}

static bool read_public_key(const gnutls_datum_t *datum, gnutls_x509_crt_fmt_t format,
                            gnutls_datum_t *der)
{
    gnutls_pubkey_t key = NULL;
    bool good = gnutls_pubkey_init(&key) == GNUTLS_E_SUCCESS &&
                gnutls_pubkey_import(key, datum, format) == GNUTLS_E_SUCCESS &&
                gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, der) == GNUTLS_E_SUCCESS;

    if (key != NULL) {
        gnutls_pubkey_deinit(key);
    }
    return good;
}

enum lwm2m_error lwm2m_credentials_set_server_key(struct lwm2m_credentials *credentials,
                                                  struct lwm2m_bytes key,
                                                  enum lwm2m_certificate_usage usage,
                                                  struct lwm2m_fault *fault)
{
    gnutls_datum_t datum = lwm2m_key_datum(key);
    gnutls_x509_crt_fmt_t format = lwm2m_key_format(key);

    release_datum(&credentials->server_key);
    credentials->server_key_is_certificate =
        read_certificate(&datum, format, &credentials->server_key);
    credentials->usage = usage;
    if (!credentials->server_key_is_certificate &&
        !read_public_key(&datum, format, &credentials->server_key)) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, 0,
                               "neither a certificate nor a public key can be read");
    }
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_credentials_set_server_name(struct lwm2m_credentials *credentials,
                                                   const char *name)
{
    return keep_text(&credentials->server_name, name);
}

void lwm2m_credentials_release_certificates(struct lwm2m_credentials *credentials)
{
    if (credentials->shown != NULL) {
        gnutls_certificate_free_credentials(credentials->shown);
    }
    if (credentials->showing != NULL) {
        gnutls_certificate_free_credentials(credentials->showing);
    }
    if (credentials->authorities != NULL) {
        gnutls_x509_trust_list_deinit(credentials->authorities, 1);
    }
    release_datum(&credentials->server_key);
    gnutls_free(credentials->own_name);
    gnutls_free(credentials->server_name);
}
