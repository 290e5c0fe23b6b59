/*
 * Files of raw public keys: what they hold, and what is wrong with them.
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

/* Points of P-256: the base point, and twice that. */
#define ONE                                                                                        \
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/"        \
    "hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q=="

struct fixture {
    struct lwm2m_host_port host;
    struct lwm2m_credentials *credentials;
};

static struct fixture fixture;

static int set_up(void **state)
{
    (void)state;
    lwm2m_host_port_init(&fixture.host, NULL, NULL);
    return lwm2m_credentials_new(&fixture.host.port, &fixture.credentials);
}

static int tear_down(void **state)
{
    (void)state;
    lwm2m_credentials_release(fixture.credentials);
    lwm2m_host_port_release(&fixture.host);
    return 0;
}

static void takes_lines_of_endpoints_and_keys(void **state)
{
    (void)state;
    assert_int_equal(lwm2m_credentials_parse_public_keys(
                         fixture.credentials,
                         lwm2m_bytes_from_text("# devices\n\nurn:imei:1:" ONE " \r\n"), NULL),
                     LWM2M_OK);
    assert_int_equal(lwm2m_credentials_public_key_count(fixture.credentials), 1);
}

static void says_what_is_wrong_and_where(void **state)
{
    static const struct {
        const char *text;
        enum lwm2m_error error;
        size_t offset;
        const char *reason;
    } cases[] = {
        {"dev-1\n", LWM2M_MALFORMED, 5, "no ':'"},
        {"\ndev-1:?\n", LWM2M_MALFORMED, 7, "base64"},
        {":" ONE, LWM2M_RANGE, 0, "endpoint name"},
        {"\xff:" ONE, LWM2M_RANGE, 0, "endpoint name"},
        {"dev-1:AAAA", LWM2M_MALFORMED, 6, "no public key"},
        {"a:" ONE "\nb:" ONE, LWM2M_EXISTS, 129, "there already"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct lwm2m_fault fault = {LWM2M_OK, 0, ""};
        set_up(NULL);
        assert_int_equal(lwm2m_credentials_parse_public_keys(
                             fixture.credentials, lwm2m_bytes_from_text(cases[i].text), &fault),
                         cases[i].error);
        assert_int_equal(fault.offset, cases[i].offset);
        assert_non_null(strstr(fault.reason, cases[i].reason));
        tear_down(NULL);
    }
}

static void refuses_a_key_that_is_too_long(void **state)
{
    char text[4096];
    struct lwm2m_fault fault = {LWM2M_OK, 0, ""};
    (void)state;
    memset(text, 'A', sizeof(text));
    memcpy(text, "dev-1:", 6);
    assert_int_equal(
        lwm2m_credentials_parse_public_keys(
            fixture.credentials, (struct lwm2m_bytes){(const uint8_t *)text, sizeof(text)}, &fault),
        LWM2M_MALFORMED);
    assert_int_equal(fault.offset, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(takes_lines_of_endpoints_and_keys, set_up, tear_down),
        cmocka_unit_test(says_what_is_wrong_and_where),
        cmocka_unit_test_setup_teardown(refuses_a_key_that_is_too_long, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
