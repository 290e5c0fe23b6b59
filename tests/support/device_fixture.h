/*
 * A client engine on an endpoint and a fake network, and two peers whose messages the test writes:
 * the server that it registers with, and a stranger. The server answers the registration by itself,
 * as it is told to.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SUPPORT_DEVICE_FIXTURE_H
#define SUPPORT_DEVICE_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/client.h>
#include <lwm2m/endpoint.h>

#include "support/demo_objects.h"
#include "support/fake_network.h"
#include "support/message_text.h"
#include "support/virtual_port.h"

/* The location that the server hands out. */
#define DEVICE_FIXTURE_LOCATION "/rd/a1"
#define DEVICE_FIXTURE_DIARY_MAX 16384

struct device_fixture {
    struct virtual_port port;
    struct lwm2m_timers timers;
    struct fake_network network;
    struct fake_node *node, *server, *stranger;
    struct lwm2m_endpoint *endpoint;
    /* To be changed before device_fixture_start. Its codecs are four, so that a list stays short. */
    struct lwm2m_client_config config;
    struct lwm2m_client *client;
    struct demo_object demo;
    uint32_t lifetime_s;         /* 300 */
    enum lwm2m_error open_error; /* what the connector says */

    /* What the server answers: codes as 0x44, or 0 to stay silent. */
    uint8_t register_code, update_code, deregister_code, send_code;
    bool resets_notifications; /* each is answered with a reset */
    bool without_location;
    uint32_t max_age_s; /* goes into a register answer if not 0 */
    /* The last request and the last notification of the device. */
    char links[1024];
    uint8_t sent[1152]; /* of the last Send */
    size_t sent_length;
    uint8_t notification[1152];
    size_t notification_length;
    size_t notifications;

    /* The last answer to a request of ours: "2.05 cf=0 #5". */
    char answer[MESSAGE_TEXT_MAX];
    uint8_t payload[1152];
    size_t payload_length;
    uint16_t message_id;

    uint64_t started_ms;
    /*
     * One line for each thing that happened. Requests and notifications of the device, with the
     * seconds since the start: "0 POST /rd cf=40 ?ep=dev …"; "5 CON 2.05 obs=1 cf=0 #2". Events:
     * "REGISTERED". The test may empty it.
     */
    char diary[DEVICE_FIXTURE_DIARY_MAX];
    bool without_events, without_messages; /* they are not written down */
};

/* Makes all but the client. */
struct device_fixture *device_fixture_new(void);
/* Makes the client with the demo objects and starts it; time 0 is now. */
void device_fixture_start(struct device_fixture *fixture);
/* The same, runs until it is registered, and empties the diary. */
void device_fixture_register(struct device_fixture *fixture);
/* Frees it all; fails the test if anything leaked. */
void device_fixture_free(struct device_fixture *fixture);

void device_fixture_run(struct device_fixture *fixture, uint64_t duration_ms);

/*
 * Sends "GET /3/0 accept=112" from a node as CON, and waits for the answer, which is left in the
 * fixture. token: a number that becomes its one byte.
 */
void device_fixture_ask(struct device_fixture *fixture, struct fake_node *from, uint8_t token,
                        const char *request, struct lwm2m_bytes payload);
/* From the server, with token 1 and a payload in hex; asserts the answer, such as "2.05 cf=0 #5".
 */
void device_fixture_expect(struct device_fixture *fixture, const char *request, const char *hex,
                           const char *answer);
/* Asserts the payload of the last answer, as text. */
void device_fixture_assert_text(const struct device_fixture *fixture, const char *text);
/* Asserts what the diary holds, and empties it. */
void device_fixture_assert_diary(struct device_fixture *fixture, const char *expected);

#endif
