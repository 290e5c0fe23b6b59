/*
 * Walks the record headers of a datagram.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "host/dtls_record.h"

#include <stddef.h>
#include <string.h>

#define HEADER_BYTES 13
#define TYPE_CHANGE_CIPHER_SPEC 20
#define TYPE_HANDSHAKE 22
#define TYPE_LEAST 20 /* to 24: heartbeat */
#define TYPE_MOST 24
#define MAJOR_VERSION 254 /* the one's complement of 1 */

/* Of a handshake message: type, length, sequence, fragment; then version and random. */
#define HANDSHAKE_HEADER_BYTES 12
#define CLIENT_HELLO 1
#define VERSION_BYTES 2

static unsigned number16(const uint8_t *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

/* Behind the random: session, cookie, suites, each with its length before it (RFC 6347 §4.2.1). */
static struct lwm2m_bytes find_suites(struct lwm2m_bytes hello, size_t at)
{
    const struct lwm2m_bytes none = {NULL, 0};

    for (int i = 0; i < 2; i++) {
        if (at >= hello.length) {
            return none;
        }
        at += 1 + (size_t)hello.data[at];
    }
    if (at + 2 > hello.length || number16(hello.data + at) > hello.length - at - 2) {
        return none;
    }
    return (struct lwm2m_bytes){hello.data + at + 2, number16(hello.data + at)};
}

/* A ClientHello in pieces is not recognised: no cookie could be given for it without keeping the
 * pieces. */
static void look_at_handshake(struct lwm2m_bytes body, struct lwm2m_dtls_datagram *datagram)
{
    const size_t least = HANDSHAKE_HEADER_BYTES + VERSION_BYTES + LWM2M_DTLS_RANDOM_BYTES;

    if (body.length >= least && body.data[0] == CLIENT_HELLO) {
        datagram->is_client_hello = true;
        datagram->random = body.data + HANDSHAKE_HEADER_BYTES + VERSION_BYTES;
        datagram->suites = find_suites(body, least);
    }
}

bool lwm2m_dtls_datagram_inspect(struct lwm2m_bytes bytes, struct lwm2m_dtls_datagram *datagram)
{
    size_t at = 0;

    memset(datagram, 0, sizeof(*datagram));
    while (bytes.length - at >= HEADER_BYTES) {
        const uint8_t *header = bytes.data + at;
        unsigned epoch = number16(header + 3);
        size_t length = number16(header + 11);

        if (header[0] < TYPE_LEAST || header[0] > TYPE_MOST || header[1] != MAJOR_VERSION ||
            length > bytes.length - at - HEADER_BYTES) {
            break;
        }
        if (header[0] == TYPE_CHANGE_CIPHER_SPEC) {
            datagram->changes_cipher = true;
        } else if (header[0] == TYPE_HANDSHAKE && epoch > 0) {
            datagram->has_encrypted_handshake = true;
        } else if (header[0] == TYPE_HANDSHAKE && at == 0) {
            look_at_handshake((struct lwm2m_bytes){header + HEADER_BYTES, length}, datagram);
        }
        at += HEADER_BYTES + length;
    }
    datagram->records = (struct lwm2m_bytes){bytes.data, at};
    return at > 0;
}
