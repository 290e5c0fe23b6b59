/*
 * Looking up definitions in chains of sets that overlap.
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

static const struct lwm2m_resource_definition device_resources[] = {
    {.id = 0, .operations = LWM2M_READABLE, .type = LWM2M_TYPE_INTEGER, .name = "Serial"},
    {.id = 4, .operations = LWM2M_EXECUTABLE, .type = LWM2M_TYPE_NONE, .name = "Reboot"},
    {.id = 26000, .operations = LWM2M_READABLE, .type = LWM2M_TYPE_FLOAT, .name = "Own"},
};

/* A device's own object 3, three versions of an object of its own, in any order. */
static const struct lwm2m_object_definition own_objects[] = {
    {.id = 33000, .version = {2, 0}, .name = "Own 2.0"},
    {.id = 3,
     .version = {1, 0},
     .name = "Own Device",
     .resources = device_resources,
     .resource_count = 3},
    {.id = 33000, .version = {1, 0}, .name = "Own 1.0"},
    {.id = 33000, .version = {1, 5}, .name = "Own 1.5"},
};

static const struct lwm2m_definitions own = {.objects = own_objects, .count = 4};
static const struct lwm2m_definitions chain = {
    .objects = own_objects, .count = 4, .parent = &lwm2m_registry};
static const struct lwm2m_definitions nothing = {.parent = &chain};

static const char *name_found(const struct lwm2m_definitions *set, uint16_t object, uint8_t major,
                              uint8_t minor)
{
    struct lwm2m_object_definition definition;
    if (!lwm2m_definitions_find_object(set, object, (struct lwm2m_version){major, minor},
                                       &definition)) {
        return "";
    }
    return definition.name;
}

static void the_version_asked_for_is_found_or_the_next_best(void **state)
{
    (void)state;
    assert_string_equal(name_found(&own, 33000, 0, 0), "Own 2.0");
    assert_string_equal(name_found(&own, 33000, 1, 0), "Own 1.0");
    assert_string_equal(name_found(&own, 33000, 1, 5), "Own 1.5");
    assert_string_equal(name_found(&own, 33000, 2, 0), "Own 2.0");
    assert_string_equal(name_found(&own, 33000, 1, 3), "Own 1.5");
    assert_string_equal(name_found(&own, 33000, 2, 7), "Own 2.0");
    assert_string_equal(name_found(&own, 33000, 3, 0), "Own 2.0");
    assert_string_equal(name_found(&own, 33001, 0, 0), "");
}

static void the_registry_chooses_versions_in_the_same_way(void **state)
{
    (void)state;
    static const struct {
        struct lwm2m_version wish;
        struct lwm2m_version found;
    } cases[] = {
        {{0, 0}, {1, 2}}, {{1, 0}, {1, 0}}, {{1, 1}, {1, 1}},
        {{1, 2}, {1, 2}}, {{1, 9}, {1, 2}}, {{2, 0}, {1, 2}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lwm2m_object_definition device;
        assert_true(lwm2m_definitions_find_object(&lwm2m_registry, 3, cases[i].wish, &device));
        assert_int_equal(device.id, 3);
        assert_string_equal(device.name, "Device");
        assert_int_equal(lwm2m_version_compare(device.version, cases[i].found), 0);
    }
}

static void a_set_on_top_hides_every_version_below(void **state)
{
    (void)state;
    assert_string_equal(name_found(&chain, 3, 0, 0), "Own Device");
    assert_string_equal(name_found(&chain, 3, 1, 2), "Own Device");
    assert_string_equal(name_found(&nothing, 3, 1, 2), "Own Device");
    assert_string_equal(name_found(&chain, 3303, 0, 0), "Temperature");
    assert_string_equal(name_found(&own, 3303, 0, 0), "");
    assert_string_equal(name_found(NULL, 3, 0, 0), "");
}

static void resources_come_from_the_object_then_from_the_reusable_ones(void **state)
{
    (void)state;
    struct lwm2m_resource_definition resource;

    assert_true(lwm2m_definitions_find_resource(&chain, 3, LWM2M_NO_VERSION, 0, &resource));
    assert_string_equal(resource.name, "Serial");
    assert_int_equal(resource.type, LWM2M_TYPE_INTEGER);
    /* In the registry's object 3, but not in the one that hides it. */
    assert_false(lwm2m_definitions_find_resource(&chain, 3, LWM2M_NO_VERSION, 9, &resource));
    assert_true(
        lwm2m_definitions_find_resource(&lwm2m_registry, 3, LWM2M_NO_VERSION, 9, &resource));
    assert_string_equal(resource.name, "Battery Level");
    assert_true(lwm2m_definitions_find_resource(&chain, 3, LWM2M_NO_VERSION, 5850, &resource));
    assert_string_equal(resource.name, "On/Off");
    assert_true(lwm2m_definitions_find_resource(&chain, 33001, LWM2M_NO_VERSION, 5853, &resource));
    assert_string_equal(resource.name, "Multi-state Output");
    assert_false(lwm2m_definitions_find_resource(&own, 3, LWM2M_NO_VERSION, 5850, &resource));
    assert_false(lwm2m_definitions_find_resource(NULL, 3, LWM2M_NO_VERSION, 0, &resource));
}

static void resources_of_one_definition_are_found_by_id_and_by_place(void **state)
{
    (void)state;
    struct lwm2m_object_definition object;
    struct lwm2m_resource_definition resource;

    assert_true(lwm2m_definitions_find_object(&own, 3, LWM2M_NO_VERSION, &object));
    for (size_t i = 0; i < object.resource_count; i++) {
        lwm2m_object_definition_get(&object, i, &resource);
        assert_int_equal(resource.id, device_resources[i].id);
        assert_true(lwm2m_object_definition_find(&object, device_resources[i].id, &resource));
        assert_string_equal(resource.name, device_resources[i].name);
    }
    static const uint16_t absent[] = {1, 3, 5, 25999, 26001, 65535};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
        assert_false(lwm2m_object_definition_find(&object, absent[i], &resource));
    }
    assert_true(lwm2m_definitions_find_object(&own, 33000, LWM2M_NO_VERSION, &object));
    assert_false(lwm2m_object_definition_find(&object, 0, &resource));
}

static void the_type_of_a_path_is_that_of_its_resource(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        enum lwm2m_type type;
    } cases[] = {
        {"/", LWM2M_TYPE_UNTYPED},          {"/3", LWM2M_TYPE_UNTYPED},
        {"/3/0", LWM2M_TYPE_UNTYPED},       {"/3/0/0", LWM2M_TYPE_INTEGER},
        {"/3/0/4", LWM2M_TYPE_NONE},        {"/3/0/26000", LWM2M_TYPE_FLOAT},
        {"/3/0/26000/3", LWM2M_TYPE_FLOAT}, {"/3/0/26001", LWM2M_TYPE_UNTYPED},
        {"/3303/0/5700", LWM2M_TYPE_FLOAT}, {"/3303/0/5518", LWM2M_TYPE_TIME},
        {"/1/0/1", LWM2M_TYPE_INTEGER},     {"/40000/0/1", LWM2M_TYPE_UNTYPED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lwm2m_path path;
        assert_int_equal(lwm2m_path_parse(lwm2m_bytes_from_text(cases[i].path), &path, NULL),
                         LWM2M_OK);
        assert_int_equal(lwm2m_definitions_type(&chain, path), cases[i].type);
        assert_int_equal(lwm2m_definitions_type(NULL, path), LWM2M_TYPE_UNTYPED);
    }
}

struct walk {
    size_t count;
    size_t stop_after;
    size_t of_device;
    size_t of_own;
    struct lwm2m_object_definition last;
};

static bool count_visit(void *context, const struct lwm2m_object_definition *definition)
{
    struct walk *walk = context;
    if (walk->count > 0) {
        assert_true(definition->id > walk->last.id ||
                    (definition->id == walk->last.id &&
                     lwm2m_version_compare(definition->version, walk->last.version) > 0));
    }
    walk->last = *definition;
    walk->of_device += definition->id == 3;
    walk->of_own += definition->id == 33000;
    return ++walk->count != walk->stop_after;
}

static void a_walk_visits_in_order_what_is_not_hidden(void **state)
{
    (void)state;
    struct walk registry = {0};
    struct walk all = {0};

    lwm2m_definitions_visit(&lwm2m_registry, count_visit, &registry);
    assert_int_equal(registry.of_device, 3);
    lwm2m_definitions_visit(&chain, count_visit, &all);
    assert_int_equal(all.of_device, 1);
    assert_int_equal(all.of_own, 3);
    assert_int_equal(all.count, registry.count - 3 + 4);
    assert_int_equal(all.last.id, 33000);
}

static void a_walk_stops_when_told_to(void **state)
{
    (void)state;
    struct walk walk = {.stop_after = 5};
    lwm2m_definitions_visit(&chain, count_visit, &walk);
    assert_int_equal(walk.count, 5);
    struct walk none = {0};
    lwm2m_definitions_visit(NULL, count_visit, &none);
    assert_int_equal(none.count, 0);
}

static void a_walk_ends_at_the_last_id_and_version(void **state)
{
    (void)state;
    static const struct lwm2m_object_definition objects[] = {
        {.id = 65535, .version = {255, 255}, .name = "last"},
        {.id = 7, .version = {1, 255}, .name = "before a new major number"},
        {.id = 7, .version = {2, 0}, .name = "behind it"},
        {.id = 7, .version = {255, 255}, .name = "before a new id"},
        {.id = 0, .version = {0, 0}, .name = "first"},
    };
    const struct lwm2m_definitions set = {.objects = objects, .count = 5};
    struct walk walk = {0};
    lwm2m_definitions_visit(&set, count_visit, &walk);
    assert_int_equal(walk.count, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_version_asked_for_is_found_or_the_next_best),
        cmocka_unit_test(the_registry_chooses_versions_in_the_same_way),
        cmocka_unit_test(a_set_on_top_hides_every_version_below),
        cmocka_unit_test(resources_come_from_the_object_then_from_the_reusable_ones),
        cmocka_unit_test(resources_of_one_definition_are_found_by_id_and_by_place),
        cmocka_unit_test(the_type_of_a_path_is_that_of_its_resource),
        cmocka_unit_test(a_walk_visits_in_order_what_is_not_hidden),
        cmocka_unit_test(a_walk_stops_when_told_to),
        cmocka_unit_test(a_walk_ends_at_the_last_id_and_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
