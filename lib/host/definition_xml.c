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

#include <expat.h>

#include "host/definition_fields.h"
#include "host/definition_rules.h"
#include "host/definition_schema.h"
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

/* For whom everything is to be told. */
struct lint {
    const struct lwm2m_definitions *registry;
    void (*on_finding)(void *context, const struct lwm2m_definition_finding *finding);
    void *context;
};

/* Where something begins. */
struct position {
    unsigned long line, column; /* from 1 */
};

struct reader {
    XML_Parser parser;
    struct lwm2m_definition_list list;
    struct lwm2m_definition_fault *fault;
    const char *source;      /* may be NULL */
    const struct lint *lint; /* NULL: to be read, and stopped at the first fault */
    bool stopped;
    bool object_failed, item_failed; /* rules of what was not read make no sense */
    enum place place;
    enum place field_of; /* IN_OBJECT or IN_ITEM, while IN_FIELD */
    const struct lwm2m_definition_field *field;
    unsigned skipped; /* depth within an element that is skipped */
    uint32_t seen_of_object, seen_of_item;
    struct position object_at, item_at;
    struct position object_fields_at[LWM2M_DEFINITION_FIELDS_MAX],
        item_fields_at[LWM2M_DEFINITION_FIELDS_MAX];
    const struct position *fault_at; /* NULL: where the parser is */
    struct lwm2m_schema_sequence object_sequence, item_sequence;
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

static struct position here(const struct reader *reader)
{
    return (struct position){XML_GetCurrentLineNumber(reader->parser),
                             XML_GetCurrentColumnNumber(reader->parser) + 1};
}

static void tell(const struct reader *reader, enum lwm2m_definition_level level,
                 struct position position, const char *text)
{
    struct lwm2m_definition_finding finding = {
        .level = level, .line = position.line, .column = position.column};
    if (reader->lint != NULL) {
        snprintf(finding.text, sizeof(finding.text), "%s", text);
        reader->lint->on_finding(reader->lint->context, &finding);
    }
}

/* The first fault counts, and is the last one but for lint. */
static void fail(struct reader *reader, enum lwm2m_error error, const char *format, ...)
{
    struct lwm2m_definition_fault fault = {.error = error};
    va_list list;
    if (reader->stopped) {
        return;
    }
    struct position position = reader->fault_at != NULL ? *reader->fault_at : here(reader);
    fault.line = position.line;
    va_start(list, format);
    vsnprintf(fault.reason, sizeof(fault.reason), format, list);
    va_end(list);
    if (reader->fault->error == LWM2M_OK) {
        *reader->fault = fault;
    }
    if (reader->place == IN_ITEM || (reader->place == IN_FIELD && reader->field_of == IN_ITEM)) {
        reader->item_failed = true;
    } else {
        reader->object_failed = true;
    }
    tell(reader, LWM2M_DEFINITION_ERROR, position, fault.reason);
    if (reader->lint == NULL || error != LWM2M_MALFORMED) {
        reader->stopped = true;
        XML_StopParser(reader->parser, XML_FALSE);
    }
}

/* ---- fields ---- */

static char *copy_text(struct reader *reader, const char *text)
{
    char *copy = strdup(text);
    if (copy == NULL) {
        fail(reader, LWM2M_NO_MEMORY, "out of memory");
    }
    return copy;
}

static const struct lwm2m_definition_field *fields_of(enum place place)
{
    return place == IN_OBJECT ? lwm2m_object_fields : lwm2m_item_fields;
}

static uint32_t *seen_in(struct reader *reader, enum place place)
{
    return place == IN_OBJECT ? &reader->seen_of_object : &reader->seen_of_item;
}

/* A rule's word on an element of the object or item that is being read. */
static void criticise(void *context, const char *element, const char *text)
{
    const struct reader *reader = context;
    bool in_item = reader->place == IN_ITEM;
    const struct lwm2m_definition_field *fields = in_item ? lwm2m_item_fields : lwm2m_object_fields;
    struct position position = in_item ? reader->item_at : reader->object_at;
    for (const struct lwm2m_definition_field *field = fields;
         element != NULL && field->name != NULL; field++) {
        if (strcmp(field->name, element) == 0) {
            position =
                (in_item ? reader->item_fields_at : reader->object_fields_at)[field - fields];
        }
    }
    tell(reader, LWM2M_DEFINITION_WARNING, position, text);
}

/* The schema's word on what stands where the parser is. */
static void criticise_here(void *context, const char *element, const char *text)
{
    const struct reader *reader = context;
    (void)element;
    tell(reader, LWM2M_DEFINITION_WARNING, here(reader), text);
}

static void note_element(struct reader *reader, const char *name)
{
    const struct lwm2m_definition_critic critic = {.say = criticise_here, .context = reader};
    if (reader->lint != NULL) {
        lwm2m_schema_sequence_take(reader->place == IN_ITEM ? &reader->item_sequence
                                                            : &reader->object_sequence,
                                   name, &critic);
    }
}

static struct lwm2m_definition_critic critic_of(struct reader *reader)
{
    return (struct lwm2m_definition_critic){.say = criticise, .context = reader};
}

static void begin_field(struct reader *reader, const char *name)
{
    const struct lwm2m_definition_field *fields = fields_of(reader->place);
    uint32_t *seen = seen_in(reader, reader->place);
    for (const struct lwm2m_definition_field *field = fields; field->name != NULL; field++) {
        if (strcmp(field->name, name) != 0) {
            continue;
        }
        if (*seen & 1u << (field - fields)) {
            fail(reader, LWM2M_MALFORMED, "<%s> comes twice", name);
            reader->skipped = 1;
            return;
        }
        *seen |= 1u << (field - fields);
        (reader->place == IN_OBJECT ? reader->object_fields_at
                                    : reader->item_fields_at)[field - fields] = here(reader);
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
    const struct lwm2m_definition_field *field = reader->field;
    const char *text = trim(reader);
    reader->place = reader->field_of;
    reader->fault_at = reader->place == IN_ITEM
                           ? &reader->item_fields_at[field - lwm2m_item_fields]
                           : &reader->object_fields_at[field - lwm2m_object_fields];
    struct lwm2m_definition_target target = {
        .object = reader->object,
        .resource = reader->place == IN_ITEM ? last_resource(reader) : NULL,
    };
    if (text[0] == '\0' && !field->may_be_empty) {
        fail(reader, LWM2M_MALFORMED, "<%s> is empty", field->name);
    } else if (!field->take(&target, text)) {
        fail(reader, LWM2M_MALFORMED, "<%s>: '%.40s' is not %s", field->name, text, field->form);
    } else if (target.no_memory) {
        fail(reader, LWM2M_NO_MEMORY, "out of memory");
    } else if (reader->lint != NULL) {
        struct lwm2m_definition_critic critic = critic_of(reader);
        lwm2m_definition_rules_field(&critic, field->name, text);
    }
    reader->fault_at = NULL;
}

static void check_seen(struct reader *reader, enum place place)
{
    const struct lwm2m_definition_field *fields = fields_of(place);
    for (const struct lwm2m_definition_field *field = fields; field->name != NULL; field++) {
        if (field->needed && !(*seen_in(reader, place) & 1u << (field - fields))) {
            fail(reader, LWM2M_MALFORMED, "<%s> is missing in this <%s>", field->name,
                 place == IN_OBJECT ? "Object" : "Item");
        }
    }
}

/* ---- objects and items ---- */

static const char *attribute_of(const char **attributes, const char *name)
{
    const char *value = NULL;
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        value = strcmp(attributes[i], name) == 0 ? attributes[i + 1] : value;
    }
    return value;
}

static void begin_object(struct reader *reader, const char **attributes)
{
    reader->object = lwm2m_definition_list_append(&reader->list);
    reader->resources = NULL;
    reader->resource_capacity = 0;
    reader->seen_of_object = 0;
    reader->object_failed = false;
    reader->object_at = here(reader);
    reader->place = IN_OBJECT;
    lwm2m_schema_sequence_begin(&reader->object_sequence, false);
    if (attribute_of(attributes, "ObjectType") == NULL) {
        tell(reader, LWM2M_DEFINITION_WARNING, reader->object_at,
             "the schema wants <Object ObjectType=\"MODefinition\">");
    }
    if (reader->object == NULL) {
        fail(reader, LWM2M_NO_MEMORY, "out of memory");
        return;
    }
    reader->object->version = (struct lwm2m_version){1, 0};
    reader->object->lwm2m_version = (struct lwm2m_version){1, 0};
    reader->object->id = LWM2M_NO_ID;
}

static int compare_resources(const void *a, const void *b)
{
    const struct lwm2m_resource_definition *first = a, *second = b;
    return (first->id > second->id) - (first->id < second->id);
}

/* The last one of them would hide the others. */
static void warn_of_same_version(const struct reader *reader)
{
    const struct lwm2m_object_definition *last = reader->object;
    char text[80], version[LWM2M_VERSION_TEXT_MAX];
    for (const struct lwm2m_object_definition *other = reader->list.objects; other < last;
         other++) {
        if (other->id == last->id && lwm2m_version_compare(other->version, last->version) == 0) {
            lwm2m_version_print(last->version, version);
            snprintf(text, sizeof(text), "object %u %s comes twice in this file", last->id,
                     version);
            tell(reader, LWM2M_DEFINITION_WARNING, reader->object_at, text);
            return;
        }
    }
}

static void end_object(struct reader *reader)
{
    struct lwm2m_object_definition *object = reader->object;
    check_seen(reader, IN_OBJECT);
    if (reader->lint != NULL && !reader->object_failed) {
        struct lwm2m_definition_critic critic = critic_of(reader);
        lwm2m_schema_sequence_end(&reader->object_sequence, &critic);
        lwm2m_definition_rules_object(&critic, object);
        warn_of_same_version(reader);
    }
    reader->place = IN_LWM2M;
    if (object->resource_count > 1) {
        qsort(reader->resources, object->resource_count, sizeof(*reader->resources),
              compare_resources);
    }
    for (size_t i = 1; i < object->resource_count; i++) {
        if (reader->resources[i - 1].id == reader->resources[i].id &&
            reader->resources[i].id != LWM2M_NO_ID) {
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
    const char *id = attribute_of(attributes, "ID");
    reader->seen_of_item = 0;
    reader->item_failed = false;
    reader->item_at = here(reader);
    reader->place = IN_ITEM;
    lwm2m_schema_sequence_begin(&reader->item_sequence, true);
    if (!reserve_resource(reader)) {
        return;
    }
    reader->object->resource_count++;
    *last_resource(reader) = (struct lwm2m_resource_definition){0};
    if (id == NULL || !lwm2m_definition_take_id(id, &last_resource(reader)->id)) {
        fail(reader, LWM2M_MALFORMED, "<Item> needs an ID from 0 to 65534");
        last_resource(reader)->id = LWM2M_NO_ID;
    }
}

static void end_item(struct reader *reader)
{
    struct lwm2m_resource_definition *resource = last_resource(reader);
    bool typed = resource->type != LWM2M_TYPE_NONE;
    check_seen(reader, IN_ITEM);
    if (!typed && resource->operations != LWM2M_EXECUTABLE && !reader->item_failed) {
        fail(reader, LWM2M_MALFORMED, "resource %u has no <Type>", resource->id);
    }
    if (resource->operations == LWM2M_EXECUTABLE) {
        resource->type = LWM2M_TYPE_NONE;
    }
    if (reader->lint != NULL && !reader->item_failed) {
        struct lwm2m_definition_critic critic = critic_of(reader);
        lwm2m_schema_sequence_end(&reader->item_sequence, &critic);
        lwm2m_schema_check_range(resource, &critic);
        lwm2m_definition_rules_resource(&critic, resource, typed, reader->lint->registry);
    }
    reader->place = IN_RESOURCES;
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
        reader->skipped = 1;
    } else if (reader->place == IN_LWM2M && strcmp(name, "Object") == 0) {
        begin_object(reader, attributes);
    } else if (reader->place == IN_OBJECT && strcmp(name, "Resources") == 0) {
        note_element(reader, name);
        reader->place = IN_RESOURCES;
    } else if (reader->place == IN_RESOURCES && strcmp(name, "Item") == 0) {
        begin_item(reader, attributes);
    } else if (reader->place == IN_OBJECT || reader->place == IN_ITEM) {
        note_element(reader, name);
        begin_field(reader, name);
    } else if (reader->place == IN_FIELD) {
        fail(reader, LWM2M_MALFORMED, "<%.40s> inside <%s>", name, reader->field->name);
        reader->skipped = 1;
    } else {
        reader->skipped = 1;
    }
}

static void end_element(void *context, const char *name)
{
    struct reader *reader = context;
    (void)name; /* expat has matched it */
    if (reader->stopped) {
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

/* Reads what there is; into the set unless it is NULL. */
static enum lwm2m_error read_xml(struct lwm2m_definition_set *set, struct lwm2m_bytes xml,
                                 const struct reader *settings,
                                 struct lwm2m_definition_fault *fault)
{
    *fault = (struct lwm2m_definition_fault){.error = LWM2M_OK};
    struct reader *reader = malloc(sizeof(*reader));
    XML_Parser parser = XML_ParserCreate(NULL);
    if (reader != NULL && parser != NULL) {
        *reader = *settings;
        reader->parser = parser;
        reader->fault = fault;
        if (xml.length > XML_MAX) {
            fail(reader, LWM2M_TOO_LARGE, "larger than 4 MiB");
            fault->line = 0;
        } else {
            parse(reader, xml);
        }
        if (set != NULL && fault->error == LWM2M_OK &&
            lwm2m_definition_set_take(set, &reader->list) != LWM2M_OK) {
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

enum lwm2m_error lwm2m_definition_set_read_source(struct lwm2m_definition_set *set,
                                                  struct lwm2m_bytes xml, const char *source,
                                                  struct lwm2m_definition_fault *fault)
{
    struct reader settings = {.source = source};
    return read_xml(set, xml, &settings, fault);
}

enum lwm2m_error lwm2m_definition_set_read(struct lwm2m_definition_set *set, struct lwm2m_bytes xml,
                                           struct lwm2m_definition_fault *fault)
{
    return lwm2m_definition_set_read_source(set, xml, NULL, fault);
}

enum lwm2m_error lwm2m_definition_lint(
    struct lwm2m_bytes xml, const struct lwm2m_definitions *registry,
    void (*on_finding)(void *context, const struct lwm2m_definition_finding *finding),
    void *context)
{
    struct lint lint = {.registry = registry, .on_finding = on_finding, .context = context};
    struct reader settings = {.lint = &lint};
    struct lwm2m_definition_fault fault;
    return read_xml(NULL, xml, &settings, &fault);
}
