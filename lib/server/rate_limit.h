/*
 * How many Registers one address may send: a fixed number of token buckets, so that a flood from
 * many addresses costs no memory. Addresses that fall into one bucket share it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_RATE_LIMIT_H
#define SERVER_RATE_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include <lwm2m/error.h>
#include <lwm2m/port.h>
#include <lwm2m/transport.h>

#include "base/hash.h"

struct lwm2m_rate_bucket {
    uint64_t filled_ms;  /* when it was last filled up */
    uint64_t used_milli; /* of the tokens, in thousandths */
};

struct lwm2m_rate_limit {
    const struct lwm2m_port *port;
    uint32_t per_second; /* 0: no limit */
    struct lwm2m_hash_key key;
    struct lwm2m_rate_bucket *buckets;
};

/* Allocates the buckets unless per_second is 0; LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_rate_limit_init(struct lwm2m_rate_limit *limit,
                                       const struct lwm2m_port *port,
                                       uint32_t per_second) LWM2M_MUST_CHECK;
/* Accepts zeroed memory. */
void lwm2m_rate_limit_release(struct lwm2m_rate_limit *limit);

/* Takes a token of the address of the peer, whatever its port; false if there is none left. */
bool lwm2m_rate_limit_take(struct lwm2m_rate_limit *limit, const struct lwm2m_peer *peer,
                           uint64_t now_ms);

#endif
