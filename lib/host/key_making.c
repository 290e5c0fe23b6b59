/*
 * Makes keys and certificates by GnuTLS, and reads them again.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/key_making.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>

#include "host/certificate_check.h"
#include "host/key_text.h"

#define SERIAL_BYTES 16
#define CHAIN_TEXT_MAX 64

/* Appends what GnuTLS has allocated, overwrites and frees it. */
static enum lwm2m_error hand_over(int result, gnutls_datum_t *datum, struct lwm2m_buffer *buffer)
{
    enum lwm2m_error error = LWM2M_NO_MEMORY;

    if (result == GNUTLS_E_SUCCESS) {
        error = lwm2m_buffer_append(buffer, datum->data, datum->size);
        gnutls_memset(datum->data, 0, datum->size);
        gnutls_free(datum->data);
    }
    return error;
}

/* ---- keys ---- */

enum lwm2m_error lwm2m_private_key_make(struct lwm2m_buffer *pem)
{
    gnutls_x509_privkey_t key = NULL;
    gnutls_datum_t text = {NULL, 0};

    if (gnutls_x509_privkey_init(&key) != GNUTLS_E_SUCCESS) {
        return LWM2M_NO_MEMORY;
    }
    int result = gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
                                              GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
    if (result == GNUTLS_E_SUCCESS) {
        result = gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL,
                                                   GNUTLS_PKCS_PLAIN, &text);
    }
    gnutls_x509_privkey_deinit(key);
    return hand_over(result, &text, pem);
}

enum lwm2m_error lwm2m_public_key_of(struct lwm2m_bytes private_key, struct lwm2m_buffer *der)
{
    gnutls_privkey_t own = NULL;
    gnutls_datum_t datum = {NULL, 0};

    if (lwm2m_key_read_private(private_key, &own) != GNUTLS_E_SUCCESS) {
        return LWM2M_MALFORMED;
    }
    gnutls_pubkey_t key = lwm2m_key_public_of(own);
    int result = key != NULL ? gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, &datum)
                             : GNUTLS_E_MEMORY_ERROR;
    if (key != NULL) {
        gnutls_pubkey_deinit(key);
    }
    gnutls_privkey_deinit(own);
    return hand_over(result, &datum, der);
}

/* ---- certificates ---- */

static bool is_host_name(const char *name)
{
    return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.") ==
           strlen(name);
}

/* The common name, which LwM2M looks at, and a subject alternative name, which hosts are known by.
 */
static int name_it(gnutls_x509_crt_t certificate, const char *name)
{
    unsigned length = (unsigned)strlen(name);
    uint8_t address[16];
    int result =
        gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name, length);

    if (result != GNUTLS_E_SUCCESS) {
        return result;
    }
    if (inet_pton(AF_INET, name, address) == 1) {
        return gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, address, 4,
                                                    GNUTLS_FSAN_SET);
    }
    if (inet_pton(AF_INET6, name, address) == 1) {
        return gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, address, 16,
                                                    GNUTLS_FSAN_SET);
    }
    if (is_host_name(name)) {
        return gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, name, length,
                                                    GNUTLS_FSAN_SET);
    }
    return GNUTLS_E_SUCCESS;
}

static int describe(gnutls_x509_crt_t certificate, const struct lwm2m_certificate_request *request,
                    gnutls_pubkey_t key)
{
    uint8_t serial[SERIAL_BYTES];
    unsigned usage = request->is_authority ? GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN
                                           : GNUTLS_KEY_DIGITAL_SIGNATURE;
    int result = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof(serial));

    serial[0] = (uint8_t)((serial[0] & 0x7f) | 1); /* positive, and of full length */
    if (result == GNUTLS_E_SUCCESS) {
        result = gnutls_x509_crt_set_version(certificate, 3);
    }
    if (result == GNUTLS_E_SUCCESS) {
        result = gnutls_x509_crt_set_serial(certificate, serial, sizeof(serial));
    }
    if (result == GNUTLS_E_SUCCESS) {
        result = gnutls_x509_crt_set_activation_time(certificate, (time_t)request->starts_s);
    }
    if (result == GNUTLS_E_SUCCESS) {
        result = gnutls_x509_crt_set_expiration_time(certificate, (time_t)request->ends_s);
    }
    if (result == GNUTLS_E_SUCCESS) {
        result = name_it(certificate, request->name);
    }
    if (result == GNUTLS_E_SUCCESS) {
        result = gnutls_x509_crt_set_pubkey(certificate, key);
    }
    if (result == GNUTLS_E_SUCCESS) {
        result = gnutls_x509_crt_set_basic_constraints(certificate, request->is_authority, -1);
    }
    return result == GNUTLS_E_SUCCESS ? gnutls_x509_crt_set_key_usage(certificate, usage) : result;
}

static enum lwm2m_error read_issuer(const struct lwm2m_certificate_request *request,
                                    gnutls_x509_crt_t *issuer, struct lwm2m_fault *fault)
{
    gnutls_datum_t datum = lwm2m_key_datum(request->issuer);

    if (gnutls_x509_crt_init(issuer) != GNUTLS_E_SUCCESS) {
        *issuer = NULL;
        return LWM2M_NO_MEMORY;
    }
    if (gnutls_x509_crt_import(*issuer, &datum, lwm2m_key_format(request->issuer)) !=
        GNUTLS_E_SUCCESS) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, 0,
                               "the authority's certificate cannot be read");
    }
    if (gnutls_x509_crt_get_ca_status(*issuer, NULL) <= 0) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, 0,
                               "the issuer's certificate is not one of an authority");
    }
    return LWM2M_OK;
}

static bool is_pair(gnutls_x509_crt_t certificate, gnutls_privkey_t key)
{
    gnutls_pubkey_t public_key = lwm2m_key_public_of(key);
    uint8_t of_key[20];
    uint8_t of_certificate[20];
    size_t size = sizeof(of_key);
    size_t same = sizeof(of_certificate);
    bool good =
        public_key != NULL &&
        gnutls_pubkey_get_key_id(public_key, 0, of_key, &size) == GNUTLS_E_SUCCESS &&
        gnutls_x509_crt_get_key_id(certificate, 0, of_certificate, &same) == GNUTLS_E_SUCCESS &&
        size == same && memcmp(of_key, of_certificate, size) == 0;

    if (public_key != NULL) {
        gnutls_pubkey_deinit(public_key);
    }
    return good;
}

/* Signs, with the issuer's key or with its own. */
static enum lwm2m_error sign(gnutls_x509_crt_t certificate, gnutls_privkey_t own,
                             const struct lwm2m_certificate_request *request,
                             struct lwm2m_fault *fault)
{
    gnutls_x509_crt_t issuer = NULL;
    gnutls_privkey_t issuer_key = NULL;
    enum lwm2m_error error = LWM2M_OK;
    int result = GNUTLS_E_SUCCESS;

    if (request->issuer.length == 0) {
        result = gnutls_x509_crt_privkey_sign(certificate, certificate, own, GNUTLS_DIG_SHA256, 0);
    } else {
        error = read_issuer(request, &issuer, fault);
        if (error == LWM2M_OK) {
            (void)!lwm2m_key_read_private(request->issuer_key, &issuer_key);
            if (issuer_key == NULL || !is_pair(issuer, issuer_key)) {
                error = lwm2m_fault_set(fault, LWM2M_MALFORMED, 0,
                                        issuer_key == NULL
                                            ? "the authority's private key cannot be read"
                                            : "the private key is not that of the authority");
            }
        }
        if (error == LWM2M_OK) {
            result =
                gnutls_x509_crt_privkey_sign(certificate, issuer, issuer_key, GNUTLS_DIG_SHA256, 0);
        }
    }
    if (issuer_key != NULL) {
        gnutls_privkey_deinit(issuer_key);
    }
    if (issuer != NULL) {
        gnutls_x509_crt_deinit(issuer);
    }
    if (error == LWM2M_OK && result != GNUTLS_E_SUCCESS) {
        error = lwm2m_fault_set(fault, LWM2M_MALFORMED, 0, gnutls_strerror(result));
    }
    return error;
}

static enum lwm2m_error make(const struct lwm2m_certificate_request *request, gnutls_privkey_t own,
                             struct lwm2m_buffer *pem, struct lwm2m_fault *fault)
{
    gnutls_x509_crt_t certificate = NULL;
    gnutls_pubkey_t key = lwm2m_key_public_of(own);
    gnutls_datum_t text = {NULL, 0};
    enum lwm2m_error error = LWM2M_NO_MEMORY;

    if (key != NULL && gnutls_x509_crt_init(&certificate) == GNUTLS_E_SUCCESS) {
        int result = describe(certificate, request, key);
        error = result == GNUTLS_E_SUCCESS
                    ? sign(certificate, own, request, fault)
                    : lwm2m_fault_set(fault, LWM2M_MALFORMED, 0, gnutls_strerror(result));
    }
    if (error == LWM2M_OK) {
        error =
            hand_over(gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &text), &text, pem);
    }
    if (certificate != NULL) {
        gnutls_x509_crt_deinit(certificate);
    }
    if (key != NULL) {
        gnutls_pubkey_deinit(key);
    }
    return error;
}

enum lwm2m_error lwm2m_certificate_make(const struct lwm2m_certificate_request *request,
                                        struct lwm2m_buffer *pem, struct lwm2m_fault *fault)
{
    size_t length = strlen(request->name);

    if (length == 0 || length >= LWM2M_CERTIFICATE_NAME_MAX ||
        request->starts_s >= request->ends_s) {
        return LWM2M_RANGE;
    }
    gnutls_privkey_t own = NULL;
    if (lwm2m_key_read_private(request->key, &own) != GNUTLS_E_SUCCESS) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, 0, "the private key cannot be read");
    }
    enum lwm2m_error error = make(request, own, pem, fault);
    gnutls_privkey_deinit(own);
    return error;
}

/* ---- looking at them ---- */

static void tell_of_key(gnutls_pubkey_t key, struct lwm2m_key_facts *facts)
{
    unsigned bits = 0;
    int algorithm = gnutls_pubkey_get_pk_algorithm(key, &bits);
    gnutls_datum_t der = {NULL, 0};

    snprintf(facts->algorithm, sizeof(facts->algorithm), "%s %u",
             algorithm >= 0 ? gnutls_pk_get_name((gnutls_pk_algorithm_t)algorithm) : "unknown",
             bits);
    if (gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, &der) == GNUTLS_E_SUCCESS) {
        (void)!lwm2m_public_key_fingerprint(&der, facts->fingerprint);
        gnutls_free(der.data);
    }
}

static enum lwm2m_error tell_of_certificate(gnutls_x509_crt_t certificate,
                                            struct lwm2m_key_facts *facts)
{
    size_t size = sizeof(facts->issuer);
    gnutls_datum_t der = {NULL, 0};
    gnutls_pubkey_t key = NULL;

    facts->kind = LWM2M_KEY_CERTIFICATE;
    if (gnutls_x509_crt_get_issuer_dn(certificate, facts->issuer, &size) != GNUTLS_E_SUCCESS) {
        facts->issuer[0] = '\0';
    }
    if (gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_DER, &der) == GNUTLS_E_SUCCESS) {
        (void)!lwm2m_certificate_name(&der, facts->name);
        gnutls_free(der.data);
    }
    facts->starts_s = gnutls_x509_crt_get_activation_time(certificate);
    facts->ends_s = gnutls_x509_crt_get_expiration_time(certificate);
    facts->is_authority = gnutls_x509_crt_get_ca_status(certificate, NULL) > 0;
    if (gnutls_pubkey_init(&key) != GNUTLS_E_SUCCESS) {
        return LWM2M_NO_MEMORY;
    }
    if (gnutls_pubkey_import_x509(key, certificate, 0) == GNUTLS_E_SUCCESS) {
        tell_of_key(key, facts);
    }
    gnutls_pubkey_deinit(key);
    return LWM2M_OK;
}

/* LWM2M_MALFORMED if there is no certificate in it at all. */
static enum lwm2m_error inspect_certificates(struct lwm2m_bytes text, size_t index,
                                             struct lwm2m_key_facts *facts)
{
    gnutls_x509_crt_t items[CHAIN_TEXT_MAX];
    unsigned count = CHAIN_TEXT_MAX;
    gnutls_datum_t datum = lwm2m_key_datum(text);

    if (gnutls_x509_crt_list_import(items, &count, &datum, lwm2m_key_format(text), 0) <= 0) {
        return LWM2M_MALFORMED;
    }
    enum lwm2m_error error =
        index < count ? tell_of_certificate(items[index], facts) : LWM2M_NOT_FOUND;
    for (unsigned i = 0; i < count; i++) {
        gnutls_x509_crt_deinit(items[i]);
    }
    return error;
}

static enum lwm2m_error inspect_key(struct lwm2m_bytes text, struct lwm2m_key_facts *facts)
{
    gnutls_privkey_t own = NULL;
    gnutls_datum_t datum = lwm2m_key_datum(text);
    gnutls_pubkey_t key = NULL;

    (void)!lwm2m_key_read_private(text, &own);
    facts->kind = own != NULL ? LWM2M_KEY_PRIVATE : LWM2M_KEY_PUBLIC;
    if (own != NULL) {
        key = lwm2m_key_public_of(own);
        gnutls_privkey_deinit(own);
    } else if (gnutls_pubkey_init(&key) == GNUTLS_E_SUCCESS &&
               gnutls_pubkey_import(key, &datum, lwm2m_key_format(text)) != GNUTLS_E_SUCCESS) {
        gnutls_pubkey_deinit(key);
        key = NULL;
    }
    if (key == NULL) {
        return LWM2M_MALFORMED;
    }
    tell_of_key(key, facts);
    gnutls_pubkey_deinit(key);
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_key_inspect(struct lwm2m_bytes text, size_t index,
                                   struct lwm2m_key_facts *facts)
{
    memset(facts, 0, sizeof(*facts));
    enum lwm2m_error error = inspect_certificates(text, index, facts);
    if (error != LWM2M_MALFORMED) {
        return error;
    }
    return index == 0 ? inspect_key(text, facts) : LWM2M_NOT_FOUND;
}
