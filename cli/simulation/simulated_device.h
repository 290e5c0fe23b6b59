/*
 * A simulated device in this process: host, listener, client engine and the demo device's objects.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SIMULATION_SIMULATED_DEVICE_H
#define SIMULATION_SIMULATED_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include <lwm2m/client.h>
#include <lwm2m/host.h>

#include "argv/options.h"
#include "control/credential_sources.h"
#include "control/definition_sources.h"
#include "control/outcome.h"
#include "control/packet_capture.h"
#include "control/trace.h"
#include "simulation/demo_device.h"
#include "simulation/narrator.h"
#include "simulation/profile_generators.h"

struct simulated_device_config {
    /* The servers, whose Short Server IDs are 1, 2, …; or, if there is no list of them, the only one. */
    const char *const *uris;
    const char *default_uri;
    size_t uri_count;
    const char *endpoint;
    struct credential_sources credentials; /* for coaps */
    uint32_t lifetime_s;
    struct lwm2m_version version;
    bool queue_mode;
    uint32_t awake_ms;      /* as struct lwm2m_client_config */
    const char *profile_id; /* the same */
    bool answer_strangers;     /* as struct lwm2m_client_config */
    const char *const *values; /* PATH=VALUE, applied before it registers */
    size_t value_count;
    struct definition_sources definitions;
    const char *profile; /* a file that describes the device; NULL: the demo device */
    const struct printer *printer;
    struct lwm2m_transmission transmission;
    struct capture_options capture_options; /* zeroed: none */
    struct lwm2m_chaos chaos;  /* zeroed: the network is as it is */
    enum lwm2m_stack stack;
    struct trace *trace; /* for the log and the messages; borrowed */
    struct narrator *narrator;
    void *context;
    /* After the narrator has told it. */
    void (*on_event)(void *context, const struct lwm2m_client_event *event);
};

/* Fills in CoAP's and the engine's defaults. */
void simulated_device_config_init(struct simulated_device_config *config);

#define SIMULATED_HANDSHAKE_MAX 512

struct simulated_device {
    struct simulated_device_config config;
    struct lwm2m_host *host;
    struct lwm2m_credentials *credentials; /* NULL: the servers are called without security */
    struct lwm2m_capture *capture;         /* NULL: none */
    struct lwm2m_listener *listener;
    char handshake[SIMULATED_HANDSHAKE_MAX]; /* why the last one failed; or empty */
    enum lwm2m_dtls_failure failure;         /* the same, if it is not empty */
    struct lwm2m_client *client;
    struct demo_device *demo;
    struct definition_library definitions;
    struct profile *profile; /* NULL: none */
    struct profile_generators *generators;
};

/* Sets everything up without a word to the server. NULL with *failure filled. */
struct simulated_device *simulated_device_new(const struct simulated_device_config *config,
                                              struct control_outcome *failure);
/* NULL is allowed. */
void simulated_device_free(struct simulated_device *device);

/* The server of a Short Server ID. */
const char *simulated_device_uri(const struct simulated_device_config *config, uint16_t ssid);

/* The endpoint name for people who give none: "lwm2m-" and the machine's name. */
#define DEFAULT_ENDPOINT_MAX 80
void simulated_device_default_endpoint(char name[DEFAULT_ENDPOINT_MAX]);

#endif
