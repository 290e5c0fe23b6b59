/*
 * Fuzzes a registered device: datagrams of its server, one after the other, while time passes and
 * values change. Whatever they say, the device answers a plain Read afterwards, and leaks nothing.
 *
 * The input is a row of datagrams: a length of two bytes, then that many bytes. A length of 0 lets
 * a minute pass.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <lwm2m/endpoint.h>

#include "support/demo_objects.h"
#include "support/virtual_port.h"

#define STEPS_MAX 32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct device {
    struct virtual_port port;
    struct lwm2m_timers timers;
    struct lwm2m_datagram_link link;
    struct lwm2m_endpoint *endpoint;
    struct lwm2m_client *client;
    struct demo_object demo;
    struct lwm2m_address server;
    uint8_t last[1500]; /* sent by the device */
    size_t last_length;
};

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static enum lwm2m_error take(void *context, const struct lwm2m_address *to,
                             struct lwm2m_bytes datagram)
{
    struct device *device = context;

    (void)to;
    require(datagram.length <= sizeof(device->last));
    memcpy(device->last, datagram.data, datagram.length);
    device->last_length = datagram.length;
    return LWM2M_OK;
}

static void print_address(void *context, const struct lwm2m_address *address,
                          char text[LWM2M_ADDRESS_TEXT_MAX])
{
    (void)context;
    (void)address;
    text[0] = '\0';
}

static enum lwm2m_error open_peer(void *context, const char *uri, uint16_t security_instance,
                                  struct lwm2m_peer **peer)
{
    struct device *device = context;

    (void)uri;
    (void)security_instance;
    return lwm2m_endpoint_peer(device->endpoint, &device->server, peer);
}

static void receive(struct device *device, const void *datagram, size_t length)
{
    /* A copy of its exact size, so that a sanitizer sees what is read behind its end. */
    uint8_t *copy = malloc(length > 0 ? length : 1);

    require(copy != NULL);
    memcpy(copy, datagram, length);
    lwm2m_endpoint_receive(device->endpoint, &device->server, (struct lwm2m_bytes){copy, length});
    lwm2m_timers_step(&device->timers);
    free(copy);
}

static void pass(struct device *device, uint64_t duration_ms)
{
    uint64_t end_ms = device->port.now_ms + duration_ms;

    for (;;) {
        uint64_t next_ms = lwm2m_timers_step(&device->timers);

        if (next_ms > end_ms) {
            break;
        }
        if (next_ms > device->port.now_ms) {
            device->port.now_ms = next_ms;
        }
    }
    device->port.now_ms = end_ms;
}

/* Answers the Register that the device just sent with 2.01 and a location. */
static void answer_register(struct device *device)
{
    static const uint8_t location[] = {0x82, 'r', 'd', 0x01, 'a'};
    uint8_t token_length = device->last[0] & 15;
    uint8_t answer[4 + LWM2M_TOKEN_MAX + sizeof(location)] = {(uint8_t)(0x60 | token_length), 0x41,
                                                              device->last[2], device->last[3]};

    require(token_length <= LWM2M_TOKEN_MAX);
    memcpy(answer + 4, device->last + 4, token_length);
    memcpy(answer + 4 + token_length, location, sizeof(location));
    receive(device, answer, 4 + token_length + sizeof(location));
}

static void open_device(struct device *device)
{
    struct lwm2m_endpoint_config endpoint;
    struct lwm2m_client_config client;

    memset(device, 0, sizeof(*device));
    virtual_port_init(&device->port, 1);
    lwm2m_timers_init(&device->timers, &device->port.port);
    device->link = (struct lwm2m_datagram_link){
        .context = device,
        .send = take,
        .print_address = print_address,
        .max_datagram = 1280,
    };
    device->server.port = 5683;
    lwm2m_endpoint_config_init(&endpoint);
    endpoint.timers = &device->timers;
    endpoint.link = &device->link;
    require(lwm2m_endpoint_new(&endpoint, &device->endpoint) == LWM2M_OK);
    lwm2m_client_config_init(&client);
    client.timers = &device->timers;
    client.connector = (struct lwm2m_connector){device, open_peer};
    client.endpoint_name = "dev";
    client.version.minor = 2;
    client.max_observations = 8;
    client.max_body_bytes = 4096;
    client.answer_strangers = true;
    require(lwm2m_client_new(&client, &device->client) == LWM2M_OK);
    lwm2m_client_attach(device->client, lwm2m_endpoint_transport(device->endpoint));
    demo_objects_add(device->client, &device->demo, 101, 300);
    require(lwm2m_client_start(device->client) == LWM2M_OK);
    lwm2m_timers_step(&device->timers);
    answer_register(device);
    require(lwm2m_client_is_registered(device->client, 101));
}

static void close_device(struct device *device)
{
    lwm2m_client_free(device->client);
    lwm2m_endpoint_free(device->endpoint);
    require(device->port.allocations == 0);
    require(device->timers.root == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* NON GET /33000 with a token of its own: 2.05, or 4.04 from a device that is not registered.
     */
    static const uint8_t question[] = {0x52, 0x01, 0xff, 0xf0, 'q', 'q',
                                       0xb5, '3',  '3',  '0',  '0', '0'};
    struct device device;

    open_device(&device);
    for (int step = 0; step < STEPS_MAX && size >= 2; step++) {
        size_t length = (size_t)data[0] << 8 | data[1];

        data += 2;
        size -= 2;
        length = length < size ? length : size;
        if (length == 0) {
            lwm2m_client_changed(device.client, lwm2m_path_object(DEMO_OBJECT));
            pass(&device, 60000);
            continue;
        }
        receive(&device, data, length);
        data += length;
        size -= length;
    }
    pass(&device, 300000);
    device.last_length = 0;
    receive(&device, question, sizeof(question));
    require(device.last_length > 4);
    close_device(&device);
    return 0;
}
