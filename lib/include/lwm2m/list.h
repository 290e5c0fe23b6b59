/*
 * Doubly linked lists whose nodes lie inside their elements. A head is a node that links to itself.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_LIST_H
#define LWM2M_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct lwm2m_list {
    struct lwm2m_list *next;
    struct lwm2m_list *previous;
};

/* The struct of type `type` whose member `member` is at `pointer`. */
#define LWM2M_CONTAINER_OF(pointer, type, member) \
    ((type *)(void *)((char *)(pointer) - offsetof(type, member)))

/* Walks a list; the element may be removed in the body. `next` is a second variable of the same type. */
#define LWM2M_LIST_EACH(node, next_node, head)                                      \
    for ((node) = (head)->next, (next_node) = (node)->next; (node) != (head);       \
         (node) = (next_node), (next_node) = (node)->next)

static inline void lwm2m_list_init(struct lwm2m_list *head)
{
    head->next = head;
    head->previous = head;
}

static inline bool lwm2m_list_is_empty(const struct lwm2m_list *head)
{
    return head->next == head;
}

static inline void lwm2m_list_append(struct lwm2m_list *head, struct lwm2m_list *node)
{
    node->previous = head->previous;
    node->next = head;
    head->previous->next = node;
    head->previous = node;
}

/* Leaves the node as a list of its own, so that removing it twice does no harm. */
static inline void lwm2m_list_remove(struct lwm2m_list *node)
{
    node->previous->next = node->next;
    node->next->previous = node->previous;
    node->next = node;
    node->previous = node;
}

/* The first node, or NULL if the list is empty. */
static inline struct lwm2m_list *lwm2m_list_first(const struct lwm2m_list *head)
{
    return head->next == head ? NULL : head->next;
}

#endif
