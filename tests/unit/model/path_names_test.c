/*
 * Paths by name.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/definition.h>

static const struct lwm2m_resource_definition resources[] = {
    {.id = 0, .name = "Level"},       {.id = 1, .name = "le-vel"},    {.id = 2, .name = "Größe"},
    {.id = 3, .name = "Rate (max.)"}, {.id = 4, .name = "Twin Name"}, {.id = 5, .name = "TwinName"},
    {.id = 6, .name = "On/Off"},
};
static const struct lwm2m_object_definition objects[] = {
    {.id = 33000, .version = {1, 0}, .name = "Old Tank"},
    {.id = 33000, .version = {1, 1}, .name = "Tank", .resources = resources, .resource_count = 7},
    {.id = 33001, .version = {1, 0}, .name = "Device"},
};
static const struct lwm2m_definitions chain = {
    .objects = objects, .count = 3, .parent = &lwm2m_registry};

static void names_lead_to_ids(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *path;
    } cases[] = {
        {"", "/"},
        {"/", "/"},
        {"3/0/9", "/3/0/9"},
        {"/3/0/7/1", "/3/0/7/1"},
        {"/Device/0/Manufacturer", "/3/0/0"},
        {"device", "/3"},
        {"/DEVICE/0", "/3/0"},
        {"3/0/battery_level", "/3/0/9"},
        {"3/0/Battery-Level", "/3/0/9"},
        {"3/0/batterylevel", "/3/0/9"},
        {"3/0/bat tery level", "/3/0/9"},
        {"Temperature/0/sensor value", "/3303/0/5700"},
        {"temperature/65534/SENSOR_VALUE/0", "/3303/65534/5700/0"},
        {"lwm2m server/1/lifetime", "/1/1/1"},
        {"3201/0/5853", "/3201/0/5853"},
        {"3201/0/Multi-state Output", "/3201/0/5853"},
        {"3201/0/multistate output", "/3201/0/5853"},
        {"light control/0/on_off", "/3311/0/5850"},
        {"light control/0/onoff", "/3311/0/5850"},
        {"40000/0/onoff", "/40000/0/5850"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lwm2m_path path;
        struct lwm2m_fault fault;
        char text[LWM2M_PATH_TEXT_MAX];
        enum lwm2m_error error = lwm2m_definitions_parse_path(
            &lwm2m_registry, lwm2m_bytes_from_text(cases[i].text), &path, &fault);
        if (error) {
            fail_msg("%s: %s at %zu", cases[i].text, fault.reason, fault.offset);
        }
        lwm2m_path_print(path, text);
        assert_string_equal(text, cases[i].path);
    }
}

static void names_of_own_definitions_are_found_too(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *path;
    } cases[] = {
        {"tank", "/33000"},
        {"old tank", "/33000"},
        {"33000/0/rate max", "/33000/0/3"},
        {"33000/0/rate (max.)", "/33000/0/3"},
        {"33000/0/größe", "/33000/0/2"},
        {"33000/0/onoff", "/33000/0/6"}, /* its own, before the reusable one */
        {"33000/0/LEVEL", "/33000/0/0"}, /* but for case the same: before one that is only alike */
        {"33000/0/LE-VEL", "/33000/0/1"},
        {"33000/0/twinname", "/33000/0/5"},
        {"33000/0/twin name", "/33000/0/4"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lwm2m_path path;
        char text[LWM2M_PATH_TEXT_MAX];
        assert_int_equal(
            lwm2m_definitions_parse_path(&chain, lwm2m_bytes_from_text(cases[i].text), &path, NULL),
            LWM2M_OK);
        lwm2m_path_print(path, text);
        assert_string_equal(text, cases[i].path);
    }
}

static void what_cannot_be_read_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum lwm2m_error error;
        size_t offset;
    } cases[] = {
        {"/nothing", LWM2M_NOT_FOUND, 1},
        {"devic", LWM2M_NOT_FOUND, 0},
        {"devices", LWM2M_NOT_FOUND, 0},
        {"_", LWM2M_NOT_FOUND, 0},
        {"--", LWM2M_NOT_FOUND, 0},
        {"3/0/nothing", LWM2M_NOT_FOUND, 4},
        {"3/0/gr\xff", LWM2M_NOT_FOUND, 4},
        {"3/0/?battery level", LWM2M_NOT_FOUND, 4},
        {"location/0/0", LWM2M_ARGUMENT, 0},              /* 6 and 3336 */
        {"device/0/0", LWM2M_ARGUMENT, 0},                /* 3 and our own */
        {"/3392/0/object enabled", LWM2M_ARGUMENT, 8},    /* 924 and 934 */
        {"3201/0/calibration offset", LWM2M_ARGUMENT, 7}, /* two reusable ones */
        {"33000/0/twin_name", LWM2M_ARGUMENT, 8},
        {"3/zero", LWM2M_MALFORMED, 2},
        {"3//0", LWM2M_MALFORMED, 2},
        {"device_/", LWM2M_ARGUMENT, 0},
        {"3/0/9/", LWM2M_MALFORMED, 6},
        {"//", LWM2M_MALFORMED, 1},
        {"3/0/7/first", LWM2M_MALFORMED, 6},
        {"3/0/7/0/0", LWM2M_MALFORMED, 8},
        {"65535", LWM2M_MALFORMED, 0},
        {"3/0/65535", LWM2M_MALFORMED, 4},
        {"03/0", LWM2M_MALFORMED, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lwm2m_path path = lwm2m_path_object(42);
        struct lwm2m_fault fault = {0};
        enum lwm2m_error error = lwm2m_definitions_parse_path(
            &chain, lwm2m_bytes_from_text(cases[i].text), &path, &fault);
        if (error != cases[i].error || fault.offset != cases[i].offset) {
            fail_msg("%s: %s at %zu", cases[i].text, lwm2m_error_name(error), fault.offset);
        }
        assert_int_equal(fault.error, error);
        assert_non_null(fault.reason);
        assert_true(lwm2m_path_equal(path, lwm2m_path_object(42)));
    }
}

static void without_definitions_only_numbers_are_read(void **state)
{
    (void)state;
    struct lwm2m_path path;
    assert_int_equal(
        lwm2m_definitions_parse_path(NULL, lwm2m_bytes_from_text("/3/0/9"), &path, NULL), LWM2M_OK);
    assert_true(lwm2m_path_equal(path, lwm2m_path_resource(3, 0, 9)));
    assert_int_equal(
        lwm2m_definitions_parse_path(NULL, lwm2m_bytes_from_text("device"), &path, NULL),
        LWM2M_NOT_FOUND);
    assert_int_equal(
        lwm2m_definitions_parse_path(NULL, lwm2m_bytes_from_text("3/0/manufacturer"), &path, NULL),
        LWM2M_NOT_FOUND);
}

/* Every name of the registry leads to its id, unless another one in the same place is alike. */
static bool check_names(void *context, const struct lwm2m_object_definition *object)
{
    size_t *found = context;
    struct lwm2m_object_definition newest;
    assert_true(
        lwm2m_definitions_find_object(&lwm2m_registry, object->id, LWM2M_NO_VERSION, &newest));
    if (lwm2m_version_compare(newest.version, object->version) != 0) {
        return true;
    }

    for (size_t i = 0; i < object->resource_count; i++) {
        char memory[128];
        struct lwm2m_buffer text;
        struct lwm2m_path path;
        struct lwm2m_resource_definition resource;
        char id[LWM2M_PATH_TEXT_MAX];

        lwm2m_object_definition_get(object, i, &resource);
        lwm2m_path_print(lwm2m_path_instance(object->id, 0), id);
        lwm2m_buffer_init(&text, memory, sizeof memory);
        lwm2m_buffer_append_text(&text, id);
        lwm2m_buffer_append_byte(&text, '/');
        for (const char *letter = resource.name; *letter; letter++) {
            lwm2m_buffer_append_byte(&text, *letter == '/' ? '_' : (uint8_t)*letter);
        }
        assert_int_equal(lwm2m_buffer_check(&text), LWM2M_OK);
        enum lwm2m_error error =
            lwm2m_definitions_parse_path(&lwm2m_registry, lwm2m_buffer_bytes(&text), &path, NULL);
        if (error == LWM2M_OK) {
            assert_int_equal(path.resource, resource.id);
            ++*found;
        } else {
            assert_int_equal(error, LWM2M_ARGUMENT);
        }
    }
    return true;
}

static void names_of_the_registry_lead_to_their_resource(void **state)
{
    (void)state;
    size_t found = 0;
    lwm2m_definitions_visit(&lwm2m_registry, check_names, &found);
    assert_in_range(found, 3000, 4506);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_lead_to_ids),
        cmocka_unit_test(names_of_own_definitions_are_found_too),
        cmocka_unit_test(what_cannot_be_read_is_refused_with_its_place),
        cmocka_unit_test(without_definitions_only_numbers_are_read),
        cmocka_unit_test(names_of_the_registry_lead_to_their_resource),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
