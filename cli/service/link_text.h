/*
 * Links of a Discover answer as paths and JSON.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVICE_LINK_TEXT_H
#define SERVICE_LINK_TEXT_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include <lwm2m/corelink.h>
#include <lwm2m/path.h>

/* The path that a link names; false if it is none of LwM2M. root is the alternate path of the
 * device, empty for "/". */
bool link_path(const struct lwm2m_link *link, struct lwm2m_bytes root, struct lwm2m_path *path);

/* Adds the parameters of a link to an object: {"pmin":"10"}; one without value is "". */
void link_add_attributes(cJSON *object, const struct lwm2m_link *link);
/* The same without those that Write-Attributes cannot set, such as dim and ver. */
void link_add_notification_attributes(cJSON *object, const struct lwm2m_link *link);
bool link_parameter_is_notification_attribute(const struct lwm2m_link_parameter *parameter);

#endif
