/*
 * Paths: /object/instance/resource/resource-instance (LwM2M Core 1.2 §7.2, §7.3).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_PATH_H
#define LWM2M_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/error.h>

/* Identifiers run from 0 to 65534; 65535 is reserved (MAX_ID) and names no id here. */
#define LWM2M_NO_ID UINT16_MAX

/* "/65534/65534/65534/65534" and a NUL. */
#define LWM2M_PATH_TEXT_MAX 25

enum lwm2m_path_level {
    LWM2M_LEVEL_ROOT,
    LWM2M_LEVEL_OBJECT,
    LWM2M_LEVEL_INSTANCE,
    LWM2M_LEVEL_RESOURCE,
    LWM2M_LEVEL_RESOURCE_INSTANCE,
};

/* The first `level` ids are set, the others are LWM2M_NO_ID, so that two equal paths are equal
 * bytes. */
struct lwm2m_path {
    uint16_t object;
    uint16_t instance;
    uint16_t resource;
    uint16_t resource_instance;
    uint16_t level; /* enum lwm2m_path_level */
};

struct lwm2m_path lwm2m_path_root(void);
struct lwm2m_path lwm2m_path_object(uint16_t object);
struct lwm2m_path lwm2m_path_instance(uint16_t object, uint16_t instance);
struct lwm2m_path lwm2m_path_resource(uint16_t object, uint16_t instance, uint16_t resource);
struct lwm2m_path lwm2m_path_resource_instance(uint16_t object, uint16_t instance,
                                               uint16_t resource, uint16_t resource_instance);

/* path with id as its next segment; LWM2M_ARGUMENT if it has four, or if id is LWM2M_NO_ID. */
enum lwm2m_error lwm2m_path_append(struct lwm2m_path *path, uint16_t id) LWM2M_MUST_CHECK;

/* The first `level` segments of path (all of it if it has fewer). */
struct lwm2m_path lwm2m_path_ancestor(struct lwm2m_path path, enum lwm2m_path_level level);

bool lwm2m_path_equal(struct lwm2m_path a, struct lwm2m_path b);
/* True if descendant is ancestor or lies below it. */
bool lwm2m_path_contains(struct lwm2m_path ancestor, struct lwm2m_path descendant);
/* Order of a walk through the tree, parents first: negative, 0, positive. */
int lwm2m_path_compare(struct lwm2m_path a, struct lwm2m_path b);

/*
 * Reads "/3/0/0" or "3/0/0"; "/" and "" are the root. Empty segments, a trailing '/', leading
 * zeros, 65535 and more, a fifth segment: LWM2M_MALFORMED, with offset and reason in *fault (may be
 * NULL).
 */
enum lwm2m_error lwm2m_path_parse(struct lwm2m_bytes text, struct lwm2m_path *path,
                                  struct lwm2m_fault *fault) LWM2M_MUST_CHECK;

/* Prints "/3/0/0" and a NUL ("/" for the root); returns the length. */
size_t lwm2m_path_print(struct lwm2m_path path, char text[LWM2M_PATH_TEXT_MAX]);

#endif
