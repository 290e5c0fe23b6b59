/*
 * Tells PEM from DER, reads private keys, and trims lines.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "host/key_text.h"

#include <stdio.h>

#define DER_SEQUENCE 0x30

gnutls_datum_t lwm2m_key_datum(struct lwm2m_bytes bytes)
{
    return (gnutls_datum_t){(uint8_t *)(uintptr_t)bytes.data, (unsigned)bytes.length};
}

gnutls_x509_crt_fmt_t lwm2m_key_format(struct lwm2m_bytes bytes)
{
    return bytes.length > 0 && bytes.data[0] == DER_SEQUENCE ? GNUTLS_X509_FMT_DER
                                                             : GNUTLS_X509_FMT_PEM;
}

int lwm2m_key_read_private(struct lwm2m_bytes bytes, gnutls_privkey_t *key)
{
    gnutls_datum_t datum = lwm2m_key_datum(bytes);
    int result = gnutls_privkey_init(key);

    if (result != GNUTLS_E_SUCCESS) {
        *key = NULL;
        return result;
    }
    result = gnutls_privkey_import_x509_raw(*key, &datum, lwm2m_key_format(bytes), NULL, 0);
    if (result != GNUTLS_E_SUCCESS) {
        gnutls_privkey_deinit(*key);
        *key = NULL;
    }
    return result;
}

gnutls_pubkey_t lwm2m_key_public_of(gnutls_privkey_t private_key)
{
    gnutls_pubkey_t key = NULL;

    if (gnutls_pubkey_init(&key) == GNUTLS_E_SUCCESS &&
        gnutls_pubkey_import_privkey(key, private_key, 0, 0) != GNUTLS_E_SUCCESS) {
        gnutls_pubkey_deinit(key);
        key = NULL;
    }
    return key;
}

void lwm2m_key_print_hex(struct lwm2m_bytes bytes, char *text)
{
    for (size_t i = 0; i < bytes.length; i++) {
        snprintf(text + 2 * i, 3, "%02x", bytes.data[i]);
    }
}

struct lwm2m_bytes lwm2m_key_line(struct lwm2m_bytes line)
{
    while (line.length > 0 &&
           (line.data[line.length - 1] == ' ' || line.data[line.length - 1] == '\t' ||
            line.data[line.length - 1] == '\r')) {
        line.length--;
    }
    return line;
}
