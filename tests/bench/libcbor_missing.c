/*
 * Stands in for libcbor_parser.c where libcbor is not installed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stddef.h>

#include "bench/parser.h"

const struct parser libcbor_parser = {"libcbor", NULL};
