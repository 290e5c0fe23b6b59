/*
 * PSK files: what psktool writes, what people write, and what is wrong with it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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

static enum lwm2m_error parse(struct lwm2m_credentials *credentials, const char *text,
                              struct lwm2m_fault *fault)
{
    *fault = (struct lwm2m_fault){LWM2M_OK, 0, NULL};
    return lwm2m_credentials_parse_psks(credentials, lwm2m_bytes_from_text(text), fault);
}

static void reads_identities_keys_and_endpoint_names(void **state)
{
    struct lwm2m_fault fault;
    struct lwm2m_psk psk;
    assert_int_equal(parse(*state,
                           "# two devices\n#\n\n"
                           "dev-1:00FFa0\r\n"
                           "#6465763a32:0123:pump-7  \n"
                           "last:ff",
                           &fault),
                     LWM2M_OK);
    assert_int_equal(lwm2m_credentials_psk_count(*state), 3);
    assert_true(lwm2m_credentials_find_psk(*state, lwm2m_bytes_from_text("dev-1"), &psk));
    assert_int_equal(psk.key.length, 3);
    assert_memory_equal(psk.key.data, "\x00\xff\xa0", 3);
    assert_true(lwm2m_bytes_equal_text(psk.endpoint_name, "dev-1"));
    assert_true(lwm2m_credentials_find_psk(*state, lwm2m_bytes_from_text("dev:2"), &psk));
    assert_true(lwm2m_bytes_equal_text(psk.endpoint_name, "pump-7"));
    assert_true(lwm2m_credentials_find_psk_of(*state, lwm2m_bytes_from_text("last"), &psk));
}

static void says_what_is_wrong_and_where(void **state)
{
    static const struct {
        const char *text;
        enum lwm2m_error error;
        size_t offset;
        const char *reason;
    } bad[] = {
        {"dev-1", LWM2M_MALFORMED, 5, "no ':' and key follow the identity"},
        {":00", LWM2M_RANGE, 0, "the identity is empty"},
        {"#:00", LWM2M_RANGE, 0, "the identity is empty"},
        {"#6:00", LWM2M_MALFORMED, 1, "half a byte: a digit is missing"},
        {"#6x:00", LWM2M_MALFORMED, 2, "no hexadecimal digit"},
        {"a:", LWM2M_RANGE, 2, "the key is empty"},
        {"a:001", LWM2M_MALFORMED, 4, "half a byte: a digit is missing"},
        {"a:secret", LWM2M_MALFORMED, 2, "no hexadecimal digit"},
        {"a:0 0", LWM2M_MALFORMED, 3, "no hexadecimal digit"},
        {"a:00:", LWM2M_RANGE, 5, "the endpoint name is empty"},
        {"a:00:\xff", LWM2M_MALFORMED, 5, "the endpoint name is no UTF-8"},
        {"ok:00\nok:11", LWM2M_EXISTS, 6, "the identity has a key already"},
        {"b:00\n\nb1:0g", LWM2M_MALFORMED, 10, "no hexadecimal digit"},
    };
    struct lwm2m_fault fault;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        enum lwm2m_error error = parse(*state, bad[i].text, &fault);
        if (error != bad[i].error || fault.offset != bad[i].offset ||
            strcmp(fault.reason, bad[i].reason) != 0) {
            fail_msg("'%s': %s at %zu: %s", bad[i].text, lwm2m_error_name(error), fault.offset,
                     fault.reason);
        }
    }
}

static void bounds_identities_and_keys(void **state)
{
    char text[2100];
    struct lwm2m_fault fault;
    memset(text, 'i', sizeof(text));
    memcpy(text + 255, ":00", 4);
    assert_int_equal(parse(*state, text, &fault), LWM2M_OK);
    memset(text, 'i', sizeof(text));
    memcpy(text + 256, ":00", 4);
    assert_int_equal(parse(*state, text, &fault), LWM2M_RANGE);
    memset(text, '0', sizeof(text));
    memcpy(text, "k:", 2);
    text[2 + 128] = '\0';
    assert_int_equal(parse(*state, text, &fault), LWM2M_OK);
    text[0] = 'l';
    text[2 + 128] = '0';
    text[2 + 130] = '\0';
    assert_int_equal(parse(*state, text, &fault), LWM2M_RANGE);
    assert_string_equal(fault.reason, "the key has more than 64 bytes");
    memset(text, '0', sizeof(text));
    text[2099] = '\0';
    assert_int_equal(parse(*state, text, &fault), LWM2M_RANGE);
    assert_string_equal(fault.reason, "the line is too long");
}

static void what_is_printed_is_read_back(void **state)
{
    static const char *const lines[] = {
        "dev-1:00ff", "dev-1:00ff:pump-7", "#6465763a32:0a:p\xc3\xbcmp 7:a", "#20:0a", "#2364:0a",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        uint8_t memory[64], printed[64];
        struct lwm2m_buffer buffer;
        struct lwm2m_psk psk;
        bool found;
        assert_int_equal(
            lwm2m_psk_parse(lwm2m_bytes_from_text(lines[i]), memory, &psk, &found, NULL), LWM2M_OK);
        lwm2m_buffer_init(&buffer, printed, sizeof(printed));
        assert_int_equal(lwm2m_psk_print(&psk, &buffer), LWM2M_OK);
        assert_true(lwm2m_bytes_equal_text(lwm2m_buffer_bytes(&buffer), lines[i]));
        lwm2m_buffer_init(&buffer, printed, 4);
        assert_int_equal(lwm2m_psk_print(&psk, &buffer), LWM2M_NO_SPACE);
    }
}

static void refuses_to_print_an_endpoint_name_that_no_line_holds(void **state)
{
    static const char *const names[] = {"two\nlines", "blank ", "\xff"};
    uint8_t printed[64];
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct lwm2m_psk psk = {
            .identity = lwm2m_bytes_from_text("a"),
            .key = lwm2m_bytes_from_text("b"),
            .endpoint_name = lwm2m_bytes_from_text(names[i]),
        };
        struct lwm2m_buffer buffer;
        lwm2m_buffer_init(&buffer, printed, sizeof(printed));
        assert_int_equal(lwm2m_psk_print(&psk, &buffer), LWM2M_RANGE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_identities_keys_and_endpoint_names, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(says_what_is_wrong_and_where, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bounds_identities_and_keys, set_up, tear_down),
        cmocka_unit_test(what_is_printed_is_read_back),
        cmocka_unit_test(refuses_to_print_an_endpoint_name_that_no_line_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
