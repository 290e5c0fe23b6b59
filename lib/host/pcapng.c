/*
 * Writes blocks of pcapng (draft-ietf-opsawg-pcapng), and the IP and UDP headers that a socket does
 * not show.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "host/pcapng.h"

#include <string.h>

#include "host/address.h"

#define SECTION_HEADER 0x0a0d0d0aU
#define INTERFACE_DESCRIPTION 1U
#define ENHANCED_PACKET 6U
#define DECRYPTION_SECRETS 10U
#define BYTE_ORDER_MAGIC 0x1a2b3c4dU
#define LINKTYPE_RAW 101U
#define SECRETS_TLS_KEY_LOG 0x544c534bU /* "TLSK" */
#define IPV4_BYTES 20
#define IPV6_BYTES 40
#define UDP_BYTES 8
#define PROTOCOL_UDP 17
#define HOP_LIMIT 64

/* Numbers of blocks are in the order of this machine, which the magic number tells. */
static void put(struct lwm2m_buffer *buffer, uint32_t number)
{
    (void)!lwm2m_buffer_append(buffer, &number, sizeof(number));
}

static uint32_t padded(size_t length)
{
    return (uint32_t)((length + 3) & ~(size_t)3);
}

static void pad(struct lwm2m_buffer *buffer, size_t length)
{
    static const uint8_t zeros[3];

    (void)!lwm2m_buffer_append(buffer, zeros, padded(length) - length);
}

enum lwm2m_error lwm2m_pcapng_begin(struct lwm2m_buffer *buffer)
{
    const uint16_t version[2] = {1, 0};

    put(buffer, SECTION_HEADER);
    put(buffer, 28);
    put(buffer, BYTE_ORDER_MAGIC);
    (void)!lwm2m_buffer_append(buffer, version, sizeof(version));
    put(buffer, UINT32_MAX); /* its length is not known */
    put(buffer, UINT32_MAX);
    put(buffer, 28);
    const uint16_t type[2] = {LINKTYPE_RAW, 0};
    put(buffer, INTERFACE_DESCRIPTION);
    put(buffer, 20);
    (void)!lwm2m_buffer_append(buffer, type, sizeof(type));
    put(buffer, 0); /* packets are whole */
    put(buffer, 20);
    return lwm2m_buffer_check(buffer);
}

enum lwm2m_error lwm2m_pcapng_secrets(struct lwm2m_buffer *buffer, struct lwm2m_bytes lines)
{
    uint32_t length = 20 + padded(lines.length);

    put(buffer, DECRYPTION_SECRETS);
    put(buffer, length);
    put(buffer, SECRETS_TLS_KEY_LOG);
    put(buffer, (uint32_t)lines.length);
    (void)!lwm2m_buffer_append(buffer, lines.data, lines.length);
    pad(buffer, lines.length);
    put(buffer, length);
    return lwm2m_buffer_check(buffer);
}

/* ---- packets ---- */

static void put_16(uint8_t *at, size_t number)
{
    at[0] = (uint8_t)(number >> 8);
    at[1] = (uint8_t)number;
}

/* RFC 1071, over an even number of bytes but for the last part. */
static uint32_t sum(uint32_t total, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        total += i % 2 == 0 ? (uint32_t)bytes[i] << 8 : bytes[i];
        total = (total & 0xffff) + (total >> 16);
    }
    return total;
}

/* Headers of IP and UDP; returns how long they are. */
static size_t write_headers(uint8_t headers[IPV6_BYTES + UDP_BYTES],
                            const struct lwm2m_address *from, const struct lwm2m_address *to,
                            struct lwm2m_bytes datagram)
{
    bool v4 =
        (lwm2m_address_is_ipv4(from->address) || lwm2m_address_is_unspecified(from->address)) &&
        (lwm2m_address_is_ipv4(to->address) || lwm2m_address_is_unspecified(to->address));
    size_t ip_bytes = v4 ? IPV4_BYTES : IPV6_BYTES;
    size_t address_bytes = v4 ? 4 : 16;
    size_t udp_length = UDP_BYTES + datagram.length;
    uint8_t *addresses = headers + ip_bytes - 2 * address_bytes;
    uint8_t *udp = headers + ip_bytes;

    memset(headers, 0, IPV6_BYTES + UDP_BYTES);
    memcpy(addresses, from->address + 16 - address_bytes, address_bytes);
    memcpy(addresses + address_bytes, to->address + 16 - address_bytes, address_bytes);
    if (v4) {
        headers[0] = 0x45;
        put_16(headers + 2, ip_bytes + udp_length);
        headers[8] = HOP_LIMIT;
        headers[9] = PROTOCOL_UDP;
        put_16(headers + 10, ~sum(0, headers, IPV4_BYTES) & 0xffff);
    } else {
        headers[0] = 0x60;
        put_16(headers + 4, udp_length);
        headers[6] = PROTOCOL_UDP;
        headers[7] = HOP_LIMIT;
    }
    put_16(udp, from->port);
    put_16(udp + 2, to->port);
    put_16(udp + 4, udp_length);
    uint32_t total = sum(PROTOCOL_UDP + (uint32_t)udp_length, addresses, 2 * address_bytes);
    total = sum(sum(total, udp, UDP_BYTES), datagram.data, datagram.length);
    put_16(udp + 6, total == 0xffff ? 0xffff : ~total & 0xffff); /* 0 would say: none */
    return ip_bytes + UDP_BYTES;
}

enum lwm2m_error lwm2m_pcapng_datagram(struct lwm2m_buffer *buffer, uint64_t time_us,
                                       const struct lwm2m_address *from,
                                       const struct lwm2m_address *to, struct lwm2m_bytes datagram)
{
    uint8_t headers[IPV6_BYTES + UDP_BYTES];

    if (datagram.length > LWM2M_PCAPNG_DATAGRAM_MAX) {
        return LWM2M_TOO_LARGE;
    }
    size_t header_bytes = write_headers(headers, from, to, datagram);
    size_t packet_bytes = header_bytes + datagram.length;
    uint32_t length = 32 + padded(packet_bytes);
    put(buffer, ENHANCED_PACKET);
    put(buffer, length);
    put(buffer, 0); /* the interface */
    put(buffer, (uint32_t)(time_us >> 32));
    put(buffer, (uint32_t)time_us);
    put(buffer, (uint32_t)packet_bytes);
    put(buffer, (uint32_t)packet_bytes);
    (void)!lwm2m_buffer_append(buffer, headers, header_bytes);
    (void)!lwm2m_buffer_append(buffer, datagram.data, datagram.length);
    pad(buffer, packet_bytes);
    put(buffer, length);
    return lwm2m_buffer_check(buffer);
}
