/*
 * Gives cookies and takes them back.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "host/dtls_cookie.h"

#include <stdint.h>
#include <string.h>

#include "host/address.h"

struct answer {
    const struct lwm2m_datagram_link *link;
    const struct lwm2m_address *to;
};

static ssize_t push(gnutls_transport_ptr_t context, const void *data, size_t length)
{
    const struct answer *answer = context;

    /* What the link cannot take is lost, as on the way: the caller asks again. */
    (void)!answer->link->send(answer->link->context, answer->to,
                              (struct lwm2m_bytes){data, length});
    return (ssize_t)length;
}

bool lwm2m_dtls_cookie_check(const gnutls_datum_t *key, const struct lwm2m_datagram_link *link,
                             const struct lwm2m_address *from, struct lwm2m_bytes client_hello,
                             gnutls_dtls_prestate_st *prestate)
{
    gnutls_datum_t secret = *key;
    struct lwm2m_address_key place = lwm2m_address_key_of(from); /* what a cookie is bound to */
    struct answer answer = {link, from};

    memset(prestate, 0, sizeof(*prestate));
    if (gnutls_dtls_cookie_verify(&secret, &place, sizeof(place),
                                  (uint8_t *)(uintptr_t)client_hello.data, client_hello.length,
                                  prestate) == GNUTLS_E_SUCCESS) {
        return true;
    }
    (void)!gnutls_dtls_cookie_send(&secret, &place, sizeof(place), prestate, &answer, push);
    return false;
}
