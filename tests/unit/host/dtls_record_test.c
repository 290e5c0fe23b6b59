/*
 * What is told of a datagram by its record headers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "host/dtls_record.h"

#define HEADER 13

/* Appends a record whose body is zeroed but for its first byte; its length after. */
static size_t put(uint8_t *at, uint8_t type, uint8_t epoch, uint8_t first, size_t length)
{
    memset(at, 0, HEADER + length);
    at[0] = type;
    at[1] = 254;
    at[2] = 253;
    at[4] = epoch;
    at[11] = (uint8_t)(length >> 8);
    at[12] = (uint8_t)length;
    at[HEADER] = first;
    return HEADER + length;
}

static void knows_a_client_hello(void **state)
{
    uint8_t bytes[200];
    struct lwm2m_dtls_datagram datagram;
    (void)state;
    size_t length = put(bytes, 22, 0, 1, 60);
    bytes[HEADER + 14] = 0xab;
    assert_true(lwm2m_dtls_datagram_inspect((struct lwm2m_bytes){bytes, length}, &datagram));
    assert_true(datagram.is_client_hello);
    assert_ptr_equal(datagram.random, bytes + HEADER + 14);
    assert_false(datagram.changes_cipher || datagram.has_encrypted_handshake);
    /* Another handshake message, one that is encrypted, and one that is too short. */
    put(bytes, 22, 0, 2, 60);
    assert_true(lwm2m_dtls_datagram_inspect((struct lwm2m_bytes){bytes, length}, &datagram));
    assert_false(datagram.is_client_hello);
    put(bytes, 22, 1, 1, 60);
    assert_true(lwm2m_dtls_datagram_inspect((struct lwm2m_bytes){bytes, length}, &datagram));
    assert_false(datagram.is_client_hello);
    length = put(bytes, 22, 0, 1, 45);
    assert_true(lwm2m_dtls_datagram_inspect((struct lwm2m_bytes){bytes, length}, &datagram));
    assert_false(datagram.is_client_hello);
}

static void sees_a_finished_behind_a_change_of_ciphers(void **state)
{
    uint8_t bytes[200];
    struct lwm2m_dtls_datagram datagram;
    (void)state;
    size_t length = put(bytes, 22, 0, 16, 20);
    length += put(bytes + length, 20, 0, 1, 1);
    length += put(bytes + length, 22, 1, 99, 40);
    assert_true(lwm2m_dtls_datagram_inspect((struct lwm2m_bytes){bytes, length}, &datagram));
    assert_true(datagram.changes_cipher && datagram.has_encrypted_handshake);
    assert_false(datagram.is_client_hello);
}

static void leaves_out_what_is_behind_the_whole_records(void **state)
{
    uint8_t bytes[200];
    struct lwm2m_dtls_datagram datagram;
    (void)state;
    size_t length = put(bytes, 23, 1, 1, 60);
    put(bytes + length, 23, 1, 1, 60);
    for (size_t more = 0; more < HEADER + 60; more++) {
        assert_true(
            lwm2m_dtls_datagram_inspect((struct lwm2m_bytes){bytes, length + more}, &datagram));
        assert_int_equal(datagram.records.length, length);
    }
}

static void refuses_what_is_no_record(void **state)
{
    uint8_t bytes[200];
    struct lwm2m_dtls_datagram datagram;
    (void)state;
    size_t length = put(bytes, 22, 0, 1, 60);
    for (size_t i = 0; i < length; i++) { /* cut short: its length runs past the end */
        assert_false(lwm2m_dtls_datagram_inspect((struct lwm2m_bytes){bytes, i}, &datagram));
    }
    bytes[0] = 0x40; /* CoAP without security */
    assert_false(lwm2m_dtls_datagram_inspect((struct lwm2m_bytes){bytes, length}, &datagram));
    put(bytes, 22, 0, 1, 60);
    bytes[1] = 3; /* TLS */
    assert_false(lwm2m_dtls_datagram_inspect((struct lwm2m_bytes){bytes, length}, &datagram));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_a_client_hello),
        cmocka_unit_test(sees_a_finished_behind_a_change_of_ciphers),
        cmocka_unit_test(leaves_out_what_is_behind_the_whole_records),
        cmocka_unit_test(refuses_what_is_no_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
