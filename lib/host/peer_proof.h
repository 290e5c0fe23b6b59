/*
 * How the peer of a session has proved who it is.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HOST_PEER_PROOF_H
#define HOST_PEER_PROOF_H

#include <stdbool.h>

#include <gnutls/gnutls.h>

#include "host/certificate_check.h"
#include "host/credentials.h"

/*
 * Whether the certificate or the raw public key that a peer has sent is to be believed; while the handshake goes on. name is
 * of the server that was called, NULL for a device. False with *fault filled.
 */
bool lwm2m_peer_proof_check(const struct lwm2m_credentials *credentials, gnutls_session_t tls,
                            const char *name, struct lwm2m_peer_fault *fault);

/* The alert (RFC 5246 §7.2.2) that tells the peer of it. */
gnutls_alert_description_t lwm2m_peer_proof_alert(enum lwm2m_dtls_failure failure);

/*
 * Who the peer is, when the handshake is done: LWM2M_SECURITY_X509 with its name, LWM2M_SECURITY_RPK with its fingerprint, or
 * LWM2M_SECURITY_PSK with nothing. False if that cannot be told.
 */
bool lwm2m_peer_proof_identity(gnutls_session_t tls, enum lwm2m_security *security,
                               char identity[LWM2M_CERTIFICATE_NAME_MAX]);

#endif
