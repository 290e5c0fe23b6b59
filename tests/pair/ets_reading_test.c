/*
 * Cases of the OMA enabler test that read several paths at once, and that discover, by their
 * numbers (LightweightM2M-1.1-int-N; from 264 on 1.2).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/ets_device.h"

static void ets_235_read_composite_of_the_root(void **state)
{
    struct pair_fixture *fixture = ets_device_new(1);
    const struct lwm2m_path root = lwm2m_path_root();
    const struct lwm2m_operation read = {.kind = LWM2M_OPERATION_READ_COMPOSITE,
                                         .path = root,
                                         .format = LWM2M_FORMAT_SENML_CBOR,
                                         .paths = &root,
                                         .path_count = 1,
                                         .context = fixture,
                                         .done = pair_fixture_note_outcome};

    (void)state;
    fixture->diary[0] = '\0';
    assert_int_equal(
        lwm2m_server_submit(fixture->server, pair_fixture_find(fixture, 0), &read, NULL), LWM2M_OK);
    pair_fixture_run(fixture, 5000);
    assert_memory_equal(fixture->diary, "205 /1/0/0=101 ", 15);
    assert_non_null(strstr(fixture->diary, " /3/0/0=Acme "));
    assert_non_null(strstr(fixture->diary, " /16/0/0/0=id "));
    assert_non_null(strstr(fixture->diary, " /33000/0/1=42 "));
    assert_null(strstr(fixture->diary, " /0/"));
    assert_null(strstr(fixture->diary, " /21/"));
    pair_fixture_free(fixture);
}

static void ets_236_read_composite_leaves_out_what_is_missing(void **state)
{
    struct pair_fixture *fixture = ets_device_new(1);

    (void)state;
    ets_expect_read_composite(fixture, "/1/0/1 /3/0/11/0 /3/0/77 /9999 /16/7",
                              LWM2M_FORMAT_SENML_CBOR, "205 /1/0/1=86400 /3/0/11/0=0\n");
    pair_fixture_free(fixture);
}

static void ets_280_read_composite_of_resources_and_instances(void **state)
{
    struct pair_fixture *fixture = ets_device_new(1);

    (void)state;
    ets_expect_read_composite(fixture, "/3/0/16 /3/0/11/0 /1/0/1", LWM2M_FORMAT_SENML_CBOR,
                              "205 /1/0/1=86400 /3/0/11/0=0 /3/0/16=U\n");
    /* Each of them in what else the device speaks. */
    ets_expect_read_composite(fixture, "/16 /3/0/7", LWM2M_NO_FORMAT,
                              "205 /3/0/7/0=3800 /16/0/0/0=id\n");
    pair_fixture_free(fixture);
}

static void ets_281_read_composite_leaves_out_what_is_executable(void **state)
{
    struct pair_fixture *fixture = ets_device_new(1);

    (void)state;
    ets_expect_read_composite(fixture, "/1/0/1 /3/0/4 /3/0/16", LWM2M_FORMAT_SENML_CBOR,
                              "205 /1/0/1=86400 /3/0/16=U\n");
    pair_fixture_free(fixture);
}

static void ets_260_discover_shows_attributes(void **state)
{
    struct pair_fixture *fixture = ets_device_new(1);

    (void)state;
    ets_expect_discover(fixture, "/3", -1,
                        "205 </3>;ver=1.0,</3/0>,</3/0/0>,</3/0/4>,</3/0/6>;dim=1,</3/0/7>;dim=1,"
                        "</3/0/8>;dim=1,</3/0/11>;dim=1,</3/0/16>\n");
    ets_write_attributes(fixture, "/3", "pmin=10 pmax=200");
    ets_write_attributes(fixture, "/3/0/7", "gt=4000 lt=3000 st=10");
    ets_expect_discover(
        fixture, "/3", -1,
        "205 </3>;ver=1.0;pmin=10;pmax=200,</3/0>,</3/0/0>,</3/0/4>,</3/0/6>;dim=1,"
        "</3/0/7>;dim=1;gt=4000;lt=3000;st=10,</3/0/8>;dim=1,</3/0/11>;dim=1,</3/0/16>\n");
    ets_write_attributes(fixture, "/3/0", "pmax=60");
    /* At a resource with what it inherits. */
    ets_expect_discover(fixture, "/3/0/7", -1,
                        "205 </3/0/7>;dim=1;pmin=10;pmax=60;gt=4000;lt=3000;st=10,</3/0/7/0>\n");
    pair_fixture_free(fixture);
}

static void ets_261_discover_shows_attributes_of_every_level(void **state)
{
    struct pair_fixture *fixture = ets_device_new(1);

    (void)state;
    ets_write_attributes(fixture, "/3", "pmin=10 pmax=200");
    ets_write_attributes(fixture, "/3/0", "epmin=5 epmax=20");
    ets_write_attributes(fixture, "/3/0/11/0", "pmin=1 epmin=3");
    ets_expect_discover(fixture, "/3/0", -1,
                        "205 </3/0>;epmin=5;epmax=20,</3/0/0>,</3/0/4>,</3/0/6>;dim=1,"
                        "</3/0/7>;dim=1,</3/0/8>;dim=1,</3/0/11>;dim=1,</3/0/16>\n");
    ets_expect_discover(fixture, "/3/0/11", -1,
                        "205 </3/0/11>;dim=1;pmin=10;pmax=200;epmin=5;epmax=20,"
                        "</3/0/11/0>;pmin=1;epmin=3\n");
    pair_fixture_free(fixture);
}

static void ets_264_discover_with_depth_1(void **state)
{
    struct pair_fixture *fixture = ets_device_new(2);

    (void)state;
    ets_write_attributes(fixture, "/3/0", "pmin=10");
    ets_expect_discover(fixture, "/3", 1, "205 </3>;ver=1.0,</3/0>;pmin=10\n");
    ets_expect_discover(fixture, "/3", 0, "205 </3>;ver=1.0\n");
    pair_fixture_free(fixture);
}

static void ets_266_discover_with_depth_2_and_3(void **state)
{
    struct pair_fixture *fixture = ets_device_new(2);

    (void)state;
    ets_expect_discover(fixture, "/3", 2,
                        "205 </3>;ver=1.0,</3/0>,</3/0/0>,</3/0/4>,</3/0/6>;dim=1,</3/0/7>;dim=1,"
                        "</3/0/8>;dim=1,</3/0/11>;dim=1,</3/0/16>\n");
    ets_expect_discover(fixture, "/3", 3,
                        "205 </3>;ver=1.0,</3/0>,</3/0/0>,</3/0/4>,</3/0/6>;dim=1,</3/0/6/0>,"
                        "</3/0/7>;dim=1,</3/0/7/0>,</3/0/8>;dim=1,</3/0/8/0>,"
                        "</3/0/11>;dim=1,</3/0/11/0>,</3/0/16>\n");
    pair_fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ets_235_read_composite_of_the_root),
        cmocka_unit_test(ets_236_read_composite_leaves_out_what_is_missing),
        cmocka_unit_test(ets_280_read_composite_of_resources_and_instances),
        cmocka_unit_test(ets_281_read_composite_leaves_out_what_is_executable),
        cmocka_unit_test(ets_260_discover_shows_attributes),
        cmocka_unit_test(ets_261_discover_shows_attributes_of_every_level),
        cmocka_unit_test(ets_264_discover_with_depth_1),
        cmocka_unit_test(ets_266_discover_with_depth_2_and_3),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
