/*
 * Credentials as GnuTLS wants them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HOST_CREDENTIALS_H
#define HOST_CREDENTIALS_H

#include <gnutls/gnutls.h>

#include <lwm2m/credentials.h>

/* Gives a session what its role needs; the credentials must outlive it. LWM2M_STATE (nothing to call others
 * with), LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_credentials_apply(const struct lwm2m_credentials *credentials,
                                         gnutls_session_t session, bool calls) LWM2M_MUST_CHECK;

/*
 * Sets whom GnuTLS asks for the key of an identity: as gnutls_psk_server_credentials_function2, which finds
 * what it needs by gnutls_session_get_ptr.
 */
void lwm2m_credentials_set_lookup(struct lwm2m_credentials *credentials,
                                  gnutls_psk_server_credentials_function2 *lookup);

/* Our own identity, empty if there is none. */
struct lwm2m_bytes lwm2m_credentials_own_identity(const struct lwm2m_credentials *credentials);

#endif
