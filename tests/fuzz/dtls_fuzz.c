/*
 * Fuzzes the server's side of DTLS: datagrams of any kind, from a few addresses, beside an association.
 *
 * Each input is a row of datagrams: a byte that names the address, one that says how many bytes follow.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <lwm2m/dtls_link.h>
#include <lwm2m/host_port.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum lwm2m_error swallow(void *context, const struct lwm2m_address *to,
                                struct lwm2m_bytes data)
{
    (void)to;
    *(size_t *)context += data.length;
    return LWM2M_OK;
}

static void print_address(void *context, const struct lwm2m_address *address,
                          char text[LWM2M_ADDRESS_TEXT_MAX])
{
    (void)context;
    snprintf(text, LWM2M_ADDRESS_TEXT_MAX, "%u", address->port);
}

/* Nobody has a key: nothing may ever be taken for a message. */
static void hear(void *context, const struct lwm2m_address *from, struct lwm2m_bytes datagram)
{
    (void)context;
    (void)from;
    (void)datagram;
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct lwm2m_host_port host;
    static struct lwm2m_timers timers;
    static struct lwm2m_credentials *credentials;
    size_t sent = 0;
    if (credentials == NULL) {
        lwm2m_host_port_init(&host, NULL, NULL);
        lwm2m_timers_init(&timers, &host.port);
        if (lwm2m_credentials_new(&host.port, &credentials) != LWM2M_OK) {
            abort();
        }
    }
    const struct lwm2m_datagram_link below = {
        .context = &sent, .send = swallow, .print_address = print_address, .max_datagram = 1452};
    const struct lwm2m_datagram_receiver receiver = {.receive = hear};
    struct lwm2m_dtls_link_config config;
    struct lwm2m_dtls_link *link;
    lwm2m_dtls_link_config_init(&config);
    config.timers = &timers;
    config.below = &below;
    config.credentials = credentials;
    config.accepts = true;
    config.max_associations = 3;
    config.max_handshakes = 2;
    if (lwm2m_dtls_link_new(&config, &link) != LWM2M_OK) {
        abort();
    }
    lwm2m_dtls_link_set_receiver(link, &receiver);
    struct lwm2m_datagram_receiver socket = lwm2m_dtls_link_receiver(link);
    while (size >= 2) {
        struct lwm2m_address from = {.port = data[0]};
        size_t length = data[1] < size - 2 ? data[1] : size - 2;
        socket.receive(socket.context, &from, (struct lwm2m_bytes){data + 2, length});
        data += 2 + length;
        size -= 2 + length;
    }
    lwm2m_dtls_link_free(link);
    return 0;
}
