/*
 * How a request of the control protocol, or anything on the way to it, ended.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONTROL_OUTCOME_H
#define CONTROL_OUTCOME_H

#include "output/exit_code.h"

/* How a request, or opening a session, ended. */
struct control_outcome {
    enum exit_code exit;
    char message[512]; /* for people; empty if there is nothing to say */
    char hint[256];    /* the next step; may be empty */
};

/* Sets an outcome. */
void control_fail(struct control_outcome *outcome, enum exit_code exit, const char *hint,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
