/*
 * Makes keys and certificates for DTLS, and tells what a file of them holds.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_KEY_MAKING_H
#define LWM2M_KEY_MAKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/credentials.h>
#include <lwm2m/error.h>

/* Makes a private key for P-256, the curve that LwM2M names (TS Transport 1.2 §5.2.8), and appends it in PEM.
 * LWM2M_NO_SPACE, LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_private_key_make(struct lwm2m_buffer *pem) LWM2M_MUST_CHECK;

/* Appends the public key of a private key in PEM or DER: SubjectPublicKeyInfo in DER. LWM2M_MALFORMED, LWM2M_NO_SPACE,
 * LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_public_key_of(struct lwm2m_bytes private_key,
                                     struct lwm2m_buffer *der) LWM2M_MUST_CHECK;

/* Keys and certificates are PEM or DER, borrowed. */
struct lwm2m_certificate_request {
    const char *name;          /* whom it is made out to: an endpoint, a host name, a numeric address */
    struct lwm2m_bytes key;    /* the private key of that one */
    struct lwm2m_bytes issuer; /* the authority's certificate; empty: it is signed by itself */
    struct lwm2m_bytes issuer_key;
    bool is_authority; /* it may sign others */
    int64_t starts_s;  /* since 1970 */
    int64_t ends_s;
};

/* Makes a certificate and appends it in PEM. LWM2M_RANGE (no name, or over 255 bytes, or no time), LWM2M_MALFORMED with
 * *fault, whose reason alone is set, LWM2M_NO_SPACE, LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_certificate_make(const struct lwm2m_certificate_request *request,
                                        struct lwm2m_buffer *pem,
                                        struct lwm2m_fault *fault) LWM2M_MUST_CHECK;

enum lwm2m_key_kind {
    LWM2M_KEY_CERTIFICATE,
    LWM2M_KEY_PRIVATE,
    LWM2M_KEY_PUBLIC,
};

struct lwm2m_key_facts {
    enum lwm2m_key_kind kind;
    char algorithm[64];   /* "EC/ECDSA 256" */
    char fingerprint[65]; /* of the public key: SHA-256 in hexadecimal digits */
    /* Of a certificate. */
    char name[LWM2M_CERTIFICATE_NAME_MAX];
    char issuer[LWM2M_CERTIFICATE_NAME_MAX]; /* its distinguished name */
    int64_t starts_s, ends_s;                /* since 1970 */
    bool is_authority;
};

/* Tells of the index-th certificate of a text, or of its only key; PEM or DER. LWM2M_NOT_FOUND (there are not so many),
 * LWM2M_MALFORMED (nothing can be read). */
enum lwm2m_error lwm2m_key_inspect(struct lwm2m_bytes text, size_t index,
                                   struct lwm2m_key_facts *facts) LWM2M_MUST_CHECK;

#endif
