/*
 * A set of definitions that owns what it holds.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HOST_DEFINITION_SET_H
#define HOST_DEFINITION_SET_H

#include <lwm2m/definition_files.h>

/* Every text and every array of resources is its own allocation by malloc. */
struct lwm2m_definition_list {
    struct lwm2m_object_definition *objects;
    size_t count;
    size_t capacity;
};

/* A place for one more object at the end, zeroed; NULL: no memory. */
struct lwm2m_object_definition *
lwm2m_definition_list_append(struct lwm2m_definition_list *list);
void lwm2m_definition_list_release(struct lwm2m_definition_list *list);

/* lwm2m_definition_set_read of what a file holds; source (NULL: none) is noted in what is read. */
enum lwm2m_error lwm2m_definition_set_read_source(struct lwm2m_definition_set *set,
                                                  struct lwm2m_bytes xml, const char *source,
                                                  struct lwm2m_definition_fault *fault)
    LWM2M_MUST_CHECK;

/* Moves all objects of the list into the set; the list is empty afterwards. LWM2M_NO_MEMORY:
 * nothing was moved. */
enum lwm2m_error lwm2m_definition_set_take(struct lwm2m_definition_set *set,
                                           struct lwm2m_definition_list *list) LWM2M_MUST_CHECK;

#endif
