/*
 * SIGINT as something to wait for: it ends the operation under way, not the program.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SESSION_INTERRUPT_H
#define SESSION_INTERRUPT_H

#include <poll.h>
#include <stdbool.h>
#include <time.h>

/* Between the two, SIGINT and SIGTERM are noted instead of ending the program. Calls do not nest.
 */
void interrupt_begin(void);
void interrupt_end(void);

/* Has SIGWINCH answered by a call, made inside interrupt_poll and not in the signal's handler; NULL:
 * no longer. To be set before interrupt_begin. */
void interrupt_on_resize(void (*resized)(void *context), void *context);

/* As ppoll; a signal that came before or comes during the call ends it with EINTR. */
int interrupt_poll(struct pollfd *waits, nfds_t count, const struct timespec *timeout);

/* True once for every SIGINT or SIGTERM that was noted. */
bool interrupt_taken(void);

/* True if what was noted last was SIGTERM. */
bool interrupt_was_terminate(void);

#endif
