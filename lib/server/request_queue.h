/*
 * The requests to one device: one is under way at a time, the others wait in order; all wait while it
 * sleeps.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_REQUEST_QUEUE_H
#define SERVER_REQUEST_QUEUE_H

#include "server/device.h"

/*
 * An encoded request on its way. It is queued until its first answer; one that observes lives on
 * after that, out of the queue, as long as its exchange.
 *
 *     state      leaves by                          to
 *     waiting    in front, and the device is awake  under way
 *     waiting    deadline, drain                    over
 *     under way  answer without an observation      over
 *     under way  answer with an observation         observing
 *     under way  failure, deadline, drain           over
 *     under way  the device moved (idempotent only) waiting, in front
 *     under way  no answer, and its hold is not over
 *                (queue mode, idempotent only)      waiting, in front; the device sleeps
 *     waiting    a new registration of the device   waiting, in that one's queue
 *     observing  error, end of the observation      over
 *     any        lwm2m_ticket_cancel                freed
 */
struct lwm2m_ticket {
    struct lwm2m_list link; /* in the device's queue */
    struct lwm2m_device *device;
    struct lwm2m_peer *peer;         /* it was sent to, retained; NULL while it waits */
    struct lwm2m_exchange *exchange; /* NULL unless under way or observing */
    struct lwm2m_ticket *ends; /* the ticket of an observation that this one ends, owned; or NULL */
    struct lwm2m_timer deadline;
    uint64_t sent_ms;
    uint64_t hold_until_ms; /* while the device sleeps, it waits until then */
    uint32_t hold_ms;       /* 0: as long as timeout_ms */
    uint32_t timeout_ms;    /* from lwm2m_queue_add; if it was held, from when it is sent */
    bool held;              /* the device slept while it waited */
    /*
     * Called for every answer and for the failure. over: the ticket is out of the queue and has no
     * exchange any more, and finish frees it. May call anything of the server.
     */
    void (*finish)(struct lwm2m_ticket *ticket, const struct lwm2m_response *response, bool over);
    void *context;                                                    /* for finish */
    void (*done)(void *context, const struct lwm2m_outcome *outcome); /* of an operation */
    struct lwm2m_path path;
    uint8_t kind; /* of an operation: enum lwm2m_operation_kind */
    uint8_t method;
    uint8_t send_error; /* why it could not be sent; reported by the deadline */
    bool queued;
    bool observe;
    bool idempotent;
    size_t options_length;
    size_t payload_length;
    uint8_t data[]; /* options, then payload */
};

/* A ticket with copies of options and payload, not queued; NULL if there is no memory. */
struct lwm2m_ticket *lwm2m_ticket_new(struct lwm2m_device *device, struct lwm2m_bytes options,
                                      struct lwm2m_bytes payload);
/* Frees a ticket that is not queued and has no exchange. */
void lwm2m_ticket_free(struct lwm2m_ticket *ticket);
/* Takes it out of whatever state it is in, and frees it; finish is not called. */
void lwm2m_ticket_cancel(struct lwm2m_ticket *ticket);

/* Takes the ticket. Nothing is called from within: a failure to send is reported by the next step.
 */
void lwm2m_queue_add(struct lwm2m_device *device, struct lwm2m_ticket *ticket, uint32_t timeout_ms);

/* Sends what is in front, unless it is under way or the device sleeps. */
void lwm2m_queue_pump(struct lwm2m_device *device);

/* The device sleeps, or is awake again: when waiting tickets are given up changes. Nothing is sent or
 * called from within. */
void lwm2m_queue_suspend(struct lwm2m_device *device);
void lwm2m_queue_resume(struct lwm2m_device *device);

/*
 * A new registration of a device in queue mode takes over the operations that wait for it, unless it
 * speaks another version or other formats than they were encoded for.
 */
void lwm2m_queue_hand_over(struct lwm2m_device *from, struct lwm2m_device *to);

/* Finishes every queued ticket with the error. */
void lwm2m_queue_drain(struct lwm2m_device *device, enum lwm2m_error error);

/* The device has a new address: what is under way and may be repeated is sent again, to there. */
void lwm2m_queue_move(struct lwm2m_device *device);

#endif
