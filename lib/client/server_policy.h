/*
 * What an instance of object 1 says of when to register (LwM2M Core 1.1.1 §6.2.1.2, /1/x/13 to 20).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLIENT_SERVER_POLICY_H
#define CLIENT_SERVER_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "client/retry.h"

struct lwm2m_account;

struct lwm2m_server_policy {
    bool has_order; /* servers register by ascending order, one after the other */
    int64_t order;
    uint32_t initial_delay_s; /* before the first registration */
    bool failure_blocks;      /* the servers behind it in the order */
    bool has_sequences;       /* one of the resources of sequences exists */
    struct lwm2m_retry_sequences sequences;
};

struct lwm2m_server_policy lwm2m_server_policy_read(const struct lwm2m_account *account);

#endif
