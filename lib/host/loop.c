/*
 * The event loop: one epoll instance, one timerfd for the next deadline, one signalfd.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/loop.h>

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <lwm2m/list.h>

/* As many events as one turn takes from the kernel; the rest comes with the next one. */
#define BATCH 64
#define SIGNALS 65

struct lwm2m_loop {
    struct lwm2m_timers *timers;
    int epoll_fd, timer_fd, signal_fd;
    uint64_t armed_ms; /* what the timerfd waits for; LWM2M_NEVER: nothing */
    bool stopped;
    struct lwm2m_watch timer_watch, signal_watch;
    sigset_t signals;        /* those with a watch */
    sigset_t blocked_before; /* of them, those that were blocked before */
    struct lwm2m_signal_watch *signal_watches[SIGNALS];
    struct lwm2m_loop_hook *hooks, *next_hook;
    struct epoll_event events[BATCH];
    int event_count, event_index;
};

static uint32_t to_epoll(unsigned events)
{
    return (events & LWM2M_WATCH_READ ? EPOLLIN : 0u) |
           (events & LWM2M_WATCH_WRITE ? EPOLLOUT : 0u);
}

static unsigned from_epoll(uint32_t events)
{
    unsigned watched = 0;
    if (events & EPOLLIN) {
        watched |= LWM2M_WATCH_READ;
    }
    if (events & EPOLLOUT) {
        watched |= LWM2M_WATCH_WRITE;
    }
    if (events & EPOLLERR) {
        watched |= LWM2M_WATCH_ERROR;
    }
    if (events & EPOLLHUP) {
        watched |= LWM2M_WATCH_HANGUP;
    }
    return watched;
}

/* The timers are fired after every batch anyway: it is enough to have been woken. */
static void timer_ready(struct lwm2m_watch *watch, unsigned events)
{
    struct lwm2m_loop *loop = LWM2M_CONTAINER_OF(watch, struct lwm2m_loop, timer_watch);
    uint64_t expirations;
    (void)events;
    if (read(loop->timer_fd, &expirations, sizeof(expirations)) == sizeof(expirations)) {
        loop->armed_ms = LWM2M_NEVER;
    }
}

static void signal_ready(struct lwm2m_watch *watch, unsigned events)
{
    struct lwm2m_loop *loop = LWM2M_CONTAINER_OF(watch, struct lwm2m_loop, signal_watch);
    struct signalfd_siginfo info;
    (void)events;
    while (loop->signal_fd >= 0 && read(loop->signal_fd, &info, sizeof(info)) == sizeof(info)) {
        struct lwm2m_signal_watch *signal_watch =
            info.ssi_signo < SIGNALS ? loop->signal_watches[info.ssi_signo] : NULL;
        if (signal_watch != NULL) {
            signal_watch->received(signal_watch, (int)info.ssi_signo);
        }
    }
}

/* Blocks or unblocks one signal, and says whether it was blocked. */
static bool mask(int how, int number, bool *was_blocked)
{
    sigset_t set, before;
    sigemptyset(&set);
    sigaddset(&set, number);
    if (pthread_sigmask(how, &set, &before) != 0) {
        return false;
    }
    *was_blocked = sigismember(&before, number) == 1;
    return true;
}

/* Forgets the watch, and leaves the signal blocked only if it was before. */
static void give_back_signal(struct lwm2m_loop *loop, int number)
{
    bool was_blocked;
    loop->signal_watches[number] = NULL;
    sigdelset(&loop->signals, number);
    if (sigismember(&loop->blocked_before, number) != 1) {
        (void)mask(SIG_UNBLOCK, number, &was_blocked);
    }
    sigdelset(&loop->blocked_before, number);
}

enum lwm2m_error lwm2m_loop_new(struct lwm2m_timers *timers, struct lwm2m_loop **result)
{
    const struct lwm2m_port *port = timers->port;
    struct lwm2m_loop *loop = port->allocate(port->context, sizeof(*loop));
    if (loop == NULL) {
        return LWM2M_NO_MEMORY;
    }
    memset(loop, 0, sizeof(*loop));
    loop->timers = timers;
    loop->armed_ms = LWM2M_NEVER;
    loop->signal_fd = -1;
    loop->timer_fd = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    loop->timer_watch = (struct lwm2m_watch){.fd = loop->timer_fd, .ready = timer_ready};
    loop->signal_watch = (struct lwm2m_watch){.fd = -1, .ready = signal_ready};
    sigemptyset(&loop->signals);
    sigemptyset(&loop->blocked_before);
    if (loop->timer_fd < 0 || loop->epoll_fd < 0 ||
        lwm2m_loop_add(loop, &loop->timer_watch, LWM2M_WATCH_READ) != LWM2M_OK) {
        lwm2m_loop_free(loop);
        return LWM2M_IO;
    }
    *result = loop;
    return LWM2M_OK;
}

void lwm2m_loop_free(struct lwm2m_loop *loop)
{
    if (loop == NULL) {
        return;
    }
    int error = errno;
    for (int number = 1; number < SIGNALS; number++) {
        if (loop->signal_watches[number] != NULL) {
            give_back_signal(loop, number); /* the watch itself may be gone already */
        }
    }
    if (loop->signal_fd >= 0) {
        close(loop->signal_fd);
    }
    if (loop->timer_fd >= 0) {
        close(loop->timer_fd);
    }
    if (loop->epoll_fd >= 0) {
        close(loop->epoll_fd);
    }
    const struct lwm2m_port *port = loop->timers->port;
    port->release(port->context, loop);
    errno = error;
}

struct lwm2m_timers *lwm2m_loop_timers(struct lwm2m_loop *loop)
{
    return loop->timers;
}

static enum lwm2m_error control(struct lwm2m_loop *loop, int operation, struct lwm2m_watch *watch,
                                unsigned events)
{
    struct epoll_event event = {.events = to_epoll(events), .data.ptr = watch};
    if (epoll_ctl(loop->epoll_fd, operation, watch->fd, &event) == 0) {
        watch->events = events;
        return LWM2M_OK;
    }
    if (errno == EPERM) {
        return LWM2M_UNSUPPORTED;
    }
    return errno == EEXIST ? LWM2M_EXISTS : LWM2M_IO;
}

enum lwm2m_error lwm2m_loop_add(struct lwm2m_loop *loop, struct lwm2m_watch *watch, unsigned events)
{
    return control(loop, EPOLL_CTL_ADD, watch, events);
}

enum lwm2m_error lwm2m_loop_modify(struct lwm2m_loop *loop, struct lwm2m_watch *watch,
                                   unsigned events)
{
    if (watch->events == events) {
        return LWM2M_OK;
    }
    return control(loop, EPOLL_CTL_MOD, watch, events);
}

void lwm2m_loop_remove(struct lwm2m_loop *loop, struct lwm2m_watch *watch)
{
    struct epoll_event unused = {0};
    (void)epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, watch->fd, &unused);
    /* Its owner may free it now, so it must not be found among the events still to be handled. */
    for (int i = loop->event_index; i < loop->event_count; i++) {
        if (loop->events[i].data.ptr == watch) {
            loop->events[i].data.ptr = NULL;
        }
    }
}

/* Makes the signalfd follow loop->signals, and watches it from the first signal on. */
static enum lwm2m_error update_signal_fd(struct lwm2m_loop *loop)
{
    int fd = signalfd(loop->signal_fd, &loop->signals, SFD_NONBLOCK | SFD_CLOEXEC);
    if (fd < 0) {
        return LWM2M_IO;
    }
    if (loop->signal_fd >= 0) {
        return LWM2M_OK;
    }
    loop->signal_watch.fd = fd;
    enum lwm2m_error error = lwm2m_loop_add(loop, &loop->signal_watch, LWM2M_WATCH_READ);
    if (error != LWM2M_OK) {
        close(fd);
        return LWM2M_IO;
    }
    loop->signal_fd = fd;
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_loop_add_signal(struct lwm2m_loop *loop, struct lwm2m_signal_watch *watch)
{
    int number = watch->number;
    bool was_blocked = false;
    if (number <= 0 || number >= SIGNALS || number == SIGKILL || number == SIGSTOP ||
        sigaddset(&loop->signals, number) != 0) {
        return LWM2M_ARGUMENT;
    }
    if (loop->signal_watches[number] != NULL) {
        return LWM2M_EXISTS;
    }
    if (!mask(SIG_BLOCK, number, &was_blocked)) {
        return LWM2M_IO;
    }
    if (update_signal_fd(loop) != LWM2M_OK) {
        sigdelset(&loop->signals, number);
        if (!was_blocked) {
            (void)mask(SIG_UNBLOCK, number, &was_blocked);
        }
        return LWM2M_IO;
    }
    if (was_blocked) {
        sigaddset(&loop->blocked_before, number);
    }
    loop->signal_watches[number] = watch;
    return LWM2M_OK;
}

void lwm2m_loop_remove_signal(struct lwm2m_loop *loop, struct lwm2m_signal_watch *watch)
{
    int number = watch->number;
    if (number <= 0 || number >= SIGNALS || loop->signal_watches[number] != watch) {
        return;
    }
    give_back_signal(loop, number);
    (void)update_signal_fd(loop);
}

void lwm2m_loop_add_hook(struct lwm2m_loop *loop, struct lwm2m_loop_hook *hook)
{
    hook->previous = NULL;
    hook->next = loop->hooks;
    if (loop->hooks != NULL) {
        loop->hooks->previous = hook;
    }
    loop->hooks = hook;
}

void lwm2m_loop_remove_hook(struct lwm2m_loop *loop, struct lwm2m_loop_hook *hook)
{
    if (loop->next_hook == hook) {
        loop->next_hook = hook->next;
    }
    if (hook->next != NULL) {
        hook->next->previous = hook->previous;
    }
    if (hook->previous != NULL) {
        hook->previous->next = hook->next;
    } else if (loop->hooks == hook) {
        loop->hooks = hook->next;
    }
    hook->next = NULL;
    hook->previous = NULL;
}

static void run_hooks(struct lwm2m_loop *loop)
{
    for (struct lwm2m_loop_hook *hook = loop->hooks; hook != NULL; hook = loop->next_hook) {
        loop->next_hook = hook->next;
        hook->run(hook);
    }
    loop->next_hook = NULL;
}

/*
 * Arms the timerfd for a deadline. One that is armed for an earlier moment is left alone: it wakes
 * the loop once too often, which costs less than a system call for every timer that is put off.
 */
static enum lwm2m_error arm(struct lwm2m_loop *loop, uint64_t deadline_ms, uint64_t now_ms)
{
    if (deadline_ms >= loop->armed_ms) {
        return LWM2M_OK;
    }
    /* Relative, since the port counts from a moment of its own; bounded, since time_t is. */
    uint64_t delay_ms = deadline_ms - now_ms;
    if (delay_ms > INT32_MAX) {
        delay_ms = INT32_MAX;
    }
    struct itimerspec timer = {
        .it_value = {.tv_sec = (time_t)(delay_ms / 1000),
                     .tv_nsec = (long)(delay_ms % 1000) * 1000000},
    };
    if (timerfd_settime(loop->timer_fd, 0, &timer, NULL) != 0) {
        return LWM2M_IO;
    }
    loop->armed_ms = deadline_ms;
    return LWM2M_OK;
}

/* How long epoll may sleep: -1 until something happens, the timerfd included. */
static enum lwm2m_error sleep_bound(struct lwm2m_loop *loop, uint64_t wait_ms, int *timeout)
{
    uint64_t now = lwm2m_timers_now(loop->timers);
    uint64_t deadline = lwm2m_timers_deadline(loop->timers);
    if (wait_ms != LWM2M_NEVER && wait_ms <= LWM2M_NEVER - now && now + wait_ms < deadline) {
        deadline = now + wait_ms;
    }
    *timeout = deadline <= now ? 0 : -1;
    if (deadline == LWM2M_NEVER || *timeout == 0) {
        return LWM2M_OK;
    }
    return arm(loop, deadline, now);
}

static void dispatch(struct lwm2m_loop *loop)
{
    for (loop->event_index = 0; loop->event_index < loop->event_count;) {
        const struct epoll_event *event = &loop->events[loop->event_index++];
        struct lwm2m_watch *watch = event->data.ptr;
        if (watch != NULL) {
            watch->ready(watch, from_epoll(event->events));
        }
    }
    loop->event_count = 0;
}

enum lwm2m_error lwm2m_loop_turn(struct lwm2m_loop *loop, uint64_t wait_ms)
{
    int timeout;
    run_hooks(loop); /* what was gathered up since the last turn, outside the loop */
    enum lwm2m_error error = sleep_bound(loop, wait_ms, &timeout);
    if (error != LWM2M_OK) {
        return error;
    }
    int count = epoll_wait(loop->epoll_fd, loop->events, BATCH, timeout);
    if (count < 0 && errno != EINTR) {
        return LWM2M_IO;
    }
    loop->event_count = count > 0 ? count : 0;
    dispatch(loop);
    (void)lwm2m_timers_step(loop->timers);
    run_hooks(loop);
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_loop_run(struct lwm2m_loop *loop)
{
    enum lwm2m_error error = LWM2M_OK;
    while (error == LWM2M_OK && !loop->stopped) {
        error = lwm2m_loop_turn(loop, LWM2M_NEVER);
    }
    loop->stopped = false;
    return error;
}

void lwm2m_loop_stop(struct lwm2m_loop *loop)
{
    loop->stopped = true;
}
