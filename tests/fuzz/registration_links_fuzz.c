/*
 * Fuzzes the object list of a registration: written again in our own hand, it says the same.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <lwm2m/corelink.h>

enum { OBJECTS_MAX = 256, OUT_MAX = 1 << 20, TARGET_MAX = 1 << 13 };

struct object_list {
    struct lwm2m_registered_object objects[OBJECTS_MAX];
    size_t count;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition) {
        abort();
    }
}

static enum lwm2m_error put_object(void *context, const struct lwm2m_registered_object *object)
{
    struct object_list *list = context;

    check(object->path.level == LWM2M_LEVEL_OBJECT || object->path.level == LWM2M_LEVEL_INSTANCE);
    check(list->count < OBJECTS_MAX);
    list->objects[list->count++] = *object;
    return LWM2M_OK;
}

static void write_link(struct lwm2m_bytes root, const char *path, struct lwm2m_buffer *out)
{
    char target[TARGET_MAX + LWM2M_PATH_TEXT_MAX];

    check(root.length <= TARGET_MAX);
    if (root.length > 0) {
        memcpy(target, root.data, root.length);
    }
    memcpy(target + root.length, path, strlen(path) + 1);
    check(lwm2m_link_append(out, target) == LWM2M_OK);
}

static void write_objects(const struct object_list *list, struct lwm2m_bytes root,
                          struct lwm2m_buffer *out)
{
    for (size_t i = 0; i < list->count; i++) {
        struct lwm2m_version version = list->objects[i].version;
        char text[LWM2M_PATH_TEXT_MAX];
        char version_text[LWM2M_VERSION_TEXT_MAX];

        lwm2m_path_print(list->objects[i].path, text);
        write_link(root, text, out);
        lwm2m_version_print(version, version_text);
        if (lwm2m_version_compare(version, LWM2M_NO_VERSION) != 0) {
            check(lwm2m_link_append_parameter(out, "ver", version_text, i % 2 == 0) == LWM2M_OK);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[OUT_MAX];
    static struct object_list first;
    static struct object_list second;
    struct lwm2m_registration_links links;
    struct lwm2m_registration_links again;
    struct lwm2m_buffer out;
    struct lwm2m_fault fault;
    enum lwm2m_error error;

    if (size > TARGET_MAX) {
        return 0;
    }
    first.count = second.count = 0;
    error = lwm2m_registration_links_decode((struct lwm2m_bytes){.data = data, .length = size},
                                            OBJECTS_MAX, &links, put_object, &first, &fault);
    if (error != LWM2M_OK) {
        check(fault.error == error && fault.offset <= size && first.count == 0);
        return 0;
    }
    check(first.count <= links.link_count);
    lwm2m_buffer_init(&out, memory, sizeof memory);
    write_objects(&first, links.root, &out);
    write_link(links.root, links.root.length > 0 ? "" : "/", &out);
    check(lwm2m_link_append_parameter(&out, "rt", "oma.lwm2m", true) == LWM2M_OK);
    check(lwm2m_registration_links_decode(lwm2m_buffer_bytes(&out), OBJECTS_MAX + 1, &again,
                                          put_object, &second, &fault) == LWM2M_OK);
    check(lwm2m_bytes_equal(links.root, again.root) && first.count == second.count);
    for (size_t i = 0; i < first.count; i++) {
        check(lwm2m_path_equal(first.objects[i].path, second.objects[i].path));
        check(lwm2m_version_compare(first.objects[i].version, second.objects[i].version) == 0);
    }
    return 0;
}
