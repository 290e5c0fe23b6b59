/*
 * A server engine and a fleet of client engines, each with block-wise transfer and an endpoint of
 * its own, on one fake network and one virtual clock.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SUPPORT_PAIR_FIXTURE_H
#define SUPPORT_PAIR_FIXTURE_H

#include <lwm2m/blockwise.h>
#include <lwm2m/client.h>
#include <lwm2m/endpoint.h>
#include <lwm2m/server.h>

#include "support/demo_objects.h"
#include "support/fake_network.h"
#include "support/virtual_port.h"

#define PAIR_FIXTURE_DIARY_MAX 16384

/* One end of the network. */
struct pair_end {
    struct fake_node *node;
    struct lwm2m_endpoint *endpoint;
    struct lwm2m_blockwise *blockwise;
};

/* Device number i is called "device-i" and has the demo objects. */
struct pair_device {
    struct pair_fixture *fixture;
    struct pair_end end;
    struct lwm2m_client_config config; /* to be changed before pair_fixture_start */
    uint32_t lifetime_s;               /* 300 */
    struct lwm2m_client *client;
    struct demo_object demo;
};

struct pair_fixture {
    struct virtual_port port;
    struct lwm2m_timers timers;
    struct fake_network network;
    struct lwm2m_server_config config; /* to be changed before pair_fixture_start */
    struct pair_end server_end;
    struct lwm2m_server *server;
    /* Another one, "coap://other" to the devices; see pair_fixture_start_other. */
    struct pair_end other_end;
    struct lwm2m_server *other;
    struct pair_device *devices;
    size_t device_count;
    /* Events of the server, counted by type; for deregistrations also how many had expired. */
    size_t events[LWM2M_SERVER_DENIED + 1];
    size_t expired;
    uint64_t observed_ms; /* when ets_observe was called first, or 0 */
    /* What became of operations and observations, a line each. The test may empty it. */
    char diary[PAIR_FIXTURE_DIARY_MAX];
};

/* Makes the network and the ends, but no engine. */
struct pair_fixture *pair_fixture_new(size_t device_count, uint64_t seed);
/* Makes the engines and starts all devices. */
void pair_fixture_start(struct pair_fixture *fixture);
/* Makes another server, with the same config; the devices have no account there yet. */
void pair_fixture_start_other(struct pair_fixture *fixture);
/* Frees it all; fails the test if anything leaked. */
void pair_fixture_free(struct pair_fixture *fixture);

void pair_fixture_run(struct pair_fixture *fixture, uint64_t duration_ms);

/* The registration of a device at the server, or NULL. */
struct lwm2m_registration *pair_fixture_find(const struct pair_fixture *fixture, size_t index);

/* Adds to the diary. */
void pair_fixture_note(struct pair_fixture *fixture, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/*
 * Notes an outcome: "205 /33000/0/1 50" with a line for each record of the answer, "404",
 * "TIMEOUT". For done and on_notification, with the fixture as context.
 */
void pair_fixture_note_outcome(void *context, const struct lwm2m_outcome *outcome);
/* Submits an operation to device 0, waits until it is done (a minute at most), and asserts the
 * diary. */
void pair_fixture_expect(struct pair_fixture *fixture, const struct lwm2m_operation *operation,
                         const char *expected);
void pair_fixture_assert_diary(struct pair_fixture *fixture, const char *expected);

#endif
