/*
 * Shows the service manager that a daemon still turns.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "daemon/watchdog.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include <lwm2m/list.h>

#include "daemon/readiness.h"

#define US_PER_MS 1000u

/* A number of the environment; false if there is none, or what is there is no number. */
static bool number_of(const char *name, unsigned long long *number)
{
    const char *text = getenv(name);
    char *end;
    if (text == NULL || text[0] < '0' || text[0] > '9') {
        return false;
    }
    errno = 0;
    *number = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0';
}

static void fire(struct lwm2m_timer *timer)
{
    struct watchdog *watchdog = LWM2M_CONTAINER_OF(timer, struct watchdog, timer);
    readiness_tell("WATCHDOG=1");
    lwm2m_timer_arm_in(watchdog->timers, timer, watchdog->period_ms);
}

void watchdog_start(struct watchdog *watchdog, struct lwm2m_timers *timers)
{
    unsigned long long limit_us, pid;
    if (!number_of("WATCHDOG_USEC", &limit_us) ||
        (number_of("WATCHDOG_PID", &pid) && pid != (unsigned long long)getpid())) {
        return;
    }
    uint64_t half_ms = limit_us / (2 * US_PER_MS);
    *watchdog = (struct watchdog){
        .timer = {.fire = fire},
        .timers = timers,
        .period_ms = half_ms > 0 ? half_ms : 1,
    };
    lwm2m_timer_arm_in(timers, &watchdog->timer, watchdog->period_ms);
}

void watchdog_stop(struct watchdog *watchdog)
{
    if (watchdog->timers != NULL) {
        lwm2m_timer_disarm(watchdog->timers, &watchdog->timer);
    }
}
