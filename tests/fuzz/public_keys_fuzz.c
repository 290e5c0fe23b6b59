/*
 * Files of raw public keys, what looks at files of keys and certificates, and the check of a peer's
 * certificate.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include <lwm2m/credentials.h>
#include <lwm2m/host_port.h>
#include <lwm2m/key_making.h>

#include "host/certificate_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* A peer shows it twice: as its own and as its issuer's. A refusal always has a reason. */
static void check_peer(struct lwm2m_bytes text)
{
    const gnutls_datum_t shown = {(uint8_t *)(uintptr_t)text.data, (unsigned)text.length};
    const gnutls_datum_t chain[2] = {shown, shown};
    const struct lwm2m_certificate_rules rules = {
        .expected = shown,
        .usage = LWM2M_USAGE_TRUST_ANCHOR_ASSERTION,
        .of_server = true,
        .name = "server.test",
    };
    struct lwm2m_peer_fault fault = {LWM2M_DTLS_UNREACHABLE, ""};
    for (unsigned count = 1; count <= 2; count++) {
        check(lwm2m_certificate_check(&rules, chain, count, &fault) ||
              fault.failure != LWM2M_DTLS_UNREACHABLE);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct lwm2m_bytes text = {data, size};
    struct lwm2m_host_port host;
    struct lwm2m_credentials *credentials;
    struct lwm2m_fault fault = {LWM2M_OK, 0, NULL};
    struct lwm2m_key_facts facts;

    lwm2m_host_port_init(&host, NULL, NULL);
    check(lwm2m_credentials_new(&host.port, &credentials) == LWM2M_OK);
    enum lwm2m_error error = lwm2m_credentials_parse_public_keys(credentials, text, &fault);
    check((error == LWM2M_OK) == (fault.reason == NULL));
    check(fault.offset <= size);
    (void)!lwm2m_credentials_add_authorities(credentials, text, NULL);
    (void)!lwm2m_credentials_set_server_key(credentials, text,
                                            LWM2M_USAGE_DOMAIN_ISSUED_CERTIFICATE, NULL);
    check_peer(text);
    for (size_t i = 0; i < 4; i++) {
        if (lwm2m_key_inspect(text, i, &facts) != LWM2M_OK) {
            break;
        }
    }
    lwm2m_credentials_release(credentials);
    lwm2m_host_port_release(&host);
    return 0;
}
