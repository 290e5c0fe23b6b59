/*
 * Cipher suites in words.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HOST_CIPHER_WORDS_H
#define HOST_CIPHER_WORDS_H

#include <stddef.h>

#include <gnutls/gnutls.h>

#include <lwm2m/bytes.h>

/* Each writes names with commas between, cut to size bytes with its NUL by saying how many more there are. */

/* Of the numbers of a ClientHello (RFC 5246 §7.4.1.2), two bytes each. */
void lwm2m_cipher_words_of_hello(struct lwm2m_bytes suites, char *text, size_t size);
/* Of what priorities allow. */
void lwm2m_cipher_words_of_priorities(gnutls_priority_t priorities, char *text, size_t size);

#endif
