/*
 * In which payload format a request is made, and an answer asked for: by what the device states.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_REQUEST_FORMAT_H
#define SERVER_REQUEST_FORMAT_H

#include "server/request_target.h"

struct lwm2m_request_format {
    const struct lwm2m_codec *body; /* of what is sent: records, or the paths of a composite read */
    const struct lwm2m_codec *answer; /* of what is asked for: its Accept */
};

/*
 * Chooses for an operation that was checked, and that reads or writes. LWM2M_FORMAT if no format is
 * common, LWM2M_UNSUPPORTED if the one that was named cannot carry it.
 */
enum lwm2m_error lwm2m_request_format_choose(struct lwm2m_codecs codecs,
                                             const struct lwm2m_request_target *target,
                                             const struct lwm2m_operation *operation,
                                             struct lwm2m_request_format *format) LWM2M_MUST_CHECK;

#endif
