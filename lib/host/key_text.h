/*
 * Files of keys: what form they have, and their lines.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HOST_KEY_TEXT_H
#define HOST_KEY_TEXT_H

#include <gnutls/abstract.h>
#include <gnutls/x509.h>

#include <lwm2m/bytes.h>

/* For GnuTLS, which does not write to it. */
gnutls_datum_t lwm2m_key_datum(struct lwm2m_bytes bytes);
/* DER begins with a SEQUENCE, PEM with text. */
gnutls_x509_crt_fmt_t lwm2m_key_format(struct lwm2m_bytes bytes);
/* Reads a private key, which the caller gives back; NULL after an error, which is one of GnuTLS. */
int lwm2m_key_read_private(struct lwm2m_bytes bytes, gnutls_privkey_t *key);
/* The public key of it, which the caller gives back; NULL if there is none. */
gnutls_pubkey_t lwm2m_key_public_of(gnutls_privkey_t key);

/* Writes two digits a byte, and a NUL. */
void lwm2m_key_print_hex(struct lwm2m_bytes bytes, char *text);

/* A line without the blanks at its end, which an editor may have left. */
struct lwm2m_bytes lwm2m_key_line(struct lwm2m_bytes line);

#endif
