/*
 * Notification attributes: reading them from queries, laying them over each other, printing them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/attributes.h>

#include <stddef.h>
#include <string.h>

#include <lwm2m/number.h>

enum kind {
    KIND_COUNT,    /* uint32_t */
    KIND_NUMBER,   /* double */
    KIND_DISTANCE, /* double that is not negative */
    KIND_FLAG,     /* uint8_t: 0 or 1 */
};

struct attribute {
    const char *name;
    enum lwm2m_attribute bit;
    enum kind kind;
    size_t offset; /* of its member in struct lwm2m_attributes */
};

/* In the order in which Discover shows them. */
static const struct attribute known_attributes[] = {
    {"pmin", LWM2M_ATTRIBUTE_PMIN, KIND_COUNT, offsetof(struct lwm2m_attributes, pmin_s)},
    {"pmax", LWM2M_ATTRIBUTE_PMAX, KIND_COUNT, offsetof(struct lwm2m_attributes, pmax_s)},
    {"gt", LWM2M_ATTRIBUTE_GT, KIND_NUMBER, offsetof(struct lwm2m_attributes, gt)},
    {"lt", LWM2M_ATTRIBUTE_LT, KIND_NUMBER, offsetof(struct lwm2m_attributes, lt)},
    {"st", LWM2M_ATTRIBUTE_ST, KIND_DISTANCE, offsetof(struct lwm2m_attributes, st)},
    {"epmin", LWM2M_ATTRIBUTE_EPMIN, KIND_COUNT, offsetof(struct lwm2m_attributes, epmin_s)},
    {"epmax", LWM2M_ATTRIBUTE_EPMAX, KIND_COUNT, offsetof(struct lwm2m_attributes, epmax_s)},
    {"edge", LWM2M_ATTRIBUTE_EDGE, KIND_FLAG, offsetof(struct lwm2m_attributes, edge)},
    {"con", LWM2M_ATTRIBUTE_CON, KIND_FLAG, offsetof(struct lwm2m_attributes, con)},
    {"hqmax", LWM2M_ATTRIBUTE_HQMAX, KIND_COUNT, offsetof(struct lwm2m_attributes, hqmax)},
};

enum { ATTRIBUTE_COUNT = sizeof known_attributes / sizeof *known_attributes };

static size_t size_of(enum kind kind)
{
    if (kind == KIND_COUNT) {
        return sizeof(uint32_t);
    }
    return kind == KIND_FLAG ? sizeof(uint8_t) : sizeof(double);
}

const char *lwm2m_attribute_name(uint32_t bit)
{
    for (size_t i = 0; i < ATTRIBUTE_COUNT; i++) {
        if (known_attributes[i].bit == bit) {
            return known_attributes[i].name;
        }
    }
    return NULL;
}

uint32_t lwm2m_attributes_known(struct lwm2m_version version)
{
    const uint32_t since_1_1 = LWM2M_ATTRIBUTE_EPMIN | LWM2M_ATTRIBUTE_EPMAX;
    const uint32_t since_1_2 = LWM2M_ATTRIBUTE_EDGE | LWM2M_ATTRIBUTE_CON | LWM2M_ATTRIBUTE_HQMAX;
    uint32_t known = LWM2M_ATTRIBUTE_PMIN | LWM2M_ATTRIBUTE_PMAX | LWM2M_ATTRIBUTE_GT |
                     LWM2M_ATTRIBUTE_LT | LWM2M_ATTRIBUTE_ST;

    if (lwm2m_version_compare(version, (struct lwm2m_version){1, 1}) >= 0) {
        known |= since_1_1;
    }
    if (lwm2m_version_compare(version, (struct lwm2m_version){1, 2}) >= 0) {
        known |= since_1_2;
    }
    return known;
}

/* ---- reading ---- */

static enum lwm2m_error parse_integer(struct lwm2m_bytes text, uint64_t most, uint64_t *number)
{
    if (lwm2m_number_parse_unsigned(text, number) || *number > most) {
        return LWM2M_MALFORMED;
    }
    return LWM2M_OK;
}

static enum lwm2m_error parse_value(struct lwm2m_bytes text, const struct attribute *attribute,
                                    struct lwm2m_attributes *attributes)
{
    void *member = (char *)attributes + attribute->offset;
    uint64_t integer = 0;
    double number = 0;
    enum lwm2m_error error;

    switch (attribute->kind) {
    case KIND_COUNT:
        error = parse_integer(text, UINT32_MAX, &integer);
        break;
    case KIND_FLAG:
        error = parse_integer(text, 1, &integer);
        break;
    default:
        error = lwm2m_number_parse_double(text, &number);
        if (attribute->kind == KIND_DISTANCE && number < 0) {
            error = LWM2M_MALFORMED;
        }
    }
    if (error != LWM2M_OK) {
        return LWM2M_MALFORMED;
    }
    if (attribute->kind == KIND_COUNT) {
        *(uint32_t *)member = (uint32_t)integer;
    } else if (attribute->kind == KIND_FLAG) {
        *(uint8_t *)member = (uint8_t)integer;
    } else {
        *(double *)member = number;
    }
    return LWM2M_OK;
}

static const struct attribute *find_attribute(struct lwm2m_bytes name)
{
    for (size_t i = 0; i < ATTRIBUTE_COUNT; i++) {
        if (lwm2m_bytes_equal_text(name, known_attributes[i].name)) {
            return &known_attributes[i];
        }
    }
    return NULL;
}

enum lwm2m_error lwm2m_attributes_parse_query(struct lwm2m_bytes query,
                                              struct lwm2m_attributes *attributes)
{
    struct lwm2m_bytes name = query;
    for (name.length = 0; name.length < query.length && query.data[name.length] != '=';) {
        name.length++;
    }

    const struct attribute *attribute = find_attribute(name);
    if (!attribute) {
        return LWM2M_NOT_FOUND;
    }
    if ((attributes->set | attributes->cleared) & attribute->bit) {
        return LWM2M_EXISTS;
    }
    if (name.length == query.length) {
        attributes->cleared |= attribute->bit;
        return LWM2M_OK;
    }

    struct lwm2m_bytes text = {query.data + name.length + 1, query.length - name.length - 1};
    enum lwm2m_error error = parse_value(text, attribute, attributes);
    if (error == LWM2M_OK) {
        attributes->set |= attribute->bit;
    }
    return error;
}

/* ---- laying over each other ---- */

void lwm2m_attributes_apply(struct lwm2m_attributes *attributes,
                            const struct lwm2m_attributes *change)
{
    for (size_t i = 0; i < ATTRIBUTE_COUNT; i++) {
        const struct attribute *attribute = &known_attributes[i];
        if (change->set & attribute->bit) {
            memcpy((char *)attributes + attribute->offset, (const char *)change + attribute->offset,
                   size_of(attribute->kind));
        }
    }
    attributes->set = (attributes->set & ~change->cleared) | change->set;
}

struct lwm2m_attributes lwm2m_attributes_inherit(const struct lwm2m_attributes *higher,
                                                 const struct lwm2m_attributes *own)
{
    struct lwm2m_attributes result = *higher;
    struct lwm2m_attributes layer = *own;
    result.cleared = 0;
    layer.cleared = 0;
    lwm2m_attributes_apply(&result, &layer);
    return result;
}

static bool has_all(const struct lwm2m_attributes *attributes, uint32_t bits)
{
    return (attributes->set & bits) == bits;
}

enum lwm2m_error lwm2m_attributes_check(const struct lwm2m_attributes *attributes)
{
    const uint32_t conditions = LWM2M_ATTRIBUTE_GT | LWM2M_ATTRIBUTE_LT | LWM2M_ATTRIBUTE_ST;

    if (has_all(attributes, conditions) &&
        !(attributes->lt + 2 * attributes->st < attributes->gt)) {
        return LWM2M_RANGE;
    }
    if (has_all(attributes, LWM2M_ATTRIBUTE_EPMIN | LWM2M_ATTRIBUTE_EPMAX) &&
        attributes->epmin_s >= attributes->epmax_s) {
        return LWM2M_RANGE;
    }
    return LWM2M_OK;
}

/* ---- printing ---- */

static void print_value(const struct lwm2m_attributes *attributes,
                        const struct attribute *attribute, char text[LWM2M_NUMBER_TEXT_MAX])
{
    const void *member = (const char *)attributes + attribute->offset;

    switch (attribute->kind) {
    case KIND_COUNT:
        (void)lwm2m_number_print_unsigned(*(const uint32_t *)member, text);
        break;
    case KIND_FLAG:
        (void)lwm2m_number_print_unsigned(*(const uint8_t *)member, text);
        break;
    default:
        (void)lwm2m_number_print_double(*(const double *)member, text);
    }
}

enum lwm2m_error lwm2m_attributes_print(const struct lwm2m_attributes *attributes,
                                        struct lwm2m_buffer *out)
{
    for (size_t i = 0; i < ATTRIBUTE_COUNT; i++) {
        const struct attribute *attribute = &known_attributes[i];
        char number[LWM2M_NUMBER_TEXT_MAX];
        if (!(attributes->set & attribute->bit)) {
            continue;
        }
        print_value(attributes, attribute, number);
        (void)lwm2m_buffer_append_text(out, ";");
        (void)lwm2m_buffer_append_text(out, attribute->name);
        (void)lwm2m_buffer_append_text(out, "=");
        (void)lwm2m_buffer_append_text(out, number);
    }
    return lwm2m_buffer_check(out);
}
