/*
 * Reads the OMA's XML form of object definitions.
 *
 *     LWM2M
 *       Object                 any number
 *         Name, ObjectID, ObjectURN, LWM2MVersion, ObjectVersion, MultipleInstances, Mandatory
 *         Resources
 *           Item ID="…"        any number
 *             Name, Operations, MultipleInstances, Mandatory, Type, RangeEnumeration, Units
 *
 * Elements of other names are skipped with all they hold.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <expat.h>

#include <lwm2m/number.h>

#include "host/definition_set.h"

#define XML_MAX ((size_t)4 << 20)
#define TEXT_MAX 4096
#define RESOURCES_MAX 10000

/* Where in the file the reader is. */
enum place {
    AT_TOP,
    IN_LWM2M,
    IN_OBJECT,
    IN_RESOURCES,
    IN_ITEM,
    IN_FIELD, /* of an object or of an item: its text is gathered */
};

struct reader {
    XML_Parser parser;
    struct lwm2m_definition_list list;
    struct lwm2m_definition_fault *fault;
    const char *source; /* may be NULL */
    enum place place;
    enum place field_of; /* IN_OBJECT or IN_ITEM, while IN_FIELD */
    const struct field *field;
    unsigned skipped; /* depth within an element that is skipped */
    uint32_t seen_of_object, seen_of_item;
    bool saw_root;
    char text[TEXT_MAX];
    size_t text_length;

    struct lwm2m_object_definition *object;      /* the last of list */
    struct lwm2m_resource_definition *resources; /* of the object: becomes its array */
    size_t resource_capacity;
};

static struct lwm2m_resource_definition *last_resource(struct reader *reader)
{
    return &reader->resources[reader->object->resource_count - 1];
}

/* ---- faults ---- */

static void fail(struct reader *reader, enum lwm2m_error error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The first fault counts. */
static void fail(struct reader *reader, enum lwm2m_error error, const char *format, ...)
{
    va_list list;
    if (reader->fault->error != LWM2M_OK) {
        return;
    }
    reader->fault->error = error;
    reader->fault->line = XML_GetCurrentLineNumber(reader->parser);
    va_start(list, format);
    vsnprintf(reader->fault->reason, sizeof(reader->fault->reason), format, list);
    va_end(list);
    XML_StopParser(reader->parser, XML_FALSE);
}

/* ---- fields ---- */

/* Takes the text, of length above 0 unless `may_be_empty`; false: the text cannot be that. */
struct field {
    const char *name;
    bool needed;
    bool may_be_empty;
    bool (*take)(struct reader *reader, const char *text);
    const char *form; /* what it has to be, for people */
};

static char *copy_text(struct reader *reader, const char *text)
{
    char *copy = strdup(text);
    if (copy == NULL) {
        fail(reader, LWM2M_NO_MEMORY, "out of memory");
    }
    return copy;
}

static bool take_id(const char *text, uint16_t *id)
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

static bool object_name(struct reader *reader, const char *text)
{
    reader->object->name = copy_text(reader, text);
    return true;
}

static bool object_urn(struct reader *reader, const char *text)
{
    reader->object->urn = copy_text(reader, text);
    return true;
}

static bool object_id(struct reader *reader, const char *text)
{
    return take_id(text, &reader->object->id);
}

static bool object_enabler(struct reader *reader, const char *text)
{
    return take_version(text, &reader->object->lwm2m_version);
}

static bool object_version(struct reader *reader, const char *text)
{
    return take_version(text, &reader->object->version);
}

static bool object_multiple(struct reader *reader, const char *text)
{
    return take_word(text, "Multiple", "Single", &reader->object->multiple);
}

static bool object_mandatory(struct reader *reader, const char *text)
{
    return take_word(text, "Mandatory", "Optional", &reader->object->mandatory);
}

static bool item_name(struct reader *reader, const char *text)
{
    last_resource(reader)->name = copy_text(reader, text);
    return true;
}

static bool item_operations(struct reader *reader, const char *text)
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
            last_resource(reader)->operations = known[i].operations;
            return true;
        }
    }
    return false;
}

static bool item_multiple(struct reader *reader, const char *text)
{
    return take_word(text, "Multiple", "Single", &last_resource(reader)->multiple);
}

static bool item_mandatory(struct reader *reader, const char *text)
{
    return take_word(text, "Mandatory", "Optional", &last_resource(reader)->mandatory);
}

static bool item_type(struct reader *reader, const char *text)
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
            last_resource(reader)->type = known[i].type;
            return true;
        }
    }
    return false;
}

static bool item_range(struct reader *reader, const char *text)
{
    last_resource(reader)->range = copy_text(reader, text);
    return true;
}

static bool item_units(struct reader *reader, const char *text)
{
    last_resource(reader)->units = copy_text(reader, text);
    return true;
}

static const struct field object_fields[] = {
    {"Name", true, false, object_name, "a name"},
    {"ObjectID", true, false, object_id, "a number from 0 to 65534"},
    {"ObjectURN", false, true, object_urn, "a URN"},
    {"LWM2MVersion", false, true, object_enabler, "a version such as 1.0"},
    {"ObjectVersion", false, true, object_version, "a version such as 1.0"},
    {"MultipleInstances", true, false, object_multiple, "Single or Multiple"},
    {"Mandatory", true, false, object_mandatory, "Mandatory or Optional"},
    {NULL, false, false, NULL, NULL},
};

static const struct field item_fields[] = {
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

static const struct field *fields_of(enum place place)
{
    return place == IN_OBJECT ? object_fields : item_fields;
}

static uint32_t *seen_in(struct reader *reader, enum place place)
{
    return place == IN_OBJECT ? &reader->seen_of_object : &reader->seen_of_item;
}

static void begin_field(struct reader *reader, const char *name)
{
    const struct field *fields = fields_of(reader->place);
    uint32_t *seen = seen_in(reader, reader->place);
    for (const struct field *field = fields; field->name != NULL; field++) {
        if (strcmp(field->name, name) != 0) {
            continue;
        }
        if (*seen & 1u << (field - fields)) {
            fail(reader, LWM2M_MALFORMED, "<%s> comes twice", name);
        }
        *seen |= 1u << (field - fields);
        reader->field = field;
        reader->field_of = reader->place;
        reader->place = IN_FIELD;
        reader->text_length = 0;
        return;
    }
    reader->skipped = 1;
}

/* The text without the blanks around it, as people indent. */
static char *trim(struct reader *reader)
{
    char *begin = reader->text;
    char *end = reader->text + reader->text_length;
    while (begin < end && isspace((unsigned char)begin[0])) {
        begin++;
    }
    while (end > begin && isspace((unsigned char)end[-1])) {
        end--;
    }
    *end = '\0';
    return begin;
}

static void end_field(struct reader *reader)
{
    const struct field *field = reader->field;
    const char *text = trim(reader);
    reader->place = reader->field_of;
    if (text[0] == '\0' && !field->may_be_empty) {
        fail(reader, LWM2M_MALFORMED, "<%s> is empty", field->name);
    } else if (!field->take(reader, text)) {
        fail(reader, LWM2M_MALFORMED, "<%s>: '%.40s' is not %s", field->name, text, field->form);
    }
}

static void check_seen(struct reader *reader, enum place place)
{
    const struct field *fields = fields_of(place);
    for (const struct field *field = fields; field->name != NULL; field++) {
        if (field->needed && !(*seen_in(reader, place) & 1u << (field - fields))) {
            fail(reader, LWM2M_MALFORMED, "<%s> is missing in this <%s>", field->name,
                 place == IN_OBJECT ? "Object" : "Item");
            return;
        }
    }
}

/* ---- objects and items ---- */

static void begin_object(struct reader *reader)
{
    reader->object = lwm2m_definition_list_append(&reader->list);
    reader->resources = NULL;
    reader->resource_capacity = 0;
    reader->seen_of_object = 0;
    reader->place = IN_OBJECT;
    if (reader->object == NULL) {
        fail(reader, LWM2M_NO_MEMORY, "out of memory");
        return;
    }
    reader->object->version = (struct lwm2m_version){1, 0};
    reader->object->lwm2m_version = (struct lwm2m_version){1, 0};
}

static int compare_resources(const void *a, const void *b)
{
    const struct lwm2m_resource_definition *first = a, *second = b;
    return (first->id > second->id) - (first->id < second->id);
}

static void end_object(struct reader *reader)
{
    struct lwm2m_object_definition *object = reader->object;
    reader->place = IN_LWM2M;
    check_seen(reader, IN_OBJECT);
    if (object->resource_count > 1) {
        qsort(reader->resources, object->resource_count, sizeof(*reader->resources),
              compare_resources);
    }
    for (size_t i = 1; i < object->resource_count; i++) {
        if (reader->resources[i - 1].id == reader->resources[i].id) {
            fail(reader, LWM2M_MALFORMED, "resource %u comes twice in object %u",
                 reader->resources[i].id, object->id);
        }
    }
    if (object->urn == NULL) {
        object->urn = copy_text(reader, "");
    }
    if (reader->source != NULL) {
        object->source = copy_text(reader, reader->source);
    }
}

static bool reserve_resource(struct reader *reader)
{
    size_t capacity = reader->resource_capacity;
    if (reader->object->resource_count < capacity) {
        return true;
    }
    if (capacity >= RESOURCES_MAX) {
        fail(reader, LWM2M_TOO_LARGE, "more than %d resources", RESOURCES_MAX);
        return false;
    }
    capacity = capacity == 0 ? 16 : capacity * 2;
    struct lwm2m_resource_definition *resources =
        realloc(reader->resources, capacity * sizeof(*resources));
    if (resources == NULL) {
        fail(reader, LWM2M_NO_MEMORY, "out of memory");
        return false;
    }
    reader->resources = resources;
    reader->resource_capacity = capacity;
    reader->object->resources = resources;
    return true;
}

static void begin_item(struct reader *reader, const char **attributes)
{
    const char *id = NULL;
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        if (strcmp(attributes[i], "ID") == 0) {
            id = attributes[i + 1];
        }
    }
    reader->seen_of_item = 0;
    reader->place = IN_ITEM;
    if (!reserve_resource(reader)) {
        return;
    }
    reader->object->resource_count++;
    *last_resource(reader) = (struct lwm2m_resource_definition){0};
    if (id == NULL || !take_id(id, &last_resource(reader)->id)) {
        fail(reader, LWM2M_MALFORMED, "<Item> needs an ID from 0 to 65534");
    }
}

static void end_item(struct reader *reader)
{
    struct lwm2m_resource_definition *resource = last_resource(reader);
    reader->place = IN_RESOURCES;
    check_seen(reader, IN_ITEM);
    if (resource->type == LWM2M_TYPE_NONE && resource->operations != LWM2M_EXECUTABLE) {
        fail(reader, LWM2M_MALFORMED, "resource %u has no <Type>", resource->id);
    }
    if (resource->operations == LWM2M_EXECUTABLE) {
        resource->type = LWM2M_TYPE_NONE;
    }
    if (resource->range == NULL) {
        resource->range = copy_text(reader, "");
    }
    if (resource->units == NULL) {
        resource->units = copy_text(reader, "");
    }
}

/* ---- what expat calls ---- */

static void begin_element(void *context, const char *name, const char **attributes)
{
    struct reader *reader = context;
    if (reader->skipped > 0) {
        reader->skipped++;
    } else if (reader->place == AT_TOP && strcmp(name, "LWM2M") == 0) {
        reader->place = IN_LWM2M;
        reader->saw_root = true;
    } else if (reader->place == AT_TOP) {
        fail(reader, LWM2M_MALFORMED, "<%.40s> where <LWM2M> is expected", name);
    } else if (reader->place == IN_LWM2M && strcmp(name, "Object") == 0) {
        begin_object(reader);
    } else if (reader->place == IN_OBJECT && strcmp(name, "Resources") == 0) {
        reader->place = IN_RESOURCES;
    } else if (reader->place == IN_RESOURCES && strcmp(name, "Item") == 0) {
        begin_item(reader, attributes);
    } else if (reader->place == IN_OBJECT || reader->place == IN_ITEM) {
        begin_field(reader, name);
    } else if (reader->place == IN_FIELD) {
        fail(reader, LWM2M_MALFORMED, "<%.40s> inside <%s>", name, reader->field->name);
    } else {
        reader->skipped = 1;
    }
}

static void end_element(void *context, const char *name)
{
    struct reader *reader = context;
    (void)name; /* expat has matched it */
    if (reader->fault->error != LWM2M_OK) {
        return;
    }
    if (reader->skipped > 0) {
        reader->skipped--;
        return;
    }
    switch (reader->place) {
    case IN_FIELD:
        end_field(reader);
        break;
    case IN_ITEM:
        end_item(reader);
        break;
    case IN_RESOURCES:
        reader->place = IN_OBJECT;
        break;
    case IN_OBJECT:
        end_object(reader);
        break;
    case IN_LWM2M:
    case AT_TOP:
        reader->place = AT_TOP;
        break;
    }
}

static void take_text(void *context, const char *text, int length)
{
    struct reader *reader = context;
    if (reader->place != IN_FIELD || reader->skipped > 0) {
        return;
    }
    if ((size_t)length >= sizeof(reader->text) - reader->text_length) {
        fail(reader, LWM2M_TOO_LARGE, "<%s> holds more than %d bytes", reader->field->name,
             TEXT_MAX - 1);
        return;
    }
    memcpy(reader->text + reader->text_length, text, (size_t)length);
    reader->text_length += (size_t)length;
}

/* Definitions have no use for entities of their own, which can be made to grow without end. */
static void refuse_doctype(void *context, const char *name, const char *system_id,
                           const char *public_id, int has_internal_subset)
{
    struct reader *reader = context;
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_internal_subset;
    fail(reader, LWM2M_MALFORMED, "a document type declaration is not taken");
}

/* ---- the whole ---- */

static void parse(struct reader *reader, struct lwm2m_bytes xml)
{
    XML_SetUserData(reader->parser, reader);
    XML_SetElementHandler(reader->parser, begin_element, end_element);
    XML_SetCharacterDataHandler(reader->parser, take_text);
    XML_SetStartDoctypeDeclHandler(reader->parser, refuse_doctype);
    if (XML_Parse(reader->parser, (const char *)xml.data, (int)xml.length, XML_TRUE) ==
        XML_STATUS_ERROR) {
        fail(reader, LWM2M_MALFORMED, "%s", XML_ErrorString(XML_GetErrorCode(reader->parser)));
    } else if (reader->list.count == 0) {
        fail(reader, LWM2M_MALFORMED, "no <Object> in it");
    }
}

enum lwm2m_error lwm2m_definition_set_read_source(struct lwm2m_definition_set *set,
                                                  struct lwm2m_bytes xml, const char *source,
                                                  struct lwm2m_definition_fault *fault)
{
    *fault = (struct lwm2m_definition_fault){.error = LWM2M_OK};
    if (xml.length > XML_MAX) {
        fault->error = LWM2M_TOO_LARGE;
        snprintf(fault->reason, sizeof(fault->reason), "larger than 4 MiB");
        return fault->error;
    }
    struct reader *reader = calloc(1, sizeof(*reader));
    XML_Parser parser = XML_ParserCreate(NULL);
    if (reader != NULL && parser != NULL) {
        reader->parser = parser;
        reader->fault = fault;
        reader->source = source;
        parse(reader, xml);
        if (fault->error == LWM2M_OK && lwm2m_definition_set_take(set, &reader->list) != LWM2M_OK) {
            fail(reader, LWM2M_NO_MEMORY, "out of memory");
        }
        lwm2m_definition_list_release(&reader->list);
    } else {
        fault->error = LWM2M_NO_MEMORY;
        snprintf(fault->reason, sizeof(fault->reason), "out of memory");
    }
    if (parser != NULL) {
        XML_ParserFree(parser);
    }
    free(reader);
    return fault->error;
}

enum lwm2m_error lwm2m_definition_set_read(struct lwm2m_definition_set *set, struct lwm2m_bytes xml,
                                           struct lwm2m_definition_fault *fault)
{
    return lwm2m_definition_set_read_source(set, xml, NULL, fault);
}
