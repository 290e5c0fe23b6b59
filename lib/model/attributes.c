/*
 * Notification attributes: reading them from queries, laying them over each other, printing them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/attributes.h>

#include <stddef.h>

#include <lwm2m/number.h>

struct attribute {
    const char *name;
    enum lwm2m_attribute bit;
    size_t offset; /* of its member in struct lwm2m_attributes */
};

static const struct attribute known_attributes[] = {
    {"pmin", LWM2M_ATTRIBUTE_PMIN, offsetof(struct lwm2m_attributes, pmin_s)},
    {"pmax", LWM2M_ATTRIBUTE_PMAX, offsetof(struct lwm2m_attributes, pmax_s)},
};

enum { ATTRIBUTE_COUNT = sizeof known_attributes / sizeof *known_attributes };

static uint32_t *member_of(struct lwm2m_attributes *attributes, const struct attribute *attribute)
{
    return (uint32_t *)(void *)((char *)attributes + attribute->offset);
}

static uint32_t read_member(const struct lwm2m_attributes *attributes,
                            const struct attribute *attribute)
{
    return *(const uint32_t *)(const void *)((const char *)attributes + attribute->offset);
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
    uint64_t seconds;
    if (lwm2m_number_parse_unsigned(text, &seconds) || seconds > UINT32_MAX) {
        return LWM2M_MALFORMED;
    }
    attributes->set |= attribute->bit;
    *member_of(attributes, attribute) = (uint32_t)seconds;
    return LWM2M_OK;
}

void lwm2m_attributes_apply(struct lwm2m_attributes *attributes,
                            const struct lwm2m_attributes *change)
{
    for (size_t i = 0; i < ATTRIBUTE_COUNT; i++) {
        const struct attribute *attribute = &known_attributes[i];
        if (change->set & attribute->bit) {
            *member_of(attributes, attribute) = read_member(change, attribute);
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

enum lwm2m_error lwm2m_attributes_print(const struct lwm2m_attributes *attributes,
                                        struct lwm2m_buffer *out)
{
    for (size_t i = 0; i < ATTRIBUTE_COUNT; i++) {
        const struct attribute *attribute = &known_attributes[i];
        char number[LWM2M_NUMBER_TEXT_MAX];
        if (!(attributes->set & attribute->bit)) {
            continue;
        }
        (void)lwm2m_number_print_unsigned(read_member(attributes, attribute), number);
        (void)lwm2m_buffer_append_text(out, ";");
        (void)lwm2m_buffer_append_text(out, attribute->name);
        (void)lwm2m_buffer_append_text(out, "=");
        (void)lwm2m_buffer_append_text(out, number);
    }
    return lwm2m_buffer_check(out);
}
