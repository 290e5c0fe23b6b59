/*
 * Cipher suites in words.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "host/cipher_words.h"

static void names_what_a_hello_offers(void **state)
{
    static const uint8_t suites[] = {0xc0, 0xa8, 0x00, 0xff, 0x00, 0xae, 0xfa, 0xfa, 0x01};
    char text[200];
    (void)state;
    lwm2m_cipher_words_of_hello((struct lwm2m_bytes){suites, sizeof(suites)}, text, sizeof(text));
    assert_string_equal(text,
                        "TLS_PSK_WITH_AES_128_CCM_8, TLS_PSK_WITH_AES_128_CBC_SHA256, 0xFAFA");
}

static void counts_what_there_is_no_room_for(void **state)
{
    static const uint8_t suites[] = {0xc0, 0xa8, 0x00, 0xae, 0xc0, 0xae};
    char text[60];
    (void)state;
    lwm2m_cipher_words_of_hello((struct lwm2m_bytes){suites, sizeof(suites)}, text, sizeof(text));
    assert_string_equal(text, "TLS_PSK_WITH_AES_128_CCM_8 and 2 more");
}

static void says_none_of_nothing(void **state)
{
    char text[60];
    (void)state;
    lwm2m_cipher_words_of_hello((struct lwm2m_bytes){NULL, 0}, text, sizeof(text));
    assert_string_equal(text, "none");
}

static void names_what_priorities_allow(void **state)
{
    gnutls_priority_t priorities;
    char text[200];
    (void)state;
    assert_int_equal(
        gnutls_priority_init(
            &priorities, "NONE:+VERS-DTLS1.2:+PSK:+AES-128-CCM-8:+AEAD:+SIGN-ALL:+COMP-NULL", NULL),
        0);
    lwm2m_cipher_words_of_priorities(priorities, text, sizeof(text));
    gnutls_priority_deinit(priorities);
    assert_string_equal(text, "TLS_PSK_WITH_AES_128_CCM_8");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_what_a_hello_offers),
        cmocka_unit_test(counts_what_there_is_no_room_for),
        cmocka_unit_test(says_none_of_nothing),
        cmocka_unit_test(names_what_priorities_allow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
