/*
 * Makes keys and certificates by GnuTLS.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include <gnutls/abstract.h>

#include "support/authority.h"

static void good(int result)
{
    if (result < 0) {
        print_error("GnuTLS: %s\n", gnutls_strerror(result));
    }
    assert_true(result >= 0);
}

/* By hand: with GnuTLS each name would take as long as all before it. */
static void name_it_more(size_t names, gnutls_x509_crt_t certificate)
{
    size_t length = names * 13;
    uint8_t *der = malloc(5 + length);
    assert_non_null(der);
    der[0] = 0x30;
    der[1] = 0x83;
    der[2] = (uint8_t)(length >> 16);
    der[3] = (uint8_t)(length >> 8);
    der[4] = (uint8_t)length;
    for (size_t i = 0; i < names; i++) {
        char name[14];
        snprintf(name, sizeof(name), "\x82\x0bn%05u.test", (unsigned)(i % 100000));
        memcpy(der + 5 + i * 13, name, 13);
    }
    good(gnutls_x509_crt_set_extension_by_oid(certificate, "2.5.29.17", der, 5 + length, 0));
    free(der);
}

static void name_it(const struct issue_request *request, gnutls_x509_crt_t certificate)
{
    if (request->uri != NULL) {
        good(gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_URI, request->uri,
                                                  (unsigned)strlen(request->uri),
                                                  GNUTLS_FSAN_APPEND));
    } else {
        good(gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0,
                                           request->name, (unsigned)strlen(request->name)));
    }
    if (request->dns_names > 0) {
        name_it_more(request->dns_names, certificate);
    }
}

void issue(const struct issue_request *request, struct issued *issued)
{
    static uint32_t serial = 1;
    const struct issued *issuer = request->issuer != NULL ? request->issuer : issued;
    uint8_t number[4];
    time_t now = time(NULL);
    good(gnutls_x509_privkey_init(&issued->key));
    good(request->rsa_bits > 0
             ? gnutls_x509_privkey_generate(issued->key, GNUTLS_PK_RSA, request->rsa_bits, 0)
             : gnutls_x509_privkey_generate(issued->key, GNUTLS_PK_ECDSA,
                                            GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0));
    good(gnutls_x509_crt_init(&issued->certificate));
    good(gnutls_x509_crt_set_version(issued->certificate, 3));
    serial++;
    number[0] = 1;
    number[1] = (uint8_t)(serial >> 16);
    number[2] = (uint8_t)(serial >> 8);
    number[3] = (uint8_t)serial;
    good(gnutls_x509_crt_set_serial(issued->certificate, number, sizeof(number)));
    good(gnutls_x509_crt_set_activation_time(
        issued->certificate, now + (request->starts_s != 0 ? request->starts_s : -3600)));
    good(gnutls_x509_crt_set_expiration_time(
        issued->certificate, now + (request->ends_s != 0 ? request->ends_s : 86400)));
    name_it(request, issued->certificate);
    good(gnutls_x509_crt_set_key(issued->certificate, issued->key));
    if (request->is_authority) {
        good(gnutls_x509_crt_set_basic_constraints(issued->certificate, 1, -1));
        good(gnutls_x509_crt_set_key_usage(issued->certificate, GNUTLS_KEY_KEY_CERT_SIGN));
    }
    if (request->purpose != NULL) {
        good(gnutls_x509_crt_set_key_purpose_oid(issued->certificate, request->purpose, 0));
    }
    good(gnutls_x509_crt_sign2(issued->certificate, issuer->certificate, issuer->key,
                               GNUTLS_DIG_SHA256, 0));
}

void issued_release(struct issued *issued)
{
    if (issued->certificate != NULL) {
        gnutls_x509_crt_deinit(issued->certificate);
    }
    if (issued->key != NULL) {
        gnutls_x509_privkey_deinit(issued->key);
    }
    *issued = (struct issued){NULL, NULL};
}

static void append(const gnutls_datum_t *datum, struct lwm2m_buffer *text)
{
    assert_int_equal(lwm2m_buffer_append(text, datum->data, datum->size), LWM2M_OK);
    gnutls_free(datum->data);
}

void issued_print(const struct issued *issued, struct lwm2m_buffer *text)
{
    gnutls_datum_t datum = {NULL, 0};
    good(gnutls_x509_crt_export2(issued->certificate, GNUTLS_X509_FMT_PEM, &datum));
    append(&datum, text);
}

void issued_print_key(const struct issued *issued, struct lwm2m_buffer *text)
{
    gnutls_datum_t datum = {NULL, 0};
    good(gnutls_x509_privkey_export2(issued->key, GNUTLS_X509_FMT_PEM, &datum));
    append(&datum, text);
}

void issued_print_public_key(const struct issued *issued, struct lwm2m_buffer *text)
{
    gnutls_datum_t datum = {NULL, 0};
    gnutls_pubkey_t key = NULL;
    good(gnutls_pubkey_init(&key));
    good(gnutls_pubkey_import_x509(key, issued->certificate, 0));
    good(gnutls_pubkey_export2(key, GNUTLS_X509_FMT_PEM, &datum));
    gnutls_pubkey_deinit(key);
    append(&datum, text);
}
