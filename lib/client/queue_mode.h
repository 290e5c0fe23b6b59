/*
 * Queue mode: a device that listens for a while after each message, and then no more until it has
 * something to say (LwM2M Core 1.2 §6.5).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLIENT_QUEUE_MODE_H
#define CLIENT_QUEUE_MODE_H

#include <lwm2m/timers.h>

struct lwm2m_account;

/* One server's. Zeroed memory is a device that listens always. */
struct lwm2m_queue_mode {
    struct lwm2m_timer timer;
    bool asleep;
    bool waking; /* awake, and the program has yet to hear of it */
};

/* A message is about to leave, or has come: the device is awake from now on for its awake time, if
 * it has told the server of its queue mode. */
void lwm2m_queue_mode_touch(struct lwm2m_account *account);
/* It listens always: there is no registration, or one without queue mode. */
void lwm2m_queue_mode_end(struct lwm2m_account *account);

#endif
