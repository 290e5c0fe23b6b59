/*
 * Holds definitions against the OMA's schema.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "host/definition_schema.h"

#include <stdio.h>
#include <string.h>

#include <lwm2m/number.h>

/* ---- elements and their order ---- */

struct lwm2m_schema_element {
    const char *name;
    enum {
        NEEDED_BY_READER, /* who says so himself, and when it comes twice */
        NEEDED,
        OPTIONAL,
    } kind;
    bool is_read; /* the reader takes it */
};

static const struct lwm2m_schema_element object_elements[] = {
    {"Name", NEEDED_BY_READER, true},
    {"Description1", NEEDED, false},
    {"ObjectID", NEEDED_BY_READER, true},
    {"ObjectURN", NEEDED_BY_READER, true},
    {"LWM2MVersion", OPTIONAL, true},
    {"ObjectVersion", OPTIONAL, true},
    {"MultipleInstances", NEEDED_BY_READER, true},
    {"Mandatory", NEEDED_BY_READER, true},
    {"Resources", NEEDED, false},
    {"Description2", NEEDED, false},
    {.name = NULL},
};

static const struct lwm2m_schema_element item_elements[] = {
    {"Name", NEEDED_BY_READER, true},
    {"Operations", NEEDED_BY_READER, true},
    {"MultipleInstances", NEEDED_BY_READER, true},
    {"Mandatory", NEEDED_BY_READER, true},
    {"Type", NEEDED_BY_READER, true},
    {"RangeEnumeration", NEEDED, true},
    {"Units", NEEDED, true},
    {"Description", NEEDED, false},
    {.name = NULL},
};

static void say(const struct lwm2m_definition_critic *critic, const char *element,
                const char *format, const char *first, const char *second)
{
    char text[sizeof(((struct lwm2m_definition_finding *)0)->text)];
    snprintf(text, sizeof(text), format, first, second);
    critic->say(critic->context, element, text);
}

static const char *owner_of(const struct lwm2m_schema_sequence *sequence)
{
    return sequence->elements == object_elements ? "Object" : "Item";
}

void lwm2m_schema_sequence_begin(struct lwm2m_schema_sequence *sequence, bool in_item)
{
    *sequence = (struct lwm2m_schema_sequence){
        .elements = in_item ? item_elements : object_elements,
    };
}

void lwm2m_schema_sequence_take(struct lwm2m_schema_sequence *sequence, const char *name,
                                const struct lwm2m_definition_critic *critic)
{
    const struct lwm2m_schema_element *elements = sequence->elements;
    size_t index = 0;
    while (elements[index].name != NULL && strcmp(elements[index].name, name) != 0) {
        index++;
    }
    if (elements[index].name == NULL) {
        say(critic, NULL, "<%.40s> is no element of an <%s> in the schema", name,
            owner_of(sequence));
        return;
    }
    if ((sequence->seen & 1u << index) != 0) {
        if (!elements[index].is_read) {
            say(critic, NULL, "<%s> comes twice in this <%s>", name, owner_of(sequence));
        }
    } else if (index < sequence->furthest && !sequence->is_disordered) {
        sequence->is_disordered = true; /* what follows is so by this one */
        say(critic, NULL, "<%s> comes behind <%s>, and before it in the schema", name,
            elements[sequence->furthest].name);
    }
    sequence->seen |= 1u << index;
    sequence->furthest = index > sequence->furthest ? index : sequence->furthest;
}

void lwm2m_schema_sequence_end(const struct lwm2m_schema_sequence *sequence,
                               const struct lwm2m_definition_critic *critic)
{
    for (size_t i = 0; sequence->elements[i].name != NULL; i++) {
        if (sequence->elements[i].kind == NEEDED && (sequence->seen & 1u << i) == 0) {
            say(critic, NULL, "<%s> is missing in this <%s>, though it may be empty",
                sequence->elements[i].name, owner_of(sequence));
        }
    }
}

/* ---- ranges ---- */

/* A limit, read as the resource's type: whole numbers exactly, as they may exceed what a double
 * holds. */
struct limit {
    bool is_negative;
    uint64_t whole; /* without the sign */
    double number;
};

static bool read_limit(struct lwm2m_bytes text, enum lwm2m_type type, struct limit *limit)
{
    *limit = (struct limit){.is_negative = text.length > 0 && text.data[0] == '-'};
    if (type == LWM2M_TYPE_FLOAT) {
        return lwm2m_number_parse_double(text, &limit->number) == LWM2M_OK;
    }
    if (limit->is_negative) {
        text.data++;
        text.length--;
    }
    return lwm2m_number_parse_unsigned(text, &limit->whole) == LWM2M_OK;
}

static bool is_above(const struct limit *a, const struct limit *b)
{
    if (a->number != 0 || b->number != 0) {
        return a->number > b->number;
    }
    if (a->is_negative != b->is_negative) {
        return b->is_negative;
    }
    return a->is_negative ? a->whole < b->whole : a->whole > b->whole;
}

/* What can be wrong in an item of a range; NULL: nothing is. */
static const char *fault_of_item(struct lwm2m_bytes item, enum lwm2m_type type)
{
    struct limit first, last;
    size_t dots = 0;
    while (dots + 1 < item.length && (item.data[dots] != '.' || item.data[dots + 1] != '.')) {
        dots++;
    }
    bool is_range = dots + 1 < item.length;
    struct lwm2m_bytes low = {item.data, is_range ? dots : item.length};
    if (!read_limit(low, type, &first)) {
        return "is not MIN..MAX, nor values between commas";
    }
    if (type == LWM2M_TYPE_UNSIGNED && first.is_negative) {
        return "begins below 0, where the type is Unsigned Integer";
    }
    if (!is_range) {
        return NULL;
    }
    struct lwm2m_bytes high = {item.data + dots + 2, item.length - dots - 2};
    if (!read_limit(high, type, &last)) {
        return "is not MIN..MAX, nor values between commas";
    }
    return is_above(&first, &last) ? "begins above its end" : NULL;
}

static const char *fault_of_numbers(const char *range, enum lwm2m_type type)
{
    const char *fault = NULL;
    while (*range != '\0' && fault == NULL) {
        range += strspn(range, " \t\r\n");
        size_t length = strcspn(range, ",;");
        struct lwm2m_bytes item = {(const uint8_t *)range, length};
        while (item.length > 0 && strchr(" \t\r\n", item.data[item.length - 1]) != NULL) {
            item.length--;
        }
        fault = fault_of_item(item, type);
        range += length;
        range += *range != '\0';
    }
    return fault;
}

void lwm2m_schema_check_range(const struct lwm2m_resource_definition *resource,
                              const struct lwm2m_definition_critic *critic)
{
    const char *fault = NULL;
    if (resource->range == NULL || resource->range[0] == '\0') {
        return;
    }
    switch (resource->type) {
    case LWM2M_TYPE_INTEGER:
    case LWM2M_TYPE_UNSIGNED:
    case LWM2M_TYPE_FLOAT:
    case LWM2M_TYPE_TIME:
        fault = fault_of_numbers(resource->range, resource->type);
        break;
    case LWM2M_TYPE_BOOLEAN:
    case LWM2M_TYPE_OBJLNK:
    case LWM2M_TYPE_CORELNK:
    case LWM2M_TYPE_NONE:
        fault = "means nothing for this <Type>: leave it empty";
        break;
    default: /* the length of texts and bytes has no form of its own, nor have words */
        break;
    }
    if (fault != NULL) {
        say(critic, "RangeEnumeration", "<RangeEnumeration>: '%.60s' %s", resource->range, fault);
    }
}
