/*
 * Where what a device has contradicts the definitions of its objects. Nothing is refused for it:
 * the device decides what it has.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONTROL_CONTRADICTIONS_H
#define CONTROL_CONTRADICTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include <lwm2m/definition.h>

/* text is for people: "mandatory resource 16 (Supported Binding and Modes) is missing". */
typedef void contradiction_told(void *context, struct lwm2m_path path, const char *text);

/*
 * Tells what contradicts the definitions in an object that a device has in that version
 * (LWM2M_NO_VERSION: not known). paths are what is known of it, the object first unless it is not
 * looked at, in the order of lwm2m_path_compare. What is mandatory is asked for in instances that
 * are in the list themselves, with resources.
 */
void contradictions_find(const struct lwm2m_definitions *definitions, struct lwm2m_version version,
                         const struct lwm2m_path *paths, size_t count, contradiction_told *told,
                         void *context);

/* The same for the type of the value of a resource. Numbers of any kind are one to another, as are
 * texts. */
bool contradicts_type(const struct lwm2m_resource_definition *resource, enum lwm2m_type type);

#endif
