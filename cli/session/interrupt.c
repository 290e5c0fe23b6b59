/*
 * Notes SIGINT and SIGTERM while an operation is under way.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "session/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

/* A signal handler reaches nothing but globals; these are written by it alone. */
static volatile sig_atomic_t pending;
static volatile sig_atomic_t last_signal;

static volatile sig_atomic_t resizes;

/* Who answers SIGWINCH; NULL: nobody. */
static void (*on_resize)(void *context);
static void *resize_context;

static struct sigaction previous_int, previous_term, previous_winch;
static sigset_t previous_mask;

static void note(int number)
{
    pending = pending + 1;
    last_signal = number;
}

static void note_resize(int number)
{
    (void)number;
    resizes = 1;
}

void interrupt_on_resize(void (*resized)(void *context), void *context)
{
    on_resize = resized;
    resize_context = context;
}

void interrupt_begin(void)
{
    struct sigaction action = {.sa_handler = note};
    struct sigaction resize_action = {.sa_handler = note_resize};
    sigset_t blocked;
    sigemptyset(&action.sa_mask);
    sigemptyset(&resize_action.sa_mask);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGINT);
    sigaddset(&blocked, SIGTERM);
    sigaddset(&blocked, SIGWINCH);
    pending = 0;
    /* Blocked except inside ppoll, so that no signal falls between a check and the wait. */
    sigprocmask(SIG_BLOCK, &blocked, &previous_mask);
    sigaction(SIGINT, &action, &previous_int);
    sigaction(SIGTERM, &action, &previous_term);
    sigaction(SIGWINCH, &resize_action, &previous_winch);
}

void interrupt_end(void)
{
    sigaction(SIGINT, &previous_int, NULL);
    sigaction(SIGTERM, &previous_term, NULL);
    sigaction(SIGWINCH, &previous_winch, NULL);
    sigprocmask(SIG_SETMASK, &previous_mask, NULL);
}

int interrupt_poll(struct pollfd *waits, nfds_t count, const struct timespec *timeout)
{
    sigset_t open = previous_mask;
    sigdelset(&open, SIGINT);
    sigdelset(&open, SIGTERM);
    sigdelset(&open, SIGWINCH);
    int ready = ppoll(waits, count, timeout, &open);
    int error = errno;
    if (resizes != 0) {
        resizes = 0;
        if (on_resize != NULL) {
            on_resize(resize_context);
        }
    }
    errno = error;
    return ready;
}

bool interrupt_taken(void)
{
    if (pending == 0) {
        return false;
    }
    pending = pending - 1;
    return true;
}

bool interrupt_was_terminate(void)
{
    return last_signal == SIGTERM;
}
