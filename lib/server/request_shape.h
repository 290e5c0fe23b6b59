/*
 * What each kind of operation looks like on the wire, and what it may be given.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_REQUEST_SHAPE_H
#define SERVER_REQUEST_SHAPE_H

#include "server/request_target.h"

struct lwm2m_request_shape {
    uint8_t method;
    uint8_t lowest, highest;     /* levels of the path */
    struct lwm2m_version since;  /* the version of LwM2M that brought the operation */
    bool reads;                  /* its answer has content: it has an Accept */
    bool writes;                 /* it has records as payload */
    bool composite;              /* its payload has paths of any objects */
    bool idempotent;
};

/*
 * Checks an operation against its row: LWM2M_ARGUMENT for what makes no sense anywhere,
 * LWM2M_UNSUPPORTED for what the version of the target does not know.
 */
enum lwm2m_error lwm2m_request_check(const struct lwm2m_operation *operation,
                                     const struct lwm2m_request_target *target) LWM2M_MUST_CHECK;

/* The row of a kind that was checked. */
const struct lwm2m_request_shape *lwm2m_request_shape_of(enum lwm2m_operation_kind kind);

#endif
