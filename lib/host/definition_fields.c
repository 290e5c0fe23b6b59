/*
 * Takes the elements of objects and of resources: what each may hold, and where it goes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "host/definition_fields.h"

#include <string.h>
#include <strings.h>

#include <lwm2m/number.h>

static char *copy_text(struct lwm2m_definition_target *target, const char *text)
{
    char *copy = strdup(text);
    target->no_memory |= copy == NULL;
    return copy;
}

bool lwm2m_definition_take_id(const char *text, uint16_t *id)
{
    uint64_t number;
    if (lwm2m_number_parse_unsigned(lwm2m_bytes_from_text(text), &number) != LWM2M_OK ||
        number >= LWM2M_NO_ID) {
        return false;
    }
    *id = (uint16_t)number;
    return true;
}

static bool take_word(const char *text, const char *yes, const char *no, bool *is_yes)
{
    *is_yes = strcasecmp(text, yes) == 0;
    return *is_yes || strcasecmp(text, no) == 0;
}

/* An empty one is 1.0. */
static bool take_version(const char *text, struct lwm2m_version *version)
{
    *version = (struct lwm2m_version){1, 0};
    return text[0] == '\0' || lwm2m_version_parse(lwm2m_bytes_from_text(text), version) == LWM2M_OK;
}

static bool object_name(struct lwm2m_definition_target *target, const char *text)
{
    target->object->name = copy_text(target, text);
    return true;
}

static bool object_urn(struct lwm2m_definition_target *target, const char *text)
{
    target->object->urn = copy_text(target, text);
    return true;
}

static bool object_id(struct lwm2m_definition_target *target, const char *text)
{
    return lwm2m_definition_take_id(text, &target->object->id);
}

static bool object_enabler(struct lwm2m_definition_target *target, const char *text)
{
    return take_version(text, &target->object->lwm2m_version);
}

static bool object_version(struct lwm2m_definition_target *target, const char *text)
{
    return take_version(text, &target->object->version);
}

static bool object_multiple(struct lwm2m_definition_target *target, const char *text)
{
    return take_word(text, "Multiple", "Single", &target->object->multiple);
}

static bool object_mandatory(struct lwm2m_definition_target *target, const char *text)
{
    return take_word(text, "Mandatory", "Optional", &target->object->mandatory);
}

static bool item_name(struct lwm2m_definition_target *target, const char *text)
{
    target->resource->name = copy_text(target, text);
    return true;
}

static bool item_operations(struct lwm2m_definition_target *target, const char *text)
{
    static const struct {
        const char *text;
        uint8_t operations;
    } known[] = {
        {"", 0},
        {"R", LWM2M_READABLE},
        {"W", LWM2M_WRITABLE},
        {"RW", LWM2M_READABLE | LWM2M_WRITABLE},
        {"E", LWM2M_EXECUTABLE},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(known[i].text, text) == 0) {
            target->resource->operations = known[i].operations;
            return true;
        }
    }
    return false;
}

static bool item_multiple(struct lwm2m_definition_target *target, const char *text)
{
    return take_word(text, "Multiple", "Single", &target->resource->multiple);
}

static bool item_mandatory(struct lwm2m_definition_target *target, const char *text)
{
    return take_word(text, "Mandatory", "Optional", &target->resource->mandatory);
}

static bool item_type(struct lwm2m_definition_target *target, const char *text)
{
    static const struct {
        const char *text;
        enum lwm2m_type type;
    } known[] = {
        {"", LWM2M_TYPE_NONE},           {"String", LWM2M_TYPE_STRING},
        {"Integer", LWM2M_TYPE_INTEGER}, {"Unsigned Integer", LWM2M_TYPE_UNSIGNED},
        {"Float", LWM2M_TYPE_FLOAT},     {"Boolean", LWM2M_TYPE_BOOLEAN},
        {"Opaque", LWM2M_TYPE_OPAQUE},   {"Time", LWM2M_TYPE_TIME},
        {"Objlnk", LWM2M_TYPE_OBJLNK},   {"Corelnk", LWM2M_TYPE_CORELNK},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcasecmp(known[i].text, text) == 0) {
            target->resource->type = known[i].type;
            return true;
        }
    }
    return false;
}

static bool item_range(struct lwm2m_definition_target *target, const char *text)
{
    target->resource->range = copy_text(target, text);
    return true;
}

static bool item_units(struct lwm2m_definition_target *target, const char *text)
{
    target->resource->units = copy_text(target, text);
    return true;
}

const struct lwm2m_definition_field lwm2m_object_fields[LWM2M_DEFINITION_FIELDS_MAX] = {
    {"Name", true, false, object_name, "a name"},
    {"ObjectID", true, false, object_id, "a number from 0 to 65534"},
    {"ObjectURN", false, true, object_urn, "a URN"},
    {"LWM2MVersion", false, true, object_enabler, "a version such as 1.0"},
    {"ObjectVersion", false, true, object_version, "a version such as 1.0"},
    {"MultipleInstances", true, false, object_multiple, "Single or Multiple"},
    {"Mandatory", true, false, object_mandatory, "Mandatory or Optional"},
    {NULL, false, false, NULL, NULL},
};

const struct lwm2m_definition_field lwm2m_item_fields[LWM2M_DEFINITION_FIELDS_MAX] = {
    {"Name", true, false, item_name, "a name"},
    {"Operations", true, true, item_operations, "R, W, RW, E or nothing"},
    {"MultipleInstances", true, false, item_multiple, "Single or Multiple"},
    {"Mandatory", true, false, item_mandatory, "Mandatory or Optional"},
    {"Type", true, true, item_type,
     "String, Integer, Unsigned Integer, Float, Boolean, Opaque, Time, Objlnk or Corelnk"},
    {"RangeEnumeration", false, true, item_range, "a range"},
    {"Units", false, true, item_units, "a unit"},
    {NULL, false, false, NULL, NULL},
};
