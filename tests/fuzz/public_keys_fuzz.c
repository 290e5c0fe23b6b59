/*
 * Files of raw public keys, and what looks at files of keys and certificates.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include <lwm2m/credentials.h>
#include <lwm2m/host_port.h>
#include <lwm2m/key_making.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds) {
        abort();
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
    for (size_t i = 0; i < 4; i++) {
        if (lwm2m_key_inspect(text, i, &facts) != LWM2M_OK) {
            break;
        }
    }
    lwm2m_credentials_release(credentials);
    lwm2m_host_port_release(&host);
    return 0;
}
