/*
 * The memory in which the client builds what it sends: grown until the content fits, up to a limit.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLIENT_BODY_H
#define CLIENT_BODY_H

#include <stddef.h>

#include <lwm2m/bytes.h>
#include <lwm2m/error.h>
#include <lwm2m/port.h>

struct lwm2m_client_body {
    const struct lwm2m_port *port;
    uint8_t *memory;
    size_t capacity;
    size_t max_bytes;
};

/*
 * Calls build, again with twice the room as long as it returns LWM2M_NO_SPACE. *built borrows from
 * the body until the next call. LWM2M_TOO_LARGE (max_bytes do not suffice), LWM2M_NO_MEMORY, or
 * what build returned.
 */
enum lwm2m_error lwm2m_client_body_build(struct lwm2m_client_body *body,
                                         enum lwm2m_error (*build)(void *context,
                                                                   struct lwm2m_buffer *out),
                                         void *context, struct lwm2m_bytes *built) LWM2M_MUST_CHECK;

void lwm2m_client_body_release(struct lwm2m_client_body *body);

#endif
