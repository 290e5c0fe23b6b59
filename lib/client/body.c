/*
 * The memory in which the client builds what it sends.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/body.h"

#define FIRST_CAPACITY 512

static enum lwm2m_error grow(struct lwm2m_client_body *body)
{
    size_t capacity = body->capacity == 0 ? FIRST_CAPACITY : body->capacity * 2;

    if (body->capacity >= body->max_bytes) {
        return LWM2M_TOO_LARGE;
    }
    if (capacity > body->max_bytes) {
        capacity = body->max_bytes;
    }
    lwm2m_client_body_release(body);
    body->memory = body->port->allocate(body->port->context, capacity);
    if (body->memory == NULL) {
        return LWM2M_NO_MEMORY;
    }
    body->capacity = capacity;
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_client_body_build(struct lwm2m_client_body *body,
                                         enum lwm2m_error (*build)(void *context,
                                                                   struct lwm2m_buffer *out),
                                         void *context, struct lwm2m_bytes *built)
{
    struct lwm2m_buffer out;
    enum lwm2m_error error = body->capacity == 0 ? grow(body) : LWM2M_OK;

    while (error == LWM2M_OK) {
        lwm2m_buffer_init(&out, body->memory, body->capacity);
        error = build(context, &out);
        if (error == LWM2M_OK) {
            *built = lwm2m_buffer_bytes(&out);
            return LWM2M_OK;
        }
        if (error == LWM2M_NO_SPACE) {
            error = grow(body);
        }
    }
    return error;
}

void lwm2m_client_body_release(struct lwm2m_client_body *body)
{
    if (body->memory != NULL) {
        body->port->release(body->port->context, body->memory);
    }
    body->memory = NULL;
    body->capacity = 0;
}
