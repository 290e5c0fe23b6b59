/*
 * Variables of the environment.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef OUTPUT_ENVIRONMENT_H
#define OUTPUT_ENVIRONMENT_H

/* The value of a variable; NULL where it is not set, or empty. */
const char *environment(const char *name);

#endif
