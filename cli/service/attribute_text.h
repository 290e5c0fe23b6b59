/*
 * Notification attributes as people type them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVICE_ATTRIBUTE_TEXT_H
#define SERVICE_ATTRIBUTE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include <lwm2m/attributes.h>

#include "control/outcome.h"

/*
 * Reads "pmin=10", which sets an attribute, or "pmin=" or "pmin", which unset it, into *attributes.
 * False with *failure filled: an unknown name, a value that is none, an attribute given twice.
 */
bool attribute_text_parse(const char *text, struct lwm2m_attributes *attributes,
                          struct control_outcome *failure);

/* Adds those that are set to an object, as discover shows them: {"pmin":"10"}. */
void attribute_text_add(cJSON *object, const struct lwm2m_attributes *attributes);

/*
 * The names of those that a version of LwM2M does not know, "edge, con"; false if it knows all.
 */
bool attribute_text_too_new(const struct lwm2m_attributes *attributes,
                            struct lwm2m_version version, char *text, size_t size);

#endif
