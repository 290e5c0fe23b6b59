/*
 * The event loop of a host: file descriptors, signals and the timers of the engines, in one thread.
 * Nothing in it depends on how much is watched: each wake-up costs what has happened.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_LOOP_H
#define LWM2M_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include <lwm2m/error.h>
#include <lwm2m/timers.h>

enum lwm2m_watch_event {
    LWM2M_WATCH_READ = 1 << 0,
    LWM2M_WATCH_WRITE = 1 << 1,
    LWM2M_WATCH_ERROR = 1 << 2,  /* reported always: the descriptor is in error */
    LWM2M_WATCH_HANGUP = 1 << 3, /* reported always: the other side is gone */
};

/*
 * One file descriptor, watched; held in its owner's memory. ready is called with what has happened,
 * again and again while it holds. It may change or remove this or any other watch, and free the
 * memory of those it removed.
 */
struct lwm2m_watch {
    void (*ready)(struct lwm2m_watch *watch, unsigned events);
    int fd;          /* not closed by the loop; remove the watch before closing it */
    unsigned events; /* set by the loop: what is waited for, enum lwm2m_watch_event or-ed */
};

/* One signal, received as an event instead of by a handler. A number has at most one watch. */
struct lwm2m_signal_watch {
    void (*received)(struct lwm2m_signal_watch *watch, int number);
    int number; /* SIGINT … */
};

/* Called after every batch of events and timers, before the loop sleeps; for what was gathered up.
 */
struct lwm2m_loop_hook {
    void (*run)(struct lwm2m_loop_hook *hook);
    struct lwm2m_loop_hook *next;     /* private */
    struct lwm2m_loop_hook *previous; /* private */
};

struct lwm2m_loop;

/* timers is borrowed, must outlive the loop, and is stepped by it. LWM2M_NO_MEMORY, LWM2M_IO (see
 * errno). */
enum lwm2m_error lwm2m_loop_new(struct lwm2m_timers *timers,
                                struct lwm2m_loop **loop) LWM2M_MUST_CHECK;
/* Gives the signals back to the process. Remaining watches are forgotten. NULL is allowed. */
void lwm2m_loop_free(struct lwm2m_loop *loop);

struct lwm2m_timers *lwm2m_loop_timers(struct lwm2m_loop *loop);

/*
 * Begins to watch watch->fd. LWM2M_UNSUPPORTED: the descriptor cannot be waited for (a regular file
 * is always ready); LWM2M_EXISTS: it is watched already; LWM2M_IO (see errno).
 */
enum lwm2m_error lwm2m_loop_add(struct lwm2m_loop *loop, struct lwm2m_watch *watch,
                                unsigned events) LWM2M_MUST_CHECK;
/* Waits for other events from now on; costs nothing if they are the same. LWM2M_IO. */
enum lwm2m_error lwm2m_loop_modify(struct lwm2m_loop *loop, struct lwm2m_watch *watch,
                                   unsigned events) LWM2M_MUST_CHECK;
/* Ends watching; ready is not called again, not even for what has happened already. */
void lwm2m_loop_remove(struct lwm2m_loop *loop, struct lwm2m_watch *watch);

/*
 * Blocks the signal in the process and hands it to the watch. A child process inherits the blocked
 * signals: unblock them between fork and exec. LWM2M_ARGUMENT (no such signal, or none that can be
 * blocked), LWM2M_EXISTS, LWM2M_IO (see errno).
 */
enum lwm2m_error lwm2m_loop_add_signal(struct lwm2m_loop *loop,
                                       struct lwm2m_signal_watch *watch) LWM2M_MUST_CHECK;
/* Gives the signal back to the process, as it was. */
void lwm2m_loop_remove_signal(struct lwm2m_loop *loop, struct lwm2m_signal_watch *watch);

void lwm2m_loop_add_hook(struct lwm2m_loop *loop, struct lwm2m_loop_hook *hook);
/* A hook may remove itself while it runs, but no other. */
void lwm2m_loop_remove_hook(struct lwm2m_loop *loop, struct lwm2m_loop_hook *hook);

/*
 * One turn: sleeps until something happens, a timer is due, or wait_ms is over (LWM2M_NEVER:
 * without bound; 0: does not sleep), then handles what has happened, fires the timers, and runs the
 * hooks. LWM2M_IO.
 */
enum lwm2m_error lwm2m_loop_turn(struct lwm2m_loop *loop, uint64_t wait_ms) LWM2M_MUST_CHECK;

/* Turns until lwm2m_loop_stop. LWM2M_IO. */
enum lwm2m_error lwm2m_loop_run(struct lwm2m_loop *loop) LWM2M_MUST_CHECK;

/* Makes lwm2m_loop_run return once its turn is over, or at once if it does not run yet; only one.
 */
void lwm2m_loop_stop(struct lwm2m_loop *loop);

#endif
