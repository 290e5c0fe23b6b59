/*
 * Exit codes for errors of the library.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONTROL_FAILURE_H
#define CONTROL_FAILURE_H

#include <lwm2m/error.h>

#include "output/exit_code.h"

/* The exit code that stands for an error while something was done with a peer. */
enum exit_code exit_code_of_error(enum lwm2m_error error);

#endif
