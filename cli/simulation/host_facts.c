/*
 * Asks the system about itself.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "simulation/host_facts.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int64_t host_time_s(void *unused)
{
    (void)unused;
    return (int64_t)time(NULL);
}

/* The number behind a word at the start of a line of /proc/meminfo. */
static int64_t memory_kib(const char *word)
{
    char line[128];
    long long found = -1;
    FILE *file = fopen("/proc/meminfo", "re");
    while (file != NULL && found < 0 && fgets(line, sizeof(line), file) != NULL) {
        if (strncmp(line, word, strlen(word)) == 0 &&
            sscanf(line + strlen(word), "%lld", &found) != 1) {
            found = -1;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return found;
}

int64_t host_memory_free_kib(void *unused)
{
    (void)unused;
    return memory_kib("MemAvailable:");
}

int64_t host_memory_total_kib(void *unused)
{
    (void)unused;
    return memory_kib("MemTotal:");
}

void host_name(char *name, size_t size)
{
    char full[256] = "";
    if (gethostname(full, sizeof(full) - 1) != 0 || full[0] == '\0' || full[0] == '.') {
        snprintf(full, sizeof(full), "device");
    }
    snprintf(name, size, "%.*s", (int)strcspn(full, "."), full);
}

/* An IPv4 address that is up and not loopback serves best; the first one found is taken. */
static const struct in_addr *find_address(const struct ifaddrs *interfaces)
{
    for (; interfaces != NULL; interfaces = interfaces->ifa_next) {
        const struct sockaddr *address = interfaces->ifa_addr;
        if (address != NULL && address->sa_family == AF_INET &&
            (interfaces->ifa_flags & (IFF_UP | IFF_LOOPBACK)) == IFF_UP) {
            return &((const struct sockaddr_in *)(const void *)address)->sin_addr;
        }
    }
    return NULL;
}

void host_address(char address[HOST_ADDRESS_MAX])
{
    struct ifaddrs *interfaces = NULL;
    snprintf(address, HOST_ADDRESS_MAX, "127.0.0.1");
    if (getifaddrs(&interfaces) != 0) {
        return;
    }
    const struct in_addr *found = find_address(interfaces);
    if (found != NULL) {
        inet_ntop(AF_INET, found, address, HOST_ADDRESS_MAX);
    }
    freeifaddrs(interfaces);
}
