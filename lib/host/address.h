/*
 * Between struct lwm2m_address and the socket addresses of the system.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HOST_ADDRESS_H
#define HOST_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

#include <lwm2m/endpoint.h>

/* True if the 16 bytes are an IPv4 address in IPv6 form, ::ffff:a.b.c.d. */
bool lwm2m_address_is_ipv4(const uint8_t address[16]);

/* True if the 16 bytes are zero: no address, or all of them. */
bool lwm2m_address_is_unspecified(const uint8_t address[16]);

/* Writes a.b.c.d as ::ffff:a.b.c.d. */
void lwm2m_address_map_ipv4(const void *ipv4, uint8_t address[16]);

/* What tells one address of a peer from another: without our own, and without associations. No padding. */
struct lwm2m_address_key {
    uint8_t address[16];
    uint32_t scope;
    uint32_t port;
};

struct lwm2m_address_key lwm2m_address_key_of(const struct lwm2m_address *address);
/* True if both have the same key. */
bool lwm2m_address_is_same_place(const struct lwm2m_address *a, const struct lwm2m_address *b);

/* Takes an AF_INET or AF_INET6 address; `local` becomes zero. False: another family, *address is
 * zero. */
bool lwm2m_address_from_socket(const struct sockaddr *from, struct lwm2m_address *address);

/*
 * The address for a socket of the family, AF_INET6 or AF_INET, and its length in bytes. For AF_INET
 * the address must be IPv4 or all zero; 0 is returned for others.
 */
socklen_t lwm2m_address_to_socket(const struct lwm2m_address *address, int family,
                                  struct sockaddr_storage *to);

#endif
