/*
 * The objects of a client as one tree: what exists, what it is defined as, and reading it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLIENT_OBJECT_TREE_H
#define CLIENT_OBJECT_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include <lwm2m/codec.h>
#include <lwm2m/object.h>

#include "base/id_array.h"

struct lwm2m_object_tree {
    const struct lwm2m_port *port;
    const struct lwm2m_definitions *definitions; /* for reusable resources; may be NULL */
    struct lwm2m_id_array objects;
};

/* Takes the object; LWM2M_EXISTS, LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_object_tree_add(struct lwm2m_object_tree *tree,
                                       struct lwm2m_object *object) LWM2M_MUST_CHECK;
/* Frees the objects. */
void lwm2m_object_tree_release(struct lwm2m_object_tree *tree);

struct lwm2m_object *lwm2m_object_tree_find(const struct lwm2m_object_tree *tree, uint16_t id);
/* The object with the smallest id >= from; NULL if there is none. */
struct lwm2m_object *lwm2m_object_tree_next(const struct lwm2m_object_tree *tree, uint16_t from);

/* The smallest instance id that the object does not use; LWM2M_NO_ID if all are. O(log n)
 * amortised. */
uint16_t lwm2m_object_tree_free_instance(struct lwm2m_object_tree *tree,
                                         struct lwm2m_object *object);
/* Instances of the object from `from` on may have gone. */
void lwm2m_object_tree_instances_gone(struct lwm2m_object_tree *tree, uint16_t object,
                                      uint16_t from);

/* Security, OSCORE and COSE: no management server sees them, and none is told that they are there
 * (LwM2M Core 1.2 §6.2.1, §7.4). */
bool lwm2m_object_is_hidden(uint16_t object);

bool lwm2m_object_has_instance(struct lwm2m_object *object, uint16_t instance);
/* Whether everything that path names exists now; the root does. */
bool lwm2m_object_tree_exists(const struct lwm2m_object_tree *tree, struct lwm2m_path path);

/* How the resource of path is defined; false if it is not. It need not exist. */
bool lwm2m_object_tree_define(const struct lwm2m_object_tree *tree, struct lwm2m_path path,
                              struct lwm2m_resource_definition *definition);
/* The types of resources, for decoders. tree is borrowed. */
struct lwm2m_type_source lwm2m_object_tree_types(struct lwm2m_object_tree *tree);

/*
 * Puts everything that exists at path and below to sink: readable resources, of the root without the
 * hidden objects, or for the device itself all but the executable ones. path names something that
 * exists, or is the root.
 */
enum lwm2m_error lwm2m_object_tree_read(const struct lwm2m_object_tree *tree,
                                        struct lwm2m_path path, bool device,
                                        struct lwm2m_sink sink) LWM2M_MUST_CHECK;

/* The integer at path, whatever integer type it has; fallback if it does not exist or does not fit.
 */
int64_t lwm2m_object_tree_integer_or(const struct lwm2m_object_tree *tree, struct lwm2m_path path,
                                     int64_t fallback);
bool lwm2m_object_tree_boolean_or(const struct lwm2m_object_tree *tree, struct lwm2m_path path,
                                  bool fallback);
/* The text at path with a NUL; empty if it does not exist, has a NUL inside, or does not fit. */
void lwm2m_object_tree_text(const struct lwm2m_object_tree *tree, struct lwm2m_path path,
                            char *text, size_t capacity);

#endif
