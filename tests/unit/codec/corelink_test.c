/*
 * CoRE links: registrations as devices send them, Discover answers, and what is not well formed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/corelink.h>

enum { MAX_LINKS = 16 };

struct object_lines {
    char text[1024];
    size_t length;
};

static enum lwm2m_error put_object(void *context, const struct lwm2m_registered_object *object)
{
    struct object_lines *lines = context;
    char path[LWM2M_PATH_TEXT_MAX];
    char version[LWM2M_VERSION_TEXT_MAX] = "";

    lwm2m_path_print(object->path, path);
    if (object->version.major != 0) {
        lwm2m_version_print(object->version, version);
    }
    lines->length +=
        (size_t)snprintf(lines->text + lines->length, sizeof lines->text - lines->length, "%s%s%s ",
                         path, version[0] != '\0' ? "@" : "", version);
    return LWM2M_OK;
}

static enum lwm2m_error decode(const char *payload, struct lwm2m_registration_links *links,
                               struct object_lines *lines, struct lwm2m_fault *fault)
{
    lines->length = 0;
    lines->text[0] = '\0';
    return lwm2m_registration_links_decode(lwm2m_bytes_from_text(payload), MAX_LINKS, links,
                                           put_object, lines, fault);
}

static const struct {
    const char *payload;
    const char *root;
    const char *content_formats;
    const char *objects;
    size_t link_count;
} registrations[] = {
    {"", "", "", "", 0},
    {"  \r\n", "", "", "", 0},
    /* Leshan, Anjay, Wakaama and Zephyr, each in its own hand. */
    {"</>;rt=\"oma.lwm2m\";ct=\"60 110 112 11542 11543\",</1>;ver=1.1,</1/0>,</3/0>,</6/0>", "",
     "60 110 112 11542 11543", "/1@1.1 /1/0 /3/0 /6/0 ", 5},
    {"</1>;ver=\"1.1\",</1/1>,</2>,</3>;ver=\"1.0\",</3/0>", "", "", "/1@1.1 /1/1 /2 /3@1.0 /3/0 ",
     5},
    {"</>;rt=\"oma.lwm2m\";ct=110, </1/0>, </3/0>,\r\n </5/0>", "", "110", "/1/0 /3/0 /5/0 ", 4},
    {"</>;ct=11542,</3303/0>", "", "11542", "/3303/0 ", 2},
    {"</>;rt=oma.lwm2m,</3/0>", "", "", "/3/0 ", 2},
    /* The root where it pleases, and elsewhere than at "/". */
    {"</lwm2m/1/0>,</lwm2m>;rt=\"oma.lwm2m\";ct=112,</lwm2m/3/0>,</sensor>", "/lwm2m", "112",
     "/1/0 /3/0 ", 4},
    {"</a/b/>;rt=\"core oma.lwm2m\",</a/b/3/0>,</a/bc/4/0>,</a/b>,</4/0>", "/a/b", "", "/3/0 ", 5},
    /* Left out: what must not be listed, what is deeper, what is no path. */
    {"</0/0>,</0>,</21/0>,</23>,</3/0/9>,</3/0/>,</03>,</65535>,<3/0>,<>,</x>,</3/0>", "", "",
     "/3/0 ", 12},
    /* Parameters that say nothing to us, and a version that says nothing at all. */
    {"</3/0>;if=\"a,b;c>\";x;y=;ver=1.2;z=\"\\\"\",</4>;ver=x,</5>;ver", "", "", "/3/0@1.2 /4 /5 ",
     3},
    {"</3> ; ver = 1.1 , </4>;ver= \"1.2\" ", "", "", "/3@1.1 /4@1.2 ", 2},
};

static void reads_registrations_as_devices_send_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof registrations / sizeof registrations[0]; i++) {
        struct lwm2m_registration_links links;
        struct object_lines lines;
        struct lwm2m_fault fault = {.reason = ""};
        enum lwm2m_error error = decode(registrations[i].payload, &links, &lines, &fault);

        if (error != LWM2M_OK) {
            fail_msg("%s: offset %zu: %s", registrations[i].payload, fault.offset, fault.reason);
        }
        assert_string_equal(lines.text, registrations[i].objects);
        assert_true(lwm2m_bytes_equal_text(links.root, registrations[i].root));
        assert_true(
            lwm2m_bytes_equal_text(links.content_formats, registrations[i].content_formats));
        assert_int_equal(links.link_count, registrations[i].link_count);
    }
}

static const struct {
    const char *payload;
    size_t offset;
} bad_inputs[] = {
    {",", 0},
    {"</3>,", 5},
    {"</3>,,</4>", 5},
    {"</3", 3},
    {"<", 1},
    {"</3>x", 4},
    {"</3></4>", 4},
    {"</3> </4>", 5},
    {"</ 3>", 2},
    {"<</3>>", 1},
    {"</3>;", 5},
    {"</3>;;x", 5},
    {"</3>;=1", 5},
    {"</3>;x=\"1", 9},
    {"</3>;x=\"1\\", 10},
    {"</3>;x=\"1\\\"", 11},
    {"</3>;x=\"1\"2", 10},
    {"</3>;x=1 2", 9},
    {"</3>,x=1", 5},
    {"</3>\x01", 4},
    {"</3\x01>", 3},
    {"garbage", 0},
    {"lwm2m=\"1.0\",</3/0>", 0},
};

static void refuses_what_is_not_well_formed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_inputs / sizeof bad_inputs[0]; i++) {
        struct lwm2m_registration_links links;
        struct object_lines lines;
        struct lwm2m_fault fault = {.reason = ""};
        enum lwm2m_error error = decode(bad_inputs[i].payload, &links, &lines, &fault);

        if (error != LWM2M_MALFORMED || fault.offset != bad_inputs[i].offset) {
            fail_msg("%s: %s, offset %zu: %s", bad_inputs[i].payload, lwm2m_error_name(error),
                     fault.offset, fault.reason);
        }
        assert_string_equal(lines.text, "");
    }
}

/* In memory of the exact size, so that a sanitizer sees a step too far. */
static void survives_every_truncation(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof registrations / sizeof registrations[0]; i++) {
        size_t whole = strlen(registrations[i].payload);

        for (size_t length = 0; length < whole; length++) {
            struct lwm2m_registration_links links;
            struct object_lines lines = {.length = 0};
            uint8_t *copy = malloc(length);
            enum lwm2m_error error;

            if (length > 0) {
                memcpy(copy, registrations[i].payload, length);
            }
            error = lwm2m_registration_links_decode(
                (struct lwm2m_bytes){.data = copy, .length = length}, MAX_LINKS, &links, put_object,
                &lines, NULL);
            assert_true(error == LWM2M_OK || error == LWM2M_MALFORMED);
            free(copy);
        }
    }
}

static void refuses_more_links_than_allowed(void **state)
{
    struct lwm2m_registration_links links;
    struct lwm2m_fault fault;
    struct lwm2m_bytes payload = lwm2m_bytes_from_text("</1>,</2>,</3>");

    (void)state;
    assert_int_equal(lwm2m_registration_links_decode(payload, 3, &links, NULL, NULL, &fault),
                     LWM2M_OK);
    assert_int_equal(lwm2m_registration_links_decode(payload, 2, &links, NULL, NULL, &fault),
                     LWM2M_TOO_LARGE);
    assert_int_equal(fault.offset, 10);
}

static enum lwm2m_error refuse_object(void *context, const struct lwm2m_registered_object *object)
{
    (void)object;
    ++*(unsigned *)context;
    return LWM2M_NO_MEMORY;
}

static void passes_on_what_put_returns(void **state)
{
    struct lwm2m_registration_links links;
    unsigned calls = 0;

    (void)state;
    assert_int_equal(lwm2m_registration_links_decode(lwm2m_bytes_from_text("</1>,</2>"), MAX_LINKS,
                                                     &links, refuse_object, &calls, NULL),
                     LWM2M_NO_MEMORY);
    assert_int_equal(calls, 1);
}

static void assert_link(struct lwm2m_link_reader *reader, const char *target,
                        const char *parameters)
{
    struct lwm2m_link link;

    assert_int_equal(lwm2m_link_reader_next(reader, &link, NULL), LWM2M_OK);
    assert_true(lwm2m_bytes_equal_text(link.target, target));
    assert_true(lwm2m_bytes_equal_text(link.parameters, parameters));
}

static void reads_a_discover_answer(void **state)
{
    struct lwm2m_link_reader reader;
    struct lwm2m_link link;

    (void)state;
    lwm2m_link_reader_init(
        &reader, lwm2m_bytes_from_text("</3/0>;pmin=10;pmax=60,</3/0/7>;dim=2;gt=50.5 , </3/0/8>"));
    assert_link(&reader, "/3/0", ";pmin=10;pmax=60");
    assert_link(&reader, "/3/0/7", ";dim=2;gt=50.5");
    assert_link(&reader, "/3/0/8", "");
    assert_int_equal(lwm2m_link_reader_next(&reader, &link, NULL), LWM2M_NOT_FOUND);
    assert_int_equal(lwm2m_link_reader_next(&reader, &link, NULL), LWM2M_NOT_FOUND);
}

static void reads_the_version_in_front_of_a_bootstrap_discover(void **state)
{
    struct lwm2m_link_reader reader;
    struct lwm2m_link link;
    struct lwm2m_link_parameter parameter;

    (void)state;
    lwm2m_link_reader_init(&reader, lwm2m_bytes_from_text("lwm2m=\"1.0\",</0/0>,</0/1>;ssid=101"));
    assert_int_equal(lwm2m_link_reader_next(&reader, &link, NULL), LWM2M_OK);
    assert_int_equal(link.target.length, 0);
    assert_true(lwm2m_link_parameter_find(&link, "lwm2m", &parameter));
    assert_true(lwm2m_bytes_equal_text(parameter.value, "1.0"));
    assert_link(&reader, "/0/0", "");
    assert_link(&reader, "/0/1", ";ssid=101");
    assert_int_equal(lwm2m_link_reader_next(&reader, &link, NULL), LWM2M_NOT_FOUND);
}

static void takes_parameters_one_by_one(void **state)
{
    struct lwm2m_link_reader reader;
    struct lwm2m_link link;
    struct lwm2m_link_parameter parameter;
    struct lwm2m_bytes rest;

    (void)state;
    lwm2m_link_reader_init(&reader, lwm2m_bytes_from_text("</>;a=1;b;c=\"x;y,z\" ; d="));
    assert_int_equal(lwm2m_link_reader_next(&reader, &link, NULL), LWM2M_OK);
    rest = link.parameters;
    assert_true(lwm2m_link_parameter_next(&rest, &parameter));
    assert_true(lwm2m_bytes_equal_text(parameter.name, "a"));
    assert_true(lwm2m_bytes_equal_text(parameter.value, "1"));
    assert_true(lwm2m_link_parameter_next(&rest, &parameter));
    assert_true(lwm2m_bytes_equal_text(parameter.name, "b"));
    assert_false(parameter.has_value);
    assert_true(lwm2m_link_parameter_next(&rest, &parameter));
    assert_true(lwm2m_bytes_equal_text(parameter.value, "x;y,z"));
    assert_true(lwm2m_link_parameter_next(&rest, &parameter));
    assert_true(lwm2m_bytes_equal_text(parameter.name, "d"));
    assert_true(parameter.has_value);
    assert_int_equal(parameter.value.length, 0);
    assert_false(lwm2m_link_parameter_next(&rest, &parameter));
    assert_false(lwm2m_link_parameter_find(&link, "e", &parameter));
}

static void writes_a_registration(void **state)
{
    uint8_t memory[128];
    struct lwm2m_buffer out;

    (void)state;
    lwm2m_buffer_init(&out, memory, sizeof memory);
    assert_int_equal(lwm2m_link_append(&out, "/"), LWM2M_OK);
    assert_int_equal(lwm2m_link_append_parameter(&out, "rt", "oma.lwm2m", true), LWM2M_OK);
    assert_int_equal(lwm2m_link_append_parameter(&out, "ct", "112", false), LWM2M_OK);
    assert_int_equal(lwm2m_link_append_path(&out, lwm2m_path_instance(3, 0)), LWM2M_OK);
    assert_int_equal(lwm2m_link_append_parameter(&out, "obs", NULL, false), LWM2M_OK);
    assert_int_equal(lwm2m_link_append_parameter(&out, "title", "a\"\\", true), LWM2M_OK);
    assert_true(lwm2m_bytes_equal_text(
        lwm2m_buffer_bytes(&out), "</>;rt=\"oma.lwm2m\";ct=112,</3/0>;obs;title=\"a\\\"\\\\\""));
}

static void writes_the_version_in_front_of_a_bootstrap_discover(void **state)
{
    uint8_t memory[32];
    struct lwm2m_buffer out;

    (void)state;
    lwm2m_buffer_init(&out, memory, sizeof memory);
    assert_int_equal(lwm2m_link_append_parameter(&out, "lwm2m", "1.0", true), LWM2M_OK);
    assert_int_equal(lwm2m_link_append(&out, "/0/0"), LWM2M_OK);
    assert_true(lwm2m_bytes_equal_text(lwm2m_buffer_bytes(&out), "lwm2m=\"1.0\",</0/0>"));
}

static void says_when_the_buffer_is_full(void **state)
{
    uint8_t memory[5];
    struct lwm2m_buffer out;

    (void)state;
    lwm2m_buffer_init(&out, memory, sizeof memory);
    assert_int_equal(lwm2m_link_append(&out, "/3/0"), LWM2M_NO_SPACE);
    assert_int_equal(lwm2m_link_append_parameter(&out, "x", NULL, false), LWM2M_NO_SPACE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_registrations_as_devices_send_them),
        cmocka_unit_test(refuses_what_is_not_well_formed),
        cmocka_unit_test(survives_every_truncation),
        cmocka_unit_test(refuses_more_links_than_allowed),
        cmocka_unit_test(passes_on_what_put_returns),
        cmocka_unit_test(reads_a_discover_answer),
        cmocka_unit_test(reads_the_version_in_front_of_a_bootstrap_discover),
        cmocka_unit_test(takes_parameters_one_by_one),
        cmocka_unit_test(writes_a_registration),
        cmocka_unit_test(writes_the_version_in_front_of_a_bootstrap_discover),
        cmocka_unit_test(says_when_the_buffer_is_full),
    };

    return cmocka_run_group_tests_name("codec/corelink", tests, NULL, NULL);
}
