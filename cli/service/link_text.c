/*
 * Reads the links of a Discover answer.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "service/link_text.h"

#include <string.h>

#include <lwm2m/attributes.h>

#include "control/value_json.h"

bool link_path(const struct lwm2m_link *link, struct lwm2m_bytes root, struct lwm2m_path *path)
{
    struct lwm2m_bytes target = link->target;
    if (root.length > 0 && target.length > root.length &&
        memcmp(target.data, root.data, root.length) == 0) {
        target.data += root.length;
        target.length -= root.length;
    }
    return target.length > 0 && target.data[0] == '/' &&
           lwm2m_path_parse(target, path, NULL) == LWM2M_OK && path->level > LWM2M_LEVEL_ROOT;
}

bool link_parameter_is_notification_attribute(const struct lwm2m_link_parameter *parameter)
{
    struct lwm2m_attributes unused = {0};
    return lwm2m_attributes_parse_query(parameter->name, &unused) == LWM2M_OK;
}

static void add_parameters(cJSON *object, const struct lwm2m_link *link,
                           bool (*wants)(const struct lwm2m_link_parameter *parameter))
{
    struct lwm2m_bytes rest = link->parameters;
    struct lwm2m_link_parameter parameter;
    while (lwm2m_link_parameter_next(&rest, &parameter)) {
        char name[32];
        if (parameter.name.length >= sizeof(name) || (wants != NULL && !wants(&parameter))) {
            continue;
        }
        memcpy(name, parameter.name.data, parameter.name.length);
        name[parameter.name.length] = '\0';
        json_add_bytes(object, name, parameter.value);
    }
}

void link_add_attributes(cJSON *object, const struct lwm2m_link *link)
{
    add_parameters(object, link, NULL);
}

void link_add_notification_attributes(cJSON *object, const struct lwm2m_link *link)
{
    add_parameters(object, link, link_parameter_is_notification_attribute);
}
