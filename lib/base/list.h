/*
 * The lists of the library are those of the public header.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include <lwm2m/list.h>

#endif
