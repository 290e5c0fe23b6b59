/*
 * Files of keys: what form they have, and their lines.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HOST_KEY_TEXT_H
#define HOST_KEY_TEXT_H

#include <gnutls/x509.h>

#include <lwm2m/bytes.h>

/* For GnuTLS, which does not write to it. */
gnutls_datum_t lwm2m_key_datum(struct lwm2m_bytes bytes);
/* DER begins with a SEQUENCE, PEM with text. */
gnutls_x509_crt_fmt_t lwm2m_key_format(struct lwm2m_bytes bytes);
/* A line without the blanks at its end, which an editor may have left. */
struct lwm2m_bytes lwm2m_key_line(struct lwm2m_bytes line);

#endif
