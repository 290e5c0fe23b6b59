/*
 * Deadlines. Engines, transports and objects hang their timers here; the program calls
 * lwm2m_timers_step whenever the returned deadline has come, and nothing else makes time pass.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_TIMERS_H
#define LWM2M_TIMERS_H

#include <stdbool.h>
#include <stdint.h>

#include <lwm2m/port.h>

/*
 * One deadline, held in its owner's memory. Zeroed memory is a timer that is not armed.
 * fire is called by lwm2m_timers_step, after the timer was disarmed; it may arm it again, disarm or
 * arm any other timer, and free the memory that holds this one.
 */
struct lwm2m_timer {
    void (*fire)(struct lwm2m_timer *timer);
    uint64_t deadline_ms;         /* when it is due */
    uint64_t queued_ms;           /* private: the key under which it is queued, <= deadline_ms */
    struct lwm2m_timer *child;    /* private */
    struct lwm2m_timer *next;     /* private */
    struct lwm2m_timer *previous; /* private: NULL if not armed */
};

/*
 * A pairing heap: arming is O(1), disarming and firing are O(log n) amortised. Putting off a timer
 * that is armed (as every Update of a registration does) is O(1): it is moved when its old time
 * comes.
 */
struct lwm2m_timers {
    const struct lwm2m_port *port;
    struct lwm2m_timer *root;  /* private */
    struct lwm2m_timer *later; /* private: what was armed during the step that is under way */
    bool stepping;             /* private */
};

/* port is borrowed and must outlive the timers. */
void lwm2m_timers_init(struct lwm2m_timers *timers, const struct lwm2m_port *port);

/* The port's time. */
uint64_t lwm2m_timers_now(const struct lwm2m_timers *timers);

/* Arms the timer, or moves it if it is armed. LWM2M_NEVER disarms it. timer->fire must be set. */
void lwm2m_timer_arm_at(struct lwm2m_timers *timers, struct lwm2m_timer *timer,
                        uint64_t deadline_ms);
/* The same, delay_ms from now; a sum past the end of time is LWM2M_NEVER. */
void lwm2m_timer_arm_in(struct lwm2m_timers *timers, struct lwm2m_timer *timer, uint64_t delay_ms);

/* Does nothing to a timer that is not armed. */
void lwm2m_timer_disarm(struct lwm2m_timers *timers, struct lwm2m_timer *timer);

bool lwm2m_timer_is_armed(const struct lwm2m_timer *timer);

/*
 * Fires every timer that is due, earliest first, then returns the next deadline: LWM2M_NEVER if
 * there is none. The deadline may be early (a timer was put off since), never late. A timer that is
 * armed for "now" while it fires runs at the next step, so a step always ends. Not to be called by
 * a timer that fires.
 */
uint64_t lwm2m_timers_step(struct lwm2m_timers *timers);

/* The next deadline as lwm2m_timers_step returns it, without firing anything. */
uint64_t lwm2m_timers_deadline(const struct lwm2m_timers *timers);

#endif
