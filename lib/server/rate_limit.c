/*
 * Counts Registers by address.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/rate_limit.h"

#include <string.h>

#define BUCKETS 4096
#define MILLI 1000u

enum lwm2m_error lwm2m_rate_limit_init(struct lwm2m_rate_limit *limit,
                                       const struct lwm2m_port *port, uint32_t per_second)
{
    *limit = (struct lwm2m_rate_limit){.port = port, .per_second = per_second};
    if (per_second == 0) {
        return LWM2M_OK;
    }
    size_t size = BUCKETS * sizeof(*limit->buckets);
    limit->buckets = port->allocate(port->context, size);
    if (limit->buckets == NULL) {
        return LWM2M_NO_MEMORY;
    }
    memset(limit->buckets, 0, size);
    port->random(port->context, &limit->key, sizeof(limit->key));
    return LWM2M_OK;
}

void lwm2m_rate_limit_release(struct lwm2m_rate_limit *limit)
{
    if (limit->buckets != NULL) {
        limit->port->release(limit->port->context, limit->buckets);
        limit->buckets = NULL;
    }
}

/* The length of an address in text without the port behind its last colon. */
static size_t host_length(const char *text)
{
    size_t length = strlen(text);
    size_t end = length;

    while (end > 0 && text[end - 1] != ':' && text[end - 1] != ']') {
        end--;
    }
    return end > 0 && text[end - 1] == ':' ? end - 1 : length;
}

static struct lwm2m_rate_bucket *bucket_of(const struct lwm2m_rate_limit *limit,
                                           const struct lwm2m_peer *peer)
{
    char text[LWM2M_ADDRESS_TEXT_MAX];

    lwm2m_peer_print_address(peer, text);
    return &limit->buckets[lwm2m_hash(&limit->key, text, host_length(text)) % BUCKETS];
}

/* A bucket holds the tokens of one second, and is full at first. */
bool lwm2m_rate_limit_take(struct lwm2m_rate_limit *limit, const struct lwm2m_peer *peer,
                           uint64_t now_ms)
{
    if (limit->per_second == 0) {
        return true;
    }
    struct lwm2m_rate_bucket *bucket = bucket_of(limit, peer);
    uint64_t elapsed_ms = now_ms - bucket->filled_ms;
    uint64_t back_milli = elapsed_ms >= MILLI ? UINT64_MAX : elapsed_ms * limit->per_second;

    bucket->used_milli = back_milli >= bucket->used_milli ? 0 : bucket->used_milli - back_milli;
    bucket->filled_ms = now_ms;
    if (bucket->used_milli + MILLI > (uint64_t)limit->per_second * MILLI) {
        return false;
    }
    bucket->used_milli += MILLI;
    return true;
}
