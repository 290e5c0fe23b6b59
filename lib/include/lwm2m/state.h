/*
 * What devices are like, and what they are to be like, by endpoint name: last-reported state is the
 * last value of everything that a device said; desired state is what it is to be written. Both are
 * there while the device sleeps or is away.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_STATE_H
#define LWM2M_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/error.h>
#include <lwm2m/path.h>
#include <lwm2m/record.h>
#include <lwm2m/status.h>
#include <lwm2m/value.h>

struct lwm2m_server;

/* A value of more bytes than this is not kept. */
#define LWM2M_STATE_VALUE_MAX 4096

/* What a device said last of one resource or resource instance: in the answer to a Read, in a
 * notification, or in a Send. */
struct lwm2m_reported_value {
    struct lwm2m_path path;
    struct lwm2m_value value; /* borrowed */
    uint64_t seen_ms;         /* port time of when it came */
    int64_t time_ms;          /* the device's own time of the value, or LWM2M_NO_TIME */
};

enum lwm2m_desired_status {
    LWM2M_DESIRED_PENDING, /* the device has yet to take it */
    LWM2M_DESIRED_APPLIED, /* it answered 2.04 */
    LWM2M_DESIRED_REFUSED, /* it answered 4.xx, or cannot be told: given up */
};

/* What a resource or resource instance of a device is to hold. */
struct lwm2m_desired_value {
    struct lwm2m_path path;
    struct lwm2m_value value; /* borrowed */
    enum lwm2m_desired_status status;
    uint64_t since_ms;        /* port time: since when it is in that status */
    uint32_t attempts;        /* that failed */
    enum lwm2m_error error;   /* of the last attempt; OK also before the first */
    enum lwm2m_status answer; /* of the device to the last attempt, or LWM2M_STATUS_NONE */
};

/* True if anything is known of an endpoint name, registered or not. */
bool lwm2m_server_has_state(struct lwm2m_server *server, struct lwm2m_bytes endpoint_name);

/* Calls visit for everything reported at path or below it, in no order, until visit returns false.
 * visit must not call the server. */
void lwm2m_server_visit_reported(struct lwm2m_server *server, struct lwm2m_bytes endpoint_name,
                                 struct lwm2m_path path,
                                 bool (*visit)(void *context,
                                               const struct lwm2m_reported_value *reported),
                                 void *context);

/*
 * Says what resources of a device are to hold; the device need not be registered, or known. Each
 * value is written by itself, in order, once the device can be reached; again, ever more seldom,
 * while it does not answer or answers 5.xx; and at once when it registers or updates its
 * registration after it did not answer. What becomes of it are LWM2M_SERVER_DESIRED events, the
 * first of them from within this call. A new value for a path takes the place of the old one.
 *
 * LWM2M_ARGUMENT: a path is none of a resource or resource instance, or a value is of type NONE.
 * LWM2M_TOO_LARGE: a value is over LWM2M_STATE_VALUE_MAX. LWM2M_BUSY: max_desired_per_device values,
 * or max_desired_values of all devices, are pending. LWM2M_NO_MEMORY. With ARGUMENT and TOO_LARGE
 * nothing was taken, otherwise the records before the failed one were.
 */
enum lwm2m_error lwm2m_server_set_desired(struct lwm2m_server *server,
                                          struct lwm2m_bytes endpoint_name,
                                          const struct lwm2m_record *records,
                                          size_t record_count) LWM2M_MUST_CHECK;
/* Forgets what is desired at path or below it, pending or not; returns how many values that were.
 * A request that is under way is not taken back. */
size_t lwm2m_server_clear_desired(struct lwm2m_server *server, struct lwm2m_bytes endpoint_name,
                                  struct lwm2m_path path);
/* As lwm2m_server_visit_reported; what is pending comes first, in its order. */
void lwm2m_server_visit_desired(struct lwm2m_server *server, struct lwm2m_bytes endpoint_name,
                                struct lwm2m_path path,
                                bool (*visit)(void *context,
                                              const struct lwm2m_desired_value *desired),
                                void *context);

#endif
