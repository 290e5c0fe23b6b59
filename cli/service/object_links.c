/*
 * Walks the objects of a registration as people count them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "service/object_links.h"

#include <stdbool.h>
#include <stdint.h>

/* Holds an object's own link back until it is known whether instances of the object follow. */
struct object_visit {
    object_visitor *visit;
    void *context;
    struct lwm2m_registered_object held;
    bool holds;
};

static enum lwm2m_error visit_held(struct object_visit *visit)
{
    bool holds = visit->holds;
    visit->holds = false;
    return holds ? visit->visit(visit->context, &visit->held) : LWM2M_OK;
}

static enum lwm2m_error visit_object(void *context, const struct lwm2m_registered_object *object)
{
    struct object_visit *visit = context;
    /* </3>;ver=1.0,</3/0>: the first only tells the version. */
    if (visit->holds && lwm2m_path_contains(visit->held.path, object->path)) {
        visit->holds = false;
    }
    enum lwm2m_error error = visit_held(visit);
    if (error != LWM2M_OK) {
        return error;
    }
    if (object->path.level == LWM2M_LEVEL_OBJECT) {
        visit->held = *object;
        visit->holds = true;
        return LWM2M_OK;
    }
    return visit->visit(visit->context, object);
}

void object_links_visit(struct lwm2m_bytes links, object_visitor *visit, void *context)
{
    struct lwm2m_registration_links unused;
    struct object_visit objects = {.visit = visit, .context = context};
    /* The server has refused links that do not decode: what ends a walk early is the visitor. */
    enum lwm2m_error error =
        lwm2m_registration_links_decode(links, SIZE_MAX, &unused, visit_object, &objects, NULL);
    if (error == LWM2M_OK) {
        error = visit_held(&objects);
    }
    (void)error;
}
