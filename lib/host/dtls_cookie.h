/*
 * The cookie by which a caller shows that it is at its address, before anything is kept of it (RFC 6347 §4.2.1).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HOST_DTLS_COOKIE_H
#define HOST_DTLS_COOKIE_H

#include <stdbool.h>

#include <gnutls/dtls.h>

#include <lwm2m/bytes.h>
#include <lwm2m/endpoint.h>

/* True if the ClientHello brings the cookie of its address back: prestate is then the session's. Else the address
 * gets one by the link; key is our secret. */
bool lwm2m_dtls_cookie_check(const gnutls_datum_t *key, const struct lwm2m_datagram_link *link,
                             const struct lwm2m_address *from, struct lwm2m_bytes client_hello,
                             gnutls_dtls_prestate_st *prestate);

#endif
