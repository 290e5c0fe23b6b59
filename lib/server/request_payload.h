/*
 * The payload of a request: records, or the paths of a composite read, in a format.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_REQUEST_PAYLOAD_H
#define SERVER_REQUEST_PAYLOAD_H

#include <lwm2m/port.h>
#include <lwm2m/server.h>

/*
 * Encodes what an operation carries into memory of its own: *memory is the caller's to release,
 * also after an error. What the codec returns; LWM2M_NO_MEMORY.
 */
enum lwm2m_error lwm2m_request_payload_encode(const struct lwm2m_operation *operation,
                                              const struct lwm2m_codec *codec,
                                              const struct lwm2m_port *port, uint8_t **memory,
                                              struct lwm2m_bytes *payload) LWM2M_MUST_CHECK;

#endif
