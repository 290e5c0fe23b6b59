/*
 * Deadlines in a pairing heap: a tree in heap order whose nodes lie inside the timers.
 *
 * A node's `child` is its first child, `next` its next sibling; `previous` is the sibling before
 * it, or the parent of a first child, or the node itself at the root: never NULL while it is armed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/timers.h>

#include <stddef.h>

/* Melds two roots (either may be NULL) into one. */
static struct lwm2m_timer *meld(struct lwm2m_timer *a, struct lwm2m_timer *b)
{
    if (!a || !b) {
        return a ? a : b;
    }
    if (b->queued_ms < a->queued_ms) {
        struct lwm2m_timer *swap = a;
        a = b;
        b = swap;
    }
    b->previous = a;
    b->next = a->child;
    if (b->next) {
        b->next->previous = b;
    }
    a->child = b;
    a->previous = a;
    a->next = NULL;
    return a;
}

/*
 * Makes one heap of a list of siblings in two passes: pairs from left to right, then the pairs from
 * right to left. That is what makes removal O(log n) amortised.
 */
static struct lwm2m_timer *meld_siblings(struct lwm2m_timer *first)
{
    struct lwm2m_timer *pairs = NULL; /* a stack, linked by next */
    while (first) {
        struct lwm2m_timer *second = first->next;
        struct lwm2m_timer *rest = second ? second->next : NULL;
        struct lwm2m_timer *pair = meld(first, second);
        pair->next = pairs;
        pairs = pair;
        first = rest;
    }

    struct lwm2m_timer *root = NULL;
    while (pairs) {
        struct lwm2m_timer *below = pairs->next;
        pairs->next = NULL;
        pairs->previous = pairs;
        root = meld(root, pairs);
        pairs = below;
    }
    return root;
}

static void queue(struct lwm2m_timer **root, struct lwm2m_timer *timer)
{
    timer->queued_ms = timer->deadline_ms;
    timer->child = NULL;
    timer->next = NULL;
    timer->previous = timer;
    *root = meld(*root, timer);
}

/* Puts a heap (or NULL) in the place of a timer that is no root. */
static void replace(struct lwm2m_timer *timer, struct lwm2m_timer *heap)
{
    struct lwm2m_timer *next = timer->next;
    struct lwm2m_timer *follower = heap ? heap : next;

    if (timer->previous->child == timer) {
        timer->previous->child = follower;
    } else {
        timer->previous->next = follower;
    }
    if (follower) {
        follower->previous = timer->previous;
    }
    if (heap) {
        heap->next = next;
        if (next) {
            next->previous = heap;
        }
    }
}

static void unqueue(struct lwm2m_timers *timers, struct lwm2m_timer *timer)
{
    struct lwm2m_timer *children = meld_siblings(timer->child);

    if (timers->root == timer) {
        timers->root = children;
    } else if (timers->later == timer) {
        timers->later = children;
    } else {
        replace(timer, children);
    }
    timer->child = NULL;
    timer->next = NULL;
    timer->previous = NULL;
}

void lwm2m_timers_init(struct lwm2m_timers *timers, const struct lwm2m_port *port)
{
    *timers = (struct lwm2m_timers){.port = port};
}

uint64_t lwm2m_timers_now(const struct lwm2m_timers *timers)
{
    return timers->port->now_ms(timers->port->context);
}

void lwm2m_timer_arm_at(struct lwm2m_timers *timers, struct lwm2m_timer *timer,
                        uint64_t deadline_ms)
{
    if (deadline_ms == LWM2M_NEVER) {
        lwm2m_timer_disarm(timers, timer);
        return;
    }
    timer->deadline_ms = deadline_ms;
    if (timer->previous) {
        /* Put off: left where it is, and queued again when its old time comes. */
        if (deadline_ms >= timer->queued_ms) {
            return;
        }
        unqueue(timers, timer);
    }
    queue(timers->stepping ? &timers->later : &timers->root, timer);
}

void lwm2m_timer_arm_in(struct lwm2m_timers *timers, struct lwm2m_timer *timer, uint64_t delay_ms)
{
    uint64_t now_ms = lwm2m_timers_now(timers);
    lwm2m_timer_arm_at(timers, timer,
                       delay_ms < LWM2M_NEVER - now_ms ? now_ms + delay_ms : LWM2M_NEVER);
}

void lwm2m_timer_disarm(struct lwm2m_timers *timers, struct lwm2m_timer *timer)
{
    if (timer->previous) {
        unqueue(timers, timer);
    }
}

bool lwm2m_timer_is_armed(const struct lwm2m_timer *timer)
{
    return timer->previous != NULL;
}

uint64_t lwm2m_timers_deadline(const struct lwm2m_timers *timers)
{
    uint64_t deadline_ms = timers->root ? timers->root->queued_ms : LWM2M_NEVER;
    if (timers->later && timers->later->queued_ms < deadline_ms) {
        deadline_ms = timers->later->queued_ms;
    }
    return deadline_ms;
}

uint64_t lwm2m_timers_step(struct lwm2m_timers *timers)
{
    uint64_t now_ms = lwm2m_timers_now(timers);

    timers->stepping = true;
    while (timers->root && timers->root->queued_ms <= now_ms) {
        struct lwm2m_timer *timer = timers->root;
        unqueue(timers, timer);
        if (timer->deadline_ms > timer->queued_ms) {
            queue(&timers->root, timer);
        } else {
            timer->fire(timer);
        }
    }
    timers->stepping = false;

    timers->root = meld(timers->root, timers->later);
    timers->later = NULL;
    return lwm2m_timers_deadline(timers);
}
