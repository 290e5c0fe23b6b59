/*
 * Records: the one unit in which content moves between objects, codecs and engines.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_RECORD_H
#define LWM2M_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include <lwm2m/error.h>
#include <lwm2m/path.h>
#include <lwm2m/value.h>

/* The record carries no time of its own. */
#define LWM2M_NO_TIME INT64_MIN

/*
 * A value at a path (a resource or a resource instance). Three records carry no value (type NONE):
 * an object instance that exists but is empty (level INSTANCE), a multiple resource without
 * instances (level RESOURCE), and a path that is only named, as in the body of a Read-Composite.
 */
struct lwm2m_record {
    struct lwm2m_path path;
    struct lwm2m_value value;
    int64_t time_ms; /* since 1970-01-01T00:00:00Z, or LWM2M_NO_TIME */
    size_t offset;   /* of the value in the payload that it was decoded from; 0 elsewhere */
};

/*
 * Takes records one by one. What put is given is valid only during the call. An error that put
 * returns stops the producer, which returns it.
 */
struct lwm2m_sink {
    void *context;
    enum lwm2m_error (*put)(void *context, const struct lwm2m_record *record);
};

enum lwm2m_error lwm2m_sink_put(struct lwm2m_sink sink, struct lwm2m_path path,
                                struct lwm2m_value value) LWM2M_MUST_CHECK;

#endif
