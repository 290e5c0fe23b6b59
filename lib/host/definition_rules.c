/*
 * Holds definitions against the rules of the OMA's registry.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "host/definition_rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static void say(const struct lwm2m_definition_critic *critic, const char *element,
                const char *format, ...) __attribute__((format(printf, 3, 4)));

static void say(const struct lwm2m_definition_critic *critic, const char *element,
                const char *format, ...)
{
    char text[sizeof(((struct lwm2m_definition_finding *)0)->text)];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    critic->say(critic->context, element, text);
}

/* ---- elements ---- */

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (strcmp(text, *words) == 0) {
            return true;
        }
    }
    return false;
}

/* The reader does not mind the case, the schema does. */
static void check_word(const struct lwm2m_definition_critic *critic, const char *element,
                       const char *text)
{
    static const char *const words[] = {
        "",        "Multiple", "Single",  "Mandatory", "Optional",         "String",
        "Integer", "Float",    "Boolean", "Opaque",    "Unsigned Integer", "Time",
        "Objlnk",  "Corelnk",  NULL,
    };
    for (const char *const *word = words; *word != NULL; word++) {
        if (strcasecmp(text, *word) == 0 && strcmp(text, *word) != 0) {
            say(critic, element, "<%s>: '%s' is written %s in the schema", element, text, *word);
        }
    }
}

/* SenML's units (RFC 8428, RFC 8798), and the angles and positions that the registry has in them.
 */
static void check_units(const struct lwm2m_definition_critic *critic, const char *text)
{
    static const char *const units[] = {
        "",      "m",     "kg",  "g",    "s",      "A",     "K",        "cd",    "mol",   "Hz",
        "rad",   "sr",    "N",   "Pa",   "J",      "W",     "C",        "V",     "F",     "Ohm",
        "S",     "Wb",    "T",   "H",    "Cel",    "lm",    "lx",       "Bq",    "Gy",    "Sv",
        "kat",   "m2",    "m3",  "l",    "m/s",    "m/s2",  "m3/s",     "l/s",   "W/m2",  "cd/m2",
        "bit",   "bit/s", "lat", "lon",  "pH",     "dB",    "dBW",      "Bspl",  "count", "/",
        "%",     "%RH",   "%EL", "EL",   "1/s",    "1/min", "beat/min", "beats", "S/m",   "B",
        "VA",    "VAs",   "var", "vars", "J/m",    "kg/m3", "deg",      "NTU",   "ms",    "min",
        "h",     "MHz",   "kW",  "kVA",  "kvar",   "Ah",    "Wh",       "kWh",   "varh",  "kvarh",
        "kVAh",  "Wh/km", "KiB", "GB",   "Mbit/s", "B/s",   "MB/s",     "mV",    "mA",    "dBm",
        "ug/m3", "mm/h",  "m/h", "ppm",  "/100",   "/1000", "hPa",      "mm",    "cm",    "km",
        "km/h",  "ppb",   "ppt", "VAh",  "mg/l",   "ug/l",  "g/l",      NULL,
    };
    if (!is_one_of(text, units)) {
        say(critic, "Units", "<Units>: '%.60s' is no unit of SenML (RFC 8428, RFC 8798)", text);
    }
}

void lwm2m_definition_rules_field(const struct lwm2m_definition_critic *critic, const char *element,
                                  const char *text)
{
    static const char *const words[] = {"MultipleInstances", "Mandatory", "Type", NULL};
    static const char *const versions[] = {"", "1.0", "1.1", "1.2", NULL};
    if (is_one_of(element, words)) {
        check_word(critic, element, text);
    } else if (strcmp(element, "Units") == 0) {
        check_units(critic, text);
    } else if (strcmp(element, "LWM2MVersion") == 0 && !is_one_of(text, versions)) {
        say(critic, element, "<LWM2MVersion>: LwM2M has no version %s", text);
    }
}

/* ---- resources ---- */

/* Ids of resources, as the OMNA gives them out. */
enum {
    REUSABLE_FIRST = 2048,
    PRIVATE_FIRST = 26241,
    PRIVATE_LAST = 32768,
};

static void compare_with_reusable(const struct lwm2m_definition_critic *critic,
                                  const struct lwm2m_resource_definition *resource,
                                  const struct lwm2m_resource_definition *known)
{
    if (strcasecmp(resource->name, known->name) != 0) {
        say(critic, "Name", "resource %u is '%.60s', but the reusable resource of this id '%.60s'",
            resource->id, resource->name, known->name);
    }
    if ((resource->operations == LWM2M_EXECUTABLE) != (known->operations == LWM2M_EXECUTABLE)) {
        say(critic, "Operations",
            "resource %u is%s executable, but the reusable one of this id is%s", resource->id,
            resource->operations == LWM2M_EXECUTABLE ? "" : " not",
            known->operations == LWM2M_EXECUTABLE ? "" : " not");
    } else if (resource->type != known->type) {
        say(critic, "Type", "resource %u is %s, but the reusable resource of this id %s",
            resource->id, lwm2m_type_name(resource->type), lwm2m_type_name(known->type));
    }
}

void lwm2m_definition_rules_resource(const struct lwm2m_definition_critic *critic,
                                     const struct lwm2m_resource_definition *resource, bool typed,
                                     const struct lwm2m_definitions *registry)
{
    struct lwm2m_resource_definition known;
    bool executable = resource->operations == LWM2M_EXECUTABLE;
    if (executable && typed) {
        say(critic, "Type", "resource %u is executable, and has no use for a <Type>", resource->id);
    }
    if (executable && resource->multiple) {
        say(critic, "MultipleInstances", "resource %u is executable, and cannot be multiple",
            resource->id);
    }
    if (resource->id > PRIVATE_LAST) {
        say(critic, NULL, "no range of resource ids holds %u", resource->id);
    } else if (resource->id >= REUSABLE_FIRST && resource->id < PRIVATE_FIRST && registry != NULL) {
        /* No object has the id LWM2M_NO_ID: what is found in it is in any. */
        if (lwm2m_definitions_find_resource(registry, LWM2M_NO_ID, LWM2M_NO_VERSION, resource->id,
                                            &known)) {
            compare_with_reusable(critic, resource, &known);
        } else {
            say(critic, NULL, "%u is in the range of reusable resources, but no known one",
                resource->id);
        }
    }
}

/* ---- objects ---- */

/* Ids of objects, as the OMNA gives them out. */
static const struct range {
    uint16_t last;
    const char *label; /* of the URN; NULL: not to be used */
    const char *name;
} ranges[] = {
    {1023, "oma", NULL},           {2047, NULL, "reserved for future use"},
    {10240, "ext", NULL},          {42768, "x", NULL},
    {42800, "", "for tests only"}, {65534, NULL, "reserved for future use"},
};

static const struct range *range_of(uint16_t id)
{
    const struct range *range = ranges;
    while (id > range->last) {
        range++;
    }
    return range;
}

static void check_urn(const struct lwm2m_definition_critic *critic,
                      const struct lwm2m_object_definition *object, const char *label)
{
    char expected[64], version[LWM2M_VERSION_TEXT_MAX];
    bool first = object->version.major == 1 && object->version.minor == 0;
    int length = snprintf(expected, sizeof(expected), "urn:oma:lwm2m:%s:%u", label, object->id);
    lwm2m_version_print(object->version, version);
    if (!first || strcmp(object->urn, expected) != 0) {
        snprintf(expected + length, sizeof(expected) - (size_t)length, ":%s", version);
        if (strcmp(object->urn, expected) == 0) {
            return; /* 1.0 may be told, too */
        }
        if (first) {
            expected[length] = '\0';
        }
        say(critic, "ObjectURN", "<ObjectURN>: '%.60s' where %s is expected", object->urn,
            expected);
    }
}

void lwm2m_definition_rules_object(const struct lwm2m_definition_critic *critic,
                                   const struct lwm2m_object_definition *object)
{
    const struct range *range = range_of(object->id);
    if (range->name != NULL) {
        say(critic, "ObjectID", "object ids from %u to %u are %s",
            range == ranges ? 0 : range[-1].last + 1u, range->last, range->name);
    }
    if (object->urn == NULL) {
        say(critic, NULL, "<ObjectURN> is missing");
    } else if (range->label != NULL && range->label[0] != '\0') {
        check_urn(critic, object, range->label);
    }
    if (object->resource_count == 0) {
        say(critic, NULL, "object %u has no resources", object->id);
    }
}
