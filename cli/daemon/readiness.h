/*
 * Tells the service manager how a daemon is (sd_notify(3)).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DAEMON_READINESS_H
#define DAEMON_READINESS_H

/* Sends a state such as "READY=1" to $NOTIFY_SOCKET; does nothing where there is none. */
void readiness_tell(const char *state);

#endif
