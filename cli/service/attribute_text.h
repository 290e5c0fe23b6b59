/*
 * Notification attributes as people type them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVICE_ATTRIBUTE_TEXT_H
#define SERVICE_ATTRIBUTE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <lwm2m/attributes.h>

#include "control/outcome.h"

/*
 * Reads "pmin=10", which sets an attribute, or "pmin=" or "pmin", which unset it, into *attributes.
 * False with *failure filled: an unknown name, a value that is none, an attribute given twice.
 */
bool attribute_text_parse(const char *text, struct lwm2m_attributes *attributes,
                          struct control_outcome *failure);

#endif
