/*
 * An authority for tests: issues certificates, good ones and bad ones.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SUPPORT_AUTHORITY_H
#define SUPPORT_AUTHORITY_H

#include <stdbool.h>
#include <stddef.h>

#include <gnutls/x509.h>

#include <lwm2m/bytes.h>

struct issued {
    gnutls_x509_crt_t certificate;
    gnutls_x509_privkey_t key;
};

/* Zeroed but for the name: one of P-256 that is valid for a day, signed by itself. */
struct issue_request {
    const char *name;
    const struct issued *issuer;
    bool is_authority;
    long starts_s, ends_s; /* from now on; 0: since an hour, for a day */
    unsigned rsa_bits;     /* 0: P-256 */
    size_t dns_names;      /* more of them beside the name */
    const char *purpose;   /* an OID of extended key usage */
    const char *uri;       /* instead of a common name */
};

void issue(const struct issue_request *request, struct issued *issued);
void issued_release(struct issued *issued);

/* Appends it to a text, in PEM. */
void issued_print(const struct issued *issued, struct lwm2m_buffer *text);
void issued_print_key(const struct issued *issued, struct lwm2m_buffer *text);
void issued_print_public_key(const struct issued *issued, struct lwm2m_buffer *text);

#endif
