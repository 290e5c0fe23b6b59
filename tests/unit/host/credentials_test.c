/*
 * Credentials: keys by identity and by endpoint, and whose identity it is.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/credentials.h>
#include <lwm2m/host_port.h>

static int set_up(void **state)
{
    static struct lwm2m_host_port host;
    lwm2m_host_port_init(&host, NULL, NULL);
    struct lwm2m_credentials *credentials;
    if (lwm2m_credentials_new(&host.port, &credentials) != LWM2M_OK) {
        return -1;
    }
    *state = credentials;
    return 0;
}

static int tear_down(void **state)
{
    lwm2m_credentials_release(*state);
    return 0;
}

static enum lwm2m_error add(struct lwm2m_credentials *credentials, const char *identity,
                            const char *key, const char *endpoint_name)
{
    const struct lwm2m_psk psk = {
        .identity = lwm2m_bytes_from_text(identity),
        .key = lwm2m_bytes_from_text(key),
        .endpoint_name = lwm2m_bytes_from_text(endpoint_name),
    };
    return lwm2m_credentials_add_psk(credentials, &psk);
}

static void finds_a_key_by_identity_and_by_endpoint(void **state)
{
    struct lwm2m_psk psk;
    assert_int_equal(add(*state, "id-1", "key one", "pump-1"), LWM2M_OK);
    assert_int_equal(add(*state, "id-2", "key two", ""), LWM2M_OK);
    assert_true(lwm2m_credentials_find_psk(*state, lwm2m_bytes_from_text("id-1"), &psk));
    assert_true(lwm2m_bytes_equal_text(psk.key, "key one"));
    assert_true(lwm2m_credentials_find_psk_of(*state, lwm2m_bytes_from_text("pump-1"), &psk));
    assert_true(lwm2m_bytes_equal_text(psk.identity, "id-1"));
    assert_true(lwm2m_credentials_find_psk_of(*state, lwm2m_bytes_from_text("id-2"), &psk));
    assert_false(lwm2m_credentials_find_psk(*state, lwm2m_bytes_from_text("pump-1"), &psk));
    assert_false(lwm2m_credentials_find_psk_of(*state, lwm2m_bytes_from_text("id-1"), &psk));
}

static void finds_each_of_many(void **state)
{
    for (unsigned i = 0; i < 5000; i++) {
        char identity[16];
        snprintf(identity, sizeof(identity), "dev-%u", i);
        assert_int_equal(add(*state, identity, identity, ""), LWM2M_OK);
    }
    for (unsigned i = 0; i < 5000; i++) {
        char identity[16];
        struct lwm2m_psk psk;
        snprintf(identity, sizeof(identity), "dev-%u", i);
        assert_true(lwm2m_credentials_find_psk(*state, lwm2m_bytes_from_text(identity), &psk));
        assert_true(lwm2m_bytes_equal_text(psk.key, identity));
    }
}

static void the_only_key_is_the_only_one(void **state)
{
    struct lwm2m_psk psk;
    assert_false(lwm2m_credentials_only_psk(*state, &psk));
    assert_int_equal(add(*state, "id-1", "key", ""), LWM2M_OK);
    assert_true(lwm2m_credentials_only_psk(*state, &psk));
    assert_int_equal(add(*state, "id-2", "key", ""), LWM2M_OK);
    assert_false(lwm2m_credentials_only_psk(*state, &psk));
}

static void refuses_what_is_empty_too_long_or_there_already(void **state)
{
    char large[257];
    memset(large, 'x', sizeof(large));
    large[256] = '\0';
    assert_int_equal(add(*state, "", "key", ""), LWM2M_RANGE);
    assert_int_equal(add(*state, "id", "", ""), LWM2M_RANGE);
    assert_int_equal(add(*state, large, "key", ""), LWM2M_RANGE);
    assert_int_equal(add(*state, "id", "key", large), LWM2M_RANGE);
    large[65] = '\0';
    assert_int_equal(add(*state, "id", large, ""), LWM2M_RANGE);
    large[64] = '\0';
    assert_int_equal(add(*state, "id", large, ""), LWM2M_OK);
    assert_int_equal(add(*state, "id", "other", ""), LWM2M_EXISTS);
}

static void an_identity_belongs_to_one_endpoint(void **state)
{
    struct lwm2m_bytes name;
    assert_int_equal(add(*state, "id-1", "key", "pump-1"), LWM2M_OK);
    assert_true(lwm2m_credentials_endpoint_name(*state, LWM2M_SECURITY_PSK,
                                                lwm2m_bytes_from_text("id-1"), &name));
    assert_true(lwm2m_bytes_equal_text(name, "pump-1"));
    assert_false(lwm2m_credentials_endpoint_name(*state, LWM2M_SECURITY_PSK,
                                                 lwm2m_bytes_from_text("pump-1"), &name));
    assert_false(lwm2m_credentials_endpoint_name(*state, LWM2M_SECURITY_RPK,
                                                 lwm2m_bytes_from_text("id-1"), &name));
    assert_true(lwm2m_credentials_endpoint_name(*state, LWM2M_SECURITY_X509,
                                                lwm2m_bytes_from_text("pump-9"), &name));
    assert_true(lwm2m_bytes_equal_text(name, "pump-9"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds_a_key_by_identity_and_by_endpoint, set_up, tear_down),
        cmocka_unit_test_setup_teardown(finds_each_of_many, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_only_key_is_the_only_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_what_is_empty_too_long_or_there_already, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_identity_belongs_to_one_endpoint, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
