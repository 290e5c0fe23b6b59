/*
 * Shows the service manager that a daemon still turns (WatchdogSec of systemd.service(5)).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DAEMON_WATCHDOG_H
#define DAEMON_WATCHDOG_H

#include <stdint.h>

#include <lwm2m/timers.h>

/* Zeroed memory is a watchdog that is not started. */
struct watchdog {
    struct lwm2m_timer timer;
    struct lwm2m_timers *timers;
    uint64_t period_ms;
};

/*
 * From now on says WATCHDOG=1 twice in the time that $WATCHDOG_USEC gives, if that is set, and meant for
 * this process ($WATCHDOG_PID). Timers that do not get their turn say nothing: then the manager acts.
 */
void watchdog_start(struct watchdog *watchdog, struct lwm2m_timers *timers);

void watchdog_stop(struct watchdog *watchdog);

#endif
