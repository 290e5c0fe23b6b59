/*
 * Reads notification attributes, and says what is wrong with them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "service/attribute_text.h"

#include <stdio.h>
#include <string.h>

#include <lwm2m/corelink.h>

#include "argv/nearest.h"

/* The attribute that is counted from 0; NULL behind the last. */
static const char *name_of(unsigned index)
{
    return lwm2m_attribute_name(1u << index);
}

/* What the value of an attribute is, for people. */
static const char *form_of(const char *name)
{
    static const struct {
        uint32_t bit;
        const char *form;
    } forms[] = {
        {LWM2M_ATTRIBUTE_PMIN, "a number of seconds, such as 10"},
        {LWM2M_ATTRIBUTE_PMAX, "a number of seconds, such as 60"},
        {LWM2M_ATTRIBUTE_GT, "a number, such as 21.5"},
        {LWM2M_ATTRIBUTE_LT, "a number, such as 18"},
        {LWM2M_ATTRIBUTE_ST, "a number that is not negative, such as 0.5"},
        {LWM2M_ATTRIBUTE_EPMIN, "a number of seconds, such as 10"},
        {LWM2M_ATTRIBUTE_EPMAX, "a number of seconds, such as 60"},
        {LWM2M_ATTRIBUTE_EDGE, "0 for falling or 1 for rising"},
        {LWM2M_ATTRIBUTE_CON, "1 for confirmable notifications, else 0"},
        {LWM2M_ATTRIBUTE_HQMAX, "a number of notifications, such as 5"},
    };
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (strcmp(lwm2m_attribute_name(forms[i].bit), name) == 0) {
            return forms[i].form;
        }
    }
    return "a number";
}

static bool refuse_unknown(const char *name, struct control_outcome *failure)
{
    struct nearest nearest;
    char names[120] = "";
    size_t length = 0;
    nearest_init(&nearest, name);
    for (unsigned i = 0; name_of(i) != NULL && length < sizeof(names); i++) {
        nearest_offer(&nearest, name_of(i));
        length += (size_t)snprintf(names + length, sizeof(names) - length, "%s%s",
                                   i == 0 ? "attributes: " : ", ", name_of(i));
    }
    if (nearest.best != NULL) {
        control_fail(failure, EXIT_CODE_USAGE, names,
                     "unknown attribute '%.40s'; did you mean '%s'?", name, nearest.best);
    } else {
        control_fail(failure, EXIT_CODE_USAGE, names, "unknown attribute '%.40s'", name);
    }
    return false;
}

static bool refuse_value(const char *name, const char *value, struct control_outcome *failure)
{
    control_fail(failure, EXIT_CODE_USAGE, NULL, "%.40s: '%.60s' is not %s", name, value,
                 form_of(name));
    return false;
}

bool attribute_text_parse(const char *text, struct lwm2m_attributes *attributes,
                          struct control_outcome *failure)
{
    size_t length = strcspn(text, "=");
    bool unsets = text[length] == '\0' || text[length + 1] == '\0';
    struct lwm2m_bytes query = lwm2m_bytes_from_text(text);
    if (unsets) {
        query.length = length;
    }
    char name[48];
    snprintf(name, sizeof(name), "%.*s", (int)(length < 40 ? length : 40), text);
    switch (lwm2m_attributes_parse_query(query, attributes)) {
    case LWM2M_OK:
        return true;
    case LWM2M_NOT_FOUND:
        return refuse_unknown(name, failure);
    case LWM2M_EXISTS:
        control_fail(failure, EXIT_CODE_USAGE, NULL, "%s is given twice", name);
        return false;
    default:
        return refuse_value(name, unsets ? "" : text + length + 1, failure);
    }
}

void attribute_text_add(cJSON *object, const struct lwm2m_attributes *attributes)
{
    uint8_t memory[512];
    struct lwm2m_buffer text;
    struct lwm2m_link_parameter parameter;
    lwm2m_buffer_init(&text, memory, sizeof(memory));
    if (lwm2m_attributes_print(attributes, &text) != LWM2M_OK) {
        return;
    }
    struct lwm2m_bytes rest = lwm2m_buffer_bytes(&text);
    while (lwm2m_link_parameter_next(&rest, &parameter)) {
        char name[16], value[48];
        snprintf(name, sizeof(name), "%.*s", (int)parameter.name.length,
                 (const char *)parameter.name.data);
        snprintf(value, sizeof(value), "%.*s", (int)parameter.value.length,
                 (const char *)parameter.value.data);
        cJSON_AddStringToObject(object, name, value);
    }
}

bool attribute_text_too_new(const struct lwm2m_attributes *attributes, struct lwm2m_version version,
                            char *text, size_t size)
{
    uint32_t unknown = (attributes->set | attributes->cleared) & ~lwm2m_attributes_known(version);
    size_t length = 0;
    text[0] = '\0';
    for (unsigned i = 0; name_of(i) != NULL; i++) {
        if ((unknown & 1u << i) != 0 && length < size) {
            length += (size_t)snprintf(text + length, size - length, "%s%s", length > 0 ? ", " : "",
                                       name_of(i));
        }
    }
    return unknown != 0;
}
