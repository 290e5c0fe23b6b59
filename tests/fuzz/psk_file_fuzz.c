/*
 * Fuzzes PSK files: what is read is within its bounds, and what is wrong is told with a place in the text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include <lwm2m/credentials.h>
#include <lwm2m/host_port.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct lwm2m_host_port host;
    struct lwm2m_credentials *credentials;
    struct lwm2m_fault fault = {LWM2M_OK, 0, NULL};
    struct lwm2m_psk psk;

    lwm2m_host_port_init(&host, NULL, NULL);
    check(lwm2m_credentials_new(&host.port, &credentials) == LWM2M_OK);
    enum lwm2m_error error =
        lwm2m_credentials_parse_psks(credentials, (struct lwm2m_bytes){data, size}, &fault);
    check((error == LWM2M_OK) == (fault.reason == NULL));
    check(fault.offset <= size);
    if (lwm2m_credentials_only_psk(credentials, &psk)) {
        struct lwm2m_psk found;
        check(psk.identity.length >= 1 && psk.identity.length <= LWM2M_PSK_IDENTITY_MAX);
        check(psk.key.length >= 1 && psk.key.length <= LWM2M_PSK_KEY_MAX);
        check(lwm2m_credentials_find_psk(credentials, psk.identity, &found));
        check(lwm2m_credentials_find_psk_of(credentials, psk.endpoint_name, &found));
    }
    lwm2m_credentials_release(credentials);
    lwm2m_host_port_release(&host);
    return 0;
}
