/*
 * Credentials: what this side proves who it is with, and whom it believes. Pre-shared keys, by
 * identity; raw public keys (RFC 7250); X.509 certificates.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_CREDENTIALS_H
#define LWM2M_CREDENTIALS_H

#include <stdbool.h>
#include <stddef.h>

#include <lwm2m/bytes.h>
#include <lwm2m/error.h>
#include <lwm2m/port.h>
#include <lwm2m/transport.h>

/* Counted: the maker, and every link that uses them, holds one reference. */
struct lwm2m_credentials;

#define LWM2M_PSK_IDENTITY_MAX 255 /* bytes; LwM2M Core 1.2 §5.2.9.1 asks for 128 */
#define LWM2M_PSK_KEY_MAX 64       /* bytes, as LwM2M has it */

/* One pre-shared key. Bytes are borrowed unless a function says otherwise. */
struct lwm2m_psk {
    struct lwm2m_bytes identity;
    struct lwm2m_bytes key;
    struct lwm2m_bytes endpoint_name; /* whose it is; empty: the identity is the name */
};

/* port is borrowed. LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_credentials_new(const struct lwm2m_port *port,
                                       struct lwm2m_credentials **credentials) LWM2M_MUST_CHECK;
void lwm2m_credentials_retain(struct lwm2m_credentials *credentials);
/* With the last reference all keys are overwritten and freed. NULL is allowed. */
void lwm2m_credentials_release(struct lwm2m_credentials *credentials);

/*
 * Adds a key, copied, under which a peer is believed. LWM2M_EXISTS (the identity has one already),
 * LWM2M_RANGE (an empty or too long identity, key or endpoint name), LWM2M_NO_MEMORY.
 */
enum lwm2m_error lwm2m_credentials_add_psk(struct lwm2m_credentials *credentials,
                                           const struct lwm2m_psk *psk) LWM2M_MUST_CHECK;

/*
 * Adds every key of a PSK file: an `identity:key` a line, the key in hexadecimal digits, as GnuTLS's psktool
 * writes it; an identity that holds ':' or other awkward bytes is written '#' and hexadecimal digits; a third field names
 * the endpoint that it belongs to. Lines that are empty, or '#' followed by a blank or nothing, mean nothing. LWM2M_MALFORMED,
 * LWM2M_EXISTS, LWM2M_RANGE with *fault (may be NULL), whose offset is in text; LWM2M_NO_MEMORY. What stands before the
 * fault stays added.
 */
enum lwm2m_error lwm2m_credentials_parse_psks(struct lwm2m_credentials *credentials,
                                              struct lwm2m_bytes text,
                                              struct lwm2m_fault *fault) LWM2M_MUST_CHECK;

/* Reads one line of such a file, without its end; memory, of line.length bytes, takes what is decoded. *found is
 * false for a line that means nothing. LWM2M_MALFORMED, LWM2M_RANGE with *fault. */
enum lwm2m_error lwm2m_psk_parse(struct lwm2m_bytes line, void *memory, struct lwm2m_psk *psk,
                                 bool *found, struct lwm2m_fault *fault) LWM2M_MUST_CHECK;

/* Writes such a line, without its end; an awkward identity as '#' and hexadecimal digits. LWM2M_NO_SPACE, LWM2M_RANGE (an
 * endpoint name that a line cannot hold). */
enum lwm2m_error lwm2m_psk_print(const struct lwm2m_psk *psk,
                                 struct lwm2m_buffer *buffer) LWM2M_MUST_CHECK;

/* How many keys there are; the one of an identity, or of an endpoint, or the only one: borrowed; false if there is none
 * (the only one: or there are several). */
size_t lwm2m_credentials_psk_count(const struct lwm2m_credentials *credentials);
bool lwm2m_credentials_find_psk(const struct lwm2m_credentials *credentials,
                                struct lwm2m_bytes identity, struct lwm2m_psk *psk);
bool lwm2m_credentials_find_psk_of(const struct lwm2m_credentials *credentials,
                                   struct lwm2m_bytes endpoint_name, struct lwm2m_psk *psk);
bool lwm2m_credentials_only_psk(const struct lwm2m_credentials *credentials, struct lwm2m_psk *psk);

/* The key, copied, that this side proves itself with when it calls others. LWM2M_EXISTS (there is one), LWM2M_RANGE,
 * LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_credentials_set_own_psk(struct lwm2m_credentials *credentials,
                                               const struct lwm2m_psk *psk) LWM2M_MUST_CHECK;

/* ---- certificates and raw public keys ---- */

#define LWM2M_CERTIFICATE_NAME_MAX 256 /* with a NUL */
#define LWM2M_CHAIN_MAX 8              /* certificates from a peer's to that of an authority */

/* What a certificate of the server that is set here says of the one that the server shows: resource /0/x/15 of LwM2M, as
 * RFC 6698 §2.1.1 and RFC 7671 have it. */
enum lwm2m_certificate_usage {
    LWM2M_USAGE_CA_CONSTRAINT,                  /* it leads to an authority by way of this one */
    LWM2M_USAGE_SERVICE_CERTIFICATE_CONSTRAINT, /* it is this one, and leads to an authority */
    LWM2M_USAGE_TRUST_ANCHOR_ASSERTION,         /* it leads to this one */
    LWM2M_USAGE_DOMAIN_ISSUED_CERTIFICATE,      /* it is this one; neither name nor dates matter */
};

/*
 * Our own certificate, followed by those of its issuers up to the root, which may be left out, and its private key; each PEM
 * or DER. The key serves as a raw one, too. LWM2M_EXISTS (there is one), LWM2M_MALFORMED with *fault (may be NULL; its reason
 * alone is set), LWM2M_NO_MEMORY. After an error the credentials are of no more use.
 */
enum lwm2m_error lwm2m_credentials_set_own_certificate(struct lwm2m_credentials *credentials,
                                                       struct lwm2m_bytes chain,
                                                       struct lwm2m_bytes key,
                                                       struct lwm2m_fault *fault) LWM2M_MUST_CHECK;
/* The private key alone, whose public key is shown raw. Errors as above. */
enum lwm2m_error lwm2m_credentials_set_own_raw_key(struct lwm2m_credentials *credentials,
                                                   struct lwm2m_bytes key,
                                                   struct lwm2m_fault *fault) LWM2M_MUST_CHECK;

/* Adds authorities whose certificates, and those that lead to them, are believed. LWM2M_MALFORMED with *fault,
 * LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_credentials_add_authorities(struct lwm2m_credentials *credentials,
                                                   struct lwm2m_bytes certificates,
                                                   struct lwm2m_fault *fault) LWM2M_MUST_CHECK;

/* What the server that we call has to show: a certificate, with its usage, or a public key (/0/x/4). LWM2M_MALFORMED with
 * *fault. */
enum lwm2m_error lwm2m_credentials_set_server_key(struct lwm2m_credentials *credentials,
                                                  struct lwm2m_bytes key,
                                                  enum lwm2m_certificate_usage usage,
                                                  struct lwm2m_fault *fault) LWM2M_MUST_CHECK;
/* Whom the server's certificate has to be made out to, and the name that it is called by (SNI, RFC 6066 §3), instead of the
 * host of its URI. LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_credentials_set_server_name(struct lwm2m_credentials *credentials,
                                                   const char *name) LWM2M_MUST_CHECK;

/* A raw public key of a peer: SubjectPublicKeyInfo in DER (RFC 5280 §4.1). Borrowed. */
struct lwm2m_public_key {
    struct lwm2m_bytes key;
    struct lwm2m_bytes endpoint_name; /* whose it is */
};

/* LWM2M_EXISTS, LWM2M_RANGE (no or too long a name, more than 1024 bytes of key), LWM2M_MALFORMED (no key),
 * LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_credentials_add_public_key(struct lwm2m_credentials *credentials,
                                                  const struct lwm2m_public_key *key)
    LWM2M_MUST_CHECK;
/* Adds those of a text, `endpoint:key` a line, the key in base64. Lines that are empty or begin with '#' mean nothing. Errors
 * as of lwm2m_credentials_parse_psks. */
enum lwm2m_error lwm2m_credentials_parse_public_keys(struct lwm2m_credentials *credentials,
                                                     struct lwm2m_bytes text,
                                                     struct lwm2m_fault *fault) LWM2M_MUST_CHECK;
/* Reads one line of such a text; memory, of at least 3/4 of its length, takes the key. LWM2M_MALFORMED, LWM2M_RANGE with
 * *fault. */
enum lwm2m_error lwm2m_public_key_parse(struct lwm2m_bytes line, void *memory, size_t size,
                                        struct lwm2m_public_key *key, bool *found,
                                        struct lwm2m_fault *fault) LWM2M_MUST_CHECK;
/* Writes such a line, without its end. LWM2M_NO_SPACE, LWM2M_RANGE (a name that a line cannot hold). */
enum lwm2m_error lwm2m_public_key_print(const struct lwm2m_public_key *key,
                                        struct lwm2m_buffer *buffer) LWM2M_MUST_CHECK;
size_t lwm2m_credentials_public_key_count(const struct lwm2m_credentials *credentials);
/* By its fingerprint: SHA-256 in 64 hexadecimal digits, which is the identity of a peer with a raw public key. */
bool lwm2m_credentials_find_public_key(const struct lwm2m_credentials *credentials,
                                       struct lwm2m_bytes fingerprint,
                                       struct lwm2m_bytes *endpoint_name);

/* The endpoint that an identity belongs to, borrowed; false if the identity is not known. That of a certificate, which an
 * authority has checked, is the name that it is made out to. */
bool lwm2m_credentials_endpoint_name(const struct lwm2m_credentials *credentials,
                                     enum lwm2m_security security, struct lwm2m_bytes identity,
                                     struct lwm2m_bytes *endpoint_name);

#endif
