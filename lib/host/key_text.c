/*
 * Tells PEM from DER, and trims lines.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "host/key_text.h"

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

struct lwm2m_bytes lwm2m_key_line(struct lwm2m_bytes line)
{
    while (line.length > 0 &&
           (line.data[line.length - 1] == ' ' || line.data[line.length - 1] == '\t' ||
            line.data[line.length - 1] == '\r')) {
        line.length--;
    }
    return line;
}
