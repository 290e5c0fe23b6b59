/*
 * The device that a request is for, as far as the look of the request depends on it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_REQUEST_TARGET_H
#define SERVER_REQUEST_TARGET_H

#include <lwm2m/server.h>

struct lwm2m_request_target {
    struct lwm2m_version version;
    uint16_t formats;        /* enum lwm2m_device_format, or-ed */
    struct lwm2m_bytes root; /* the alternate root path, "/lwm2m"; empty for "/" */
};

static inline bool lwm2m_request_target_is_before(const struct lwm2m_request_target *target,
                                                  uint8_t major, uint8_t minor)
{
    return lwm2m_version_compare(target->version, (struct lwm2m_version){major, minor}) < 0;
}

#endif
