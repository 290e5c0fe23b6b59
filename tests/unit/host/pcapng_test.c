/*
 * Blocks of pcapng, byte by byte.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "host/address.h"
#include "host/pcapng.h"

static uint32_t number_at(const uint8_t *bytes, size_t offset)
{
    uint32_t number;
    memcpy(&number, bytes + offset, sizeof(number));
    return number;
}

static void begins_with_a_section_of_raw_ip(void **state)
{
    uint8_t memory[64];
    struct lwm2m_buffer buffer;
    (void)state;
    lwm2m_buffer_init(&buffer, memory, sizeof(memory));
    assert_int_equal(lwm2m_pcapng_begin(&buffer), LWM2M_OK);
    assert_int_equal(lwm2m_buffer_bytes(&buffer).length, 48);
    assert_int_equal(number_at(memory, 0), 0x0a0d0d0a);
    assert_int_equal(number_at(memory, 8), 0x1a2b3c4d);
    assert_int_equal(number_at(memory, 24), 28);
    assert_int_equal(number_at(memory, 28), 1);
    assert_int_equal(number_at(memory, 36), 101);
}

static void pads_secrets_to_four_bytes(void **state)
{
    uint8_t memory[64];
    struct lwm2m_buffer buffer;
    (void)state;
    lwm2m_buffer_init(&buffer, memory, sizeof(memory));
    assert_int_equal(lwm2m_pcapng_secrets(&buffer, lwm2m_bytes_from_text("hello")), LWM2M_OK);
    assert_int_equal(lwm2m_buffer_bytes(&buffer).length, 28);
    assert_int_equal(number_at(memory, 0), 10);
    assert_int_equal(number_at(memory, 4), 28);
    assert_int_equal(number_at(memory, 8), 0x544c534b);
    assert_int_equal(number_at(memory, 12), 5);
    assert_memory_equal(memory + 16, "hello\0\0\0", 8);
    assert_int_equal(number_at(memory, 24), 28);
}

/* The sum of all 16-bit words with a right checksum is all ones (RFC 1071). */
static uint32_t sum_of(const uint8_t *bytes, size_t length, uint32_t total)
{
    for (size_t i = 0; i < length; i++) {
        total += i % 2 == 0 ? (uint32_t)bytes[i] << 8 : bytes[i];
    }
    while (total >> 16 != 0) {
        total = (total & 0xffff) + (total >> 16);
    }
    return total;
}

static void puts_a_datagram_into_ipv4_with_right_checksums(void **state)
{
    static const uint8_t one[4] = {192, 0, 2, 1}, two[4] = {192, 0, 2, 2};
    uint8_t memory[128];
    struct lwm2m_buffer buffer;
    struct lwm2m_address from = {.port = 40000}, to = {.port = 5684};
    (void)state;
    lwm2m_address_map_ipv4(one, from.address);
    lwm2m_address_map_ipv4(two, to.address);
    lwm2m_buffer_init(&buffer, memory, sizeof(memory));
    assert_int_equal(
        lwm2m_pcapng_datagram(&buffer, 0x100000002, &from, &to, lwm2m_bytes_from_text("odd")),
        LWM2M_OK);
    assert_int_equal(number_at(memory, 0), 6);
    assert_int_equal(number_at(memory, 12), 1);
    assert_int_equal(number_at(memory, 16), 2);
    assert_int_equal(number_at(memory, 20), 31);
    assert_int_equal(lwm2m_buffer_bytes(&buffer).length, 32 + 32);
    const uint8_t *packet = memory + 28;
    assert_int_equal(packet[0], 0x45);
    assert_memory_equal(packet + 12, "\xc0\0\x02\x01\xc0\0\x02\x02", 8);
    assert_memory_equal(packet + 20, "\x9c\x40\x16\x34\0\x0b", 6);
    assert_memory_equal(packet + 28, "odd", 3);
    assert_int_equal(sum_of(packet, 20, 0), 0xffff);
    assert_int_equal(sum_of(packet + 20, 11, sum_of(packet + 12, 8, 17 + 11)), 0xffff);
}

static void puts_a_datagram_into_ipv6_with_a_right_checksum(void **state)
{
    uint8_t memory[128];
    struct lwm2m_buffer buffer;
    const struct lwm2m_address from = {.address = {[0] = 0x20, [15] = 1}, .port = 1};
    const struct lwm2m_address to = {.address = {[0] = 0x20, [15] = 2}, .port = 2};
    (void)state;
    lwm2m_buffer_init(&buffer, memory, sizeof(memory));
    assert_int_equal(lwm2m_pcapng_datagram(&buffer, 0, &from, &to, lwm2m_bytes_from_text("even")),
                     LWM2M_OK);
    const uint8_t *packet = memory + 28;
    assert_int_equal(packet[0], 0x60);
    assert_int_equal(packet[5], 12);
    assert_int_equal(packet[6], 17);
    assert_int_equal(sum_of(packet + 40, 12, sum_of(packet + 8, 32, 17 + 12)), 0xffff);
}

static void refuses_what_does_not_fit(void **state)
{
    uint8_t memory[32];
    struct lwm2m_buffer buffer;
    const struct lwm2m_address address = {.port = 1};
    (void)state;
    lwm2m_buffer_init(&buffer, memory, sizeof(memory));
    assert_int_equal(lwm2m_pcapng_begin(&buffer), LWM2M_NO_SPACE);
    assert_int_equal(
        lwm2m_pcapng_datagram(&buffer, 0, &address, &address, (struct lwm2m_bytes){memory, 65488}),
        LWM2M_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(begins_with_a_section_of_raw_ip),
        cmocka_unit_test(pads_secrets_to_four_bytes),
        cmocka_unit_test(puts_a_datagram_into_ipv4_with_right_checksums),
        cmocka_unit_test(puts_a_datagram_into_ipv6_with_a_right_checksum),
        cmocka_unit_test(refuses_what_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
