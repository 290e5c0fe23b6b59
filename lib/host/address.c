/*
 * IP addresses: between the library's form and the system's, and as text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "host/address.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <lwm2m/resolve.h>

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool lwm2m_address_is_ipv4(const uint8_t address[16])
{
    return memcmp(address, mapped_prefix, sizeof(mapped_prefix)) == 0;
}

bool lwm2m_address_is_unspecified(const uint8_t address[16])
{
    static const uint8_t none[16];

    return memcmp(address, none, sizeof(none)) == 0;
}

void lwm2m_address_map_ipv4(const void *ipv4, uint8_t address[16])
{
    memcpy(address, mapped_prefix, sizeof(mapped_prefix));
    memcpy(address + sizeof(mapped_prefix), ipv4, 4);
}

bool lwm2m_address_from_socket(const struct sockaddr *from, struct lwm2m_address *address)
{
    memset(address, 0, sizeof(*address));
    if (from->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, from, sizeof(in6));
        memcpy(address->address, &in6.sin6_addr, 16);
        address->scope = in6.sin6_scope_id;
        address->port = ntohs(in6.sin6_port);
        return true;
    }
    if (from->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, from, sizeof(in));
        lwm2m_address_map_ipv4(&in.sin_addr, address->address);
        address->port = ntohs(in.sin_port);
        return true;
    }
    return false;
}

socklen_t lwm2m_address_to_socket(const struct lwm2m_address *address, int family,
                                  struct sockaddr_storage *to)
{
    if (family == AF_INET6) {
        struct sockaddr_in6 in6 = {
            .sin6_family = AF_INET6,
            .sin6_port = htons(address->port),
            .sin6_scope_id = address->scope,
        };
        memcpy(&in6.sin6_addr, address->address, 16);
        memcpy(to, &in6, sizeof(in6));
        return sizeof(in6);
    }
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(address->port)};
    if (lwm2m_address_is_ipv4(address->address)) {
        memcpy(&in.sin_addr, address->address + sizeof(mapped_prefix), 4);
    } else if (!lwm2m_address_is_unspecified(address->address)) {
        return 0;
    }
    memcpy(to, &in, sizeof(in));
    return sizeof(in);
}

/* inet_ntop prints by sprintf, and servers name the address of every device that says something. */
static char *print_decimal(unsigned number, char *at)
{
    char digits[10];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    while (count > 0) {
        *at++ = digits[--count];
    }
    return at;
}

static void print_ipv4(const uint8_t ipv4[4], uint16_t port, char *at)
{
    for (size_t i = 0; i < 4; i++) {
        at = print_decimal(ipv4[i], at);
        *at++ = i < 3 ? '.' : ':';
    }
    *print_decimal(port, at) = '\0';
}

void lwm2m_address_print(const struct lwm2m_address *address, char text[LWM2M_ADDRESS_TEXT_MAX])
{
    char host[INET6_ADDRSTRLEN] = "?";
    char zone[IF_NAMESIZE + 1] = "";
    if (lwm2m_address_is_ipv4(address->address)) {
        print_ipv4(address->address + sizeof(mapped_prefix), address->port, text);
        return;
    }
    inet_ntop(AF_INET6, address->address, host, sizeof(host));
    if (address->scope != 0) {
        zone[0] = '%';
        if (if_indextoname(address->scope, zone + 1) == NULL) {
            snprintf(zone + 1, sizeof(zone) - 1, "%lu", (unsigned long)address->scope);
        }
    }
    snprintf(text, LWM2M_ADDRESS_TEXT_MAX, "[%s%s]:%u", host, zone, (unsigned)address->port);
}

struct lwm2m_address_key lwm2m_address_key_of(const struct lwm2m_address *address)
{
    struct lwm2m_address_key key = {.scope = address->scope, .port = address->port};
    memcpy(key.address, address->address, sizeof(key.address));
    return key;
}

bool lwm2m_address_is_same_place(const struct lwm2m_address *a, const struct lwm2m_address *b)
{
    return a->port == b->port && a->scope == b->scope &&
           memcmp(a->address, b->address, sizeof(a->address)) == 0;
}

void lwm2m_address_make_reachable(struct lwm2m_address *address)
{
    static const uint8_t any_ipv4[4], loopback_ipv4[4] = {127, 0, 0, 1};
    bool is_any = lwm2m_address_is_unspecified(address->address) ||
                  (lwm2m_address_is_ipv4(address->address) &&
                   memcmp(address->address + sizeof(mapped_prefix), any_ipv4, 4) == 0);
    if (is_any) {
        lwm2m_address_map_ipv4(loopback_ipv4, address->address);
    }
}
