/*
 * Which answer belongs to which request, and which message came before, among all messages of an
 * endpoint: from watching them alone.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONTROL_ROUND_TRIPS_H
#define CONTROL_ROUND_TRIPS_H

#include <stdbool.h>
#include <stdint.h>

#include <lwm2m/message.h>

/* The path of a request, with its NUL; longer ones are cut. */
#define ROUND_TRIP_PATH_MAX 48

struct round_trips;

/* NULL if there is no memory. Its size is fixed: the oldest of what is remembered gives way. */
struct round_trips *round_trips_new(void);
/* NULL is allowed. */
void round_trips_free(struct round_trips *trips);

/* One message as it is seen. */
struct sighting {
    const void *peer; /* tells peers apart; not looked into */
    bool outgoing;
    const struct lwm2m_message *message;
    uint64_t now_us; /* of a clock that never jumps */
};

struct round_trip {
    int64_t us; /* from the first copy of what it answers or acknowledges; -1: it does neither */
    unsigned again;                 /* how often the same was seen before */
    char path[ROUND_TRIP_PATH_MAX]; /* of the request, also with its answers; or empty */
};

/* Takes a message, in O(1), and tells what it belongs to. */
void round_trips_take(struct round_trips *trips, const struct sighting *sighting,
                      struct round_trip *trip);

#endif
