/*
 * Attributes that a server writes: which are taken, where, and by which version.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/device_fixture.h"

struct attempt {
    const char *request;
    const char *answer;
};

static void expect_all(uint8_t minor, const struct attempt *attempts, size_t count)
{
    struct device_fixture *fixture = device_fixture_new();

    fixture->config.version = (struct lwm2m_version){1, minor};
    device_fixture_register(fixture);
    for (size_t i = 0; i < count; i++) {
        device_fixture_expect(fixture, attempts[i].request, "", attempts[i].answer);
    }
    device_fixture_free(fixture);
}

#define EXPECT_ALL(minor, attempts)                                                                \
    expect_all(minor, attempts, sizeof(attempts) / sizeof(*attempts))

/* 33000/0/1 is an integer, /2 a float, /0 a string, /5 a multiple integer, /6 a boolean. */
static void conditions_on_values_need_values_of_their_type(void **state)
{
    static const struct attempt attempts[] = {
        {"PUT /33000/0/1 ?gt=30 ?lt=20 ?st=1", "2.04"},
        {"PUT /33000/0/2 ?gt=30.5", "2.04"},
        {"PUT /33000/0/5 ?gt=30", "2.04"},
        {"PUT /33000/0/5/0 ?lt=20", "2.04"},
        {"PUT /33000/0/6 ?edge=1", "2.04"},
        {"PUT /33000/0/0 ?gt=30", "4.00"},
        {"PUT /33000/0/6 ?st=1", "4.00"},
        {"PUT /33000/0/4 ?lt=1", "4.00"},
        {"PUT /33000/0 ?gt=30", "4.00"},
        {"PUT /33000 ?st=30", "4.00"},
        {"PUT /33000/0/1 ?edge=1", "4.00"},
        {"PUT /33000 ?edge=1", "4.00"},
        {"PUT /33000 ?pmin=1 ?pmax=9 ?epmin=1 ?epmax=2 ?con=1 ?hqmax=3", "2.04"},
        /* What cannot be there can be unset. */
        {"PUT /33000 ?gt", "2.04"},
    };

    (void)state;
    EXPECT_ALL(2, attempts);
}

static void an_older_version_does_not_know_newer_attributes(void **state)
{
    static const struct attempt with_1_0[] = {
        {"PUT /33000/0/1 ?pmin=1 ?pmax=9 ?gt=30 ?lt=20 ?st=1", "2.04"},
        {"PUT /33000/0/1 ?epmin=1", "4.00"},
        {"PUT /33000/0/1 ?epmax=1", "4.00"},
        {"PUT /33000/0/1 ?con=1", "4.00"},
    };
    static const struct attempt with_1_1[] = {
        {"PUT /33000/0/1 ?epmin=1 ?epmax=2", "2.04"},
        {"PUT /33000/0/1 ?con=1", "4.00"},
        {"PUT /33000/0/1 ?hqmax=1", "4.00"},
        {"PUT /33000/0/6 ?edge=1", "4.00"},
    };

    (void)state;
    EXPECT_ALL(0, with_1_0);
    EXPECT_ALL(1, with_1_1);
}

static void contradictions_are_refused_also_with_what_is_there_already(void **state)
{
    static const struct attempt attempts[] = {
        {"PUT /33000/0/1 ?gt=30 ?lt=20 ?st=5", "4.00"},
        {"PUT /33000/0/1 ?gt=30 ?lt=20 ?st=4", "2.04"},
        {"PUT /33000/0/1 ?st=6", "4.00"},
        {"PUT /33000/0/1 ?gt=25", "4.00"},
        {"PUT /33000/0/1 ?lt ?st=6", "2.04"},
        /* With what is inherited. */
        {"PUT /33000 ?epmin=10", "2.04"},
        {"PUT /33000/0/1 ?epmax=10", "4.00"},
        {"PUT /33000/0/1 ?epmax=11", "2.04"},
        {"PUT /33000/0/5 ?gt=30 ?lt=20", "2.04"},
        {"PUT /33000/0/5/0 ?st=5", "4.00"},
        {"PUT /33000/0/5/0 ?st=5 ?lt=10", "2.04"},
    };

    (void)state;
    EXPECT_ALL(2, attempts);
}

static void a_refused_change_changes_nothing(void **state)
{
    struct device_fixture *fixture = device_fixture_new();

    (void)state;
    fixture->config.version = (struct lwm2m_version){1, 2};
    device_fixture_register(fixture);
    device_fixture_expect(fixture, "PUT /33000/0/1 ?pmin=1 ?gt=30", "", "2.04");
    device_fixture_expect(fixture, "PUT /33000/0/1 ?pmin=2 ?edge=1", "", "4.00");
    device_fixture_expect(fixture, "PUT /33000/0/1 ?pmin=2 ?lt=30 ?st=1", "", "4.00");
    device_fixture_expect(fixture, "PUT /33000/0/1 ?pmin=2 ?pmix=1", "", "4.00");
    device_fixture_expect(fixture, "GET /33000/0/1 accept=40", "", "2.05 cf=40 #25");
    device_fixture_assert_text(fixture, "</33000/0/1>;pmin=1;gt=30");
    device_fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_on_values_need_values_of_their_type),
        cmocka_unit_test(an_older_version_does_not_know_newer_attributes),
        cmocka_unit_test(contradictions_are_refused_also_with_what_is_there_already),
        cmocka_unit_test(a_refused_change_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
