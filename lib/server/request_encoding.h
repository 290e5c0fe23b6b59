/*
 * Operations as CoAP requests: method, options and payload for one device (LwM2M Core 1.2 §6.3).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_REQUEST_ENCODING_H
#define SERVER_REQUEST_ENCODING_H

#include "server/device.h"

/* Room for the options of any request: a root path, four ids, attributes. */
#define LWM2M_REQUEST_OPTIONS_MAX 512

struct lwm2m_built_request {
    uint8_t method;
    bool idempotent;
    struct lwm2m_options options;
    uint8_t option_memory[LWM2M_REQUEST_OPTIONS_MAX];
    struct lwm2m_bytes payload;
    const struct lwm2m_port *port;
    uint8_t *payload_memory; /* private */
};

/*
 * Checks the operation and builds its request; `built` stays where it is until it is released.
 * device NULL: a 1.1 device that states no formats. observe: a Read that starts an observation.
 * LWM2M_ARGUMENT, LWM2M_UNSUPPORTED, LWM2M_FORMAT as in lwm2m_server_submit; what a codec returns;
 * LWM2M_NO_MEMORY.
 */
enum lwm2m_error lwm2m_request_build(const struct lwm2m_server *server,
                                     const struct lwm2m_device *device,
                                     const struct lwm2m_operation *operation, bool observe,
                                     struct lwm2m_built_request *built) LWM2M_MUST_CHECK;
void lwm2m_request_release(struct lwm2m_built_request *built);

#endif
