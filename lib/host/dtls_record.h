/*
 * What a datagram tells of itself before it is decrypted (RFC 6347 §4.1).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HOST_DTLS_RECORD_H
#define HOST_DTLS_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include <lwm2m/bytes.h>

#define LWM2M_DTLS_RANDOM_BYTES 32

struct lwm2m_dtls_datagram {
    struct lwm2m_bytes records;  /* the whole ones at its start */
    bool is_client_hello;        /* its first record begins a handshake */
    const uint8_t *random;       /* of the ClientHello, LWM2M_DTLS_RANDOM_BYTES; else NULL */
    struct lwm2m_bytes suites;   /* that the ClientHello offers, two bytes each; empty if it cannot be read */
    bool changes_cipher;         /* it has a ChangeCipherSpec */
    bool has_encrypted_handshake; /* it has a handshake message that is encrypted: a Finished */
};

/* False if the bytes are no DTLS records. */
bool lwm2m_dtls_datagram_inspect(struct lwm2m_bytes bytes, struct lwm2m_dtls_datagram *datagram);

#endif
