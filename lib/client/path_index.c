/*
 * Things that belong to paths, found by a path, and from any path above it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/path_index.h"

#include <string.h>

#define LEVELS (LWM2M_LEVEL_RESOURCE_INSTANCE + 1)

enum lwm2m_error lwm2m_path_index_init(struct lwm2m_path_index *index,
                                       const struct lwm2m_port *port)
{
    return lwm2m_hash_table_init(&index->places, port);
}

void lwm2m_path_index_release(struct lwm2m_path_index *index)
{
    lwm2m_hash_table_release(&index->places);
}

struct lwm2m_path_place *lwm2m_path_index_find(const struct lwm2m_path_index *index,
                                               struct lwm2m_path path)
{
    const struct lwm2m_hash_table *table = &index->places;
    struct lwm2m_hash_node *node =
        lwm2m_hash_table_first(table, lwm2m_hash_table_hash(table, &path, sizeof(path)));

    for (; node != NULL; node = lwm2m_hash_table_next(node)) {
        struct lwm2m_path_place *place = LWM2M_CONTAINER_OF(node, struct lwm2m_path_place, node);

        if (lwm2m_path_equal(place->path, path)) {
            return place;
        }
    }
    return NULL;
}

static struct lwm2m_path_place *make_place(struct lwm2m_path_index *index, struct lwm2m_path path)
{
    struct lwm2m_hash_table *table = &index->places;
    struct lwm2m_path_place *place = lwm2m_path_index_find(index, path);

    if (place != NULL) {
        return place;
    }
    place = table->port->allocate(table->port->context, sizeof(*place));
    if (place == NULL) {
        return NULL;
    }
    memset(place, 0, sizeof(*place));
    place->path = path;
    lwm2m_list_init(&place->here);
    lwm2m_list_init(&place->below);
    lwm2m_hash_table_insert(table, &place->node, lwm2m_hash_table_hash(table, &path, sizeof(path)));
    return place;
}

static void leave_place(struct lwm2m_path_index *index, struct lwm2m_path_membership *membership)
{
    const struct lwm2m_port *port = index->places.port;
    struct lwm2m_path_place *place = membership->place;

    if (place == NULL) {
        return;
    }
    membership->place = NULL;
    lwm2m_list_remove(&membership->node);
    if (!lwm2m_list_is_empty(&place->here) || !lwm2m_list_is_empty(&place->below)) {
        return;
    }
    lwm2m_hash_table_remove(&index->places, &place->node);
    port->release(port->context, place);
}

enum lwm2m_error lwm2m_path_index_enter(struct lwm2m_path_index *index,
                                        struct lwm2m_path_entry *entry, struct lwm2m_path path)
{
    for (int level = LWM2M_LEVEL_ROOT; level <= path.level; level++) {
        struct lwm2m_path_membership *membership = &entry->memberships[level];
        struct lwm2m_path_place *place =
            make_place(index, lwm2m_path_ancestor(path, (enum lwm2m_path_level)level));

        if (place == NULL) {
            lwm2m_path_index_leave(index, entry);
            return LWM2M_NO_MEMORY;
        }
        membership->entry = entry;
        membership->place = place;
        lwm2m_list_append(level == path.level ? &place->here : &place->below, &membership->node);
    }
    return LWM2M_OK;
}

void lwm2m_path_index_leave(struct lwm2m_path_index *index, struct lwm2m_path_entry *entry)
{
    for (int level = LWM2M_LEVEL_ROOT; level < LEVELS; level++) {
        leave_place(index, &entry->memberships[level]);
    }
}

struct lwm2m_path_entry *lwm2m_path_index_entry(struct lwm2m_list *node)
{
    return LWM2M_CONTAINER_OF(node, struct lwm2m_path_membership, node)->entry;
}
