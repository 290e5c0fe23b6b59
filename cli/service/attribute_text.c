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

/* In the order of their bits. */
static const struct {
    const char *name, *form;
} known[] = {
    {"pmin", "a number of seconds, such as 10"},
    {"pmax", "a number of seconds, such as 60"},
    {"gt", "a number, such as 21.5"},
    {"lt", "a number, such as 18"},
    {"st", "a number that is not negative, such as 0.5"},
    {"epmin", "a number of seconds, such as 10"},
    {"epmax", "a number of seconds, such as 60"},
    {"edge", "0 for falling or 1 for rising"},
    {"con", "1 for confirmable notifications, else 0"},
    {"hqmax", "a number of notifications, such as 5"},
};

static const char names[] = "there are pmin, pmax, gt, lt, st, epmin, epmax, edge, con and hqmax";

static bool refuse_unknown(const char *name, struct control_outcome *failure)
{
    struct nearest nearest;
    nearest_init(&nearest, name);
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        nearest_offer(&nearest, known[i].name);
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
    const char *form = "a number";
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(known[i].name, name) == 0) {
            form = known[i].form;
        }
    }
    control_fail(failure, EXIT_CODE_USAGE, NULL, "%.40s: '%.60s' is not %s", name, value, form);
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
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if ((unknown & 1u << i) != 0 && length < size) {
            length += (size_t)snprintf(text + length, size - length, "%s%s", length > 0 ? ", " : "",
                                       known[i].name);
        }
    }
    return unknown != 0;
}
