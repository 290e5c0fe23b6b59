/*
 * The paths that a composite operation names, in the order of the tree.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/path_set.h"

#include <string.h>

/* The first position whose path does not come before `path`. */
static size_t find_position(const struct lwm2m_path_set *set, struct lwm2m_path path)
{
    size_t low = 0, high = set->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (lwm2m_path_compare(set->paths[middle], path) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void move_tail(struct lwm2m_path_set *set, size_t from, size_t to)
{
    memmove(&set->paths[to], &set->paths[from], (set->count - from) * sizeof(set->paths[0]));
    set->count = set->count - from + to;
}

enum lwm2m_error lwm2m_path_set_add(struct lwm2m_path_set *set, struct lwm2m_path path)
{
    size_t position = find_position(set, path);
    size_t end = position;

    /* Parents come first: what contains the path is right before it, since it contains nothing
     * else that is in the set. */
    if (position > 0 && lwm2m_path_contains(set->paths[position - 1], path)) {
        return LWM2M_OK;
    }
    while (end < set->count && lwm2m_path_contains(path, set->paths[end])) {
        end++;
    }
    if (end == position && set->count == LWM2M_PATH_SET_MAX) {
        return LWM2M_TOO_LARGE;
    }
    move_tail(set, end, position + 1);
    set->paths[position] = path;
    return LWM2M_OK;
}
