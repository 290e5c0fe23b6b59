/*
 * Things that belong to paths, found by a path, and from any path above it.
 *
 * A thing stands in a list at its own path, and in one at every path above. So a change at a path
 * finds what stands at it, above it and below it without looking at anything else.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLIENT_PATH_INDEX_H
#define CLIENT_PATH_INDEX_H

#include <lwm2m/list.h>
#include <lwm2m/path.h>

#include "base/hash_table.h"

struct lwm2m_path_entry;

/* One path at which, or below which, something stands. */
struct lwm2m_path_place {
    struct lwm2m_hash_node node;
    struct lwm2m_path path;
    struct lwm2m_list here;  /* struct lwm2m_path_membership: of this path */
    struct lwm2m_list below; /* the same, of paths below it */
};

/* What stands in the list of one place. */
struct lwm2m_path_membership {
    struct lwm2m_list node;
    struct lwm2m_path_entry *entry;
    struct lwm2m_path_place *place; /* NULL: in none */
};

/* Lies inside the thing; zeroed memory stands nowhere. [level], from ROOT to the level of the path.
 */
struct lwm2m_path_entry {
    struct lwm2m_path_membership memberships[LWM2M_LEVEL_RESOURCE_INSTANCE + 1];
};

/* Zeroed memory is fit for release. */
struct lwm2m_path_index {
    struct lwm2m_hash_table places;
};

enum lwm2m_error lwm2m_path_index_init(struct lwm2m_path_index *index,
                                       const struct lwm2m_port *port) LWM2M_MUST_CHECK;
/* Everything has left it. */
void lwm2m_path_index_release(struct lwm2m_path_index *index);

/* LWM2M_NO_MEMORY: it stands nowhere. */
enum lwm2m_error lwm2m_path_index_enter(struct lwm2m_path_index *index,
                                        struct lwm2m_path_entry *entry,
                                        struct lwm2m_path path) LWM2M_MUST_CHECK;
void lwm2m_path_index_leave(struct lwm2m_path_index *index, struct lwm2m_path_entry *entry);

/* NULL if nothing stands at path or below. */
struct lwm2m_path_place *lwm2m_path_index_find(const struct lwm2m_path_index *index,
                                               struct lwm2m_path path);

/* The entry of a node in one of the lists of a place. */
struct lwm2m_path_entry *lwm2m_path_index_entry(struct lwm2m_list *node);

#endif
