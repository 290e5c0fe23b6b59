/*
 * The control socket's answers for a simulated device: role "client" of lwm2m-control(7).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SIMULATION_DEVICE_RESPONDER_H
#define SIMULATION_DEVICE_RESPONDER_H

#include <lwm2m/client.h>

#include "control/responder.h"
#include "control/values.h"
#include "simulation/demo_device.h"
#include "simulation/simulated_device.h"

/* What the answers are about; borrowed by the responder. */
struct device_responder {
    struct lwm2m_client *client;
    struct demo_device *device;
    const struct lwm2m_definitions *definitions; /* for names and types */
    const char *endpoint;
    const struct simulated_device_config *config;
    bool offline; /* set by the responder */
};

struct responder device_responder(struct device_responder *device);

#endif
