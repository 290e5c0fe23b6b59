/*
 * The objects of a registration: every instance, and objects that have none.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVICE_OBJECT_LINKS_H
#define SERVICE_OBJECT_LINKS_H

#include <lwm2m/corelink.h>

/* Anything but LWM2M_OK ends the walk. */
typedef enum lwm2m_error object_visitor(void *context,
                                        const struct lwm2m_registered_object *object);

/*
 * Calls visit for the entries of an object list that the server has accepted; an object's own link,
 * which states its version, is left out where instances of the object follow it.
 */
void object_links_visit(struct lwm2m_bytes links, object_visitor *visit, void *context);

#endif
