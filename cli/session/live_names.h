/*
 * The names that a running server knows, for completion: of devices, and of what they have. They are
 * asked for at most for a moment; nothing is sent to a device, nothing is started, and where there
 * is no server there are no names.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SESSION_LIVE_NAMES_H
#define SESSION_LIVE_NAMES_H

#include <stdint.h>

#include "command/completion.h"

struct live_names {
    int64_t deadline_ms; /* for everything */
};

/* A source that is good for one completion. live_names is the caller's, and outlives it. */
struct completion_source live_names_source(struct live_names *names);

#endif
