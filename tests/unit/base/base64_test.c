/*
 * Base64 in both alphabets: the examples of RFC 4648 §10, round trips, and what is refused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/base64.h>

#include "support/virtual_port.h"

static void the_examples_of_the_rfc(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        const char *padded;
        const char *url_safe;
    } examples[] = {
        {"", "", ""},
        {"f", "Zg==", "Zg"},
        {"fo", "Zm8=", "Zm8"},
        {"foo", "Zm9v", "Zm9v"},
        {"foob", "Zm9vYg==", "Zm9vYg"},
        {"fooba", "Zm9vYmE=", "Zm9vYmE"},
        {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
        {"\xfb\xff\xfe", "+//+", "-__-"},
    };
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const char *texts[] = {examples[i].padded, examples[i].url_safe};
        for (size_t url_safe = 0; url_safe < 2; url_safe++) {
            char memory[16];
            struct lwm2m_buffer buffer;
            lwm2m_buffer_init(&buffer, memory, sizeof memory);
            assert_int_equal(lwm2m_base64_encode(lwm2m_bytes_from_text(examples[i].bytes),
                                                 url_safe == 1, &buffer),
                             LWM2M_OK);
            assert_true(lwm2m_bytes_equal_text(lwm2m_buffer_bytes(&buffer), texts[url_safe]));

            lwm2m_buffer_init(&buffer, memory, sizeof memory);
            assert_int_equal(lwm2m_base64_decode(lwm2m_bytes_from_text(texts[url_safe]), &buffer),
                             LWM2M_OK);
            assert_true(lwm2m_bytes_equal_text(lwm2m_buffer_bytes(&buffer), examples[i].bytes));
        }
    }
}

static void any_bytes_come_back(void **state)
{
    (void)state;
    struct virtual_port port;
    virtual_port_init(&port, 11);
    for (int round = 0; round < 2000; round++) {
        uint8_t bytes[70];
        uint8_t text[100];
        uint8_t decoded[70];
        struct lwm2m_buffer text_buffer;
        struct lwm2m_buffer bytes_buffer;
        struct lwm2m_bytes original = {bytes, virtual_port_random_below(&port, sizeof bytes + 1)};

        port.port.random(port.port.context, bytes, sizeof bytes);
        lwm2m_buffer_init(&text_buffer, text, sizeof text);
        lwm2m_buffer_init(&bytes_buffer, decoded, original.length);
        assert_int_equal(lwm2m_base64_encode(original, round % 2 == 0, &text_buffer), LWM2M_OK);
        assert_int_equal(lwm2m_base64_decode(lwm2m_buffer_bytes(&text_buffer), &bytes_buffer),
                         LWM2M_OK);
        assert_true(lwm2m_bytes_equal(lwm2m_buffer_bytes(&bytes_buffer), original));
    }
}

static void what_is_not_base64_is_refused_and_leaves_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "A",
        "AAAAA",
        "=",
        "==",
        "A=",
        "A===",
        "AA=",
        "AAA==",
        "AAAA=",
        "AAAA====",
        "AA==AA",
        "A A=",
        "AAAA\n",
        "AA*=",
        "AB==",
        "AAB=",
        "AB",
        "AAB",
        "\x80"
        "AAA",
        "AA=A",
        "AAAA=A",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        uint8_t memory[32];
        struct lwm2m_buffer buffer;
        lwm2m_buffer_init(&buffer, memory, sizeof memory);
        assert_int_equal(lwm2m_base64_decode(lwm2m_bytes_from_text(texts[i]), &buffer),
                         LWM2M_MALFORMED);
        assert_int_equal(buffer.length, 0);
    }
}

static void without_room_nothing_is_appended(void **state)
{
    (void)state;
    uint8_t memory[7];
    struct lwm2m_buffer buffer;

    lwm2m_buffer_init(&buffer, memory, sizeof memory);
    assert_int_equal(lwm2m_base64_encode(lwm2m_bytes_from_text("fooba"), false, &buffer),
                     LWM2M_NO_SPACE);
    assert_int_equal(buffer.length, 0);
    assert_int_equal(lwm2m_buffer_check(&buffer), LWM2M_NO_SPACE);

    lwm2m_buffer_init(&buffer, memory, 4);
    assert_int_equal(lwm2m_base64_decode(lwm2m_bytes_from_text("Zm9vYmE="), &buffer),
                     LWM2M_NO_SPACE);
    assert_int_equal(buffer.length, 0);
    lwm2m_buffer_init(&buffer, memory, 5);
    assert_int_equal(lwm2m_base64_decode(lwm2m_bytes_from_text("Zm9vYmE="), &buffer), LWM2M_OK);
}

static void nothing_fits_into_no_memory(void **state)
{
    struct lwm2m_buffer buffer;

    (void)state;
    lwm2m_buffer_init(&buffer, NULL, 0);
    assert_int_equal(lwm2m_base64_decode(lwm2m_bytes_from_text(""), &buffer), LWM2M_OK);
    assert_int_equal(buffer.length, 0);
}

static void text_follows_what_the_buffer_holds(void **state)
{
    (void)state;
    uint8_t memory[16];
    struct lwm2m_buffer buffer;
    lwm2m_buffer_init(&buffer, memory, sizeof memory);
    assert_int_equal(lwm2m_buffer_append_text(&buffer, "x:"), LWM2M_OK);
    assert_int_equal(lwm2m_base64_encode(lwm2m_bytes_from_text("fo"), false, &buffer), LWM2M_OK);
    assert_true(lwm2m_bytes_equal_text(lwm2m_buffer_bytes(&buffer), "x:Zm8="));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_the_rfc),
        cmocka_unit_test(any_bytes_come_back),
        cmocka_unit_test(what_is_not_base64_is_refused_and_leaves_nothing),
        cmocka_unit_test(without_room_nothing_is_appended),
        cmocka_unit_test(text_follows_what_the_buffer_holds),
        cmocka_unit_test(nothing_fits_into_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
