/*
 * The control socket's answers for a simulated device: role "client" of lwm2m-control(7).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SESSION_DEVICE_RESPONDER_H
#define SESSION_DEVICE_RESPONDER_H

#include <lwm2m/client.h>

#include "session/demo_device.h"
#include "session/responder.h"
#include "session/values.h"

/* What the answers are about; borrowed by the responder. */
struct device_responder {
    struct lwm2m_client *client;
    struct demo_device *device;
    const char *endpoint;
    const char *uri;
    bool offline; /* set by the responder */
};

struct responder device_responder(struct device_responder *device);

/* Reads PATH=VALUE pairs as values of the demo device's resources: see value_list_read. */
bool device_values_read(const cJSON *values, struct value_list *list,
                        struct session_outcome *failure);

#endif
