/*
 * Why a handshake failed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HOST_DTLS_DIAGNOSIS_H
#define HOST_DTLS_DIAGNOSIS_H

#include "host/dtls_session.h"

/* Ends a session before it was established; detail, which may be NULL, has to last as long as it. */
void lwm2m_dtls_session_end(struct lwm2m_dtls_session *session, enum lwm2m_dtls_failure failure,
                            const char *detail);

/* Sees to it that session->peer_fault is there: few sessions need its memory. False without memory. */
bool lwm2m_dtls_has_fault(struct lwm2m_dtls_session *session);

/* Somebody answered, and then ignored our Finished. */
bool lwm2m_dtls_is_ignored(const struct lwm2m_dtls_session *session);

/* Each ends the session if that is what it finds. */

/* Of an error of gnutls_handshake, about which the peer gets an alert. */
void lwm2m_dtls_diagnose_error(struct lwm2m_dtls_session *session, int result);
/* When time is over: of nobody, of somebody who ignores our Finished, or of somebody who went away. */
void lwm2m_dtls_diagnose_silence(struct lwm2m_dtls_session *session);
/* After a datagram: discarded_before is what gnutls_record_get_discarded said before it. */
void lwm2m_dtls_diagnose_key(struct lwm2m_dtls_session *session,
                             const struct lwm2m_dtls_datagram *datagram, unsigned discarded_before);
/* After one that ended the session for want of a common suite: tells those that were offered, and ours. */
void lwm2m_dtls_diagnose_ciphers(struct lwm2m_dtls_session *session, struct lwm2m_bytes offered);

#endif
