/*
 * Records on their way into a sink.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/record.h>

enum lwm2m_error lwm2m_sink_put(struct lwm2m_sink sink, struct lwm2m_path path,
                                struct lwm2m_value value)
{
    struct lwm2m_record record = {.path = path, .value = value, .time_ms = LWM2M_NO_TIME};
    return sink.put(sink.context, &record);
}
