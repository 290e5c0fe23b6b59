/*
 * What the OMA's registry asks of definitions beyond what a reader needs: its schema and its ranges
 * of ids. Nothing here makes a definition unusable.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HOST_DEFINITION_RULES_H
#define HOST_DEFINITION_RULES_H

#include <lwm2m/definition_files.h>

/* Where rules tell what is not as it should be: element is what it is about, NULL for the whole. */
struct lwm2m_definition_critic {
    void (*say)(void *context, const char *element, const char *text);
    void *context;
};

/* One element of an object or of a resource, when its text is known. */
void lwm2m_definition_rules_field(const struct lwm2m_definition_critic *critic, const char *element,
                                  const char *text);
/* A resource that is complete; typed: it has a <Type>. registry has the reusable resources. */
void lwm2m_definition_rules_resource(const struct lwm2m_definition_critic *critic,
                                     const struct lwm2m_resource_definition *resource, bool typed,
                                     const struct lwm2m_definitions *registry);
/* An object that is complete. */
void lwm2m_definition_rules_object(const struct lwm2m_definition_critic *critic,
                                   const struct lwm2m_object_definition *object);

#endif
