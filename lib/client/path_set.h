/*
 * The paths that a composite operation names, in the order of the tree, none twice or within
 * another.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLIENT_PATH_SET_H
#define CLIENT_PATH_SET_H

#include <stddef.h>

#include <lwm2m/error.h>
#include <lwm2m/path.h>

#define LWM2M_PATH_SET_MAX 64

/* Zeroed memory is an empty one. */
struct lwm2m_path_set {
    size_t count;
    struct lwm2m_path paths[LWM2M_PATH_SET_MAX];
};

/* LWM2M_TOO_LARGE: there is no room for another. */
enum lwm2m_error lwm2m_path_set_add(struct lwm2m_path_set *set,
                                    struct lwm2m_path path) LWM2M_MUST_CHECK;

#endif
