/*
 * Paths of ids: building, comparing, reading and printing them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/path.h>

#include <lwm2m/number.h>

enum { SEGMENT_MAX = 4 };

static uint16_t *segment_at(struct lwm2m_path *path, unsigned index)
{
    switch (index) {
    case 0:
        return &path->object;
    case 1:
        return &path->instance;
    case 2:
        return &path->resource;
    default:
        return &path->resource_instance;
    }
}

struct lwm2m_path lwm2m_path_root(void)
{
    return (struct lwm2m_path){LWM2M_NO_ID, LWM2M_NO_ID, LWM2M_NO_ID, LWM2M_NO_ID,
                               LWM2M_LEVEL_ROOT};
}

struct lwm2m_path lwm2m_path_object(uint16_t object)
{
    return (struct lwm2m_path){object, LWM2M_NO_ID, LWM2M_NO_ID, LWM2M_NO_ID, LWM2M_LEVEL_OBJECT};
}

struct lwm2m_path lwm2m_path_instance(uint16_t object, uint16_t instance)
{
    return (struct lwm2m_path){object, instance, LWM2M_NO_ID, LWM2M_NO_ID, LWM2M_LEVEL_INSTANCE};
}

struct lwm2m_path lwm2m_path_resource(uint16_t object, uint16_t instance, uint16_t resource)
{
    return (struct lwm2m_path){object, instance, resource, LWM2M_NO_ID, LWM2M_LEVEL_RESOURCE};
}

struct lwm2m_path lwm2m_path_resource_instance(uint16_t object, uint16_t instance,
                                               uint16_t resource, uint16_t resource_instance)
{
    return (struct lwm2m_path){object, instance, resource, resource_instance,
                               LWM2M_LEVEL_RESOURCE_INSTANCE};
}

enum lwm2m_error lwm2m_path_append(struct lwm2m_path *path, uint16_t id)
{
    if (path->level >= SEGMENT_MAX || id == LWM2M_NO_ID) {
        return LWM2M_ARGUMENT;
    }
    *segment_at(path, path->level++) = id;
    return LWM2M_OK;
}

struct lwm2m_path lwm2m_path_ancestor(struct lwm2m_path path, enum lwm2m_path_level level)
{
    while (path.level > (unsigned)level) {
        *segment_at(&path, --path.level) = LWM2M_NO_ID;
    }
    return path;
}

bool lwm2m_path_equal(struct lwm2m_path a, struct lwm2m_path b)
{
    return a.level == b.level && lwm2m_path_compare(a, b) == 0;
}

bool lwm2m_path_contains(struct lwm2m_path ancestor, struct lwm2m_path descendant)
{
    return lwm2m_path_equal(ancestor,
                            lwm2m_path_ancestor(descendant, (enum lwm2m_path_level)ancestor.level));
}

int lwm2m_path_compare(struct lwm2m_path a, struct lwm2m_path b)
{
    for (unsigned i = 0; i < a.level && i < b.level; i++) {
        int difference = *segment_at(&a, i) - *segment_at(&b, i);
        if (difference != 0) {
            return difference;
        }
    }
    return a.level - b.level;
}

/* Reads the id at *offset and moves behind it; a reason if there is none, else NULL. */
static const char *parse_id(struct lwm2m_bytes text, size_t *offset, uint16_t *id)
{
    size_t start = *offset;
    size_t end = start;
    uint32_t number = 0;

    while (end < text.length && text.data[end] >= '0' && text.data[end] <= '9') {
        number = number * 10 + (uint32_t)(text.data[end] - '0');
        if (number >= LWM2M_NO_ID) {
            return "an id is at most 65534";
        }
        end++;
    }
    if (end == start) {
        return start == text.length || text.data[start] == '/' ? "a segment is empty"
                                                               : "an id is a decimal number";
    }
    if (end > start + 1 && text.data[start] == '0') {
        return "an id has no leading zeros";
    }
    *offset = end;
    if (end < text.length && text.data[end] != '/') {
        return "an id is a decimal number";
    }
    *id = (uint16_t)number;
    return NULL;
}

enum lwm2m_error lwm2m_path_parse(struct lwm2m_bytes text, struct lwm2m_path *path,
                                  struct lwm2m_fault *fault)
{
    struct lwm2m_path result = lwm2m_path_root();
    size_t offset = text.length > 0 && text.data[0] == '/' ? 1 : 0;
    bool is_root = offset == text.length;

    while (!is_root) {
        uint16_t id;
        const char *reason = result.level < SEGMENT_MAX ? parse_id(text, &offset, &id)
                                                        : "a path has at most four segments";
        if (reason) {
            return lwm2m_fault_set(fault, LWM2M_MALFORMED, offset, reason);
        }
        *segment_at(&result, result.level++) = id;
        if (offset == text.length) {
            break;
        }
        offset++; /* the '/' */
    }
    *path = result;
    return LWM2M_OK;
}

size_t lwm2m_path_print(struct lwm2m_path path, char text[LWM2M_PATH_TEXT_MAX])
{
    size_t length = 0;
    for (unsigned i = 0; i < path.level && i < SEGMENT_MAX; i++) {
        char digits[LWM2M_NUMBER_TEXT_MAX];
        size_t count = lwm2m_number_print_unsigned(*segment_at(&path, i), digits);
        text[length++] = '/';
        for (size_t digit = 0; digit < count; digit++) {
            text[length++] = digits[digit];
        }
    }
    if (length == 0) {
        text[length++] = '/';
    }
    text[length] = '\0';
    return length;
}
