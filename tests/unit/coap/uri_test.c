/*
 * CoAP URIs: their parts, and what is refused where.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/uri.h>

static void parts_are_found(void **state)
{
    static const struct {
        const char *text;
        enum lwm2m_scheme scheme;
        const char *host;
        uint16_t port;
        const char *path;
        const char *query;
    } cases[] = {
        {"coap://leshan.example", LWM2M_SCHEME_COAP, "leshan.example", 5683, "", ""},
        {"coaps://leshan.example", LWM2M_SCHEME_COAPS, "leshan.example", 5684, "", ""},
        {"coap+tcp://h", LWM2M_SCHEME_COAP_TCP, "h", 5683, "", ""},
        {"coaps+tcp://h/", LWM2M_SCHEME_COAPS_TCP, "h", 5684, "/", ""},
        {"COAPS://Host:5784", LWM2M_SCHEME_COAPS, "Host", 5784, "", ""},
        {"coap://192.0.2.7:5783/a/b?c=d&e", LWM2M_SCHEME_COAP, "192.0.2.7", 5783, "/a/b", "c=d&e"},
        {"coap://[::1]", LWM2M_SCHEME_COAP, "::1", 5683, "", ""},
        {"coap://[2001:db8::7]:1/x", LWM2M_SCHEME_COAP, "2001:db8::7", 1, "/x", ""},
        {"coap://[fe80::1%25eth0]:65535", LWM2M_SCHEME_COAP, "fe80::1%25eth0", 65535, "", ""},
        {"coap://[::ffff:192.0.2.1]?q", LWM2M_SCHEME_COAP, "::ffff:192.0.2.1", 5683, "", "q"},
        {"coap://h:/x", LWM2M_SCHEME_COAP, "h", 5683, "/x", ""},
        {"coap://h?", LWM2M_SCHEME_COAP, "h", 5683, "", ""},
        {"coap://h/a%20b?x=%2F@y", LWM2M_SCHEME_COAP, "h", 5683, "/a%20b", "x=%2F@y"},
        {"coap://h/a?b?c", LWM2M_SCHEME_COAP, "h", 5683, "/a", "b?c"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct lwm2m_uri uri;

        assert_int_equal(lwm2m_uri_parse(lwm2m_bytes_from_text(cases[i].text), &uri, NULL),
                         LWM2M_OK);
        assert_int_equal(uri.scheme, cases[i].scheme);
        assert_int_equal(uri.port, cases[i].port);
        assert_true(lwm2m_bytes_equal_text(uri.host, cases[i].host));
        assert_true(lwm2m_bytes_equal_text(uri.path, cases[i].path));
        assert_true(lwm2m_bytes_equal_text(uri.query, cases[i].query));
    }
}

static void faults_tell_where(void **state)
{
    static const struct {
        const char *text;
        enum lwm2m_error error;
        size_t offset;
    } cases[] = {
        {"", LWM2M_MALFORMED, 0},
        {"coap", LWM2M_MALFORMED, 4},
        {"coap:", LWM2M_MALFORMED, 4},
        {"coap:/h", LWM2M_MALFORMED, 4},
        {"/path", LWM2M_MALFORMED, 0},
        {"leshan.example:5683", LWM2M_MALFORMED, 14},
        {"http://h", LWM2M_UNSUPPORTED, 0},
        {"coapx://h", LWM2M_UNSUPPORTED, 0},
        {"coa://h", LWM2M_UNSUPPORTED, 0},
        {"://h", LWM2M_UNSUPPORTED, 0},
        {"coap://", LWM2M_MALFORMED, 7},
        {"coap:///path", LWM2M_MALFORMED, 7},
        {"coap://:5683", LWM2M_MALFORMED, 7},
        {"coap://user@h", LWM2M_MALFORMED, 11},
        {"coap://user:secret@h", LWM2M_MALFORMED, 18},
        {"coap://h#top", LWM2M_MALFORMED, 8},
        {"coap://h h", LWM2M_MALFORMED, 8},
        {"coap://h\n", LWM2M_MALFORMED, 8},
        {"coap://h\x1b[31m", LWM2M_MALFORMED, 8},
        {"coap://h\x7f", LWM2M_MALFORMED, 8},
        {"coap://h\xc3\xa4", LWM2M_MALFORMED, 8},
        {"coap://h:0", LWM2M_MALFORMED, 9},
        {"coap://h:65536", LWM2M_MALFORMED, 9},
        {"coap://h:99999999999999999999", LWM2M_MALFORMED, 9},
        {"coap://h:5x", LWM2M_MALFORMED, 10},
        {"coap://h:-1", LWM2M_MALFORMED, 9},
        {"coap://h:1:2", LWM2M_MALFORMED, 10},
        {"coap://[::1", LWM2M_MALFORMED, 7},
        {"coap://[::1/]", LWM2M_MALFORMED, 7},
        {"coap://[]", LWM2M_MALFORMED, 7},
        {"coap://[::g]", LWM2M_MALFORMED, 10},
        {"coap://[::1]x", LWM2M_MALFORMED, 12},
        {"coap://h/%", LWM2M_MALFORMED, 9},
        {"coap://h/%2", LWM2M_MALFORMED, 9},
        {"coap://h/%2x", LWM2M_MALFORMED, 9},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct lwm2m_fault fault = {0};
        struct lwm2m_uri uri;

        assert_int_equal(lwm2m_uri_parse(lwm2m_bytes_from_text(cases[i].text), &uri, &fault),
                         cases[i].error);
        assert_int_equal(fault.error, cases[i].error);
        assert_int_equal(fault.offset, cases[i].offset);
        assert_non_null(fault.reason);
    }
}

static void length_is_bounded(void **state)
{
    char text[LWM2M_URI_TEXT_MAX + 1];
    struct lwm2m_uri uri;

    (void)state;
    memset(text, 'a', sizeof(text));
    memcpy(text, "coap://", 7);
    assert_int_equal(
        lwm2m_uri_parse((struct lwm2m_bytes){(uint8_t *)text, sizeof(text)}, &uri, NULL),
        LWM2M_TOO_LARGE);
    assert_int_equal(
        lwm2m_uri_parse((struct lwm2m_bytes){(uint8_t *)text, sizeof(text) - 1}, &uri, NULL),
        LWM2M_OK);
    assert_int_equal(uri.host.length, LWM2M_URI_TEXT_MAX - 7);
}

/* Each text in memory of its own size, so that a read past the end is noticed. */
static void any_prefix_is_handled(void **state)
{
    static const char text[] = "coaps+tcp://[fe80::1%25eth0]:5684/a%20/b?c=%41&d";

    (void)state;
    for (size_t length = 0; length < sizeof(text); length++) {
        uint8_t *copy = malloc(length == 0 ? 1 : length);
        struct lwm2m_uri uri;

        memcpy(copy, text, length);
        if (lwm2m_uri_parse((struct lwm2m_bytes){copy, length}, &uri, NULL) == LWM2M_OK) {
            assert_true(uri.host.length > 0);
        }
        free(copy);
    }
}

static void schemes_have_names(void **state)
{
    (void)state;
    assert_string_equal(lwm2m_scheme_name(LWM2M_SCHEME_COAP), "coap");
    assert_string_equal(lwm2m_scheme_name(LWM2M_SCHEME_COAPS), "coaps");
    assert_string_equal(lwm2m_scheme_name(LWM2M_SCHEME_COAP_TCP), "coap+tcp");
    assert_string_equal(lwm2m_scheme_name(LWM2M_SCHEME_COAPS_TCP), "coaps+tcp");
    assert_string_equal(lwm2m_scheme_name((enum lwm2m_scheme)4), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_found),    cmocka_unit_test(faults_tell_where),
        cmocka_unit_test(length_is_bounded),  cmocka_unit_test(any_prefix_is_handled),
        cmocka_unit_test(schemes_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
